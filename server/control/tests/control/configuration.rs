//! Configuration groups: the matrix, who needs what, and what a change comes to.

use model::{
    configuration::{Given, Level},
    health::Health,
};

use crate::{Running, declare::CART, sent};

const WORKLOAD: &str = r#"
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: cart}
spec:
  owner: {projectName: shop, componentName: cart}
  containers:
    main:
      image: "cart:1"
      env:
        - key: TIMEOUT
          valueFrom: {configurationGroupRef: {name: shop, key: ORDER_TIMEOUT}}
  endpoints: {http: {type: HTTP, port: 8080}}
"#;

fn group(values: &str) -> String {
    format!(
        "apiVersion: openchoreo.dev/v1alpha1\nkind: ConfigurationGroup\nmetadata: {{name: shop}}\nspec:\n  \
         environmentGroups: [{{name: lower, environments: [development]}}]\n  \
         configurations: [{{key: ORDER_TIMEOUT, values: [{values}]}}]\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_matrix_tells_where_values_come_from_and_what_is_missing() {
    let running = Running::start(|_| {}).await;
    running.apply(&format!("{CART}---{WORKLOAD}")).await;
    running
        .apply(&group("{environmentGroupRef: lower, value: 8s}"))
        .await;
    let groups = &running.ports.configuration;
    let view = groups.find(&running.viewer, "shop").await.expect("a group");
    let row = &view.keys[0];
    let development = row
        .cells
        .iter()
        .find(|cell| cell.environment == "development")
        .expect("development");
    assert_eq!(
        development.value,
        Some((Level::Group("lower".into()), Given::Plain("8s".into())))
    );
    assert_eq!(row.users[0].variables, ["TIMEOUT"]);
    let missing: Vec<&str> = row
        .missing()
        .map(|(cell, _)| cell.environment.as_str())
        .collect();
    let others: Vec<&str> = view
        .environments
        .iter()
        .map(|one| one.name.as_str())
        .filter(|name| *name != "development")
        .collect();
    assert!(!others.is_empty());
    assert_eq!(missing, others, "every other environment of the pipeline");
    let list = groups.list(&running.viewer).await.expect("lists");
    assert_eq!(
        (list[0].keys, list[0].components, list[0].missing),
        (1, 1, others.len())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_shows_the_releases_that_come_of_it_and_what_would_stop() {
    let running = Running::start(|_| {}).await;
    running.apply(&format!("{CART}---{WORKLOAD}")).await;
    running.apply(&group("{value: 8s}")).await;
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    let preview = |text: String| {
        let running = &running;
        async move {
            let manifests = &running.ports.manifests;
            manifests
                .preview(&running.viewer, &sent(&text))
                .await
                .expect("previews")
                .releases
        }
    };
    let moved = preview(group("{value: 9s}")).await;
    let [release] = moved.as_slice() else {
        panic!("{moved:?}")
    };
    assert_eq!(
        (release.component.as_str(), release.environment.as_str()),
        ("cart", "development")
    );
    let config = release.diff.iter().find(|diff| diff.kind == "ConfigMap");
    let config = config.expect("the map with the value");
    assert!(
        config.before.contains("8s") && config.after.contains("9s"),
        "{config:?}"
    );
    assert_eq!(
        preview(group("{value: 8s}")).await,
        [],
        "the same comes to nothing"
    );
    let stopped = preview(group("{environment: production, value: 8s}")).await;
    assert!(
        stopped[0].blocked[0].contains("ORDER_TIMEOUT has no value for environment development"),
        "{stopped:?}"
    );
}
