//! A router over a real platform, and people who ask it.

use std::time::Duration;

use axum::{Router, body::Body};
use control::{Platform, Settings};
use http::{HeaderMap, Method, Request, StatusCode, header};
use model::{
    access::{Via, Viewer},
    port::SentFile,
};
use sha2::{Digest, Sha256};
use store::accounts::UserRow;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use troupe::http::Serving;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A project with one service, whole.
pub(crate) const CART: &str = r#"
apiVersion: openchoreo.dev/v1alpha1
kind: Project
metadata: {name: shop}
spec: {deploymentPipelineRef: default}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: cart}
spec: {owner: {projectName: shop}, type: Service}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Service
metadata: {name: cart}
spec: {owner: {projectName: shop, componentName: cart}, workloadName: cart}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: cart}
spec:
  owner: {projectName: shop, componentName: cart}
  containers: {main: {image: "cart:1"}}
  endpoints: {http: {type: HTTP, port: 8080}}
"#;

/// One of each kind that has pages of its own, all called as [`filled`] asks for them.
pub(crate) fn places() -> String {
    use model::kind::Kind;
    [Kind::DataPlane, Kind::BuildPlane, Kind::ConfigurationGroup]
        .iter()
        .map(|kind| {
            let example = model::manifest::example(*kind);
            format!(
                "{}---\n",
                example.replace("name: example\n", "name: shop\n")
            )
        })
        .collect()
}

/// Who asks.
#[derive(Clone)]
pub(crate) enum As {
    Nobody,
    Session { token: String, csrf: String },
    Token(String),
}

impl As {
    pub(crate) fn csrf(&self) -> &str {
        match self {
            Self::Session { csrf, .. } => csrf,
            _ => "",
        }
    }

    pub(crate) fn sign(&self, request: http::request::Builder) -> http::request::Builder {
        match self {
            Self::Nobody => request,
            Self::Session { token, .. } => request.header(
                header::COOKIE,
                format!("theme=dark; troupe_session={token}"),
            ),
            Self::Token(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        }
    }
}

/// What came back, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Asserts that this is problem details, and gives them.
    pub(crate) fn problem(&self, status: u16) -> serde_json::Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        assert_eq!(body["status"], status);
        for field in ["type", "title", "detail", "code", "instance"] {
            assert!(
                body[field].as_str().is_some_and(|text| !text.is_empty()),
                "{field}: {body}"
            );
        }
        let id = self.header("x-request-id");
        assert!(
            body["instance"].as_str().expect("text").contains(id),
            "{body}"
        );
        body
    }
}

pub(crate) struct Site {
    pub(crate) platform: Platform,
    pub(crate) router: Router,
    pub(crate) stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::serving(Serving::default()).await
    }

    pub(crate) async fn serving(serving: Serving) -> Self {
        Self::of(serving, false).await
    }

    /// One that brings to its planes what is declared.
    pub(crate) async fn reconciling() -> Self {
        let site = Self::of(Serving::default(), true).await;
        let (platform, stop) = (site.platform.clone(), site.stop.clone());
        tokio::spawn(async move { platform.run(stop).await });
        site
    }

    async fn of(serving: Serving, reconcile: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings {
            database_url: format!("sqlite://{}/troupe.db", folder.path().display()),
            data_dir: folder.path().into(),
            reconcile,
            pace: Duration::from_millis(30),
            registry_check: false,
            ..Settings::default()
        };
        let platform = Platform::open(settings).await.expect("opens");
        let stop = CancellationToken::new();
        let router =
            troupe::http::router(platform.clone(), &serving, stop.clone()).expect("a router");
        Self {
            platform,
            router,
            stop,
            _folder: folder,
        }
    }

    /// Somebody who may do everything, in a browser.
    pub(crate) async fn administrator(&self) -> As {
        let accounts = self.platform.accounts();
        accounts.ensure_admin(PASSWORD).await.expect("made");
        let session = accounts.sign_in("admin", PASSWORD, "").await.expect("in");
        let Via::Session { csrf } = session.viewer.via else {
            panic!("no session")
        };
        As::Session {
            token: session.token.to_string(),
            csrf,
        }
    }

    /// The same with a token.
    pub(crate) async fn machine(&self) -> As {
        let accounts = self.platform.accounts();
        accounts.ensure_admin(PASSWORD).await.expect("made");
        let token = accounts
            .create_token("admin", "machine", Some(60))
            .await
            .expect("made");
        As::Token(token.to_string())
    }

    /// Somebody who may look.
    pub(crate) async fn member(&self) -> As {
        let store = self.platform.store();
        let user = UserRow {
            id: "member".into(),
            name: "member".into(),
            password: "no password".into(),
            administrator: 0,
            organization: "default".into(),
            created_at: 0,
        };
        let token = "a member's session";
        let mut tx = store.begin(control::clock::now().0).await.expect("begins");
        tx.add_user(&user).await.expect("adds");
        let hash = hex::encode(Sha256::digest(token));
        tx.add_session(&hash, &user.id).await.expect("adds");
        tx.commit().await.expect("commits");
        As::Session {
            token: token.into(),
            csrf: control::accounts::csrf_of(token),
        }
    }

    /// The same with a token.
    pub(crate) async fn member_machine(&self) -> As {
        let token = self
            .platform
            .accounts()
            .create_token("member", "machine", None)
            .await;
        As::Token(token.expect("made").to_string())
    }

    /// Declares something, past the router.
    pub(crate) async fn declare(&self, text: &str) {
        let viewer = Viewer {
            user: "test".into(),
            name: "test".into(),
            administrator: true,
            organization: "default".into(),
            via: Via::Host,
        };
        let file = SentFile {
            name: "test.yaml".into(),
            text: text.into(),
        };
        let plan = self
            .platform
            .ports()
            .manifests
            .apply(&viewer, &vec![file].into())
            .await
            .expect("applies");
        assert_eq!(plan.faults, []);
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("answers");
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.expect("a body");
        Answer {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str, who: &As) -> Answer {
        let request = who
            .sign(Request::get(path))
            .body(Body::empty())
            .expect("a request");
        self.send(request).await
    }

    /// Sends a form as our own page does.
    pub(crate) async fn post(&self, path: &str, who: &As, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = who
            .sign(Request::post(path))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.into())
            .expect("a request");
        self.send(request).await
    }

    /// Sends a form with files as our own page does.
    pub(crate) async fn upload(&self, path: &str, who: &As, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::new();
        for (name, value) in fields {
            let head = "Content-Disposition: form-data; name=";
            body.push_str(&format!("--edge\r\n{head}\"{name}\"\r\n\r\n{value}\r\n"));
        }
        body.push_str("--edge--\r\n");
        let request = who
            .sign(Request::post(path))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .body(body.into())
            .expect("a request");
        self.send(request).await
    }

    pub(crate) async fn call(&self, method: Method, path: &str, who: &As, body: &str) -> Answer {
        let request = who
            .sign(Request::builder().method(method).uri(path))
            .header(header::CONTENT_TYPE, "application/yaml")
            .body(body.to_owned().into())
            .expect("a request");
        self.send(request).await
    }

    /// Every address that the router knows, as it prints itself: nobody can forget one here.
    pub(crate) fn routes(&self) -> Vec<String> {
        let printed = format!("{:?}", self.router);
        let mut routes: Vec<String> = printed
            .split('"')
            .filter(|text| text.starts_with('/') && !text.contains("__private"))
            .map(str::to_owned)
            .collect();
        routes.sort();
        routes.dedup();
        assert!(
            routes.len() > 40,
            "the router prints itself otherwise now: {printed}"
        );
        routes
    }
}

/// An address with something in place of its parameters.
pub(crate) fn filled(route: &str) -> String {
    let values = [
        ("{project}", "shop"),
        ("{component}", "cart"),
        ("{environment}", "development"),
        ("{action}", "suspend"),
        ("{number}", "1"),
        ("{version}", "1"),
        ("{pipeline}", "default"),
        ("{kind}", "projects"),
        ("{name}", "shop"),
    ];
    let path = values.iter().fold(route.to_owned(), |path, (name, value)| {
        path.replace(name, value)
    });
    assert!(
        !path.contains('{'),
        "say what stands for the parameter in {route}"
    );
    path
}
