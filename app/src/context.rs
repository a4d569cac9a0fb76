//! What a page knows of the request it answers, read once and before the first wait.

use http::{header, request::Parts};
use jiff::Timestamp;
use leptos::prelude::*;
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};
use model::{
    access::{Via, Viewer},
    health::Health,
    moment::Moment,
    port::Ports,
    problem::Problem,
    view::Paging,
};

use crate::assets::Assets;

/// The request's id, put into the request's extensions by the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// The nonce of the response's content security policy, put into the request's extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nonce(pub String);

/// The moment that pages take for now. Given in context it stands still, as tests want it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now(pub Moment);

/// What the browser was told to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The word that the cookie and the form carry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads what [`Theme::as_str`] wrote; anything else is `Auto`.
    pub fn parse(text: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == text)
            .unwrap_or_default()
    }
}

/// What surrounds every page, whoever looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Around {
    /// The build's files.
    pub assets: Assets,
    /// The nonce that scripts carry; empty without a policy.
    pub nonce: String,
    /// The request's id, shown with problems.
    pub request: String,
    /// Light, dark or as the system has it.
    pub theme: Theme,
    /// The path and query asked for, to come back to.
    pub address: String,
    /// Now.
    pub now: Moment,
}

impl Around {
    /// Reads it from a request; `now` is the time that relative times count from.
    pub fn of(parts: &Parts, assets: &Assets, now: Moment) -> Self {
        let cookies = parts.headers.get_all(header::COOKIE);
        let theme = cookies
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.split(';'))
            .find_map(|pair| pair.trim().strip_prefix("theme="));
        let extension = &parts.extensions;
        let address = parts.uri.path_and_query();
        Self {
            assets: assets.clone(),
            nonce: extension
                .get::<Nonce>()
                .map_or(String::new(), |nonce| nonce.0.clone()),
            request: extension
                .get::<RequestId>()
                .map_or(String::new(), |id| id.0.clone()),
            // What the signed-in user chose holds; the cookie is for those who aren't in yet.
            theme: extension
                .get::<Theme>()
                .copied()
                .unwrap_or_else(|| theme.map_or(Theme::Auto, Theme::parse)),
            address: address.map_or_else(|| "/".into(), |address| address.as_str().into()),
            now,
        }
    }

    /// Reads it from the context that the server gave.
    pub fn here() -> Self {
        let assets = use_context::<Assets>().unwrap_or_default();
        let now = use_context::<Now>().map_or_else(clock, |now| now.0);
        match use_context::<Parts>() {
            Some(parts) => Self::of(&parts, &assets, now),
            None => Self {
                assets,
                now,
                ..Self::default()
            },
        }
    }
}

/// Reads the clock: the one place in the portal where time comes in.
fn clock() -> Moment {
    Moment(Timestamp::now().as_microsecond())
}

/// Who looks, or nobody.
pub fn somebody() -> Option<Viewer> {
    use_context::<Parts>().and_then(|parts| parts.extensions.get::<Viewer>().cloned())
}

/// What forms carry against forgery; empty for those who came without a session.
pub fn csrf(viewer: &Viewer) -> &str {
    match &viewer.via {
        Via::Session { csrf } => csrf,
        Via::Token { .. } | Via::Host => "",
    }
}

/// What a page is asked: by whom, for what, and whom it may ask in turn.
#[derive(Clone)]
pub struct Ask {
    /// What surrounds the page.
    pub around: Around,
    /// Who looks.
    pub viewer: Viewer,
    /// Whom to ask.
    pub ports: Ports,
    params: ParamsMap,
    query: ParamsMap,
}

impl Ask {
    /// Reads the request.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn here() -> Result<Self, Problem> {
        Ok(Self {
            around: Around::here(),
            viewer: somebody().ok_or(Problem::SignedOut)?,
            ports: expect_context(),
            params: use_params_map().get_untracked(),
            query: use_query_map().get_untracked(),
        })
    }

    /// The same for a form that was sent, outside of any route: `params` are the parts of its path.
    pub fn of(
        around: Around,
        viewer: Viewer,
        ports: Ports,
        params: impl Iterator<Item = (String, String)>,
        query: impl Iterator<Item = (String, String)>,
    ) -> Self {
        let map = |entries: &mut dyn Iterator<Item = (String, String)>| {
            let mut map = ParamsMap::new();
            for (name, value) in entries {
                map.insert(name, value);
            }
            map
        };
        let (mut params, mut query) = (params, query);
        Self {
            around,
            viewer,
            ports,
            params: map(&mut params),
            query: map(&mut query),
        }
    }

    /// A part of the path, or empty.
    pub fn param(&self, name: &str) -> String {
        self.params.get(name).unwrap_or_default()
    }

    /// An entry of the query, or empty.
    pub fn query(&self, name: &str) -> String {
        self.query.get(name).unwrap_or_default()
    }

    /// All entries of the query with this name: what boxes of one name send.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.query.get_all(name).unwrap_or_default()
    }

    /// A number in the query, or `otherwise`.
    pub fn number(&self, name: &str, otherwise: i64) -> i64 {
        self.query(name).parse().unwrap_or(otherwise)
    }

    /// Which part of a long list is wanted.
    pub fn paging(&self) -> Paging {
        let health = self.query("health");
        Paging {
            page: self.number("page", 1).max(1),
            per_page: self.number("per_page", 50).clamp(1, 200),
            search: self.query("search").trim().to_owned(),
            health: (!health.is_empty()).then(|| Health::parse(&health)),
            after: String::new(),
        }
    }

    /// Now.
    pub fn now(&self) -> Moment {
        self.around.now
    }
}
