//! The API server as a tower service: reads a request, finds its handler, and answers as a real server would.

mod discovery;
mod read;
pub(crate) mod route;
mod subresource;
mod watch;

use crate::cluster::Inner;
use crate::delete;
use crate::failure::Failure;
use crate::faults::Harm;
use crate::kinds::Kind;
use crate::storage::Key;
use crate::value::text;
use crate::write::{self, Patch, Target};
use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use kube::client::Body;
pub(crate) use route::Query;
use route::Route;
use serde_json::{Value, json};
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};

type Answer = Response<UnsyncBoxBody<Bytes, io::Error>>;

/// The service that `kube::Client` is made over.
#[derive(Clone, Debug)]
pub(crate) struct Api(Arc<Inner>);

impl Api {
    pub(crate) fn new(inner: Arc<Inner>) -> Self {
        Self(inner)
    }
}

impl tower::Service<Request<Body>> for Api {
    type Response = Answer;
    type Error = io::Error;
    type Future = BoxFuture<'static, Result<Answer, io::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let inner = self.0.clone();
        Box::pin(async move {
            let path = request
                .uri()
                .path_and_query()
                .map_or("/", |p| p.as_str())
                .to_owned();
            let method = request.method().clone();
            let watch = method == Method::GET && path.contains("watch=true");
            let mut lose = false;
            let mut broken = None;
            match inner.receive(method.as_str(), &path, watch) {
                Some(Harm::Error(code)) => return Ok(refuse(&Failure::injected(code))),
                Some(Harm::Delay(time)) => tokio::time::sleep(time).await,
                Some(Harm::Hang) => std::future::pending().await,
                Some(Harm::LoseAnswer) => lose = true,
                Some(harm) => broken = Some(harm),
                None => {}
            }
            let answer = answer(inner, request, broken).await;
            if lose {
                return Err(io::Error::new(
                    io::ErrorKind::ConnectionReset,
                    "injected fault: the answer was lost",
                ));
            }
            Ok(answer.unwrap_or_else(|failure| refuse(&failure)))
        })
    }
}

/// A request, read.
struct Call {
    method: Method,
    query: Query,
    /// Only metadata is wanted.
    partial: bool,
    content_type: String,
    manager: String,
    body: Value,
}

async fn answer(
    inner: Arc<Inner>,
    request: Request<Body>,
    broken: Option<Harm>,
) -> Result<Answer, Failure> {
    let (parts, body) = request.into_parts();
    let head = |name: header::HeaderName| {
        parts
            .headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let accept = head(header::ACCEPT);
    let route = route::parse(parts.uri.path());
    if let Some(found) = discovery::answer(&route, accept.contains("g=apidiscovery.k8s.io")) {
        return Ok(json_answer(StatusCode::OK, &found));
    }
    let Route::Resource {
        kind,
        namespace,
        name,
        subresource,
    } = route
    else {
        return Ok(plain(StatusCode::NOT_FOUND, "404 page not found\n"));
    };
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let bytes = body
        .collect_bytes()
        .await
        .map_err(|e| Failure::bad_request(e.to_string()))?;
    let body = if bytes.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&bytes)
            .map_err(|e| Failure::bad_request(format!("couldn't read the body as JSON: {e}")))?
    };
    let manager = match query.get("fieldManager") {
        "" => head(header::USER_AGENT)
            .split('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
        named => named.to_owned(),
    };
    let call = Call {
        partial: accept.contains("as=PartialObjectMetadata"),
        content_type: head(header::CONTENT_TYPE)
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned(),
        manager,
        method: parts.method,
        query,
        body,
    };
    let place = Place {
        kind,
        namespace,
        name,
    };
    if !subresource.is_empty() && subresource != "status" {
        return subresource::answer(&inner, &call, &place, &subresource);
    }
    if subresource == "status" && !kind.status {
        return Err(Failure::no_such_resource());
    }
    if call.method == Method::GET && place.name.is_empty() && call.query.truth("watch") {
        return watch::answer(&inner, &call, &place, broken);
    }
    dispatch(&inner, &call, &place, &subresource)
}

/// What a URL points at.
struct Place {
    kind: &'static Kind,
    namespace: String,
    name: String,
}

impl Place {
    fn key(&self) -> Key {
        Key::new(self.kind, &self.namespace, &self.name)
    }
}

impl Call {
    fn target<'a>(&'a self, place: &'a Place, subresource: &'a str, now: i64) -> Target<'a> {
        Target {
            kind: place.kind,
            namespace: &place.namespace,
            name: &place.name,
            subresource,
            manager: if self.manager.is_empty() && self.content_type != APPLY {
                "unknown"
            } else {
                &self.manager
            },
            dry_run: self.query.get("dryRun") == "All",
            strict: self.query.get("fieldValidation") == "Strict",
            force: self.query.truth("force"),
            now,
        }
    }
}

const APPLY: &str = "application/apply-patch+yaml";

fn dispatch(
    inner: &Inner,
    call: &Call,
    place: &Place,
    subresource: &str,
) -> Result<Answer, Failure> {
    let kind = place.kind;
    if kind.namespaced
        && place.namespace.is_empty()
        && (call.method != Method::GET || !place.name.is_empty())
    {
        return Err(if place.name.is_empty() {
            Failure::method_not_allowed()
        } else {
            Failure::no_such_resource()
        });
    }
    let now = inner.now();
    let target = call.target(place, subresource, now);
    let mut state = inner.state();
    let done = match (call.method.as_str(), place.name.is_empty()) {
        ("GET", true) => return read::list(&state, call, place),
        ("GET", false) => state
            .get(&place.key())
            .cloned()
            .map(|o| (StatusCode::OK, o))
            .ok_or_else(|| Failure::not_found(kind, &place.name)),
        ("POST", true) => {
            write::create(&mut state, &target, call.body.clone()).map(|o| (StatusCode::CREATED, o))
        }
        ("PUT", false) => {
            write::update(&mut state, &target, call.body.clone()).map(|o| (StatusCode::OK, o))
        }
        ("PATCH", false) => {
            let how = match call.content_type.as_str() {
                APPLY => Patch::Apply,
                "application/merge-patch+json" => Patch::Merge,
                "application/strategic-merge-patch+json" => Patch::Strategic,
                other => return Err(Failure::unsupported_media(other)),
            };
            write::patch(&mut state, &target, how, call.body.clone()).map(|(o, new)| {
                (
                    if new {
                        StatusCode::CREATED
                    } else {
                        StatusCode::OK
                    },
                    o,
                )
            })
        }
        ("DELETE", false) => {
            let options = delete::Options::read(&call.body, |q| call.query.get(q).to_owned());
            let uid = state
                .get(&place.key())
                .map(|o| o["metadata"]["uid"].clone());
            match delete::delete(&mut state, &place.key(), &options, now) {
                Ok(Some(object)) => Ok((StatusCode::OK, object)),
                Ok(None) => Ok((
                    StatusCode::OK,
                    Arc::new(gone(place, &uid.unwrap_or_default())),
                )),
                Err(failure) => Err(failure),
            }
        }
        ("DELETE", true) => delete_all(&mut state, call, place, now),
        _ => Err(Failure::method_not_allowed()),
    };
    let version = state.version;
    drop(state);
    inner.announce(version);
    let (code, object) = done?;
    Ok(if call.partial {
        json_answer(code, &read::partial(&object))
    } else {
        json_answer(code, &object)
    })
}

fn gone(place: &Place, uid: &Value) -> Value {
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
        "details": {"name": place.name, "group": place.kind.group, "kind": place.kind.plural, "uid": uid}})
}

fn delete_all(
    state: &mut crate::storage::State,
    call: &Call,
    place: &Place,
    now: i64,
) -> Result<(StatusCode, Arc<Value>), Failure> {
    let selector = call.selector()?;
    let options = delete::Options::read(&call.body, |q| call.query.get(q).to_owned());
    let found: Vec<(Key, Arc<Value>)> = state
        .list(place.kind, &place.namespace)
        .filter(|(_, o)| selector.matches(o))
        .map(|(k, o)| (k.clone(), o.clone()))
        .collect();
    for (key, _) in &found {
        delete::delete(state, key, &options, now)?;
    }
    let items: Vec<&Value> = found.iter().map(|(_, o)| &**o).collect();
    let list = json!({"kind": format!("{}List", place.kind.kind), "apiVersion": place.kind.api_version(),
        "metadata": {"resourceVersion": state.version.to_string()}, "items": items});
    Ok((StatusCode::OK, Arc::new(list)))
}

impl Call {
    fn selector(&self) -> Result<crate::selector::Selector, Failure> {
        crate::selector::Selector::parse(
            self.query.get("labelSelector"),
            self.query.get("fieldSelector"),
        )
    }
}

fn full(code: StatusCode, content_type: &'static str, bytes: impl Into<Bytes>) -> Answer {
    let body = Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync();
    Response::builder()
        .status(code)
        .header(header::CONTENT_TYPE, content_type)
        .body(body)
        .expect("status and header are valid")
}

fn json_answer(code: StatusCode, value: &Value) -> Answer {
    full(code, "application/json", value.to_string())
}

fn plain(code: StatusCode, words: &str) -> Answer {
    full(code, "text/plain; charset=utf-8", words.to_owned())
}

fn refuse(failure: &Failure) -> Answer {
    let code = StatusCode::from_u16(failure.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = json_answer(code, &failure.status());
    if code == StatusCode::TOO_MANY_REQUESTS || code == StatusCode::SERVICE_UNAVAILABLE {
        answer
            .headers_mut()
            .insert(header::RETRY_AFTER, http::HeaderValue::from_static("1"));
    }
    answer
}

/// An answer that comes piece by piece.
fn streamed(content_type: &'static str, pieces: BoxStream<'static, Bytes>) -> Answer {
    let frames = pieces.map(|b| Ok(http_body::Frame::data(b)));
    let body = StreamBody::new(frames.chain(stream::empty())).boxed_unsync();
    Response::builder()
        .header(header::CONTENT_TYPE, content_type)
        .body(body)
        .expect("status and header are valid")
}

/// The uid of an object.
fn uid(object: &Value) -> &str {
    text(&object["metadata"]["uid"])
}
