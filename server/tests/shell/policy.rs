//! The headers of answers, and pages that keep to them.

use http::StatusCode;
use troupe::http::Serving;

use crate::support::{Answer, As, CART, Site, filled};

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let rest = policy.split_once("'nonce-").expect("a nonce").1;
    let nonce = rest
        .split_once('\'')
        .expect("a nonce that ends")
        .0
        .to_owned();
    let wanted = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    assert_eq!(policy, wanted);
    nonce
}

/// Every start tag of a page.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).filter_map(|rest| {
        let tag = rest.split_once('>')?.0;
        tag.starts_with(|c: char| c.is_ascii_alphabetic())
            .then_some(tag)
    })
}

#[tokio::test]
async fn every_page_keeps_to_a_policy_of_its_own() {
    let site = Site::new().await;
    site.declare(CART).await;
    let who = site.administrator().await;
    let mut nonces = std::collections::BTreeSet::new();
    let mut pages = 0;
    for route in site.routes() {
        let path = filled(&route);
        let other = path.starts_with("/api/") || path.ends_with("/events");
        if other || path.ends_with("-stream") {
            continue;
        }
        let answer = site.get(&path, &who).await;
        assert!(
            nonces.insert(nonce(&answer)),
            "{path} has a nonce that was there before"
        );
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        pages += 1;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let nonce = format!("nonce=\"{}\"", nonce(&answer));
        for tag in tags(&answer.text) {
            if tag.starts_with("script") {
                assert!(tag.contains(&nonce), "{path}: <{tag}>");
            }
            assert!(!tag.starts_with("style"), "{path}: <{tag}>");
            let inline = [
                " style=\"",
                " onclick=",
                " onload=",
                " onerror=",
                "javascript:",
            ];
            assert!(
                !inline.iter().any(|bad| tag.contains(bad)),
                "{path}: <{tag}>"
            );
        }
    }
    assert!(pages >= 20, "only {pages} pages");
}

#[tokio::test]
async fn headers_stand_on_every_answer() {
    let site = Site::new().await;
    let who = site.administrator().await;
    for path in [
        "/",
        "/sign-in",
        "/nothing",
        "/health/live",
        "/api/v1/whoami",
    ] {
        let answer = site.get(path, &who).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(answer.header(name), value, "{path}: {name}");
        }
        assert!(!answer.header("permissions-policy").is_empty());
        assert!(!answer.header("x-request-id").is_empty());
    }
    let serving = Serving {
        public_url: Some("https://a.test".into()),
        ..Serving::default()
    };
    let site = Site::serving(serving).await;
    let answer = site.get("/sign-in", &As::Nobody).await;
    assert!(
        answer
            .header("strict-transport-security")
            .starts_with("max-age=")
    );
}

#[tokio::test]
async fn a_problem_is_a_page_with_the_requests_id() {
    let site = Site::new().await;
    let who = site.administrator().await;
    let answer = site.get("/projects/nothing", &who).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(
        answer.text.contains(answer.header("x-request-id")),
        "{}",
        answer.text
    );
    let answer = site.get("/nothing/here", &who).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.starts_with("<!DOCTYPE html>"));
    assert!(answer.text.contains(answer.header("x-request-id")));
    let answer = site.get("/sign-out", &who).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(
        answer.text.starts_with("<!DOCTYPE html>"),
        "{}",
        answer.text
    );
}
