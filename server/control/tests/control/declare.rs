//! What people declare, and what becomes of it.

use model::{
    health::Health,
    identity::Identity,
    kind::Kind,
    view::{Change, DeploymentStatus, Paging},
};

use crate::{Running, sent};

pub(crate) const CART: &str = r#"
apiVersion: openchoreo.dev/v1alpha1
kind: Project
metadata: {name: shop}
spec: {deploymentPipelineRef: default}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: cart}
spec: {owner: {projectName: shop}, type: Service}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Service
metadata: {name: cart}
spec: {owner: {projectName: shop, componentName: cart}, workloadName: cart}
"#;

pub(crate) fn workload(image: &str) -> String {
    format!(
        r#"
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {{name: cart}}
spec:
  owner: {{projectName: shop, componentName: cart}}
  containers: {{main: {{image: "{image}"}}}}
  endpoints: {{http: {{type: HTTP, port: 8080}}}}
"#
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_waits_for_its_workload_and_goes_on_at_once() {
    let running = Running::start(|_| {}).await;
    let plan = running
        .ports
        .manifests
        .plan(&running.viewer, &sent(CART))
        .await
        .expect("plans");
    assert_eq!(plan.count(Change::Created), 3);
    assert!(!plan.applied);
    let service = plan
        .rows
        .iter()
        .find(|row| row.identity.kind == Kind::Service)
        .expect("a row");
    assert_eq!(service.waiting, ["Workload shop/cart"]);
    let nothing = running
        .ports
        .projects
        .find(&running.viewer, "shop", &Paging::default())
        .await;
    assert!(nothing.is_err(), "a plan writes nothing");

    running.apply(CART).await;
    running
        .until("it waits", || async {
            let waiting = running.ports.overview.waiting(&running.viewer).await;
            let waiting = waiting.map_err(|error| error.to_string())?;
            if waiting.len() == 1 {
                Ok(())
            } else {
                Err(format!("{waiting:?}"))
            }
        })
        .await;
    running.apply(&workload("cart:1")).await;
    let card = running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    assert_eq!(
        (card.artifact, card.release, card.version.as_str()),
        (Some(1), Some(1), "1")
    );
    let waiting = running
        .ports
        .overview
        .waiting(&running.viewer)
        .await
        .expect("waiting");
    assert_eq!(waiting, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_twice_makes_nothing_new_and_a_new_image_the_next_artifact() {
    let running = Running::start(|_| {}).await;
    let all = format!("{CART}---{}", workload("cart:1"));
    running.apply(&all).await;
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    let again = running.apply(&all).await;
    assert_eq!(again.count(Change::Unchanged), 4);
    let plan = running.apply(&workload("cart:2")).await;
    assert_eq!(plan.rows[0].fields[0].path, "spec.containers.main.image");
    running
        .until("the second release runs", || async {
            let card = running
                .health("shop", "cart", "development", Health::Healthy)
                .await;
            if card.release == Some(2) {
                Ok(())
            } else {
                Err(format!("{card:?}"))
            }
        })
        .await;
    let artifacts = running
        .ports
        .components
        .artifacts(&running.viewer, "shop", "cart", &Paging::default())
        .await
        .expect("artifacts");
    assert_eq!(artifacts.total, 2);
    running.apply(&workload("cart:1")).await;
    running
        .until("the first artifact runs again", || async {
            let card = running
                .health("shop", "cart", "development", Health::Healthy)
                .await;
            if card.release == Some(3) {
                Ok(card.artifact)
            } else {
                Err(format!("{card:?}"))
            }
        })
        .await;
    let artifacts = running
        .ports
        .components
        .artifacts(&running.viewer, "shop", "cart", &Paging::default())
        .await
        .expect("artifacts");
    assert_eq!(artifacts.total, 2, "the same content is the same artifact");
    let release = running
        .ports
        .components
        .release(&running.viewer, "shop", "cart", "development", 3)
        .await
        .expect("a release");
    assert!(
        release
            .diff
            .iter()
            .any(|object| object.change == Change::Changed)
    );
    let view = running
        .ports
        .components
        .find(&running.viewer, "shop", "cart")
        .await
        .expect("cart");
    assert_eq!(view.deployments[0].status, DeploymentStatus::Succeeded);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suspend_undeploy_and_active_do_what_they_say() {
    let running = Running::start(|_| {}).await;
    running
        .apply(&format!("{CART}---{}", workload("cart:1")))
        .await;
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    let binding = |state: &str| {
        format!(
            r#"
apiVersion: openchoreo.dev/v1alpha1
kind: ServiceBinding
metadata: {{name: cart}}
spec:
  owner: {{projectName: shop, componentName: cart}}
  environment: development
  artifact: 1
  releaseState: {state}
"#
        )
    };
    running.apply(&binding("Suspend")).await;
    running
        .health("shop", "cart", "development", Health::Suspended)
        .await;
    running.apply(&binding("Undeploy")).await;
    running
        .until("nothing of it is on the plane", || async {
            let view = running
                .ports
                .components
                .runtime(&running.viewer, "shop", "cart", "development")
                .await
                .map_err(|error| error.to_string())?;
            if view.objects.is_empty() {
                Ok(())
            } else {
                Err(format!("{:?}", view.objects))
            }
        })
        .await;
    running.apply(&binding("Active")).await;
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleting_takes_everything_off_the_plane_and_then_the_rows() {
    let running = Running::start(|_| {}).await;
    running
        .apply(&format!("{CART}---{}", workload("cart:1")))
        .await;
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    let project = Identity::in_organization(Kind::Project, "default", "shop");
    let preview = running
        .ports
        .manifests
        .delete_preview(&running.viewer, &project)
        .await
        .expect("preview");
    assert!(
        preview
            .objects
            .iter()
            .any(|(_, object)| object.starts_with("Deployment "))
    );
    running
        .ports
        .manifests
        .delete(&running.viewer, &project)
        .await
        .expect("deletes");
    running
        .until("the project is gone", || async {
            match running
                .ports
                .projects
                .find(&running.viewer, "shop", &Paging::default())
                .await
            {
                Err(_) => Ok(()),
                Ok(view) => Err(format!("{view:?}")),
            }
        })
        .await;
    let plane = running
        .ports
        .platform
        .planes(&running.viewer)
        .await
        .expect("planes");
    assert_eq!(plane[0].objects, 0);
    let used = Identity::in_organization(Kind::DeploymentPipeline, "default", "default");
    let refused = running
        .ports
        .manifests
        .delete(&running.viewer, &used)
        .await
        .expect_err("in use");
    assert!(
        refused.to_string().contains("Project default needs it"),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_dies_loses_nothing() {
    let mut running = Running::start(|settings| settings.demo = true).await;
    for pause in [5, 20, 60, 150] {
        tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        running = running.kill().await;
    }
    running
        .until("the shop is green", || async {
            let view = running
                .ports
                .projects
                .find(&running.viewer, "gcp-microservice-demo", &Paging::default())
                .await
                .map_err(|error| error.to_string())?;
            if view.counts[0].healthy == 11 {
                Ok(())
            } else {
                Err(format!("{:?}", view.counts))
            }
        })
        .await;
    let artifacts = running
        .ports
        .components
        .artifacts(
            &running.viewer,
            "gcp-microservice-demo",
            "frontend",
            &Paging::default(),
        )
        .await
        .expect("artifacts");
    assert_eq!(artifacts.total, 1);
    let releases = running
        .ports
        .components
        .releases(
            &running.viewer,
            "gcp-microservice-demo",
            "frontend",
            "",
            &Paging::default(),
        )
        .await
        .expect("releases");
    assert_eq!(releases.total, 1, "applied once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_component_stays_of_its_type() {
    let running = Running::start(|_| {}).await;
    running.apply(CART).await;
    let other = CART.replace("type: Service", "type: ScheduledTask");
    let view = running
        .ports
        .manifests
        .apply(&running.viewer, &sent(&other))
        .await
        .expect("answers");
    assert!(!view.applied);
    assert_eq!(view.faults.len(), 1, "{:?}", view.faults);
    assert!(
        view.faults[0].path.ends_with("spec.type"),
        "{:?}",
        view.faults
    );
}
