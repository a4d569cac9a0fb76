//! How much is taken, from whom.

use axum::body::{Body, Bytes};
use http::{Method, Request, StatusCode, header};

use crate::support::{As, CART, Site};

const MIB: usize = 1 << 20;

fn padded(size: usize) -> String {
    let line = format!("# {}\n", "x".repeat(97));
    format!("{}{CART}", line.repeat((size - CART.len()) / line.len()))
}

#[tokio::test]
async fn strangers_may_send_one_mebibyte() {
    let site = Site::new().await;
    let send = async |body: Body| {
        let request = Request::post("/sign-in")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .expect("a request");
        site.send(request).await
    };
    let fits = format!("name=a&password={}", "x".repeat(MIB - 100));
    assert_eq!(
        send(fits.into()).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let large = format!("name=a&password={}", "x".repeat(MIB));
    let answer = send(large.into()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.header("content-type").starts_with("text/html"));
    // One that doesn't say how long it is.
    let piece = Bytes::from(vec![b'x'; 64 << 10]);
    let endless = futures::stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
    assert_eq!(
        send(Body::from_stream(endless)).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn a_strangers_manifests_are_not_even_read() {
    let site = Site::new().await;
    let piece = Bytes::from(vec![b'x'; 64 << 10]);
    let read = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = read.clone();
    let endless = futures::stream::repeat_with(move || {
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Ok::<_, std::io::Error>(piece.clone())
    });
    let request = Request::post("/api/v1/apply")
        .body(Body::from_stream(endless))
        .expect("a request");
    site.send(request).await.problem(401);
    assert_eq!(read.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[tokio::test]
async fn ten_mebibytes_may_be_applied() {
    let site = Site::new().await;
    let machine = site.machine().await;
    let apply = "/api/v1/apply?dryRun=true";
    let answer = site
        .call(Method::POST, apply, &machine, &padded(10 * MIB - 4096))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = site
        .call(Method::POST, apply, &machine, &padded(11 * MIB))
        .await;
    assert_eq!(answer.problem(413)["code"], "too-large");
    let browser = site.administrator().await;
    let text = padded(12 * MIB);
    let fields = [
        ("csrf", browser.csrf()),
        ("intent", "plan"),
        ("text", &text),
    ];
    let answer = site.upload("/apply", &browser, &fields).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    // Other forms stay small for those who are known, too.
    let long = "x".repeat(MIB);
    let fields = [("csrf", browser.csrf()), ("theme", &long)];
    let answer = site.post("/theme", &browser, &fields).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_yaml_bomb_is_refused_with_words() {
    let site = Site::new().await;
    let machine = site.machine().await;
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let parts = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{parts}]\n"));
    }
    let answer = site
        .call(Method::POST, "/api/v1/apply", &machine, &bomb)
        .await;
    assert!(
        !answer.problem(422)["faults"]
            .as_array()
            .expect("faults")
            .is_empty()
    );
    let deep = "[".repeat(10_000);
    site.call(Method::POST, "/api/v1/apply", &machine, &deep)
        .await
        .problem(422);
    let answer = site.get("/api/v1/whoami", &As::Nobody).await;
    answer.problem(401);
}
