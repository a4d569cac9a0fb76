//! How many statements each page costs: no more than its ceiling, and no more when there is more.

use std::{
    collections::BTreeMap,
    sync::{Mutex, OnceLock},
};

use app::routes::App;
use leptos_axum::generate_route_list;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
};
use tracing_subscriber::{
    Layer, filter::Targets, layer::Context, layer::SubscriberExt, registry::LookupSpan,
};

use crate::support::{As, Site};

/// The most statements that a page may cost, with those that let its viewer in and draw its frame.
/// What isn't here has no ceiling, and so isn't served: say what the new page may cost.
const CEILINGS: &[(&str, usize)] = &[
    ("/", 17),
    ("/apply", 4),
    ("/build-planes/new", 4),
    ("/build-planes/{name}", 8),
    ("/build-planes/{name}/edit", 7),
    ("/build-planes/{name}/retire", 12),
    ("/classes", 11),
    ("/classes/{kind}/fields", 4),
    ("/classes/{kind}/new", 4),
    ("/classes/{kind}/{name}", 11),
    ("/classes/{kind}/{name}/diff", 8),
    ("/classes/{kind}/{name}/edit", 11),
    ("/classes/{kind}/{name}/rollout", 18),
    ("/classes/{kind}/{name}/versions/{version}", 9),
    ("/configuration", 9),
    ("/configuration/new", 9),
    ("/configuration/{name}", 11),
    ("/configuration/{name}/edit", 12),
    ("/configuration/{name}/key", 11),
    ("/configuration/{name}/paste", 11),
    ("/configuration/{name}/values", 11),
    ("/environments", 9),
    ("/environments/new", 12),
    ("/environments/{environment}", 18),
    ("/environments/{environment}/edit", 19),
    ("/pipelines", 9),
    ("/pipelines/new", 9),
    ("/pipelines/{pipeline}", 9),
    ("/pipelines/{pipeline}/edit", 12),
    ("/planes", 15),
    ("/planes/new", 4),
    ("/planes/{name}", 20),
    ("/planes/{name}/edit", 7),
    ("/planes/{name}/retire", 23),
    ("/projects", 11),
    ("/projects/new", 6),
    ("/projects/{project}", 14),
    ("/projects/{project}/bulk", 12),
    ("/projects/{project}/cell", 12),
    ("/projects/{project}/components/new", 14),
    ("/projects/{project}/components/{component}", 13),
    ("/projects/{project}/components/{component}/artifacts", 17),
    ("/projects/{project}/components/{component}/definition", 15),
    ("/projects/{project}/components/{component}/edit", 16),
    (
        "/projects/{project}/components/{component}/environments/{environment}",
        36,
    ),
    (
        "/projects/{project}/components/{component}/environments/{environment}/{action}",
        13,
    ),
    ("/projects/{project}/components/{component}/events", 15),
    ("/projects/{project}/components/{component}/history", 14),
    ("/projects/{project}/components/{component}/logs", 15),
    ("/projects/{project}/components/{component}/releases", 16),
    (
        "/projects/{project}/components/{component}/releases/{environment}/{number}",
        9,
    ),
    ("/projects/{project}/components/{component}/runtime", 16),
    ("/projects/{project}/components/{component}/versions", 13),
    ("/projects/{project}/edit", 9),
    ("/resources", 5),
    ("/resources/{kind}", 6),
    ("/resources/{kind}/{name}", 7),
    ("/resources/{kind}/{name}/compare", 7),
    ("/resources/{kind}/{name}/delete", 8),
    ("/resources/{kind}/{name}/edit", 7),
    ("/resources/{kind}/new", 4),
    ("/search", 4),
    ("/setup", 1),
    ("/sign-in", 1),
    ("/waiting", 5),
];

/// The request that a span is about.
struct Request(String);

struct IdOf(Option<String>);

impl Visit for IdOf {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "id" {
            self.0 = Some(format!("{value:?}").trim_matches('"').to_owned());
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "id" {
            self.0 = Some(value.to_owned());
        }
    }
}

struct Said(String);

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "summary" {
            self.0 = format!("{value:?}");
        }
    }
}

/// The statements of each request so far, by its id.
fn statements() -> &'static Mutex<BTreeMap<String, Vec<String>>> {
    static STATEMENTS: OnceLock<Mutex<BTreeMap<String, Vec<String>>>> = OnceLock::new();
    STATEMENTS.get_or_init(Mutex::default)
}

/// Writes down each statement under the request that it was made for.
struct Count;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Count {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut found = IdOf(None);
        attributes.record(&mut found);
        if let (Some(span), Some(request)) = (context.span(id), found.0) {
            span.extensions_mut().insert(Request(request));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if event.metadata().target() != "sqlx::query" {
            return;
        }
        let mut said = Said(String::new());
        event.record(&mut said);
        // What a new connection is told belongs to no page.
        if said.0.contains("PRAGMA") {
            return;
        }
        let spans = context.event_scope(event).into_iter().flatten();
        for span in spans {
            if let Some(request) = span.extensions().get::<Request>() {
                let mut all = statements().lock().expect("nobody panics with it");
                all.entry(request.0.clone())
                    .or_default()
                    .push(said.0.clone());
            }
        }
    }
}

fn count() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let targets = Targets::new()
            .with_target("sqlx::query", tracing::Level::DEBUG)
            .with_target("troupe::http", tracing::Level::INFO);
        let counting = tracing_subscriber::registry().with(Count.with_filter(targets));
        tracing::subscriber::set_global_default(counting).expect("no other test counts");
    });
}

/// A site with a made-up world of so many components.
async fn world(components: usize) -> (Site, As) {
    let site = Site::new().await;
    control::seed::seed(&site.platform, components)
        .await
        .expect("a world");
    site.declare(MORE).await;
    let viewer = site.administrator().await;
    (site, viewer)
}

/// What the made-up world has none of.
const MORE: &str = r#"
apiVersion: openchoreo.dev/v1alpha1
kind: ConfigurationGroup
metadata: {name: settings}
spec:
  configurations:
    - key: LEVEL
      values: [{environment: seeded-dev, value: debug}]
---
apiVersion: openchoreo.dev/v1alpha1
kind: BuildPlane
metadata: {name: builds}
spec: {kubernetesCluster: {name: builds}}
"#;

/// An address of the made-up world for a page of the table.
fn address(page: &str) -> String {
    let (kind, name) = match page.split('/').nth(1) {
        Some("classes") => ("serviceclasses", "default"),
        Some("planes") => ("dataplanes", "seeded"),
        Some("build-planes") => ("buildplanes", "builds"),
        Some("configuration") => ("configurationgroups", "settings"),
        _ => ("projects", "payments"),
    };
    let values = [
        ("{project}", "payments"),
        ("{component}", "checkout-api"),
        ("{environment}", "seeded-dev"),
        ("{number}", "1"),
        ("{action}", "suspend"),
        ("{version}", "1"),
        ("{pipeline}", "seeded"),
        ("{kind}", kind),
        ("{name}", name),
    ];
    let path = values.iter().fold(page.to_owned(), |path, (name, value)| {
        path.replace(name, value)
    });
    assert!(
        !path.contains('{'),
        "say what stands for the part in {page}"
    );
    path
}

/// What each page of the portal asked the database.
async fn asked(components: usize) -> BTreeMap<String, Vec<String>> {
    let (site, viewer) = world(components).await;
    let (mut asked, mut broken) = (BTreeMap::new(), Vec::new());
    for route in generate_route_list(App) {
        let page = route.path().to_owned();
        let answer = site.get(&address(&page), &viewer).await;
        // Nothing answers on the plane, and pages that ask it say so.
        let fine = answer.status.is_success() || answer.status.as_u16() == 503;
        if !fine {
            broken.push(format!("{page}: {}", answer.status));
        }
        let id = answer.header("x-request-id").to_owned();
        let mut all = statements().lock().expect("nobody panics with it");
        asked.insert(page, all.remove(&id).unwrap_or_default());
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    asked
}

#[tokio::test]
async fn no_page_asks_the_database_more_often_than_it_may() {
    count();
    let small = asked(12).await;
    let large = asked(260).await;
    let mut faults = Vec::new();
    for (page, statements) in &small {
        let ceiling = CEILINGS.iter().find(|(known, _)| known == page);
        match ceiling {
            None => faults.push(format!("(\"{page}\", {}),", statements.len())),
            Some((_, most)) if statements.len() > *most => faults.push(format!(
                "{page} may ask {most} times and asks {}:\n  {}",
                statements.len(),
                statements.join("\n  ")
            )),
            Some(_) => {}
        }
        let more = &large[page];
        if more.len() > statements.len() {
            faults.push(format!(
                "{page} asks {} times where there is little and {} times where there is more:\n  {}",
                statements.len(),
                more.len(),
                more.join("\n  ")
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for (page, _) in CEILINGS {
        assert!(small.contains_key(*page), "there is no page {page}");
    }
    // That something is counted at all.
    assert!(small["/"].len() > 3, "{:?}", small["/"]);
}
