//! The way in and out, as browsers go it.

use axum::body::Body;
use http::{Request, StatusCode, header};
use troupe::http::Serving;

use crate::support::{Answer, As, PASSWORD, Site};

fn cookie(answer: &Answer) -> (String, String, Vec<String>) {
    let set = answer.header("set-cookie");
    let mut parts = set.split("; ").map(str::to_owned);
    let pair = parts.next().expect("a pair");
    let (name, value) = pair.split_once('=').expect("a pair");
    let mut attributes: Vec<String> = parts.collect();
    attributes.sort();
    (name.into(), value.into(), attributes)
}

#[tokio::test]
async fn a_password_lets_in_and_leads_back() {
    let site = Site::new().await;
    site.platform
        .accounts()
        .ensure_admin(PASSWORD)
        .await
        .expect("made");
    let fields = [
        ("name", "admin"),
        ("password", PASSWORD),
        ("return_to", "/projects?page=2"),
    ];
    let answer = site.post("/sign-in", &As::Nobody, &fields).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/projects?page=2")
    );
    let (name, value, attributes) = cookie(&answer);
    assert_eq!(name, "troupe_session");
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax"]);
    assert!(value.len() >= 43, "256 bits at least");
    let who = As::Session {
        csrf: control::accounts::csrf_of(&value),
        token: value,
    };
    assert_eq!(site.get("/", &who).await.status, StatusCode::OK);
    // Signing in again ends the session before.
    let answer = site.post("/sign-in", &who, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_ne!(cookie(&answer).1, cookie_of(&who));
    assert_eq!(site.get("/", &who).await.status, StatusCode::SEE_OTHER);
    for evil in [
        "https://evil.test",
        "//evil.test",
        "/\t/evil.test",
        "/\\evil.test",
    ] {
        let fields = [
            ("name", "admin"),
            ("password", PASSWORD),
            ("return_to", evil),
        ];
        let answer = site.post("/sign-in", &As::Nobody, &fields).await;
        assert_eq!(answer.header("location"), "/", "{evil}");
    }
}

fn cookie_of(who: &As) -> String {
    let As::Session { token, .. } = who else {
        panic!("no session")
    };
    token.clone()
}

#[tokio::test]
async fn with_https_the_cookie_is_bound_to_the_host() {
    let serving = Serving {
        public_url: Some("https://troupe.test".into()),
        ..Serving::default()
    };
    let site = Site::serving(serving).await;
    site.platform
        .accounts()
        .ensure_admin(PASSWORD)
        .await
        .expect("made");
    let fields = [("name", "admin"), ("password", PASSWORD)];
    let answer = site.post("/sign-in", &As::Nobody, &fields).await;
    let (name, value, attributes) = cookie(&answer);
    assert_eq!(name, "__Host-troupe");
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
    let request = Request::post("/sign-out")
        .header(header::COOKIE, format!("__Host-troupe={value}"))
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!(
            "csrf={}",
            control::accounts::csrf_of(&value)
        )))
        .expect("a request");
    let answer = site.send(request).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let (name, value, attributes) = cookie(&answer);
    assert_eq!((name.as_str(), value.as_str()), ("__Host-troupe", ""));
    assert!(
        attributes.contains(&"Secure".to_owned()),
        "else browsers keep it: {attributes:?}"
    );
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_name_look_the_same() {
    let site = Site::new().await;
    site.platform
        .accounts()
        .ensure_admin(PASSWORD)
        .await
        .expect("made");
    let mut pages = Vec::new();
    for name in ["admin", "nobody"] {
        let fields = [
            ("name", name),
            ("password", "wrong password"),
            ("return_to", "/planes"),
        ];
        let answer = site.post("/sign-in", &As::Nobody, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.header("set-cookie"), "");
        assert!(
            !answer.text.contains("wrong password"),
            "the password comes back"
        );
        assert!(answer.text.contains("/planes"), "the way back is lost");
        let nonce = answer
            .header("content-security-policy")
            .split_once("'nonce-")
            .and_then(|(_, rest)| rest.split('\'').next())
            .expect("a nonce");
        let typed = format!("value=\"{name}\"");
        pages.push(answer.text.replace(nonce, "").replace(&typed, ""));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn guessing_is_slowed_down_by_account_and_by_address() {
    let site = Site::new().await;
    site.platform
        .accounts()
        .ensure_admin(PASSWORD)
        .await
        .expect("made");
    let wrong = [("name", "admin"), ("password", "wrong")];
    for _ in 0..control::accounts::PER_ACCOUNT {
        site.post("/sign-in", &As::Nobody, &wrong).await;
    }
    let right = [("name", "admin"), ("password", PASSWORD)];
    let answer = site.post("/sign-in", &As::Nobody, &right).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.text.contains("Too many attempts"), "{}", answer.text);
}

#[tokio::test]
async fn only_a_proxy_of_ours_says_where_requests_come_from() {
    for behind_proxy in [false, true] {
        let site = Site::serving(Serving {
            behind_proxy,
            ..Serving::default()
        })
        .await;
        let sign_in = async |number: i64, forwarded: String| {
            let request = Request::post("/sign-in")
                .header("sec-fetch-site", "same-origin")
                .header("x-forwarded-for", forwarded)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(format!("name=guess-{number}&password=wrong")))
                .expect("a request");
            site.send(request).await.status
        };
        let most = control::accounts::PER_ADDRESS;
        // Whoever guesses writes another first entry each time.
        for number in 0..most {
            sign_in(number, format!("10.0.0.{number}, 192.0.2.1")).await;
        }
        let again = sign_in(most, "10.1.0.1, 192.0.2.1".into()).await;
        assert_eq!(
            again,
            StatusCode::TOO_MANY_REQUESTS,
            "behind a proxy: {behind_proxy}"
        );
        let neighbour = sign_in(most + 1, "192.0.2.2".into()).await;
        assert_eq!(neighbour == StatusCode::TOO_MANY_REQUESTS, !behind_proxy);
    }
}

#[tokio::test]
async fn a_setup_link_makes_one_administrator() {
    let site = Site::new().await;
    let link = site
        .platform
        .accounts()
        .new_setup_link()
        .await
        .expect("answers")
        .expect("needed");
    let page = site
        .get(&format!("/setup?token={}", *link), &As::Nobody)
        .await;
    assert_eq!(page.status, StatusCode::OK);
    let short = [
        ("token", link.as_str()),
        ("name", "admin"),
        ("password", "short"),
    ];
    let answer = site.post("/setup", &As::Nobody, &short).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("shorter than"), "{}", answer.text);
    let right = [
        ("token", link.as_str()),
        ("name", "admin"),
        ("password", PASSWORD),
    ];
    let answer = site.post("/setup", &As::Nobody, &right).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/")
    );
    let token = cookie(&answer).1;
    let who = As::Session {
        csrf: control::accounts::csrf_of(&token),
        token,
    };
    assert_eq!(site.get("/", &who).await.status, StatusCode::OK);
    let again = [
        ("token", link.as_str()),
        ("name", "eve"),
        ("password", PASSWORD),
    ];
    assert_eq!(
        site.post("/setup", &As::Nobody, &again).await.status,
        StatusCode::NOT_FOUND
    );
}
