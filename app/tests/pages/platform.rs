//! Planes and configuration groups of the world out of memory.

use async_trait::async_trait;
use model::{
    access::Viewer,
    configuration::cell,
    health::Health,
    identity::Identity,
    kind::{Kind, configuration::ConfigurationGroupSpec},
    port::{Answer, Platform, configuration::Configurations, planes::Planes},
    view::*,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fixture::{World, before, environment, history, missing};

fn resource(kind: Kind, name: &str, manifest: Value, used_by: Vec<Identity>) -> ResourceView {
    let identity = Identity::in_organization(kind, "acme", name);
    let display = model::form::get(
        &manifest,
        &["metadata", "annotations", "openchoreo.dev/display-name"],
    );
    ResourceView {
        row: ResourceRow {
            display_name: if display.is_empty() {
                name.into()
            } else {
                display.into()
            },
            generation: 2,
            updated: before(26 * 60),
            by: "ana".into(),
            identity: identity.clone(),
        },
        version: 42,
        yaml: String::new(),
        history: history(&identity),
        manifest,
        note: None,
        used_by,
        versions: vec![],
    }
}

fn test(passed: bool) -> PlaneTest {
    let step = |name: &str, outcome, says: &str, took_us| TestStep {
        name: name.into(),
        outcome,
        says: says.into(),
        took_us,
    };
    let steps = if passed {
        vec![
            step(
                "Reach",
                TestOutcome::Passed,
                "Kubernetes v1.36.0 answers, on linux/amd64",
                420,
            ),
            step(
                "Apply",
                TestOutcome::Passed,
                "a ConfigMap may be applied",
                18_400,
            ),
            step(
                "Network policy",
                TestOutcome::Lacking,
                "no engine that shows itself",
                3_100,
            ),
        ]
    } else {
        vec![
            step(
                "Reach",
                TestOutcome::Failed,
                "the plane doesn't answer: connection timed out",
                8_000_000,
            ),
            step(
                "Apply",
                TestOutcome::Skipped,
                "not tried, as the plane can't be reached",
                0,
            ),
        ]
    };
    PlaneTest {
        id: "01".into(),
        at: before(3 * 3600),
        by: "ana".into(),
        passed,
        steps,
    }
}

#[async_trait]
impl Planes for World {
    async fn build_planes(&self, _: &Viewer) -> Answer<Vec<BuildPlaneRow>> {
        if *self == World::Empty {
            return Ok(vec![]);
        }
        Ok(vec![BuildPlaneRow {
            name: "build-1".into(),
            display_name: "Builds".into(),
            simulated: false,
            access: "a kubeconfig, its current context".into(),
        }])
    }

    async fn find(&self, viewer: &Viewer, kind: Kind, name: &str) -> Answer<PlaneView> {
        let rows = Platform::planes(&World::Shop, viewer).await?;
        let row = rows.into_iter().find(|row| row.name == name);
        if row.is_none() && kind == Kind::DataPlane {
            return Err(missing("DataPlane", name, &["eu-1"]));
        }
        let simulated = row.as_ref().is_some_and(|row| row.simulated);
        let cluster = if simulated {
            json!({"name": "embedded"})
        } else {
            json!({"name": "eu", "kubeconfig": "(sealed)", "context": "admin"})
        };
        let manifest = json!({
            "metadata": {"name": name, "annotations": {"openchoreo.dev/description": "In Frankfurt"}},
            "spec": {
                "registry": {"prefix": "registry.acme.dev"},
                "kubernetesCluster": cluster,
                "gateway": {"publicVirtualHost": "apps.acme.dev", "organizationVirtualHost": "apps.internal"},
            },
        });
        let used_by = vec![Identity::in_organization(
            Kind::Environment,
            "acme",
            "production",
        )];
        let there = |at: usize, components: Vec<PlaneComponent>| PlaneEnvironment {
            environment: environment(at),
            declared: at != 1,
            total: i64::try_from(components.len()).unwrap_or(0),
            components,
        };
        let cart = PlaneComponent {
            project: "shop".into(),
            component: "cart".into(),
            health: Health::Healthy,
            objects: 7,
        };
        let full = *self == World::Shop;
        Ok(PlaneView {
            resource: resource(kind, name, manifest, used_by),
            simulated,
            access: if simulated {
                "inside Troupe".into()
            } else {
                "a kubeconfig, context admin".into()
            },
            environments: if full && row.is_some() {
                vec![
                    there(1, vec![cart.clone()]),
                    there(2, vec![cart]),
                    there(0, vec![]),
                ]
            } else {
                vec![]
            },
            row,
            test: full.then(|| test(simulated)),
        })
    }

    async fn test(&self, _: &Viewer, _: Kind, _: &str) -> Answer<PlaneTest> {
        Ok(test(true))
    }

    async fn tests(&self, _: &Viewer, _: Kind, _: &str) -> Answer<Vec<PlaneTest>> {
        Ok(vec![test(true)])
    }

    async fn newest_tests(&self, _: &Viewer, kind: Kind) -> Answer<Vec<(String, PlaneTest)>> {
        Ok(match kind {
            Kind::DataPlane => vec![("default".into(), test(true)), ("eu-1".into(), test(false))],
            _ => vec![("build-1".into(), test(true))],
        })
    }

    async fn try_out(&self, _: &Viewer, _: &Value) -> Answer<PlaneTest> {
        Ok(test(true))
    }
}

#[async_trait]
impl Configurations for World {
    async fn list(&self, _: &Viewer) -> Answer<Vec<ConfigurationRow>> {
        if *self == World::Empty {
            return Ok(vec![]);
        }
        Ok(vec![ConfigurationRow {
            name: "shop".into(),
            display_name: "Shop".into(),
            description: "Switches of the shop".into(),
            keys: 4,
            components: 2,
            missing: 1,
            updated: before(3600),
            by: "ana".into(),
        }])
    }

    async fn find(&self, _: &Viewer, name: &str) -> Answer<ConfigurationView> {
        if name != "shop" {
            return Err(missing("ConfigurationGroup", name, &["shop"]));
        }
        let manifest = json!({
            "metadata": {"name": "shop", "annotations": {"openchoreo.dev/display-name": "Shop"}},
            "spec": {
                "scope": {"project": "shop"},
                "environmentGroups": [
                    {"name": "lower", "environments": ["development", "staging", "gone"]}],
                "configurations": [
                    {"key": "ORDER_TIMEOUT", "values": [
                        {"value": "8s"}, {"environment": "production", "value": "12s"}]},
                    {"key": "DB_PASSWORD", "values": [
                        {"environmentGroupRef": "lower", "vaultKey": "secret/shop"}]},
                    {"key": "BANNER", "values": [{"value": "two\nlines"}, {"environment": "staging", "value": ""}]},
                    {"key": "MARKUP", "values": [{"value": "</textarea><script>alert(1)</script>"}]},
                ],
            },
        });
        let spec = ConfigurationGroupSpec::deserialize(&manifest["spec"]).expect("a group");
        let environments: Vec<EnvironmentName> = (0..3).map(environment).collect();
        let users = vec![KeyUser {
            project: "shop".into(),
            component: "cart".into(),
            variables: vec!["PASSWORD".into()],
            environments: environments.iter().map(|one| one.name.clone()).collect(),
            out_of_scope: false,
        }];
        let keys = spec
            .configurations
            .iter()
            .map(|key| KeyRow {
                key: key.key.clone(),
                cells: environments
                    .iter()
                    .map(|one| cell(&spec, key, &one.name))
                    .collect(),
                users: if key.key == "BANNER" {
                    vec![]
                } else {
                    users.clone()
                },
            })
            .collect();
        let unknown = vec![KeyRow {
            key: "NOT_THERE".into(),
            cells: vec![model::configuration::Cell {
                environment: "production".into(),
                ..Default::default()
            }],
            users,
        }];
        Ok(ConfigurationView {
            resource: resource(Kind::ConfigurationGroup, "shop", manifest, vec![]),
            environments,
            keys,
            unknown,
        })
    }
}
