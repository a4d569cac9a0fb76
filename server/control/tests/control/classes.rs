//! An edit of a class is seen before it is published, moves nobody, and is rolled out to those who
//! are chosen.

use model::{
    health::Health,
    identity::Identity,
    kind::Kind,
    problem::Problem,
    view::{ClassUsers, ClassView, Outcome, Paging, RolloutOrder},
};

use crate::{Running, sent};

fn class() -> Identity {
    Identity::in_organization(Kind::ServiceClass, "default", "web")
}

fn class_of(memory: &str, replicas: i64) -> String {
    format!(
        r#"
apiVersion: openchoreo.dev/v1alpha1
kind: ServiceClass
metadata: {{name: web}}
spec:
  deploymentTemplate:
    replicas: {replicas}
    template: {{spec: {{containers: [{{name: main, resources: {{limits: {{memory: {memory}}}}}}}]}}}}
  serviceTemplate: {{type: ClusterIP}}
"#
    )
}

fn service(name: &str, image: &str) -> String {
    format!(
        r#"
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {{name: {name}}}
spec: {{owner: {{projectName: shop}}, type: Service}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Service
metadata: {{name: {name}}}
spec: {{owner: {{projectName: shop, componentName: {name}}}, workloadName: {name}, className: web}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {{name: {name}}}
spec:
  owner: {{projectName: shop, componentName: {name}}}
  containers: {{main: {{image: "{image}"}}}}
  endpoints: {{http: {{type: HTTP, port: 8080}}}}
"#
    )
}

/// Two services of one class, both running.
async fn two(running: &Running) {
    let project = "apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata: {name: shop}\n\
        spec: {deploymentPipelineRef: default}\n";
    let all = [
        project.to_owned(),
        class_of("256Mi", 1),
        service("cart", "cart:1"),
        service("till", "till:1"),
    ];
    running.apply(&all.join("---\n")).await;
    for name in ["cart", "till"] {
        running
            .health("shop", name, "development", Health::Healthy)
            .await;
    }
}

async fn seen(running: &Running) -> ClassView {
    let all = (ClassUsers::default(), Paging::default());
    let found = running
        .ports
        .classes
        .find(&running.viewer, &class(), &all.0, &all.1)
        .await;
    found.expect("the class")
}

/// The version of each user, by name, with its artifact.
async fn pinned(running: &Running) -> Vec<(String, Option<i64>, Option<i64>)> {
    let view = seen(running).await;
    let rows = view.users.items.into_iter();
    rows.map(|row| (row.component, row.version, row.artifact))
        .collect()
}

fn at(name: &str, version: i64, artifact: i64) -> (String, Option<i64>, Option<i64>) {
    (name.to_owned(), Some(version), Some(artifact))
}

/// Waits until both users are as they should be.
async fn come_to(running: &Running, wanted: &[(String, Option<i64>, Option<i64>)]) {
    running
        .until("the versions that are pinned", || async {
            let now = pinned(running).await;
            if now == wanted {
                Ok(())
            } else {
                Err(format!("{now:?}"))
            }
        })
        .await;
}

fn cart() -> RolloutOrder {
    RolloutOrder {
        components: vec![("shop".into(), "cart".into())],
        ..RolloutOrder::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_impact_is_what_the_releases_would_become_and_nothing_is_written() {
    let running = Running::start(|_| {}).await;
    two(&running).await;
    let classes = &running.ports.classes;
    let look = async |text: String| {
        classes
            .impact(&running.viewer, &sent(&text), &Paging::default())
            .await
    };
    let view = look(class_of("128Mi", 2)).await.expect("an impact");
    assert_eq!((view.version, view.differs), (2, true));
    assert_eq!(view.users, [(Some(1), 2)]);
    assert_eq!(view.environments, [("development".to_owned(), 2)]);
    assert_eq!(view.rows.total, 2);
    assert_eq!(view.count(Outcome::Changes), 2);
    let row = &view.rows.items[0];
    assert_eq!(
        (
            row.component.as_str(),
            row.environment.as_str(),
            row.version
        ),
        ("cart", "development", Some(1))
    );
    assert_eq!(
        row.words,
        [
            "Deployment: replicas: 1 → 2",
            "Deployment: memory limit of main: 256Mi → 128Mi"
        ]
    );
    assert_eq!(row.diff.len(), 1);
    assert!(row.diff[0].after.contains("128Mi"), "{:?}", row.diff);

    let same = look(class_of("256Mi", 1)).await.expect("an impact");
    assert_eq!((same.version, same.differs), (1, false));
    assert_eq!(same.count(Outcome::Same), 2);
    let bad = look(class_of("256Mi", 1).replace("replicas", "replica")).await;
    let Err(Problem::Invalid { faults, .. }) = bad else {
        panic!("{bad:?}")
    };
    assert!(faults[0].remedy.contains("replicas"), "{faults:?}");
    assert_eq!(seen(&running).await.versions.len(), 1, "nothing is written");
}

/// What holds on both databases: publishing moves nobody, a roll-out exactly the chosen ones.
pub(crate) async fn published_and_rolled_out(running: &Running) {
    two(running).await;
    running.apply(&class_of("128Mi", 1)).await;
    let view = seen(running).await;
    assert_eq!(
        (view.row.version, view.row.users, view.row.behind),
        (2, 2, 2)
    );
    assert_eq!(
        view.versions[0].words,
        ["memory limit of main: 256Mi → 128Mi"]
    );
    // A component's other changes make the reconciler look at it again; the class stays pinned.
    let label = service("till", "till:1").replace(
        "metadata: {name: till}",
        "metadata: {name: till, labels: {team: a}}",
    );
    running.apply(&label).await;
    come_to(running, &[at("cart", 1, 1), at("till", 1, 1)]).await;

    let classes = &running.ports.classes;
    let rollout = classes
        .roll_out(&running.viewer, &class(), &cart())
        .await
        .expect("rolls out");
    assert_eq!((rollout.version, rollout.chosen), (2, 1));
    come_to(running, &[at("cart", 2, 2), at("till", 1, 1)]).await;
    let card = running
        .until("the second release", || async {
            let card = running
                .health("shop", "cart", "development", Health::Healthy)
                .await;
            if card.release == Some(2) {
                Ok(card)
            } else {
                Err(format!("{card:?}"))
            }
        })
        .await;
    assert_eq!(card.artifact, Some(2));
    let view = seen(running).await;
    assert_eq!(view.row.behind, 1);
    assert_eq!(
        view.users.items[0].environments,
        [("development".to_owned(), Some(2))]
    );
    let [told] = view.rollouts.as_slice() else {
        panic!("{:?}", view.rollouts)
    };
    assert_eq!((told.taken, told.waiting, told.by.as_str()), (1, 0, "ana"));

    // All others, then one of them back to where it was.
    let all = RolloutOrder {
        all: true,
        ..RolloutOrder::default()
    };
    let rollout = classes
        .roll_out(&running.viewer, &class(), &all)
        .await
        .expect("rolls out");
    assert_eq!(rollout.chosen, 1, "only who has another version");
    come_to(running, &[at("cart", 2, 2), at("till", 2, 2)]).await;
    let back = RolloutOrder {
        version: Some(1),
        ..cart()
    };
    classes
        .roll_out(&running.viewer, &class(), &back)
        .await
        .expect("rolls out");
    // The same content is the same artifact.
    come_to(running, &[at("cart", 1, 1), at("till", 2, 2)]).await;
    let diff = classes
        .diff(&running.viewer, &class(), Some(1), Some(2))
        .await
        .expect("a diff");
    assert_eq!(diff.words, ["memory limit of main: 256Mi → 128Mi"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishing_moves_nobody_and_a_roll_out_exactly_the_chosen_ones() {
    let running = Running::start(|_| {}).await;
    published_and_rolled_out(&running).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_out_outlives_the_process() {
    let running = Running::start(|_| {}).await;
    two(&running).await;
    running.apply(&class_of("128Mi", 1)).await;
    running
        .ports
        .classes
        .roll_out(&running.viewer, &class(), &cart())
        .await
        .expect("rolls out");
    let running = running.kill().await;
    come_to(&running, &[at("cart", 2, 2), at("till", 1, 1)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_out_waits_with_its_component_and_a_later_one_takes_its_place() {
    let running = Running::start(|_| {}).await;
    two(&running).await;
    running.apply(&class_of("128Mi", 1)).await;
    // Without its workload the component can't be put together.
    let workload = Identity::in_component(Kind::Workload, "default", "shop", "cart", "cart");
    let manifests = &running.ports.manifests;
    manifests
        .delete(&running.viewer, &workload)
        .await
        .expect("goes");
    let classes = &running.ports.classes;
    let roll_out = async |version| {
        let order = RolloutOrder { version, ..cart() };
        let rolled = classes.roll_out(&running.viewer, &class(), &order).await;
        rolled.expect("rolls out")
    };
    roll_out(Some(1)).await;
    roll_out(Some(2)).await;
    running.apply(&service("cart", "cart:1")).await;
    come_to(&running, &[at("cart", 2, 2), at("till", 1, 1)]).await;
    let told: Vec<(i64, i64, i64)> = seen(&running)
        .await
        .rollouts
        .iter()
        .map(|row| (row.version, row.taken, row.waiting))
        .collect();
    assert_eq!(told, [(2, 1, 0), (1, 0, 0)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_rolled_out_is_refused_whole() {
    let running = Running::start(|_| {}).await;
    two(&running).await;
    let classes = &running.ports.classes;
    let refused = async |order: RolloutOrder, viewer: model::access::Viewer| {
        let outcome = classes.roll_out(&viewer, &class(), &order).await;
        outcome.expect_err("refused").to_string()
    };
    let viewer = || running.viewer.clone();
    let stranger = RolloutOrder {
        components: vec![
            ("shop".into(), "cart".into()),
            ("shop".into(), "carp".into()),
        ],
        ..RolloutOrder::default()
    };
    let said = refused(stranger, viewer()).await;
    assert!(said.contains("shop/carp doesn't use"), "{said}");
    let unknown = RolloutOrder {
        version: Some(9),
        ..cart()
    };
    let said = refused(unknown, viewer()).await;
    assert!(said.contains("no version 9"), "{said}");
    refused(RolloutOrder::default(), viewer()).await;
    let reader = model::access::Viewer {
        administrator: false,
        ..viewer()
    };
    let said = refused(cart(), reader).await;
    assert!(said.contains("may not change"), "{said}");
    assert_eq!(seen(&running).await.rollouts, []);
}
