//! The shop on a real API server: `TROUPE_KUBE` names the file that tells where one runs.

use std::time::Duration;

use base64::Engine;
use model::{
    identity::Identity,
    kind::Kind,
    port::{Sending, SentFile},
    view::Paging,
};

use crate::Running;

/// A kubeconfig, all in one text, of the cluster that `make test` starts.
pub(crate) fn kubeconfig() -> String {
    #[expect(clippy::disallowed_methods, reason = "tests are told by their runner where it runs")]
    let file = std::env::var("TROUPE_KUBE").expect(
        "TROUPE_KUBE must name the JSON file of a running test cluster: use `make test`, which starts one",
    );
    let told = std::fs::read_to_string(file).expect("the file that TROUPE_KUBE names");
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let plane = &told["planes"][0];
    let text = |name: &str| plane[name].as_str().expect("a text").to_owned();
    let authority = std::fs::read(text("ca")).expect("the cluster's authority");
    let authority = base64::engine::general_purpose::STANDARD.encode(authority);
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: test\n\
         clusters: [{{name: test, cluster: {{server: '{}', certificate-authority-data: '{authority}'}}}}]\n\
         users: [{{name: test, user: {{token: '{}'}}}}]\n\
         contexts: [{{name: test, context: {{cluster: test, user: test}}}}]\n",
        text("server"),
        text("token")
    )
}

pub(crate) fn plane(kubeconfig: &str) -> String {
    let indented: String = kubeconfig
        .lines()
        .map(|line| format!("      {line}\n"))
        .collect();
    format!(
        "apiVersion: openchoreo.dev/v1alpha1\nkind: DataPlane\nmetadata: {{name: default}}\nspec:\n  \
         registry: {{prefix: registry.localhost}}\n  kubernetesCluster:\n    name: real\n    \
         kubeconfig: |\n{indented}  gateway: {{publicVirtualHost: apps.localhost, \
         organizationVirtualHost: apps.internal}}\n"
    )
}

fn shop() -> Sending {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/manifests/shop");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the shop's manifests")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let files: Vec<_> = files
        .iter()
        // The web application's route needs the Gateway API, which a bare cluster hasn't.
        .filter(|path| !path.ends_with("frontend-component.yaml"))
        .map(|path| SentFile {
            name: path.display().to_string(),
            text: std::fs::read_to_string(path).expect("a manifest"),
        })
        .collect();
    files.into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shop_runs_on_a_real_api_server_and_leaves_nothing_behind() {
    let running = Running::start(|_| {}).await;
    running.apply(&plane(&kubeconfig())).await;
    let view = running
        .ports
        .manifests
        .apply(&running.viewer, &shop())
        .await
        .expect("applies");
    assert_eq!(view.faults, []);
    let project = "gcp-microservice-demo";
    let green = || async {
        let view = running
            .ports
            .projects
            .find(&running.viewer, project, &Paging::default())
            .await
            .map_err(|error| error.to_string())?;
        if view.counts[0].healthy == 10 {
            Ok(())
        } else {
            Err(format!("{:?}", view.components))
        }
    };
    for _ in 0..3 {
        if running.within(Duration::from_secs(20), green).await.is_ok() {
            break;
        }
    }
    running
        .until("the shop is green on a real cluster", green)
        .await;
    let runtime = running
        .ports
        .components
        .runtime(&running.viewer, project, "cart", "development")
        .await
        .expect("runtime");
    assert!(!runtime.simulated);
    let pods = runtime
        .objects
        .iter()
        .flat_map(|object| &object.children)
        .flat_map(|set| &set.children);
    assert!(pods.count() >= 1, "{:?}", runtime.objects);
    somebody_meddles(&running, project).await;
    let identity = Identity::in_organization(Kind::Project, "default", project);
    running
        .ports
        .manifests
        .delete(&running.viewer, &identity)
        .await
        .expect("deletes");
    let gone = || async {
        match running
            .ports
            .projects
            .find(&running.viewer, project, &Paging::default())
            .await
        {
            Err(_) => Ok(()),
            Ok(view) => Err(format!("{:?}", view.components)),
        }
    };
    let _ = running.within(Duration::from_secs(60), gone).await;
    running.until("nothing is left", gone).await;
    let planes = running
        .ports
        .platform
        .planes(&running.viewer)
        .await
        .expect("planes");
    assert_eq!(planes[0].objects, 0);
}

/// What somebody deletes or changes on the cluster is put right at once, and told.
async fn somebody_meddles(running: &Running, project: &str) {
    let config = kube::config::Kubeconfig::from_yaml(&kubeconfig()).expect("a kubeconfig");
    let options = kube::config::KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(config, &options)
        .await
        .expect("a configuration");
    let client = kube::Client::try_from(config).expect("a client");
    let view = running
        .ports
        .components
        .runtime(&running.viewer, project, "cart", "development")
        .await
        .expect("runtime");
    let cart = view
        .objects
        .iter()
        .find(|object| object.kind == "Deployment")
        .expect("a Deployment");
    let deployments: kube::Api<k8s_openapi::api::apps::v1::Deployment> =
        kube::Api::namespaced(client, &cart.namespace);

    let patch = serde_json::json!({"spec": {"replicas": 3}});
    let patch = kube::api::Patch::Merge(&patch);
    deployments
        .patch(&cart.name, &kube::api::PatchParams::default(), &patch)
        .await
        .expect("patched");
    let replicas = || async {
        let found = deployments.get(&cart.name).await;
        match found.map(|found| found.spec.and_then(|spec| spec.replicas)) {
            Ok(Some(1)) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    };
    running.until("one replica again", replicas).await;
    let told = || async {
        let view = running
            .ports
            .components
            .find(&running.viewer, project, "cart")
            .await
            .map_err(|error| error.to_string())?;
        let sentence = view.deployments[0].sentence.clone();
        if sentence.contains("took back") && sentence.contains("replicas") {
            Ok(())
        } else {
            Err(sentence)
        }
    };
    running.until("the history tells of it", told).await;

    deployments
        .delete(&cart.name, &kube::api::DeleteParams::default())
        .await
        .expect("deleted");
    running.until("it is made again", replicas).await;
}
