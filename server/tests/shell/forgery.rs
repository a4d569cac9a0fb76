//! Requests that a browser was led to send are refused; those of our own pages are not.

use axum::body::Body;
use http::{Request, StatusCode, header};
use troupe::http::Serving;

use crate::support::{Answer, As, CART, Site};

const FORM: &str = "application/x-www-form-urlencoded";

async fn sign_out(site: &Site, who: &As, headers: &[(&str, &str)], csrf: &str) -> Answer {
    let mut request = who
        .sign(Request::post("/sign-out"))
        .header(header::CONTENT_TYPE, FORM);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = Body::from(format!("csrf={csrf}"));
    site.send(request.body(body).expect("a request")).await
}

#[tokio::test]
async fn a_change_must_come_from_our_own_pages() {
    let site = Site::new().await;
    let who = site.administrator().await;
    let host = ("host", "troupe.test:3000");
    let foreign: &[&[(&str, &str)]] = &[
        &[],
        &[host],
        &[host, ("sec-fetch-site", "cross-site")],
        &[host, ("sec-fetch-site", "same-site")],
        &[
            host,
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://troupe.test:3000"),
        ],
        &[host, ("origin", "http://evil.test")],
        &[host, ("origin", "null")],
        &[host, ("origin", "http://troupe.test")],
        &[host, ("origin", "https://troupe.test:3000")],
        &[host, ("origin", "http://troupe.test:3000.evil.test")],
        &[host, ("origin", "http://troupe.test:3000@evil.test")],
        &[
            host,
            ("referer", "http://evil.test/http://troupe.test:3000/"),
        ],
    ];
    for headers in foreign {
        let answer = sign_out(&site, &who, headers, who.csrf()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(answer.text.contains("another site"), "{}", answer.text);
    }
    assert_eq!(
        site.get("/", &who).await.status,
        StatusCode::OK,
        "still signed in"
    );
    let own: &[&[(&str, &str)]] = &[
        &[host, ("sec-fetch-site", "same-origin")],
        &[host, ("origin", "http://troupe.test:3000")],
        &[host, ("referer", "http://troupe.test:3000/projects?page=2")],
    ];
    for headers in own {
        let who = site.administrator().await;
        let answer = sign_out(&site, &who, headers, who.csrf()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{headers:?}");
        assert_eq!(
            site.get("/", &who).await.status,
            StatusCode::SEE_OTHER,
            "signed out"
        );
    }
}

#[tokio::test]
async fn behind_https_the_public_address_counts_and_not_the_host() {
    let serving = Serving {
        public_url: Some("https://troupe.acme.test".into()),
        ..Serving::default()
    };
    let site = Site::serving(serving).await;
    let sign_in = async |origin: &str| {
        let request = Request::post("/sign-in")
            .header("host", "10.0.0.7:3000")
            .header("origin", origin)
            .header(header::CONTENT_TYPE, FORM)
            .body(Body::from("name=a&password=b"))
            .expect("a request");
        site.send(request).await.status
    };
    assert_eq!(
        sign_in("https://troupe.acme.test").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    for origin in [
        "http://troupe.acme.test",
        "http://10.0.0.7:3000",
        "https://acme.test",
    ] {
        assert_eq!(sign_in(origin).await, StatusCode::FORBIDDEN, "{origin}");
    }
}

#[tokio::test]
async fn every_form_that_changes_something_carries_the_sessions_own_word() {
    let site = Site::new().await;
    site.declare(CART).await;
    let (who, other) = (site.administrator().await, site.administrator().await);
    for csrf in ["", "wrong", other.csrf()] {
        let refused = StatusCode::UNPROCESSABLE_ENTITY;
        let delete = [
            ("csrf", csrf),
            ("kind", "Project"),
            ("name", "shop"),
            ("confirm", "shop"),
        ];
        assert_eq!(
            site.post("/resources/delete", &who, &delete).await.status,
            refused
        );
        assert_eq!(
            site.post("/sign-out", &who, &[("csrf", csrf)]).await.status,
            refused
        );
        let text = CART.replace("cart:1", "cart:2");
        let apply = [("csrf", csrf), ("intent", "apply"), ("text", &text)];
        let answer = site.upload("/apply", &who, &apply).await;
        assert_eq!(answer.status, refused);
        assert!(answer.text.contains("out of date"), "{}", answer.text);
    }
    let page = site
        .get(
            "/resources/workloads/cart?project=shop&component=cart",
            &who,
        )
        .await;
    assert!(page.text.contains("cart:1"), "{}", page.text);
}

#[tokio::test]
async fn forms_show_a_plan_then_apply_it_and_delete() {
    let site = Site::new().await;
    let who = site.administrator().await;
    let plan = [("csrf", who.csrf()), ("intent", "plan"), ("text", CART)];
    let answer = site.upload("/apply", &who, &plan).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(
        site.get("/projects/shop", &who).await.status,
        StatusCode::NOT_FOUND
    );
    let apply = [("csrf", who.csrf()), ("intent", "apply"), ("text", CART)];
    assert_eq!(
        site.upload("/apply", &who, &apply).await.status,
        StatusCode::OK
    );
    assert_eq!(
        site.get("/projects/shop", &who).await.status,
        StatusCode::OK
    );
    let faulty = [
        ("csrf", who.csrf()),
        ("intent", "apply"),
        ("text", "kind: Projct\n"),
    ];
    let answer = site.upload("/apply", &who, &faulty).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut delete = vec![
        ("csrf", who.csrf()),
        ("kind", "Component"),
        ("project", "shop"),
        ("name", "cart"),
    ];
    delete.push(("confirm", "card"));
    let answer = site.post("/resources/delete", &who, &delete).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the name was typed wrong"
    );
    delete.pop();
    delete.push(("confirm", "cart"));
    let answer = site.post("/resources/delete", &who, &delete).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/projects/shop")
    );
}
