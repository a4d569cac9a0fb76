//! What is set in one environment, and what becomes of many: out of memory.

use async_trait::async_trait;
use model::{
    access::Viewer,
    identity::Identity,
    kind::Kind,
    port::{Answer, delivery::Delivery},
    view::*,
};
use serde_json::json;

use super::{HOUR, World, artifacts, before, environment};

fn setting(container: &str, key: &str, label: &str, class: &str, artifact: &str) -> Setting {
    Setting {
        container: container.into(),
        key: key.into(),
        label: label.into(),
        class: class.into(),
        artifact: artifact.into(),
        locked: String::new(),
    }
}

fn settings() -> Vec<Setting> {
    let mut settings = vec![
        setting("", "replicas", "Pods", "1", ""),
        setting(
            "main",
            "image",
            "Image",
            "",
            "registry.acme.dev/shop/cart:0.10.4",
        ),
        setting("main", "requests.cpu", "CPU, at least", "100m", ""),
        setting("main", "limits.memory", "Memory, at most", "256Mi", ""),
        setting("main", "env.LOG_LEVEL", "LOG_LEVEL", "info", "warn"),
        setting(
            "main",
            "env.REDIS_ADDR",
            "REDIS_ADDR",
            "",
            "from connection redis",
        ),
    ];
    settings[3].locked = "ServiceClass default locks it (last changed by ben)".into();
    settings
}

#[async_trait]
impl Delivery for World {
    async fn ship(&self, _: &Viewer, _: &str, _: &str, _: &NewVersion) -> Answer<Shipped> {
        Ok(Shipped::default())
    }

    async fn binding(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
        place: &str,
        artifact: Option<i64>,
    ) -> Answer<BindingView> {
        let shop = *self == World::Shop;
        let kind = Kind::ServiceBinding;
        let identity =
            Identity::in_component(kind, &viewer.organization, project, component, component);
        let class = Identity::in_organization(Kind::ServiceClass, &viewer.organization, "default");
        let overrides = json!({
            "replicas": 3,
            "containers": {"main": {"env": [
                {"key": "LOG_LEVEL", "value": "debug"},
                {"key": "TOKEN", "valueFrom": {"secretRef": {"name": "cart", "key": "token"}}},
            ]}},
        });
        let run = |made, trouble: &str| RunRow {
            id: "1".into(),
            at: before(HOUR),
            by: "ana".into(),
            job: "cart-run-0123abcd".into(),
            made,
            trouble: trouble.into(),
        };
        let at = if place == "staging" { 1 } else { 0 };
        Ok(BindingView {
            environment: environment(at),
            identity,
            version: if shop { 7 } else { 0 },
            manifest: json!({
                "kind": "ServiceBinding",
                "metadata": {"name": component},
                "spec": {"environment": place, "artifact": 11, "overrides": overrides},
            }),
            artifact: artifact.or(shop.then_some(11)),
            artifacts: if shop { artifacts() } else { vec![] },
            class: shop.then_some((class, 2)),
            settings: if shop { settings() } else { vec![] },
            runs: if shop {
                vec![
                    run(true, ""),
                    run(false, "the plane doesn't answer"),
                    run(false, ""),
                ]
            } else {
                vec![]
            },
        })
    }

    async fn act(&self, _: &Viewer, _: &str, _: &str, _: &str, action: Action) -> Answer<Acted> {
        Ok(Acted {
            action,
            ..Acted::default()
        })
    }

    async fn bulk(
        &self,
        _: &Viewer,
        _: &str,
        bulk: &Bulk,
        shown: Option<&str>,
    ) -> Answer<BulkView> {
        let row = |component: &str, does, says: &str| BulkRow {
            component: component.into(),
            environment: "staging".into(),
            does,
            says: says.into(),
        };
        Ok(BulkView {
            rows: vec![
                row("cart", true, Action::Restart.means()),
                row("checkout", false, "It stands still; resume it first"),
            ],
            shown: format!("hash of {}", bulk.components.join(" and ")),
            done: shown.is_some(),
        })
    }
}
