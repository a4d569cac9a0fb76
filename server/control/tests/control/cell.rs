//! Cells, pipelines and environments as pages ask for them.

use model::{
    health::Health,
    kind::value::Exposure,
    view::{CellView, ConnectionStanding},
};

use crate::Running;

async fn cell(running: &Running, project: &str, environment: &str) -> CellView {
    let cells = &running.ports.cells;
    let found = cells.find(&running.viewer, project, environment).await;
    found.expect("a cell")
}

fn ways(cell: &CellView) -> Vec<(&str, &str)> {
    let all = cell.connections.iter();
    all.map(|c| (c.from.as_str(), c.component.as_str()))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shop_has_eleven_components_and_sixteen_connections() {
    let running = Running::start(|settings| settings.demo = true).await;
    let shop = "gcp-microservice-demo";
    let view = running
        .until("the shop is green", || async {
            let view = cell(&running, shop, "development").await;
            let green = |c: &&model::view::CellComponent| c.health == Health::Healthy;
            match view.components.iter().filter(green).count() {
                11 => Ok(view),
                green => Err(format!("{green} are healthy")),
            }
        })
        .await;
    assert_eq!(view.connections.len(), 16);
    for connection in &view.connections {
        assert_eq!(
            connection.standing,
            ConnectionStanding::Ready,
            "{connection:?}"
        );
        assert!(
            connection.port > 0 && !connection.address.is_empty(),
            "{connection:?}"
        );
        assert_eq!(connection.project, shop);
    }
    let ways = ways(&view);
    assert!(ways.contains(&("checkout", "email")) && ways.contains(&("cart", "redis")));
    assert_eq!(
        ways.iter().filter(|(from, _)| *from == "frontend").count(),
        8
    );
    let frontend = view
        .components
        .iter()
        .find(|own| own.name == "frontend")
        .expect("it is there");
    assert!(frontend.is_exposed(Exposure::Public));
    let outside = view
        .components
        .iter()
        .filter(|own| own.exposure() > Exposure::Project);
    assert_eq!(outside.count(), 1, "only the frontend is seen from outside");

    // Where nothing runs yet, what is declared is shown all the same.
    let later = cell(&running, shop, "production").await;
    assert_eq!(later.environment.name, "production");
    assert!(later.components.iter().all(|own| own.artifact.is_none()));
    assert_eq!(later.connections.len(), 16);

    // Without a wish, what fails comes first.
    let failing = running
        .until("something fails", || async {
            let view = cell(&running, "bookshop", "").await;
            let bad = view
                .components
                .iter()
                .any(|own| own.health == Health::Degraded);
            if bad {
                Ok(view)
            } else {
                Err("nothing does".into())
            }
        })
        .await;
    assert_eq!(failing.environment.name, "development");

    let pipelines = running
        .ports
        .pipelines
        .list(&running.viewer)
        .await
        .expect("a list");
    let default = pipelines
        .iter()
        .find(|row| row.name == "default")
        .expect("it is there");
    let stages: Vec<&str> = default
        .stages
        .iter()
        .map(|stage| stage.environment.name.as_str())
        .collect();
    assert_eq!(stages, ["development", "staging", "production"]);
    assert!(default.stages.iter().all(|stage| stage.known));
    assert!(default.projects.iter().any(|(name, _)| name == shop));

    let environments = &running.ports.environments;
    let place = environments
        .find(&running.viewer, "development")
        .await
        .expect("a view");
    let own = place
        .projects
        .iter()
        .find(|row| row.name == shop)
        .expect("it runs there");
    assert_eq!(own.counts.healthy, 11);
    let promised = place.names.namespaces.iter().find(|(name, _)| name == shop);
    assert_eq!(
        promised.map(|(_, namespace)| namespace),
        Some(&own.namespace)
    );
    let address = frontend
        .endpoints
        .iter()
        .flat_map(|endpoint| &endpoint.addresses)
        .find(|(level, _)| *level == Exposure::Public)
        .expect("an address");
    let suffix = &place.names.hosts[0].1;
    let suffix = suffix.split_once('.').expect("a host").1;
    assert!(
        address.1.contains(suffix),
        "{} is under {suffix}",
        address.1
    );
}

const TWO: &str = r"
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: caller}
spec: {owner: {projectName: default}, type: Service}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: caller}
spec:
  owner: {projectName: default, componentName: caller}
  containers: {main: {image: 'registry.example/caller:1'}}
  endpoints: {web: {type: REST, port: 8080}}
  connections:
    late: {type: api, params: {componentName: late, endpoint: web}}
    self: {type: api, params: {componentName: caller, endpoint: nowhere}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Service
metadata: {name: caller}
spec: {owner: {projectName: default, componentName: caller}, workloadName: caller}
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_leads_nowhere_says_why() {
    let running = Running::start(|_| {}).await;
    running.apply(TWO).await;
    let view = running
        .until("the caller is in the cell", || async {
            let view = cell(&running, "default", "development").await;
            if view.connections.len() == 2 {
                Ok(view)
            } else {
                Err(format!("{view:?}"))
            }
        })
        .await;
    let of = |name: &str| {
        let all = view.connections.iter();
        all.into_iter()
            .find(|own| own.name == name)
            .expect("it is there")
    };
    assert_eq!(of("late").standing, ConnectionStanding::Waiting);
    assert!(
        of("late").says[0].contains("waiting for"),
        "{:?}",
        of("late")
    );
    assert_eq!(of("self").standing, ConnectionStanding::Faulty);
    assert!(of("self").says[0].contains("nowhere"), "{:?}", of("self"));
    let missing = running
        .ports
        .cells
        .find(&running.viewer, "nobody", "")
        .await;
    assert!(missing.is_err(), "a project that isn't there has no cell");
}
