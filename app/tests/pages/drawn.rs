//! What is drawn: a cell with something of everything, a pipeline with a gate, an environment.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::{
    access::Viewer,
    health::Health,
    identity::Identity,
    kind::{Kind, binding::ReleaseState, component::ComponentType, value::Exposure},
    port::{Answer, Platform, cells::Cells, environments::Environments, pipelines::Pipelines},
    view::*,
};
use serde_json::{Value, json};

use super::{HOUR, World, before, environment, missing, shop_counts};

fn component(name: &str, kind: ComponentType, health: Health) -> CellComponent {
    CellComponent {
        name: name.into(),
        display_name: name.into(),
        component_type: kind,
        artifact: Some(3),
        version: "0.10.9".into(),
        health,
        sentence: String::new(),
        since: before(2 * HOUR),
        state: ReleaseState::Active,
        labels: BTreeMap::new(),
        endpoints: vec![CellEndpoint {
            name: "api".into(),
            speaks: "gRPC".into(),
            port: 7070,
            addresses: vec![(Exposure::Project, format!("grpc://{name}-1a2b:7070"))],
        }],
    }
}

fn connection(from: &str, project: &str, to: &str, standing: ConnectionStanding) -> CellConnection {
    let ready = standing == ConnectionStanding::Ready;
    CellConnection {
        from: from.into(),
        name: format!("to-{to}"),
        project: project.into(),
        component: to.into(),
        endpoint: "api".into(),
        standing,
        speaks: if ready { "gRPC" } else { "" }.into(),
        port: if ready { 7070 } else { 0 },
        address: if ready {
            format!("grpc://{to}-1a2b:7070")
        } else {
            String::new()
        },
        variables: if ready { vec!["TARGET".into()] } else { vec![] },
        says: match standing {
            ConnectionStanding::Ready => vec![],
            ConnectionStanding::Waiting => {
                vec![format!(
                    "It is waiting for Component shop/{to}: a connection leads to it"
                )]
            }
            ConnectionStanding::Faulty => {
                vec![format!(
                    "Workload of shop/{from} {to} has no endpoint api <b>"
                )]
            }
        },
    }
}

/// The shop, in which something fails, waits, is wrong and calls another cell.
fn shop(at: usize) -> CellView {
    use ComponentType::{ScheduledTask, Service, WebApplication};
    use ConnectionStanding::{Faulty, Ready, Waiting};
    let mut web = component("web", WebApplication, Health::Healthy);
    let own = &mut web.endpoints[0].addresses;
    own.push((Exposure::Public, "https://web-shop.example".into()));
    let mut cart = component("cart", Service, Health::Degraded);
    cart.sentence = "crashes right after start".into();
    cart.endpoints[0]
        .addresses
        .push((Exposure::Organization, "https://cart.internal".into()));
    let mut orders = component("orders", Service, Health::Unknown);
    orders.artifact = None;
    orders.version = String::new();
    let report = CellComponent {
        endpoints: vec![],
        state: ReleaseState::Suspend,
        ..component("report", ScheduledTask, Health::Suspended)
    };
    CellView {
        project: "shop".into(),
        display_name: "Shop".into(),
        pipeline: "default".into(),
        environments: (0..3).map(environment).collect(),
        counts: shop_counts(),
        environment: environment(at),
        components: vec![cart, orders, report, web],
        connections: vec![
            connection("cart", "warehouse", "stock", Ready),
            connection("orders", "shop", "ledger", Waiting),
            connection("report", "shop", "orders", Faulty),
            connection("web", "shop", "cart", Ready),
            connection("web", "shop", "orders", Ready),
        ],
    }
}

/// More than a picture is good for: fifty that call in three parts.
fn large() -> CellView {
    let mut view = shop(0);
    view.project = "large".into();
    view.components = (0..50)
        .map(|at| {
            let mut own = component(
                &format!("part-{at:02}"),
                ComponentType::Service,
                Health::Healthy,
            );
            let team = if at < 20 { "blue" } else { "red" };
            own.labels.insert("team".into(), team.into());
            own
        })
        .collect();
    view.connections = (0..45)
        .filter(|at| at % 15 != 0)
        .map(|at| {
            let (from, to) = (at / 15 * 15, at);
            connection(
                &format!("part-{from:02}"),
                "large",
                &format!("part-{to:02}"),
                ConnectionStanding::Ready,
            )
        })
        .collect();
    view
}

#[async_trait]
impl Cells for World {
    async fn find(&self, _: &Viewer, project: &str, asked: &str) -> Answer<CellView> {
        let at = (0..3).find(|at| environment(*at).name == asked);
        Ok(match (self, project) {
            (World::Empty, _) => CellView {
                components: vec![],
                connections: vec![],
                ..shop(0)
            },
            (World::Shop, "large") => large(),
            (World::Shop, "shop") => shop(at.unwrap_or(0)),
            (World::Shop, other) => return Err(missing("project", other, &["shop"])),
        })
    }
}

fn pipeline() -> PipelineRow {
    let counts = shop_counts();
    PipelineRow {
        name: "default".into(),
        display_name: "Default".into(),
        description: "For all but the sandbox.".into(),
        stages: (0..3)
            .map(|at| PipelineStage {
                environment: environment(at),
                plane: if at == 2 { "eu-1" } else { "default" }.into(),
                known: at < 2,
                counts: counts[at].clone(),
            })
            .collect(),
        edges: [(0, 1, false), (1, 2, true)]
            .map(|(from, to, approval)| PipelineEdge {
                from: environment(from).name,
                to: environment(to).name,
                approval,
            })
            .into(),
        projects: vec![("shop".into(), "Shop".into())],
    }
}

#[async_trait]
impl Pipelines for World {
    async fn list(&self, _: &Viewer) -> Answer<Vec<PipelineRow>> {
        Ok(match self {
            World::Empty => vec![],
            World::Shop => vec![
                pipeline(),
                PipelineRow {
                    name: "sandbox".into(),
                    display_name: "Sandbox".into(),
                    ..PipelineRow::default()
                },
            ],
        })
    }

    async fn find(&self, viewer: &Viewer, name: &str) -> Answer<PipelineRow> {
        let all = Pipelines::list(self, viewer).await?;
        let own = all.into_iter().find(|row| row.name == name);
        own.ok_or_else(|| missing("DeploymentPipeline", name, &["default"]))
    }
}

#[async_trait]
impl Environments for World {
    async fn find(&self, viewer: &Viewer, name: &str) -> Answer<EnvironmentView> {
        let rows = Platform::environments(self, viewer).await?;
        let row = rows.into_iter().find(|row| row.environment.name == name);
        let row = row.ok_or_else(|| missing("Environment", name, &["staging"]))?;
        let names = self
            .names(viewer, name, &row.plane, &row.dns_prefix)
            .await?;
        Ok(EnvironmentView {
            description: "Before customers see it.".into(),
            simulated: true,
            keys: "https://id.example/jwks".into(),
            projects: vec![EnvironmentProject {
                name: "shop".into(),
                display_name: "Shop".into(),
                namespace: format!("dp-acme-shop-{name}-1a2b"),
                counts: row.counts.clone(),
            }],
            names,
            row,
        })
    }

    async fn names(
        &self,
        _: &Viewer,
        name: &str,
        _plane: &str,
        prefix: &str,
    ) -> Answer<EnvironmentNames> {
        if name.is_empty() {
            return Ok(EnvironmentNames {
                note: "Give it a name to see what comes of it".into(),
                ..EnvironmentNames::default()
            });
        }
        Ok(EnvironmentNames {
            namespaces: vec![("shop".into(), format!("dp-acme-shop-{name}-1a2b"))],
            hosts: vec![("APIs for the internet".into(), format!("{prefix}.example"))],
            note: String::new(),
        })
    }
}

/// The manifest of what is drawn, for its form; an empty one of all else.
pub fn manifest(identity: &Identity) -> Value {
    match identity.kind {
        Kind::DeploymentPipeline => json!({
            "metadata": {"name": identity.name},
            "spec": {"promotionPaths": [{
                "sourceEnvironmentRef": "development",
                "targetEnvironmentRefs": [
                    {"name": "staging"}, {"name": "elsewhere", "requiresApproval": true}],
            }]},
        }),
        Kind::Environment => json!({
            "metadata": {"name": identity.name,
                         "annotations": {"openchoreo.dev/display-name": "Staging"}},
            "spec": {"dataPlaneRef": "default", "isProduction": true,
                     "gateway": {"dnsPrefix": "stage"}},
        }),
        _ => json!({}),
    }
}
