//! One screen: what it is called, where it stands, what keeps it fresh, and what it shows.

use leptos::{either::Either, prelude::*};
use leptos_axum::ResponseOptions;
use model::{path, problem::Problem};

use crate::{
    context::{Around, Ask, somebody},
    frame,
    pages::problem::problem_screen,
    shell::document,
};

/// The entry of the rail that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// None of them.
    #[default]
    Nowhere,
    /// Home.
    Home,
    /// Projects, components, releases.
    Projects,
    /// Environments.
    Environments,
    /// What waits for something.
    Waiting,
    /// Planes.
    Planes,
    /// Classes of all types.
    Classes,
    /// Configuration groups.
    Configuration,
    /// Deployment pipelines.
    Pipelines,
    /// All other resources.
    Resources,
    /// Applying manifests.
    Apply,
}

/// What a page hands to the document that surrounds it.
pub struct Screen {
    /// The title, with a mark of the state where there is one.
    pub title: String,
    /// Its entry in the rail.
    pub place: Place,
    /// The way to it: words and addresses, itself without one.
    pub crumbs: Vec<(String, Option<String>)>,
    /// What is listened to while it is open.
    pub topics: Vec<String>,
    /// What stands in `<main>`.
    pub body: AnyView,
}

impl Screen {
    /// A screen with its content; the last crumb is its own name.
    pub fn new(title: &str, place: Place, body: impl IntoView + 'static) -> Self {
        Self {
            title: title.into(),
            place,
            crumbs: vec![(title.into(), None)],
            topics: Vec::new(),
            body: body.into_any(),
        }
    }

    /// Puts a crumb before its own.
    pub fn under(mut self, name: &str, address: String) -> Self {
        let own = self.crumbs.len() - 1;
        self.crumbs.insert(own, (name.into(), Some(address)));
        self
    }

    /// Puts a crumb before all others.
    pub fn under_first(mut self, name: &str, address: String) -> Self {
        self.crumbs.insert(0, (name.into(), Some(address)));
        self
    }

    /// Says what the tab is called, where that is more than the crumb.
    pub fn titled(mut self, title: String) -> Self {
        self.title = title;
        self
    }

    /// Listens to these topics while it is open.
    pub fn live(mut self, topics: &[String]) -> Self {
        self.topics = topics.to_vec();
        self
    }
}

/// Waits for a page's data, then draws the page, or the problem that stopped it.
///
/// There is no task of its own: the future lives in the response, and goes when the client goes.
pub fn page<F, Work>(draw: F) -> AnyView
where
    F: FnOnce(Ask) -> Work,
    Work: Future<Output = Result<Screen, Problem>> + Send + 'static,
{
    let around = Around::here();
    let asked = Ask::here();
    let viewer = somebody();
    let options = use_context::<ResponseOptions>();
    let work = asked.map(|ask| (ask.ports.clone(), draw(ask)));
    Suspend::new(async move {
        let (ports, answer) = match work {
            Ok((ports, work)) => (Some(ports), work.await),
            Err(problem) => (None, Err(problem)),
        };
        let screen = answer.unwrap_or_else(|problem| {
            answer_with(options.as_ref(), &problem, &around);
            problem_screen(&problem, &around, viewer.is_some())
        });
        match (ports, viewer) {
            (Some(ports), Some(viewer)) => {
                // A frame without its figures is better than no page.
                let figures = ports.overview.frame(&viewer).await.unwrap_or_default();
                Either::Left(frame::framed(&around, &viewer, &figures, screen))
            }
            _ => Either::Right(document(&around, &screen.title, frame::door(screen.body))),
        }
    })
    .into_any()
}

/// Sends the status that the problem has, and who isn't signed in to the door.
fn answer_with(options: Option<&ResponseOptions>, problem: &Problem, around: &Around) {
    if let (Some(options), Ok(status)) = (options, http::StatusCode::from_u16(problem.status())) {
        options.set_status(status);
    }
    if matches!(problem, Problem::SignedOut) && options.is_some() {
        let back = path::query("return_to", &around.address);
        leptos_axum::redirect(&format!("{}?{back}", path::sign_in()));
    }
}
