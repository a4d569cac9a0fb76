//! What operators measure, in the text format of Prometheus.

use std::{sync::Mutex, time::Duration};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};

use super::Site;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    method: String,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PlaneLabel {
    organization: String,
    plane: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BindingLabel {
    organization: String,
    environment: String,
    health: String,
}

/// All metrics, by name.
pub struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<Request, Counter>,
    duration: Histogram,
    queue_depth: Gauge,
    queue_oldest: Gauge,
    planes: Family<PlaneLabel, Gauge>,
    bindings: Family<BindingLabel, Gauge>,
}

impl Default for Metrics {
    fn default() -> Self {
        let metrics = Self {
            registry: Mutex::new(Registry::with_prefix("troupe")),
            requests: Family::default(),
            duration: Histogram::new(exponential_buckets(0.001, 2.0, 14)),
            queue_depth: Gauge::default(),
            queue_oldest: Gauge::default(),
            planes: Family::default(),
            bindings: Family::default(),
        };
        {
            let mut registry = metrics.registry.lock().expect("nobody has it yet");
            registry.register(
                "http_requests",
                "Requests by route and status",
                metrics.requests.clone(),
            );
            registry.register(
                "http_duration_seconds",
                "How long requests took",
                metrics.duration.clone(),
            );
            registry.register(
                "queue_depth",
                "Jobs in the queue",
                metrics.queue_depth.clone(),
            );
            registry.register(
                "queue_oldest_seconds",
                "Age of the oldest job",
                metrics.queue_oldest.clone(),
            );
            registry.register(
                "plane_live",
                "Whether a plane answers",
                metrics.planes.clone(),
            );
            registry.register(
                "bindings",
                "Bindings by how they run",
                metrics.bindings.clone(),
            );
        }
        metrics
    }
}

impl Metrics {
    pub(super) fn answered(&self, route: &str, method: &str, status: u16, took: Duration) {
        let label = Request {
            route: route.to_owned(),
            method: method.to_owned(),
            status: u32::from(status),
        };
        self.requests.get_or_create(&label).inc();
        self.duration.observe(took.as_secs_f64());
    }

    /// All metrics as text.
    pub(super) async fn text(&self, platform: &control::Platform) -> String {
        match platform.figures().await {
            Ok(figures) => self.take(figures),
            Err(error) => tracing::warn!(%error, "the figures can't be read"),
        }
        let mut text = String::new();
        let registry = self
            .registry
            .lock()
            .expect("no one panics while holding the registry");
        if encode(&mut text, &registry).is_err() {
            tracing::error!("the metrics can't be written");
        }
        text
    }

    fn take(&self, figures: control::Figures) {
        self.queue_depth.set(figures.queue_depth);
        self.queue_oldest.set(figures.queue_oldest_seconds);
        self.planes.clear();
        for (organization, plane, live) in figures.planes {
            self.planes
                .get_or_create(&PlaneLabel {
                    organization,
                    plane,
                })
                .set(i64::from(live));
        }
        self.bindings.clear();
        for (organization, environment, health, count) in figures.bindings {
            let label = BindingLabel {
                organization,
                environment,
                health,
            };
            self.bindings.get_or_create(&label).set(count);
        }
    }
}

/// For whoever has a token.
pub(super) async fn scrape(State(state): State<Site>) -> Response {
    let text = state.metrics.text(&state.platform).await;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
