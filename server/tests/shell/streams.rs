//! The stream of changes: told in order, resumed after a drop, ended with the right to look.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures::StreamExt;
use http::{Request, StatusCode};
use tower::ServiceExt;
use troupe::http::Serving;

use crate::support::{As, CART, Site};

/// One event of a stream.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Event {
    name: String,
    id: String,
    data: String,
}

struct Stream {
    body: BodyDataStream,
    rest: String,
}

impl Stream {
    async fn open(site: &Site, path: &str, who: &As, last: Option<&str>) -> Self {
        let mut request = who
            .sign(Request::get(path))
            .header("accept-encoding", "br, gzip");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = site.router.clone().oneshot(request).await.expect("answers");
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|v| v.to_str().expect("text"))
        };
        assert_eq!(header("content-type"), Some("text/event-stream"));
        assert_eq!(header("x-accel-buffering"), Some("no"));
        assert_eq!(
            header("content-encoding"),
            None,
            "a compressor keeps lines back"
        );
        Self {
            body: response.into_body().into_data_stream(),
            rest: String::new(),
        }
    }

    /// The next event; `None` when the stream has ended.
    async fn next(&mut self) -> Option<Event> {
        // Over all, since what keeps a stream alive comes as well.
        let told = tokio::time::timeout(Duration::from_secs(20), self.told());
        told.await.expect("an event or an end within 20 s")
    }

    async fn told(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let mut event = Event::default();
                for line in block.lines() {
                    let (field, value) = line.split_once(": ").unwrap_or((line, ""));
                    match field {
                        "event" => event.name = value.into(),
                        "id" => event.id = value.into(),
                        "data" => event.data = value.into(),
                        _ => {}
                    }
                }
                self.rest = rest.to_owned();
                if event != Event::default() {
                    return Some(event);
                }
                continue;
            }
            let piece = self.body.next().await?;
            self.rest
                .push_str(&String::from_utf8_lossy(&piece.expect("no broken body")));
        }
    }

    /// Asserts that the stream ends, whatever it says before.
    async fn ends(mut self) {
        while self.next().await.is_some() {}
    }
}

async fn running() -> Site {
    let site = Site::serving(Serving {
        recheck: Duration::from_millis(50),
        ..Serving::default()
    });
    let site = site.await;
    let (platform, stop) = (site.platform.clone(), site.stop.clone());
    tokio::spawn(async move { platform.run(stop).await });
    site
}

const CART_TOPIC: &str = "/events?topics=component/shop/cart,project/shop";

#[tokio::test]
async fn changes_are_told_and_a_dropped_stream_resumes() {
    let site = running().await;
    let who = site.administrator().await;
    let mut stream = Stream::open(&site, CART_TOPIC, &who, None).await;
    let hello = stream.next().await.expect("a hello");
    assert_eq!((hello.name.as_str(), &hello.id), ("hello", &hello.data));
    site.declare(CART).await;
    let first = stream.next().await.expect("a change");
    assert_eq!(first.name, "change");
    let topics = ["component/shop/cart", "project/shop"];
    assert!(topics.contains(&first.data.as_str()), "{first:?}");
    assert!(first.id.parse::<i64>().expect("a number") > hello.id.parse().expect("a number"));
    drop(stream);
    // While nobody listened, something changed.
    site.declare(&CART.replace("cart:1", "cart:2")).await;
    let mut stream = Stream::open(&site, CART_TOPIC, &who, Some(&first.id)).await;
    let hello = stream.next().await.expect("a hello");
    assert_eq!(
        hello.id, first.id,
        "a stream that breaks now must resume at the same place"
    );
    let mut last = first.id.parse::<i64>().expect("a number");
    loop {
        let change = stream.next().await.expect("a change");
        assert_eq!(change.name, "change");
        let id = change.id.parse::<i64>().expect("a number");
        assert!(id > last, "in order and not twice");
        last = id;
        if change.data == "component/shop/cart" {
            break;
        }
    }
}

#[tokio::test]
async fn who_comes_from_too_long_ago_is_told_to_look_at_everything() {
    let site = running().await;
    let who = site.administrator().await;
    site.declare(CART).await;
    for last in ["99999999", "-5"] {
        let mut stream = Stream::open(&site, CART_TOPIC, &who, Some(last)).await;
        let hello = stream.next().await.expect("a hello");
        assert_eq!(hello.id, hello.data);
        let mut told = Vec::new();
        for _ in 0..2 {
            told.push(stream.next().await.expect("a change").data);
        }
        assert_eq!(told, ["component/shop/cart", "project/shop"]);
    }
}

#[tokio::test]
async fn only_what_was_asked_for_is_told_and_only_of_ones_own() {
    let site = running().await;
    let who = site.administrator().await;
    let path =
        "/events?topics=component/shop/other,../default/component/shop/cart,default/project/shop";
    let mut stream = Stream::open(&site, path, &who, None).await;
    assert_eq!(stream.next().await.expect("a hello").name, "hello");
    site.declare(CART).await;
    site.declare(&CART.replace("cart", "other")).await;
    assert_eq!(
        stream.next().await.expect("a change").data,
        "component/shop/other"
    );
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_with_the_server() {
    let site = running().await;
    let who = site.administrator().await;
    let mut stream = Stream::open(&site, CART_TOPIC, &who, None).await;
    assert_eq!(stream.next().await.expect("a hello").name, "hello");
    let out = site.post("/sign-out", &who, &[("csrf", who.csrf())]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    stream.ends().await;
    let token = site.machine().await;
    let stream = Stream::open(&site, &format!("/api/v1{CART_TOPIC}"), &token, None).await;
    assert!(
        site.platform
            .accounts()
            .revoke_token("admin", "machine")
            .await
            .expect("answers")
    );
    stream.ends().await;
    let who = site.administrator().await;
    let stream = Stream::open(&site, CART_TOPIC, &who, None).await;
    site.stop.cancel();
    stream.ends().await;
}

#[tokio::test]
async fn a_followed_log_goes_on_where_it_broke_off() {
    let site = Site::reconciling().await;
    let who = site.administrator().await;
    site.declare(CART).await;
    let of = "/projects/shop/components/cart";
    let text = format!("{of}/log.txt?environment=development");
    for _ in 0..200 {
        let answer = site.get(&text, &who).await;
        if answer.status == StatusCode::OK && answer.text.lines().count() > 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let path = format!("{of}/log-stream?environment=development");
    let mut stream = Stream::open(&site, &path, &who, None).await;
    let mut lines = Vec::new();
    for _ in 0..3 {
        lines.push(stream.next().await.expect("a line"));
    }
    assert!(
        lines
            .iter()
            .all(|line| line.name.is_empty() && !line.id.is_empty())
    );
    drop(stream);
    let [first, second, third] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    // A browser that comes back says what it had; a page says what it shows.
    let asked = url::form_urlencoded::byte_serialize(first.id.as_bytes()).collect::<String>();
    let after = format!("{path}&after={asked}");
    for (path, last) in [(&path, Some(first.id.as_str())), (&after, None)] {
        let mut stream = Stream::open(&site, path, &who, last).await;
        assert_eq!(stream.next().await.as_ref(), Some(second), "nothing twice");
        assert_eq!(stream.next().await.as_ref(), Some(third), "nothing lost");
    }
    // What is searched for is found whatever its case; the rest stays away.
    let word = third
        .data
        .split_whitespace()
        .last()
        .expect("a word")
        .to_uppercase();
    let word = url::form_urlencoded::byte_serialize(word.as_bytes()).collect::<String>();
    let some = site.get(&format!("{text}&q={word}"), &who).await.text;
    assert!(some.contains(&third.data), "{some}");
    let none = site.get(&format!("{text}&q=no-such-text"), &who).await;
    assert_eq!((none.status, none.text.as_str()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn nobody_listens_without_a_session() {
    let site = Site::new().await;
    assert_eq!(
        site.get("/events", &As::Nobody).await.status,
        StatusCode::UNAUTHORIZED
    );
    let path = "/projects/shop/components/cart/log-stream";
    assert_eq!(
        site.get(path, &As::Nobody).await.status,
        StatusCode::UNAUTHORIZED
    );
    let machine = site.machine().await;
    assert_eq!(
        site.get("/events", &machine).await.status,
        StatusCode::UNAUTHORIZED
    );
}
