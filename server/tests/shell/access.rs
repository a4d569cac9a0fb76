//! Every route, as nobody, as a member and as an administrator.

use http::{Method, StatusCode};
use troupe::http::PUBLIC;

use crate::support::{As, CART, Site, filled, places};

fn is_machine(path: &str) -> bool {
    path.starts_with("/api/") || path == "/metrics"
}

#[tokio::test]
async fn nobody_gets_past_the_public_routes_whatever_the_method() {
    let site = Site::new().await;
    site.declare(CART).await;
    for route in site.routes() {
        let path = filled(&route);
        for method in [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::DELETE,
        ] {
            let answer = site.call(method.clone(), &path, &As::Nobody, "").await;
            let what = format!("{method} {path}: {}", answer.status);
            if PUBLIC.contains(&route.as_str()) {
                assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
            } else if is_machine(&path) && method != Method::HEAD {
                assert_eq!(answer.problem(401)["code"], "signed-out", "{what}");
                assert_eq!(answer.header("www-authenticate"), "Bearer");
            } else if answer.status == StatusCode::SEE_OTHER {
                assert!(matches!(method, Method::GET | Method::HEAD), "{what}");
                assert!(
                    answer
                        .header("location")
                        .starts_with("/sign-in?return_to=%2F"),
                    "{what}"
                );
            } else {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_public_is_this_and_no_more() {
    let public = [
        "/sign-in",
        "/setup",
        "/health/live",
        "/health/ready",
        "/api/v1/openapi.json",
    ];
    assert_eq!(
        PUBLIC, public,
        "who may see the new one, and does it tell anything?"
    );
    let site = Site::new().await;
    let routes = site.routes();
    for path in PUBLIC {
        assert!(
            routes.iter().any(|route| route == path),
            "{path} isn't there at all"
        );
    }
    // Nothing that isn't there tells strangers so.
    for path in [
        "/nothing",
        "/pkg",
        "/projects/shop/x",
        "/api/v1/nothing",
        "/api/",
        "//",
        "/.env",
    ] {
        let answer = site.get(path, &As::Nobody).await;
        let hidden = matches!(
            answer.status,
            StatusCode::SEE_OTHER | StatusCode::UNAUTHORIZED
        );
        assert!(hidden, "{path}: {}", answer.status);
    }
}

#[tokio::test]
async fn a_member_looks_at_everything_and_changes_nothing() {
    let site = Site::new().await;
    site.declare(CART).await;
    let (member, machine) = (site.member().await, site.member_machine().await);
    for route in site.routes() {
        let path = filled(&route);
        if path.ends_with("/events") || path.ends_with("-stream") {
            continue; // Streams don't end; they have tests of their own.
        }
        let who = if is_machine(&path) { &machine } else { &member };
        let answer = site.get(&path, who).await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
        assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_ne!(answer.header("location"), "/sign-in", "{path}");
    }
    let apply = [("csrf", member.csrf()), ("intent", "apply"), ("text", CART)];
    let delete = [
        ("csrf", member.csrf()),
        ("kind", "Project"),
        ("name", "shop"),
        ("confirm", "shop"),
    ];
    assert_eq!(
        site.upload("/apply", &member, &apply).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        site.post("/resources/delete", &member, &delete)
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    let changed = CART.replace("cart:1", "cart:2");
    let answer = site
        .call(Method::POST, "/api/v1/apply", &machine, &changed)
        .await;
    assert_eq!(answer.problem(403)["code"], "refused");
    let answer = site
        .call(
            Method::DELETE,
            "/api/v1/resources/projects/shop",
            &machine,
            "",
        )
        .await;
    answer.problem(403);
    let administrator = site.administrator().await;
    let page = site
        .get(
            "/resources/workloads/cart?project=shop&component=cart",
            &administrator,
        )
        .await;
    assert!(page.text.contains("cart:1") && !page.text.contains("cart:2"));
}

#[tokio::test]
async fn an_administrator_sees_every_page() {
    let site = Site::new().await;
    site.declare(CART).await;
    site.declare(&places()).await;
    let administrator = site.administrator().await;
    let pages = site.routes().into_iter().filter(|route| !is_machine(route));
    let (mut seen, mut absent) = (0, Vec::new());
    for route in pages {
        let path = filled(&route)
            .replace("/classes/projects/shop", "/classes/serviceclasses/default")
            .replace("/classes/projects/", "/classes/serviceclasses/");
        let skip = path.ends_with("-stream") || path == "/events";
        if skip {
            continue;
        }
        let answer = site.get(&path, &administrator).await;
        match answer.status {
            StatusCode::OK => seen += 1,
            // Nothing reconciles here, so there is no release and no pod.
            StatusCode::NOT_FOUND => absent.push(route),
            // These take forms alone.
            StatusCode::METHOD_NOT_ALLOWED => assert_eq!(answer.header("allow"), "POST", "{path}"),
            other => panic!("{path}: {other}: {}", answer.text),
        }
    }
    assert!(seen >= 20, "only {seen} pages");
    let release = "/projects/{project}/components/{component}/releases/{environment}/{number}";
    let log = "/projects/{project}/components/{component}/log.txt";
    absent.retain(|route| route != release && route != log);
    assert_eq!(absent, Vec::<String>::new());
}

#[tokio::test]
async fn cookies_are_nothing_to_the_api_and_tokens_nothing_to_pages() {
    let site = Site::new().await;
    let (browser, machine) = (site.administrator().await, site.machine().await);
    site.get("/api/v1/whoami", &browser).await.problem(401);
    assert_eq!(site.get("/", &machine).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/", &browser).await.status, StatusCode::OK);
    let who = site.get("/api/v1/whoami", &machine).await;
    assert_eq!(who.json()["name"], "admin");
    assert_eq!(
        site.get("/metrics", &browser).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn only_tokens_that_hold_let_in() {
    let site = Site::new().await;
    let As::Token(good) = site.machine().await else {
        panic!("no token")
    };
    let accounts = site.platform.accounts();
    let ended = accounts
        .create_token("admin", "ended", Some(0))
        .await
        .expect("made");
    let revoked = accounts
        .create_token("admin", "revoked", None)
        .await
        .expect("made");
    assert!(
        accounts
            .revoke_token("admin", "revoked")
            .await
            .expect("answers")
    );
    let twisted = format!("{}x", &good[..good.len() - 1]);
    let short = &good[..good.len() - 1];
    let wrong = [
        "nothing", "", "null", "trp_", short, &twisted, &ended, &revoked, "a b", "é",
    ];
    for token in wrong {
        site.get("/api/v1/whoami", &As::Token(token.into()))
            .await
            .problem(401);
    }
    for scheme in ["Basic", "Token", ""] {
        let request = http::Request::get("/api/v1/whoami")
            .header("authorization", format!("{scheme} {good}"))
            .body(axum::body::Body::empty())
            .expect("a request");
        site.send(request).await.problem(401);
    }
    assert_eq!(
        site.get("/api/v1/whoami", &As::Token(good)).await.status,
        StatusCode::OK
    );
}
