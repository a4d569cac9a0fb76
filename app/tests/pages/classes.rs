//! Classes, their versions, users and impact: out of memory.

use async_trait::async_trait;
use model::{
    access::Viewer,
    identity::Identity,
    kind::Kind,
    port::{Answer, Sending, classes::Classes},
    view::*,
};
use serde_json::json;

use super::{DAY, HOUR, World, before, in_shop, missing, page};

fn class_spec(memory: &str) -> serde_json::Value {
    json!({
        "deploymentTemplate": {"replicas": 2, "template": {"spec": {"containers": [
            {"name": "main", "resources": {"limits": {"memory": memory}},
             "readinessProbe": {"httpGet": {"path": "/healthz", "port": 8080}}},
        ]}}},
        "serviceTemplate": {"type": "ClusterIP"},
    })
}

fn class_row(identity: &Identity) -> ClassRow {
    ClassRow {
        identity: identity.clone(),
        display_name: if identity.name == "standard" {
            "Standard service".into()
        } else {
            identity.name.clone()
        },
        description: if identity.name == "standard" {
            "For services that answer over HTTP".into()
        } else {
            String::new()
        },
        version: 5,
        updated: before(6 * DAY),
        by: "dana".into(),
        gives: model::class::gives(identity.kind, &class_spec("128Mi")),
        users: 38,
        behind: 17,
    }
}

fn versions() -> Vec<ClassVersionRow> {
    let row = |version, days: i64, words: &[&str], users| ClassVersionRow {
        version,
        at: before(days * DAY),
        by: "dana".into(),
        words: words.iter().map(|words| (*words).to_owned()).collect(),
        users,
    };
    vec![
        row(5, 6, &["memory limit of main: 256Mi → 128Mi"], 21),
        row(
            4,
            60,
            &["a: new", "b: new", "c: 1 → 2", "d: taken away"],
            14,
        ),
        row(1, 150, &[], 3),
    ]
}

#[async_trait]
impl Classes for World {
    async fn list(&self, viewer: &Viewer) -> Answer<Vec<ClassRow>> {
        let row = |kind, name: &str| {
            class_row(&Identity::in_organization(kind, &viewer.organization, name))
        };
        Ok(match self {
            World::Shop => vec![
                row(Kind::ServiceClass, "default"),
                row(Kind::ServiceClass, "standard"),
                row(Kind::ScheduledTaskClass, "nightly"),
            ],
            World::Empty => vec![],
        })
    }

    async fn find(
        &self,
        _: &Viewer,
        class: &Identity,
        users: &ClassUsers,
        paging: &Paging,
    ) -> Answer<ClassView> {
        let user = |component: &str, version: Option<i64>| ClassUserRow {
            project: "shop".into(),
            component: component.into(),
            display_name: component.into(),
            version,
            artifact: version,
            environments: version
                .map(|version| {
                    vec![
                        ("development".into(), Some(version)),
                        ("staging".into(), Some(version - 1)),
                    ]
                })
                .unwrap_or_default(),
        };
        let mut rows = vec![
            user("cart", Some(5)),
            user("checkout", Some(4)),
            user("orders", None),
        ];
        rows.retain(|row| users.except.is_none() || row.version != users.except);
        if *self == World::Empty || paging.search == "zzz" {
            rows.clear();
        }
        let shown = *self == World::Shop;
        let mut row = class_row(class);
        if !shown {
            (row.users, row.behind, row.version) = (0, 0, 1);
        }
        Ok(ClassView {
            row,
            resource_version: 42,
            manifest: json!({
                "apiVersion": "openchoreo.dev/v1alpha1", "kind": class.kind.as_str(),
                "metadata": {"name": class.name, "namespace": "acme"},
                "spec": class_spec("128Mi"),
            }),
            yaml: model::yaml::write(&class_spec("128Mi")),
            note: class.kind.note().map(str::to_owned),
            versions: if shown {
                versions()
            } else {
                versions().split_off(2)
            },
            waiting: i64::from(shown),
            users: page(rows, paging),
            services: if class.kind == Kind::APIClass {
                vec![in_shop(Kind::Service, "cart")]
            } else {
                vec![]
            },
            rollouts: if shown {
                vec![RolloutRow {
                    id: "1".into(),
                    version: 5,
                    at: before(HOUR),
                    by: "dana".into(),
                    chosen: 24,
                    taken: 21,
                    waiting: 2,
                }]
            } else {
                vec![]
            },
        })
    }

    async fn version(
        &self,
        _: &Viewer,
        class: &Identity,
        version: i64,
    ) -> Answer<ClassVersionView> {
        let own = versions()
            .into_iter()
            .find(|own| own.version == version)
            .ok_or_else(|| missing("version", &version.to_string(), &[]))?;
        Ok(ClassVersionView {
            identity: class.clone(),
            newest: 5,
            version: own,
            yaml: model::yaml::write(&class_spec("256Mi")),
            gives: model::class::gives(class.kind, &class_spec("256Mi")),
        })
    }

    async fn diff(
        &self,
        _: &Viewer,
        class: &Identity,
        from: Option<i64>,
        to: Option<i64>,
    ) -> Answer<ClassDiffView> {
        let (before, after) = (class_spec("256Mi"), class_spec("128Mi"));
        let fields = model::diff::fields(&before, &after);
        Ok(ClassDiffView {
            identity: class.clone(),
            versions: vec![5, 4, 1],
            from: from.unwrap_or(4),
            to: to.unwrap_or(5),
            before: model::yaml::write(&before),
            after: model::yaml::write(&after),
            words: model::class::changes(&fields),
            fields,
        })
    }

    async fn impact(&self, viewer: &Viewer, _: &Sending, paging: &Paging) -> Answer<ImpactView> {
        let class = Identity::in_organization(Kind::ServiceClass, &viewer.organization, "default");
        let row = |component: &str, outcome, words: &[&str]| ImpactRow {
            project: "shop".into(),
            component: component.into(),
            environment: "development".into(),
            version: Some(5),
            outcome,
            words: words.iter().map(|words| (*words).to_owned()).collect(),
            diff: vec![],
        };
        Ok(ImpactView {
            identity: class,
            version: 6,
            differs: true,
            users: vec![(None, 1), (Some(4), 14), (Some(5), 21)],
            environments: vec![("development".into(), 36), ("production".into(), 20)],
            rows: page(
                vec![
                    row("cart", Outcome::Changes, &["Deployment: replicas: 1 → 2"]),
                    row("checkout", Outcome::Breaks, &["its Service has no port"]),
                ],
                paging,
            ),
        })
    }

    async fn roll_out(&self, _: &Viewer, _: &Identity, _: &RolloutOrder) -> Answer<RolloutRow> {
        Ok(RolloutRow::default())
    }
}
