//! Asked twice, done once; changed only what was seen.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};

use crate::support::{Answer, As, CART, Site};

async fn keyed(site: &Site, who: &As, key: &str, path: &str, body: &str) -> Answer {
    let request = who
        .sign(Request::post(path))
        .header(header::CONTENT_TYPE, "application/yaml")
        .header("idempotency-key", key)
        .body(Body::from(body.to_owned()))
        .expect("a request");
    site.send(request).await
}

#[tokio::test]
async fn the_same_key_and_body_get_the_same_answer() {
    let site = Site::new().await;
    let who = site.machine().await;
    let first = keyed(&site, &who, "k-1", "/api/v1/apply", CART).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    assert_eq!(first.header("idempotent-replayed"), "");
    assert_eq!(first.json()["rows"][0]["change"], "Created");
    let again = keyed(&site, &who, "k-1", "/api/v1/apply", CART).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    assert_eq!(again.header("idempotent-replayed"), "true");
    for name in ["content-type", "etag"] {
        assert_eq!(again.header(name), first.header(name));
    }
    // Another key is another request.
    let other = keyed(&site, &who, "k-2", "/api/v1/apply", CART).await;
    assert_eq!(other.json()["rows"][0]["change"], "Unchanged");
    // The same word for another body, query or address isn't the same request.
    let changed = CART.replace("cart:1", "cart:2");
    let answer = keyed(&site, &who, "k-1", "/api/v1/apply", &changed).await;
    assert_eq!(answer.problem(422)["faults"][0]["path"], "Idempotency-Key");
    keyed(&site, &who, "k-1", "/api/v1/apply?dryRun=true", CART)
        .await
        .problem(422);
    let preview = keyed(&site, &who, "k-1", "/api/v1/preview", CART).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text);
    // Somebody else's key is their own.
    site.member().await;
    let member = site.member_machine().await;
    keyed(&site, &member, "k-1", "/api/v1/apply", CART)
        .await
        .problem(403);
    // A refusal of the input is an answer as well; a refusal of the person isn't kept.
    let bad = CART.replace("8080", "80800");
    for replayed in ["", "true"] {
        let answer = keyed(&site, &who, "k-3", "/api/v1/apply", &bad).await;
        // The first one's instance is in both.
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json()["code"], "invalid");
        assert_eq!(answer.header("idempotent-replayed"), replayed);
    }
    for wrong in ["", "two words", &"x".repeat(256)] {
        keyed(&site, &who, wrong, "/api/v1/apply", CART)
            .await
            .problem(422);
    }
}

#[tokio::test]
async fn who_asks_while_it_is_worked_on_is_told_so_and_abandoned_work_is_done_again() {
    let site = Site::new().await;
    let who = site.machine().await;
    let all = (0..8).map(|_| keyed(&site, &who, "race", "/api/v1/apply", CART));
    let answers = futures::future::join_all(all).await;
    let mut created = 0;
    for answer in &answers {
        if answer.status == StatusCode::CONFLICT {
            answer.problem(409);
        } else {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            // The first answer, whoever gets it.
            assert_eq!(answer.json()["rows"][0]["change"], "Created");
            created += 1;
        }
    }
    assert!(created >= 1);
    // Killed between the work and its answer: only the key is left.
    let store = site.platform.store();
    let store::Store::Sqlite(_, pool) = store else {
        panic!("another database")
    };
    let left = "UPDATE idempotency SET status = NULL, head = '', body = ''";
    sqlx::query(left).execute(pool).await.expect("runs");
    keyed(&site, &who, "race", "/api/v1/apply", CART)
        .await
        .problem(409);
    let old = "UPDATE idempotency SET begun_at = begun_at - 121000000";
    sqlx::query(old).execute(pool).await.expect("runs");
    let answer = keyed(&site, &who, "race", "/api/v1/apply", CART).await;
    assert_eq!(answer.json()["rows"][0]["change"], "Unchanged");
    // After a day it is forgotten.
    let old = "UPDATE idempotency SET begun_at = begun_at - 86400000000";
    sqlx::query(old).execute(pool).await.expect("runs");
    let answer = keyed(&site, &who, "race", "/api/v1/apply", "nonsense: [").await;
    answer.problem(422);
    assert_eq!(answer.header("idempotent-replayed"), "");
}

#[tokio::test]
async fn what_somebody_else_changed_is_not_written_over() {
    let site = Site::new().await;
    let who = site.machine().await;
    site.declare(CART).await;
    let path = "/api/v1/resources/workloads/cart?project=shop&component=cart";
    let read = site.get(path, &who).await;
    let tag = read.header("etag").to_owned();
    let mut manifest = read.json();
    let send = async |method: Method, condition: (&str, &str), body: String| {
        let request = who
            .sign(Request::builder().method(method).uri(path))
            .header(condition.0, condition.1)
            .body(Body::from(body))
            .expect("a request");
        site.send(request).await
    };
    manifest["spec"]["containers"]["main"]["image"] = "cart:2".into();
    let put = send(Method::PUT, ("if-match", &tag), manifest.to_string()).await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.text);
    assert_eq!(put.json()["rows"][0]["change"], "Changed");
    // The tag is of what was there before.
    manifest["spec"]["containers"]["main"]["image"] = "cart:3".into();
    let stale = send(Method::PUT, ("if-match", &tag), manifest.to_string()).await;
    let current = &stale.problem(409)["current"];
    assert_eq!(current["spec"]["containers"]["main"]["image"], "cart:2");
    let patch = r#"{"spec": {"containers": {"main": {"image": "cart:4"}}}}"#;
    send(Method::PATCH, ("if-match", &tag), patch.into())
        .await
        .problem(409);
    send(Method::PUT, ("if-none-match", "*"), manifest.to_string())
        .await
        .problem(409);
    send(
        Method::PUT,
        ("if-match", "\"nonsense\""),
        manifest.to_string(),
    )
    .await
    .problem(422);
    let fresh = site.get(path, &who).await.header("etag").to_owned();
    assert_ne!(fresh, tag);
    let patched = send(Method::PATCH, ("if-match", &fresh), patch.into()).await;
    assert_eq!(patched.status, StatusCode::OK, "{}", patched.text);
    let now = site.get(path, &who).await.json();
    assert_eq!(now["spec"]["containers"]["main"]["image"], "cart:4");
    // A merge patch leaves what it doesn't name, and null takes away.
    assert_eq!(now["spec"]["endpoints"]["http"]["port"], 8080);
    let gone = r#"{"spec": {"endpoints": null}}"#;
    let patched = site.call(Method::PATCH, path, &who, gone).await;
    assert_eq!(patched.status, StatusCode::OK, "{}", patched.text);
    let now = site.get(path, &who).await.json();
    assert!(
        now["spec"]
            .get("endpoints")
            .is_none_or(|all| all == &serde_json::json!({}))
    );
    // The address says what it is about.
    let other = CART.replace("cart", "other");
    site.call(Method::PUT, path, &who, &other)
        .await
        .problem(422);
}
