//! Components as their form makes and changes them, and what it suggests.

use std::collections::BTreeMap;

use model::{
    form::{
        Fields,
        component::{self, Before, Home},
    },
    health::Health,
    identity::Identity,
    kind::{Kind, value::Exposure},
    port::{Sending, SentFile},
    view::{Change, ComponentParts, PlanView},
};
use serde_json::Value;

use crate::Running;

const PROJECTS: &str = r#"
apiVersion: openchoreo.dev/v1alpha1
kind: Project
metadata: {name: shop}
spec: {deploymentPipelineRef: default}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Project
metadata: {name: bank}
spec: {deploymentPipelineRef: default}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ConfigurationGroup
metadata: {name: database}
spec: {configurations: [{key: DB_HOST, values: [{value: db.acme.internal}]}]}
"#;

fn home(project: &str) -> Home {
    Home {
        project: project.into(),
        first: vec!["development".into()],
    }
}

fn typed(entries: &[(&str, &str)]) -> Fields {
    let mut fields = component::fresh();
    for (name, value) in entries {
        fields.set(name, value);
    }
    fields
}

fn sending(manifests: &[Value]) -> Sending {
    let texts: Vec<String> = manifests.iter().map(Value::to_string).collect();
    Sending {
        files: vec![SentFile {
            name: String::new(),
            text: texts.join("\n---\n"),
        }],
        expected: BTreeMap::new(),
    }
}

async fn create(running: &Running, project: &str, entries: &[(&str, &str)]) -> PlanView {
    let made = component::manifests(&typed(entries), &Before::default(), &home(project));
    let manifests = &running.ports.manifests;
    manifests
        .apply(&running.viewer, &sending(&made))
        .await
        .expect("answers")
}

async fn parts(running: &Running, project: &str, name: &str) -> ComponentParts {
    let drafting = &running.ports.drafting;
    drafting
        .parts(&running.viewer, project, name)
        .await
        .expect("there")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_component_is_made_in_a_form_runs_and_is_changed_there() {
    let running = Running::start(|_| {}).await;
    running.apply(PROJECTS).await;
    let made = create(
        &running,
        "shop",
        &[
            ("name", "cart"),
            ("description", "What people want"),
            ("container.0.image", "cart:1"),
            ("endpoint.1.name", "rpc"),
            ("endpoint.1.type", "gRPC"),
            ("endpoint.1.port", "9090"),
        ],
    )
    .await;
    assert_eq!(made.faults, []);
    assert_eq!(made.count(Change::Created), 3);
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;

    let there = parts(&running, "shop", "cart").await;
    assert!(there.bindings.contains_key("development"));
    let before = Before::from(&there);
    let mut fields = component::fields(&before, &home("shop"));
    let same = component::manifests(&fields, &before, &home("shop"));
    let manifests = &running.ports.manifests;
    let preview = manifests
        .preview(&running.viewer, &sending(&same))
        .await
        .expect("previews");
    assert_eq!(preview.plan.faults, []);
    assert_eq!(
        preview.plan.count(Change::Unchanged),
        3,
        "editing nothing changes nothing: {:?}",
        preview.plan.rows
    );

    fields.set("container.0.image", "cart:2");
    let changed = component::manifests(&fields, &before, &home("shop"));
    let preview = manifests
        .preview(&running.viewer, &sending(&changed))
        .await
        .expect("previews");
    let [release] = preview.releases.as_slice() else {
        panic!("{preview:?}")
    };
    let deployment = release
        .diff
        .iter()
        .find(|diff| diff.change == Change::Changed)
        .expect("the Deployment changes");
    assert!(deployment.before.contains("cart:1") && deployment.after.contains("cart:2"));

    let done = manifests
        .apply(&running.viewer, &sending(&changed))
        .await
        .expect("applies");
    assert_eq!(done.count(Change::Changed), 1);
    running
        .until("the second release", || async {
            let card = running
                .health("shop", "cart", "development", Health::Healthy)
                .await;
            match (card.release, card.version.as_str()) {
                (Some(2), "2") => Ok(()),
                other => Err(format!("{other:?}")),
            }
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tasks_schedule_goes_to_its_first_environment_and_stays_with_new_artifacts() {
    let running = Running::start(|_| {}).await;
    running.apply(PROJECTS).await;
    let made = create(
        &running,
        "shop",
        &[
            ("name", "report"),
            ("type", "ScheduledTask"),
            ("container.0.image", "report:1"),
            ("endpoint.0.name", ""),
            ("endpoint.0.port", ""),
            ("schedule", "30 2 * * *"),
        ],
    )
    .await;
    assert_eq!(made.faults, []);
    let scheduled = |number: i64| {
        let running = &running;
        async move {
            let release = running
                .ports
                .components
                .release(&running.viewer, "shop", "report", "development", number)
                .await
                .map_err(|error| error.to_string())?;
            let job = release
                .objects
                .iter()
                .find(|object| object.kind == "CronJob");
            match job {
                Some(job) if job.yaml.contains("30 2 * * *") => Ok(()),
                other => Err(format!("{other:?}")),
            }
        }
    };
    running.until("the CronJob", || scheduled(1)).await;
    running
        .until("the artifact in place of the copy", || async {
            let there = parts(&running, "shop", "report").await;
            let binding = there.bindings.get("development").ok_or("no binding")?;
            let spec = &binding.manifest["spec"];
            if spec["artifact"] == 1 && spec["workloadSpec"].is_null() {
                Ok(())
            } else {
                Err(spec.to_string())
            }
        })
        .await;

    let before = Before::from(&parts(&running, "shop", "report").await);
    let mut fields = component::fields(&before, &home("shop"));
    assert_eq!(fields.text("schedule"), "30 2 * * *");
    fields.set("container.0.image", "report:2");
    let changed = component::manifests(&fields, &before, &home("shop"));
    running
        .ports
        .manifests
        .apply(&running.viewer, &sending(&changed))
        .await
        .expect("applies");
    running.until("the second CronJob", || scheduled(2)).await;
}

const LEDGER: &[(&str, &str)] = &[("name", "ledger"), ("container.0.image", "ledger:1")];
const WEB: &[(&str, &str)] = &[
    ("name", "web"),
    ("container.0.image", "web:1"),
    ("connection.0.to", "bank/ledger/http"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_is_exposed_can_be_called_from_another_project() {
    let running = Running::start(|_| {}).await;
    running.apply(PROJECTS).await;
    // What isn't there yet is waited for.
    let early = create(&running, "shop", WEB).await;
    assert_eq!(early.faults, []);

    assert_eq!(create(&running, "bank", LEDGER).await.faults, []);
    let refused = create(&running, "shop", WEB).await;
    let [fault] = refused.faults.as_slice() else {
        panic!("{:?}", refused.faults)
    };
    assert!(!refused.applied);
    assert_eq!(
        fault.path,
        "Workload shop/web: spec.connections.ledger.params.endpoint"
    );
    assert_eq!(
        fault.message,
        "endpoint http of bank/ledger is for its own project alone"
    );
    assert!(
        fault.remedy.contains("spec.apis.http.rest.exposeLevels"),
        "{}",
        fault.remedy
    );
    let field = component::place(
        &typed(WEB),
        Some(model::kind::component::ComponentType::Service),
        "Workload",
        "spec.connections.ledger.params.endpoint",
    );
    assert_eq!(field.as_deref(), Some("connection.0.to"));

    // Both at once: what is exposed in the same breath can be called.
    let mut exposed = LEDGER.to_vec();
    exposed.push(("endpoint.0.seen", "Organization"));
    let both: Vec<Value> = [("shop", WEB), ("bank", &exposed)]
        .into_iter()
        .flat_map(|(project, entries)| {
            component::manifests(&typed(entries), &Before::default(), &home(project))
        })
        .collect();
    let done = running
        .ports
        .manifests
        .apply(&running.viewer, &sending(&both))
        .await
        .expect("answers");
    assert_eq!(done.faults, []);
    running
        .health("shop", "web", "development", Health::Healthy)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn endpoints_and_keys_are_suggested_as_far_as_they_can_be_reached() {
    suggestions(Running::start(|_| {}).await).await;
}

/// The same on every database: the query is written in the words of each.
pub(crate) async fn suggestions(running: Running) {
    running.apply(PROJECTS).await;
    create(
        &running,
        "shop",
        &[("name", "cart"), ("container.0.image", "cart:1")],
    )
    .await;
    create(&running, "bank", LEDGER).await;
    create(
        &running,
        "bank",
        &[
            ("name", "rates"),
            ("container.0.image", "rates:1"),
            ("endpoint.0.seen", "Both"),
        ],
    )
    .await;
    let site = [
        ("name", "site"),
        ("type", "WebApplication"),
        ("container.0.image", "site:1"),
    ];
    create(&running, "bank", &site).await;
    let suggest = |project: &'static str, component: &'static str, search: &'static str| {
        let running = &running;
        async move {
            let drafting = &running.ports.drafting;
            let found = drafting
                .endpoints(&running.viewer, project, component, search)
                .await
                .expect("answers");
            let names = found.into_iter().map(|offer| {
                let name = format!("{}/{}/{}", offer.project, offer.component, offer.endpoint);
                (name, offer.port, offer.exposure)
            });
            names.collect::<Vec<_>>()
        }
    };
    let own = |name: &str, exposure| (name.to_owned(), 8080, exposure);
    assert_eq!(
        suggest("shop", "web", "").await,
        [
            own("shop/cart/http", Exposure::Project),
            own("bank/rates/http", Exposure::Public),
            own("bank/site/http", Exposure::Public),
        ]
    );
    assert_eq!(
        suggest("bank", "rates", "LED").await,
        [own("bank/ledger/http", Exposure::Project)],
        "its own project's, whatever they expose, and not itself"
    );
    assert_eq!(suggest("shop", "cart", "cart").await, []);
    assert_eq!(suggest("shop", "web", "%").await.len(), 3, "no wildcard");

    let drafting = &running.ports.drafting;
    let keys = drafting
        .keys(&running.viewer, "db_h")
        .await
        .expect("answers");
    assert_eq!(keys.len(), 1, "{keys:?}");
    assert_eq!(
        (keys[0].group.as_str(), keys[0].key.as_str()),
        ("database", "DB_HOST")
    );
    let none = drafting
        .keys(&running.viewer, "zzz")
        .await
        .expect("answers");
    assert_eq!(none, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_offered_classes_with_what_they_give() {
    let running = Running::start(|_| {}).await;
    running.apply(PROJECTS).await;
    let strict = r#"
apiVersion: openchoreo.dev/v1alpha1
kind: ServiceClass
metadata: {name: strict, annotations: {openchoreo.dev/description: For what is paid for}}
spec: {deploymentTemplate: {replicas: 3}}
"#;
    running.apply(strict).await;
    running.apply(&strict.replace('3', "4")).await;
    let offers = running
        .ports
        .drafting
        .offers(&running.viewer, "shop")
        .await
        .expect("offers");
    let first: Vec<&str> = offers.first.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(first, ["development"]);
    let classes = &offers.classes[&Kind::ServiceClass];
    let strict = classes
        .iter()
        .find(|class| class.name == "strict")
        .expect("offered");
    assert_eq!(
        (
            strict.description.as_str(),
            strict.version,
            strict.gives.as_str()
        ),
        ("For what is paid for", 2, "4 replicas")
    );
    let tasks = &offers.classes[&Kind::ScheduledTaskClass];
    assert_eq!(tasks[0].schedule, "0 * * * *");
    let nowhere = running
        .ports
        .drafting
        .parts(&running.viewer, "shop", "nothing")
        .await;
    assert!(nowhere.is_err());
    // An Identity of a part is what a write is held against.
    create(&running, "shop", LEDGER).await;
    let there = parts(&running, "shop", "ledger").await;
    assert_eq!(
        there.workload.expect("it has one").identity,
        Identity::in_component(Kind::Workload, "default", "shop", "ledger", "ledger")
    );
}
