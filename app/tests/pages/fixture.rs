//! Ports out of memory: a small shop with something of everything, or nothing at all.

#[path = "classes.rs"]
mod classes;
#[path = "delivery.rs"]
mod delivery;
#[path = "drafting.rs"]
mod drafting;
#[path = "drawn.rs"]
mod drawn;
#[path = "find.rs"]
mod find;

use std::sync::Arc;

use async_trait::async_trait;
use model::{
    access::{Refusal, Verb, Via, Viewer},
    health::Health,
    identity::Identity,
    kind::{Kind, binding::ReleaseState, component::ComponentType, value::Exposure},
    moment::Moment,
    port::*,
    problem::{FieldFault, Problem},
    view::*,
};
use serde_json::json;

/// Thu 12 Mar 2026, 14:20 UTC.
pub const NOW: Moment = Moment(1_773_325_200_000_000);
const MIN: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

pub fn before(seconds: i64) -> Moment {
    NOW.plus_seconds(-seconds)
}

/// An administrator with a session.
pub fn viewer() -> Viewer {
    Viewer {
        user: "1".into(),
        name: "ana".into(),
        administrator: true,
        organization: "acme".into(),
        via: Via::Session {
            csrf: "csrf-text".into(),
        },
    }
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    /// A shop, of which something fails.
    Shop,
    /// Nothing yet.
    Empty,
}

/// The ports of a world.
pub fn ports(world: World) -> Ports {
    let world = Arc::new(world);
    Ports {
        overview: world.clone(),
        projects: world.clone(),
        components: world.clone(),
        platform: world.clone(),
        planes: world.clone(),
        configuration: world.clone(),
        manifests: world.clone(),
        classes: world.clone(),
        delivery: world.clone(),
        cells: world.clone(),
        environments: world.clone(),
        pipelines: world.clone(),
        drafting: world.clone(),
        find: world,
    }
}

fn in_shop(kind: Kind, name: &str) -> Identity {
    Identity::in_component(kind, "acme", "shop", name, name)
}

const ENVIRONMENTS: [(&str, &str, bool); 3] = [
    ("development", "Development", false),
    ("staging", "Staging", false),
    ("production", "Production", true),
];

pub fn environment(at: usize) -> EnvironmentName {
    let (name, display_name, production) = ENVIRONMENTS[at];
    EnvironmentName {
        name: name.into(),
        display_name: display_name.into(),
        production,
    }
}

fn counts(at: usize, healthy: i64, progressing: i64, degraded: i64) -> HealthCount {
    HealthCount {
        environment: ENVIRONMENTS[at].0.into(),
        display_name: ENVIRONMENTS[at].1.into(),
        healthy,
        progressing,
        degraded,
        ..HealthCount::default()
    }
}

fn shop_counts() -> Vec<HealthCount> {
    vec![counts(0, 9, 1, 1), counts(1, 11, 0, 0), counts(2, 10, 0, 0)]
}

fn project_rows() -> Vec<ProjectRow> {
    let row = |name: &str, title: &str, says: &str, components, environments| ProjectRow {
        name: name.into(),
        display_name: title.into(),
        description: says.into(),
        components,
        pipeline: "default".into(),
        environments,
    };
    let calm = |n| vec![counts(0, n, 0, 0), counts(1, n, 0, 0), counts(2, n, 0, 0)];
    vec![
        row(
            "shop",
            "Shop",
            "The web shop: from the catalogue to the parcel.",
            11,
            shop_counts(),
        ),
        row("warehouse", "Warehouse", "", 6, calm(6)),
        row(
            "loyalty",
            "Loyalty",
            "Points and vouchers.",
            4,
            vec![counts(0, 4, 0, 0), counts(1, 0, 0, 0), counts(2, 0, 0, 0)],
        ),
    ]
}

fn waiting_rows() -> Vec<WaitingRow> {
    vec![WaitingRow {
        who: in_shop(Kind::Service, "orders"),
        for_what: "Workload orders".into(),
        why: "a Service deploys the workload that it names".into(),
        since: before(35 * MIN),
    }]
}

fn deployment(
    component: &str,
    environment: usize,
    release: i64,
    version: &str,
    status: DeploymentStatus,
    ago: i64,
) -> DeploymentRow {
    DeploymentRow {
        project: "shop".into(),
        component: component.into(),
        environment: ENVIRONMENTS[environment].0.into(),
        release,
        artifact: release,
        version: version.into(),
        status,
        sentence: if status == DeploymentStatus::Failed {
            "image not found: registry.acme.dev/shop/cart:0.10.9".into()
        } else {
            String::new()
        },
        by: "troupe/deploy".into(),
        started: before(ago),
        finished: (status != DeploymentStatus::Progressing).then(|| before(ago - 92)),
        changes: [2, 1, 0, 4],
    }
}

fn deployments() -> Vec<DeploymentRow> {
    vec![
        deployment("cart", 0, 13, "0.10.5", DeploymentStatus::Progressing, 40),
        deployment("cart", 0, 12, "0.10.9", DeploymentStatus::Failed, 24 * MIN),
        deployment(
            "frontend",
            1,
            8,
            "0.12.0",
            DeploymentStatus::Succeeded,
            3 * HOUR,
        ),
        deployment(
            "cart",
            2,
            11,
            "0.10.4",
            DeploymentStatus::Succeeded,
            6 * DAY,
        ),
    ]
}

const TYPES: [(&str, ComponentType); 11] = [
    ("ad", ComponentType::Service),
    ("cart", ComponentType::Service),
    ("checkout", ComponentType::Service),
    ("currency", ComponentType::Service),
    ("email", ComponentType::Service),
    ("frontend", ComponentType::WebApplication),
    ("loadgenerator", ComponentType::ScheduledTask),
    ("payment", ComponentType::Service),
    ("productcatalog", ComponentType::Service),
    ("recommendation", ComponentType::Service),
    ("shipping", ComponentType::Service),
];

fn cell(name: &str, at: usize) -> ComponentCell {
    let (health, version, behind, sentence) = match (name, at) {
        ("cart", 0) => (
            Health::Degraded,
            "0.10.9",
            0,
            "image not found: registry.acme.dev/shop/cart:0.10.9",
        ),
        ("cart", _) => (Health::Healthy, "0.10.4", 1, "2 of 2 replicas ready"),
        ("checkout", 0) => (Health::Progressing, "0.11.0", 0, "1 of 3 replicas updated"),
        ("checkout", _) => (Health::Healthy, "0.10.3", 2, "2 of 2 replicas ready"),
        ("loadgenerator", 1) => (
            Health::Suspended,
            "1.2.0",
            0,
            "suspended: its schedule is off",
        ),
        _ => (Health::Healthy, "0.12.0", 0, "2 of 2 replicas ready"),
    };
    let nothing = name == "loadgenerator" && at == 2;
    ComponentCell {
        environment: ENVIRONMENTS[at].0.into(),
        artifact: (!nothing).then_some(12),
        version: version.into(),
        health,
        sentence: sentence.into(),
        since: before(24 * MIN + i64::try_from(at).expect("few environments") * DAY),
        behind,
        state: if health == Health::Suspended {
            ReleaseState::Suspend
        } else {
            ReleaseState::Active
        },
    }
}

fn card(at: usize) -> EnvironmentCard {
    let cell = cell("cart", at);
    let failing = cell.health == Health::Degraded;
    EnvironmentCard {
        environment: environment(at),
        plane: if at == 2 {
            "eu-1".into()
        } else {
            "default".into()
        },
        simulated: at != 2,
        artifact: cell.artifact,
        version: cell.version,
        release: Some(if failing { 12 } else { 11 }),
        health: cell.health,
        sentence: cell.sentence,
        since: cell.since,
        ready: if failing { 0 } else { 2 },
        wanted: 2,
        addresses: if at == 0 {
            vec![]
        } else {
            vec![format!("https://cart.{}.acme.dev", ENVIRONMENTS[at].0)]
        },
        state: cell.state,
        behind: cell.behind,
        last_lines: if failing {
            vec![
                "14:16:52 starting cartservice".into(),
                "14:16:53 ERROR cannot find module 'redis'".into(),
                "exit code 1".into(),
            ]
        } else {
            vec![]
        },
        blocked: if at == 1 {
            vec!["CART_DB has no value in Staging".into()]
        } else {
            vec![]
        },
    }
}

fn artifacts() -> Vec<ArtifactRow> {
    [(13, "0.10.5"), (12, "0.10.9"), (11, "0.10.4")]
        .into_iter()
        .map(|(number, version)| ArtifactRow {
            number,
            hash: format!("sha256:{number}f3ac21e00d4be190a02cc1e71d0b935f2e8a1"),
            version: version.into(),
            images: vec![(
                "main".into(),
                format!("registry.acme.dev/shop/cart:{version}"),
            )],
            class: ("default".into(), 2),
            created: before((14 - number) * DAY),
            by: "ana".into(),
            environments: if number == 11 {
                vec!["staging".into(), "production".into()]
            } else {
                vec![]
            },
        })
        .collect()
}

fn pod(name: &str, health: Health, sentence: &str) -> ObjectNode {
    let ready = health == Health::Healthy;
    ObjectNode {
        kind: "Pod".into(),
        namespace: "dp-acme-shop-development".into(),
        name: name.into(),
        health,
        sentence: sentence.into(),
        created: before(24 * MIN),
        facts: vec![("Node".into(), "simulated-1".into())],
        containers: vec![ContainerRow {
            name: "main".into(),
            image: "registry.acme.dev/shop/cart:0.10.9".into(),
            ready,
            restarts: if ready { 0 } else { 7 },
            state: if ready {
                "running".into()
            } else {
                "waiting: ImagePullBackOff".into()
            },
        }],
        children: vec![],
    }
}

fn objects() -> Vec<ObjectNode> {
    let node = |kind: &str, name: &str, health, sentence: &str, children| ObjectNode {
        kind: kind.into(),
        namespace: "dp-acme-shop-development".into(),
        name: name.into(),
        health,
        sentence: sentence.into(),
        created: before(40 * DAY),
        children,
        ..ObjectNode::default()
    };
    let bad = pod(
        "cart-6c9f7d-x2k4q",
        Health::Degraded,
        "image not found: registry.acme.dev/shop/cart:0.10.9",
    );
    let good = pod("cart-58b4c9-7tqzm", Health::Healthy, "");
    vec![
        node(
            "Deployment",
            "cart",
            Health::Degraded,
            "the rollout doesn't get on: 0 of 2 replicas ready",
            vec![
                node(
                    "ReplicaSet",
                    "cart-6c9f7d",
                    Health::Degraded,
                    "0 of 1 ready",
                    vec![bad],
                ),
                node(
                    "ReplicaSet",
                    "cart-58b4c9",
                    Health::Healthy,
                    "1 of 1 ready",
                    vec![good],
                ),
            ],
        ),
        node("Service", "cart", Health::Healthy, "2 addresses", vec![]),
        node("ConfigMap", "cart-config", Health::Healthy, "", vec![]),
    ]
}

/// The component that pages show.
pub fn cart() -> ComponentView {
    ComponentView {
        project: "shop".into(),
        project_display_name: "Shop".into(),
        name: "cart".into(),
        display_name: "cart".into(),
        description: "Keeps what a customer has chosen.".into(),
        component_type: ComponentType::Service,
        class: Some(("default".into(), 2)),
        environments: (0..3).map(card).collect(),
        deployments: deployments()
            .into_iter()
            .filter(|row| row.component == "cart")
            .collect(),
        artifacts: artifacts(),
        endpoints: vec![EndpointRow {
            environment: "development".into(),
            name: "grpc".into(),
            endpoint_type: "gRPC".into(),
            exposure: Exposure::Project,
            uri: "grpc://cart.dp-acme-shop-development:7070".into(),
        }],
        connections: vec![ConnectionRow {
            name: "redis".into(),
            project: "shop".into(),
            component: "redis".into(),
            endpoint: "tcp".into(),
            inject: vec![("REDIS_ADDR".into(), "{{ .host }}:{{ .port }}".into())],
        }],
        waiting: vec![],
        note: None,
        deleting: false,
    }
}

fn service(image: &str, replicas: i64) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: dp-acme-shop-development\n\
         spec:\n  replicas: {replicas}\n  selector:\n    matchLabels:\n      app: cart\n  template:\n    spec:\n      \
         containers:\n      - name: main\n        image: {image}\n        ports:\n        - containerPort: 7070\n"
    )
}

pub fn history(identity: &Identity) -> Vec<HistoryRow> {
    vec![
        HistoryRow {
            sequence: 42,
            identity: identity.clone(),
            at: before(26 * MIN),
            by: "ana".into(),
            change: Change::Changed,
            fields: vec![FieldChange {
                path: "spec.containers.main.image".into(),
                before: Some(json!("registry.acme.dev/shop/cart:0.10.4")),
                after: Some(json!("registry.acme.dev/shop/cart:0.10.9")),
            }],
        },
        HistoryRow {
            sequence: 7,
            identity: identity.clone(),
            at: before(40 * DAY),
            by: "troupe/demo".into(),
            change: Change::Created,
            fields: vec![],
        },
    ]
}

/// What an apply would do; with a fault when asked for.
pub fn plan(faulty: bool, applied: bool) -> PlanView {
    let row = |kind, name: &str, line, change, fields, waiting| PlanRow {
        identity: in_shop(kind, name),
        file: if line > 20 {
            "orders.yaml".into()
        } else {
            String::new()
        },
        line,
        change,
        fields,
        note: None,
        waiting,
    };
    let faults = vec![FieldFault {
        file: "orders.yaml".into(),
        document: 2,
        line: 31,
        path: "spec.endpoints.http.port".into(),
        message: "99999 is no port".into(),
        remedy: "Use a number from 1 to 65535.".into(),
    }];
    PlanView {
        rows: vec![
            row(
                Kind::Workload,
                "cart",
                1,
                Change::Changed,
                history(&in_shop(Kind::Workload, "cart"))[0].fields.clone(),
                vec![],
            ),
            row(Kind::Service, "cart", 18, Change::Unchanged, vec![], vec![]),
            row(
                Kind::Service,
                "orders",
                24,
                Change::Created,
                vec![],
                vec!["Workload orders".into()],
            ),
        ],
        faults: if faulty { faults } else { vec![] },
        applied,
    }
}

pub fn missing(what: &str, name: &str, near: &[&str]) -> Problem {
    Problem::NotFound {
        what: what.into(),
        name: name.into(),
        near: near.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn page<T>(items: Vec<T>, paging: &Paging) -> Page<T> {
    let total = i64::try_from(items.len()).expect("a fixture is small");
    Page {
        items,
        total,
        page: paging.page,
        per_page: paging.per_page,
    }
}

#[async_trait]
impl Overview for World {
    async fn frame(&self, viewer: &Viewer) -> Answer<FrameView> {
        let shop = *self == World::Shop;
        Ok(FrameView {
            organization: viewer.organization.clone(),
            planes_live: 1,
            planes: if shop { 2 } else { 1 },
            waiting: i64::from(shop),
            simulated: !shop,
        })
    }

    async fn home(&self, _: &Viewer) -> Answer<HomeView> {
        if *self == World::Empty {
            return Ok(HomeView::default());
        }
        Ok(HomeView {
            failing: vec![FailingRow {
                project: "shop".into(),
                component: "cart".into(),
                environment: "development".into(),
                sentence: "image not found: registry.acme.dev/shop/cart:0.10.9".into(),
                since: before(24 * MIN),
            }],
            failing_total: 1,
            waiting: waiting_rows(),
            waiting_total: 1,
            blocked: vec![BlockedRow {
                project: "shop".into(),
                component: "orders".into(),
                environment: "staging".into(),
                why: "ConfigurationGroup payment has no value for KEY in staging".into(),
                since: before(2 * HOUR),
            }],
            projects: project_rows(),
            projects_total: 3,
            favourites: find::favourites(),
            shipped: deployments(),
        })
    }

    async fn waiting(&self, _: &Viewer) -> Answer<Vec<WaitingRow>> {
        Ok(if *self == World::Shop {
            waiting_rows()
        } else {
            vec![]
        })
    }
}

#[async_trait]
impl Projects for World {
    async fn list(&self, _: &Viewer, paging: &Paging) -> Answer<Page<ProjectRow>> {
        let mut rows = if *self == World::Shop {
            project_rows()
        } else {
            vec![]
        };
        rows.retain(|row| row.name.contains(&paging.search));
        Ok(page(rows, paging))
    }

    async fn find(&self, _: &Viewer, project: &str, paging: &Paging) -> Answer<ProjectView> {
        match project {
            "shop" => {}
            "secret" => {
                return Err(Problem::Refused(Refusal {
                    verb: Verb::View,
                    kind: Kind::Project,
                    why: "it belongs to another organization".into(),
                    who_can: "An administrator of the organization can".into(),
                }));
            }
            "far" => {
                return Err(Problem::PlaneUnreachable {
                    plane: "eu-1".into(),
                    reason: "connection timed out".into(),
                });
            }
            "broken" => {
                return Err(Problem::Broken {
                    reference: "01JP8X".into(),
                });
            }
            other => return Err(missing("project", other, &["shop"])),
        }
        let row = |(name, component_type): &(&str, ComponentType)| ComponentRow {
            name: (*name).into(),
            display_name: (*name).into(),
            component_type: *component_type,
            cells: (0..3).map(|at| cell(name, at)).collect(),
            waiting: if *name == "payment" {
                "ConfigurationGroup payment".into()
            } else {
                String::new()
            },
        };
        let mut rows: Vec<ComponentRow> = if *self == World::Shop {
            TYPES.iter().map(row).collect()
        } else {
            vec![]
        };
        rows.retain(|row| row.name.contains(&paging.search));
        rows.retain(|row| {
            paging
                .health
                .is_none_or(|health| row.cells.iter().any(|cell| cell.health == health))
        });
        let mut components = page(rows, paging);
        if *self == World::Shop && paging.search.is_empty() && paging.health.is_none() {
            components.total = 130;
        }
        Ok(ProjectView {
            name: "shop".into(),
            display_name: "Shop".into(),
            description: "The web shop: from the catalogue to the parcel.".into(),
            pipeline: "default".into(),
            environments: (0..3).map(environment).collect(),
            counts: if *self == World::Shop {
                shop_counts()
            } else {
                vec![]
            },
            components,
        })
    }
}

#[async_trait]
impl Components for World {
    async fn find(&self, _: &Viewer, _: &str, name: &str) -> Answer<ComponentView> {
        let mut view = cart();
        match (name, self) {
            ("cart", World::Shop) => {}
            ("cart", World::Empty) => {
                view.environments.iter_mut().for_each(|card| {
                    *card = EnvironmentCard {
                        environment: card.environment.clone(),
                        ..EnvironmentCard::default()
                    };
                });
                view = ComponentView {
                    class: None,
                    deployments: vec![],
                    artifacts: vec![],
                    endpoints: vec![],
                    connections: vec![],
                    waiting: waiting_rows(),
                    note: Some("API proxies are stored, checked and shown; they are not rendered onto planes yet".into()),
                    ..view
                };
            }
            (other, _) => return Err(missing("component", other, &["cart", "checkout"])),
        }
        Ok(view)
    }

    async fn artifacts(
        &self,
        _: &Viewer,
        _: &str,
        _: &str,
        paging: &Paging,
    ) -> Answer<Page<ArtifactRow>> {
        Ok(page(
            if *self == World::Shop {
                artifacts()
            } else {
                vec![]
            },
            paging,
        ))
    }

    async fn releases(
        &self,
        _: &Viewer,
        _: &str,
        _: &str,
        environment: &str,
        paging: &Paging,
    ) -> Answer<Page<ReleaseRow>> {
        if *self == World::Empty {
            return Ok(page(vec![], paging));
        }
        let rows = [
            (12, "development", true),
            (11, "development", false),
            (11, "production", true),
        ];
        let rows = rows
            .into_iter()
            .filter(|row| environment.is_empty() || row.1 == environment);
        Ok(page(
            rows.map(|(number, environment, current)| release_row(number, environment, current))
                .collect(),
            paging,
        ))
    }

    async fn release(
        &self,
        _: &Viewer,
        project: &str,
        name: &str,
        environment: &str,
        number: i64,
    ) -> Answer<ReleaseView> {
        if !(11..=12).contains(&number) {
            return Err(missing("release", &number.to_string(), &[]));
        }
        let after = service("registry.acme.dev/shop/cart:0.10.9", 3);
        let before_yaml = service("registry.acme.dev/shop/cart:0.10.4", 2);
        let config =
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cart-config\ndata:\n  A: <b>&\n"
                .to_owned();
        let object = |kind: &str, name: &str, yaml: &str| ObjectYaml {
            kind: kind.into(),
            name: name.into(),
            yaml: yaml.into(),
        };
        let differs = |kind: &str, name: &str, change, before: &str, after: &str| ObjectDiff {
            kind: kind.into(),
            name: name.into(),
            change,
            before: before.into(),
            after: after.into(),
        };
        Ok(ReleaseView {
            project: project.into(),
            component: name.into(),
            release: release_row(number, environment, number == 12),
            previous: (number == 12).then_some(11),
            namespace: "dp-acme-shop-development".into(),
            plane: "default".into(),
            objects: vec![
                object("ConfigMap", "cart-config", &config),
                object("Deployment", "cart", &after),
            ],
            diff: vec![
                differs("Deployment", "cart", Change::Changed, &before_yaml, &after),
                differs("ConfigMap", "cart-config", Change::Created, "", &config),
                differs("Service", "cart", Change::Unchanged, "same", "same"),
            ],
            deployments: deployments()
                .into_iter()
                .filter(|row| row.component == "cart" && row.release == number)
                .collect(),
        })
    }

    async fn runtime(
        &self,
        _: &Viewer,
        _: &str,
        _: &str,
        environment: &str,
    ) -> Answer<RuntimeView> {
        let shop = *self == World::Shop;
        Ok(RuntimeView {
            environment: environment.into(),
            plane: "default".into(),
            simulated: true,
            namespace: format!("dp-acme-shop-{environment}"),
            unreachable: if environment == "production" {
                "connection timed out".into()
            } else {
                String::new()
            },
            objects: if shop { objects() } else { vec![] },
            as_of: before(3),
        })
    }

    async fn events(&self, _: &Viewer, _: &str, _: &str, _: &str) -> Answer<Vec<EventRow>> {
        let row = |warning, reason: &str, message: &str, count, ago| EventRow {
            at: before(ago),
            warning,
            reason: reason.into(),
            message: message.into(),
            object: "Pod cart-6c9f7d-x2k4q".into(),
            count,
        };
        Ok(if *self == World::Shop {
            vec![
                row(
                    true,
                    "Failed",
                    "Failed to pull image \"registry.acme.dev/shop/cart:0.10.9\": not found",
                    7,
                    90,
                ),
                row(
                    false,
                    "Scheduled",
                    "Successfully assigned to simulated-1",
                    1,
                    24 * MIN,
                ),
            ]
        } else {
            vec![]
        })
    }

    async fn log(&self, _: &Viewer, question: &LogQuestion) -> Answer<LogView> {
        let shop = *self == World::Shop;
        Ok(LogView {
            environment: question.environment.clone(),
            pods: if shop {
                vec![(
                    "cart-6c9f7d-x2k4q".into(),
                    vec!["main".into(), "proxy".into()],
                )]
            } else {
                vec![]
            },
            pod: if shop {
                "cart-6c9f7d-x2k4q".into()
            } else {
                String::new()
            },
            container: if shop { "main".into() } else { String::new() },
            previous: question.previous,
            lines: if shop {
                (0..30)
                    .map(|at| format!("14:{at:02}:07 INFO cart of customer {at} read"))
                    .chain([
                        "14:31:00 ERROR cannot find module 'redis' <script>alert(1)</script>"
                            .into(),
                    ])
                    .filter(|line: &String| line.contains(&question.search))
                    .map(|text| LogLine {
                        mark: "2026-03-12T14:31:00Z/0".into(),
                        at: "2026-03-12T14:31:00Z".into(),
                        text,
                    })
                    .collect()
            } else {
                vec![]
            },
            read: if shop { 31 } else { 0 },
            last: "2026-03-12T14:31:00Z/0".into(),
        })
    }

    async fn follow(&self, _: &Viewer, _: &LogQuestion) -> Answer<Lines> {
        let lines = (1..=3).map(|at| {
            Ok(LogLine {
                mark: format!("2026-03-12T14:31:00Z/{at}"),
                text: format!("line {at}"),
                ..LogLine::default()
            })
        });
        Ok(Box::pin(futures::stream::iter(lines.collect::<Vec<_>>())))
    }

    async fn definition(&self, _: &Viewer, _: &str, _: &str) -> Answer<Vec<(Identity, String)>> {
        let text = |kind: &str| {
            format!(
                "apiVersion: openchoreo.dev/v1alpha1\nkind: {kind}\nmetadata:\n  name: cart\nspec:\n  owner:\n    projectName: shop\n"
            )
        };
        Ok(vec![
            (
                Identity::in_project(Kind::Component, "acme", "shop", "cart"),
                text("Component"),
            ),
            (in_shop(Kind::Workload, "cart"), text("Workload")),
            (in_shop(Kind::Service, "cart"), text("Service")),
        ])
    }

    async fn history(&self, _: &Viewer, _: &str, _: &str) -> Answer<Vec<HistoryRow>> {
        Ok(if *self == World::Shop {
            history(&in_shop(Kind::Workload, "cart"))
        } else {
            vec![]
        })
    }
}

fn release_row(number: i64, environment: &str, current: bool) -> ReleaseRow {
    ReleaseRow {
        environment: environment.into(),
        number,
        hash: format!("sha256:{number}be190a02cc1e"),
        artifact: number,
        version: if number == 12 {
            "0.10.9".into()
        } else {
            "0.10.4".into()
        },
        objects: 3,
        created: before((13 - number) * DAY),
        current,
    }
}

#[async_trait]
impl Platform for World {
    async fn environments(&self, _: &Viewer) -> Answer<Vec<EnvironmentRow>> {
        if *self == World::Empty {
            return Ok(vec![]);
        }
        let row = |at: usize| EnvironmentRow {
            environment: environment(at),
            plane: if at == 2 {
                "eu-1".into()
            } else {
                "default".into()
            },
            plane_trouble: if at == 2 {
                "eu-1 hasn't answered for 6 min".into()
            } else {
                String::new()
            },
            dns_prefix: ENVIRONMENTS[at].0.into(),
            pipelines: vec!["default".into()],
            counts: shop_counts()[at].clone(),
        };
        Ok((0..3).map(row).collect())
    }

    async fn planes(&self, _: &Viewer) -> Answer<Vec<PlaneRow>> {
        if *self == World::Empty {
            return Ok(vec![]);
        }
        Ok(vec![
            PlaneRow {
                name: "default".into(),
                display_name: "Default".into(),
                simulated: true,
                version: "1.36".into(),
                live: true,
                since: before(12 * DAY),
                environments: vec!["development".into(), "staging".into()],
                objects: 77,
                public_host: "apps.acme.dev".into(),
                organization_host: "apps.internal".into(),
                ..PlaneRow::default()
            },
            PlaneRow {
                name: "eu-1".into(),
                display_name: "eu-1".into(),
                server: "https://eu-1.acme.dev:6443".into(),
                version: "1.33.2".into(),
                trouble: "connection timed out".into(),
                since: before(6 * MIN),
                environments: vec!["production".into()],
                objects: 36,
                queued: 12,
                ..PlaneRow::default()
            },
        ])
    }
}

#[async_trait]
impl Manifests for World {
    async fn plan(&self, _: &Viewer, sending: &Sending) -> Answer<PlanView> {
        Ok(plan(
            sending.files.iter().any(|file| file.text.contains("fault")),
            false,
        ))
    }

    async fn preview(&self, viewer: &Viewer, sending: &Sending) -> Answer<PreviewView> {
        Ok(PreviewView {
            plan: self.plan(viewer, sending).await?,
            releases: Vec::new(),
        })
    }

    async fn apply(&self, _: &Viewer, _: &Sending) -> Answer<PlanView> {
        Ok(plan(false, true))
    }

    async fn kinds(&self, _: &Viewer) -> Answer<Vec<KindCount>> {
        let count = |kind: &Kind| i64::from(*self == World::Shop) * i64::from(kind.order() % 5) * 2;
        Ok(Kind::ALL
            .iter()
            .map(|kind| KindCount {
                kind: *kind,
                count: count(kind),
            })
            .collect())
    }

    async fn list(
        &self,
        _: &Viewer,
        kind: Kind,
        _: &str,
        paging: &Paging,
    ) -> Answer<Page<ResourceRow>> {
        let row = |name: &str| ResourceRow {
            identity: if kind.scope() == model::kind::Scope::Component {
                in_shop(kind, name)
            } else {
                Identity::in_organization(kind, "acme", name)
            },
            display_name: String::new(),
            generation: 2,
            updated: before(2 * DAY),
            by: "ana".into(),
        };
        Ok(page(
            if *self == World::Shop {
                vec![row("cart"), row("default")]
            } else {
                vec![]
            },
            paging,
        ))
    }

    async fn manifests(&self, _: &Viewer, _: &Slice) -> Answer<Sliced> {
        Ok(Sliced::default())
    }

    async fn history(
        &self,
        viewer: &Viewer,
        identity: &Identity,
        _: i64,
        _: i64,
    ) -> Answer<Vec<HistoryRow>> {
        Ok(Manifests::find(self, viewer, identity).await?.history)
    }

    async fn compare(
        &self,
        _: &Viewer,
        identity: &Identity,
        from: i64,
        to: i64,
    ) -> Answer<Comparison> {
        let revision = |sequence, image: &str| Revision {
            sequence,
            at: before(DAY),
            by: "ana".into(),
            change: Change::Changed,
            yaml: format!("spec:\n  containers:\n    main:\n      image: {image}\n"),
        };
        Ok(Comparison {
            identity: identity.clone(),
            from: revision(from, "cart:1"),
            to: revision(to, "cart:2"),
            fields: vec![FieldChange {
                path: "spec.containers.main.image".into(),
                before: Some("cart:1".into()),
                after: Some("cart:2".into()),
            }],
        })
    }

    async fn find(&self, _: &Viewer, identity: &Identity) -> Answer<ResourceView> {
        if identity.name == "gone" {
            return Err(missing(identity.kind.as_str(), "gone", &[]));
        }
        Ok(ResourceView {
            row: ResourceRow {
                identity: identity.clone(),
                display_name: String::new(),
                generation: 2,
                updated: before(26 * MIN),
                by: "ana".into(),
            },
            version: 42,
            yaml: service("registry.acme.dev/shop/cart:0.10.9", 3),
            manifest: drawn::manifest(identity),
            note: identity.kind.note().map(str::to_owned),
            history: history(identity),
            used_by: if identity.kind.is_class() {
                vec![in_shop(Kind::Service, "cart")]
            } else {
                vec![]
            },
            versions: if identity.kind.is_class() {
                vec![(2, before(2 * DAY)), (1, before(40 * DAY))]
            } else {
                vec![]
            },
        })
    }

    async fn delete_preview(&self, _: &Viewer, identity: &Identity) -> Answer<DeleteView> {
        let blocked = identity.kind == Kind::DataPlane;
        Ok(DeleteView {
            identity: identity.clone(),
            resources: if blocked {
                vec![]
            } else {
                vec![
                    in_shop(Kind::Workload, "cart"),
                    in_shop(Kind::Service, "cart"),
                ]
            },
            objects: if blocked {
                vec![]
            } else {
                vec![
                    ("default".into(), "Deployment cart".into()),
                    ("default".into(), "Service cart".into()),
                ]
            },
            blocked_by: if blocked {
                vec!["Environment development runs on it".into()]
            } else {
                vec![]
            },
        })
    }

    async fn delete(&self, viewer: &Viewer, identity: &Identity) -> Answer<DeleteView> {
        self.delete_preview(viewer, identity).await
    }
}
