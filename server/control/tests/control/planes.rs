//! Planes: tested, given new credentials while all runs, retired when nobody needs them.

use std::sync::{Arc, Mutex};

use model::{
    identity::Identity,
    kind::Kind,
    problem::Problem,
    view::{PlaneRow, TestOutcome},
};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    Running,
    declare::{CART, workload},
};

/// Something that speaks just enough of an API server to be reached, and that wants a token.
struct Doorkeeper {
    address: String,
    token: Arc<Mutex<String>>,
}

impl Doorkeeper {
    async fn start(token: &str) -> Doorkeeper {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let token = Arc::new(Mutex::new(token.to_owned()));
        let wanted = token.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let wanted = wanted.clone();
                tokio::spawn(async move {
                    let mut read = Vec::new();
                    let mut part = [0; 4096];
                    while !read.windows(4).any(|end| end == b"\r\n\r\n") {
                        match stream.read(&mut part).await {
                            Ok(0) | Err(_) => return,
                            Ok(count) => read.extend_from_slice(&part[..count]),
                        }
                    }
                    let asked = String::from_utf8_lossy(&read).to_lowercase();
                    let bearer = format!(
                        "authorization: bearer {}\r\n",
                        wanted.lock().expect("held briefly")
                    );
                    let (status, body) = if !asked.contains(&bearer) {
                        (
                            "401 Unauthorized",
                            json!({"kind": "Status", "apiVersion": "v1", "status": "Failure",
                            "message": "Unauthorized", "reason": "Unauthorized", "code": 401}),
                        )
                    } else if asked.starts_with("get /version ") {
                        (
                            "200 OK",
                            json!({"major": "1", "minor": "33", "gitVersion": "v1.33.2", "gitCommit": "x",
                            "gitTreeState": "clean", "buildDate": "x", "goVersion": "x", "compiler": "gc",
                            "platform": "linux/arm64"}),
                        )
                    } else {
                        (
                            "403 Forbidden",
                            json!({"kind": "Status", "apiVersion": "v1", "status": "Failure",
                            "message": "namespaces is forbidden: troupe cannot list it", "reason": "Forbidden",
                            "code": 403}),
                        )
                    };
                    let body = body.to_string();
                    let answer = format!(
                        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                        body.len()
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Doorkeeper { address, token }
    }
}

fn kubeconfig(server: &str, token: &str) -> String {
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "it",
        "clusters": [{"name": "it", "cluster": {"server": server}}],
        "users": [{"name": "it", "user": {"token": token}}],
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
    })
    .to_string()
}

fn plane(name: &str, kubeconfig: &str) -> serde_json::Value {
    let mut cluster = json!({"name": "it"});
    if !kubeconfig.is_empty() {
        cluster["kubeconfig"] = kubeconfig.into();
    }
    json!({
        "apiVersion": "openchoreo.dev/v1alpha1", "kind": "DataPlane", "metadata": {"name": name},
        "spec": {"registry": {"prefix": "registry.localhost"}, "kubernetesCluster": cluster,
            "gateway": {"publicVirtualHost": "apps.localhost", "organizationVirtualHost": "apps.internal"}},
    })
}

async fn row(running: &Running, name: &str) -> Result<PlaneRow, String> {
    let rows = running
        .ports
        .platform
        .planes(&running.viewer)
        .await
        .map_err(|error| error.to_string())?;
    let found = rows.into_iter().find(|row| row.name == name);
    found.ok_or_else(|| "not there".to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_of_the_simulated_plane_says_what_works_and_changes_nothing() {
    let running = Running::start(|_| {}).await;
    running
        .until("the plane answers", || async {
            let row = row(&running, "default").await?;
            if row.live { Ok(()) } else { Err(row.trouble) }
        })
        .await;
    let planes = &running.ports.planes;
    let test = planes
        .test(&running.viewer, Kind::DataPlane, "default")
        .await
        .expect("tests");
    assert!(test.passed, "{test:?}");
    let told: Vec<(&str, TestOutcome)> = test
        .steps
        .iter()
        .map(|step| (step.name.as_str(), step.outcome))
        .collect();
    assert_eq!(
        &told[..5],
        [
            ("Reach", TestOutcome::Passed),
            ("List", TestOutcome::Passed),
            ("Apply", TestOutcome::Passed),
            ("Delete", TestOutcome::Passed),
            ("Versions", TestOutcome::Passed),
        ],
        "{test:?}"
    );
    assert_eq!((told[5].0, told[6].0), ("Network policy", "Gateway API"));
    assert!(
        test.steps
            .iter()
            .all(|step| !step.says.is_empty() && step.took_us > 0)
    );
    let kept = planes
        .tests(&running.viewer, Kind::DataPlane, "default")
        .await
        .expect("tests");
    assert_eq!(kept, [test]);
    let again = planes
        .test(&running.viewer, Kind::DataPlane, "default")
        .await
        .expect("tests");
    assert!(
        again.steps[2].says.contains("nothing was written"),
        "{again:?}"
    );
    let view = planes
        .find(&running.viewer, Kind::DataPlane, "default")
        .await
        .expect("a plane");
    assert_eq!(view.test, Some(again));
    let missing = planes
        .test(&running.viewer, Kind::DataPlane, "defualt")
        .await;
    assert!(
        matches!(&missing, Err(Problem::NotFound { near, .. }) if near == &["default"]),
        "{missing:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_may_change_a_plane_may_test_it() {
    let running = Running::start(|_| {}).await;
    let mut guest = running.viewer.clone();
    guest.administrator = false;
    let planes = &running.ports.planes;
    for refused in [
        planes.test(&guest, Kind::DataPlane, "default").await,
        planes.try_out(&guest, &plane("eu", "")).await,
    ] {
        assert!(matches!(refused, Err(Problem::Refused(_))), "{refused:?}");
    }
    assert!(
        planes
            .find(&guest, Kind::DataPlane, "default")
            .await
            .is_ok()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plane_can_be_tried_before_it_is_declared() {
    let running = Running::start(|_| {}).await;
    let planes = &running.ports.planes;
    let simulated = planes
        .try_out(&running.viewer, &plane("eu", ""))
        .await
        .expect("tries");
    assert!(simulated.passed, "{simulated:?}");

    let door = Doorkeeper::start("right").await;
    let wrong = plane("eu", &kubeconfig(&door.address, "wrong"));
    let wrong = planes
        .try_out(&running.viewer, &wrong)
        .await
        .expect("tries");
    assert!(!wrong.passed);
    assert!(
        wrong.steps[0].says.contains("refuses our credentials"),
        "{wrong:?}"
    );
    assert!(
        wrong.steps[1..]
            .iter()
            .all(|step| step.outcome == TestOutcome::Skipped)
    );

    let right = plane("eu", &kubeconfig(&door.address, "right"));
    let right = planes
        .try_out(&running.viewer, &right)
        .await
        .expect("tries");
    assert_eq!(right.steps[0].outcome, TestOutcome::Passed, "{right:?}");
    assert_eq!(right.steps[1].outcome, TestOutcome::Failed);
    assert!(right.steps[1].says.contains("cannot list"), "{right:?}");

    let program =
        kubeconfig(&door.address, "x").replace(r#"{"token":"x"}"#, r#"{"exec":{"command":"sh"}}"#);
    let refused = planes
        .try_out(&running.viewer, &plane("eu", &program))
        .await;
    let Err(Problem::Invalid { faults, .. }) = &refused else {
        panic!("{refused:?}")
    };
    assert!(
        faults[0].message.contains("would run a program"),
        "{faults:?}"
    );
    assert!(row(&running, "eu").await.is_err(), "nothing was declared");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_credentials_take_effect_without_a_restart_and_old_ones_end_at_once() {
    let running = Running::start(|_| {}).await;
    let door = Doorkeeper::start("first").await;
    running
        .apply(&plane("eu", &kubeconfig(&door.address, "first")).to_string())
        .await;
    let live = |wanted: bool| {
        let running = &running;
        async move {
            let row = row(running, "eu").await?;
            if row.live == wanted {
                Ok(row)
            } else {
                Err(format!("{row:?}"))
            }
        }
    };
    let connected = running.until("the plane answers", || live(true)).await;
    assert_eq!(connected.version, "v1.33.2");

    // The token is revoked there; a plane that is declared with it again doesn't answer.
    "second".clone_into(&mut door.token.lock().expect("held briefly"));
    running
        .apply(
            &plane(
                "eu",
                &kubeconfig(&door.address, "first").replace("it\"", "it2\""),
            )
            .to_string(),
        )
        .await;
    let refused = running.until("the plane refuses", || live(false)).await;
    assert!(
        refused.trouble.contains("refuses our credentials"),
        "{refused:?}"
    );

    running
        .apply(&plane("eu", &kubeconfig(&door.address, "second")).to_string())
        .await;
    running
        .until("the plane answers again", || live(true))
        .await;

    // What was sealed stays as it is where the form sends back the mask.
    let who = Identity::in_organization(Kind::DataPlane, "default", "eu");
    let shown = running
        .ports
        .manifests
        .find(&running.viewer, &who)
        .await
        .expect("there");
    let mut manifest = shown.manifest;
    assert_eq!(
        manifest["spec"]["kubernetesCluster"]["kubeconfig"],
        "(sealed)"
    );
    assert!(!shown.yaml.contains("second"));
    manifest["spec"]["registry"]["prefix"] = "registry.acme.dev".into();
    running.apply(&manifest.to_string()).await;
    running
        .until("the plane still answers", || live(true))
        .await;
    let test = running
        .ports
        .planes
        .try_out(&running.viewer, &manifest)
        .await
        .expect("tries with what is stored");
    assert_eq!(test.steps[0].outcome, TestOutcome::Passed, "{test:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plane_is_retired_only_when_no_environment_is_on_it() {
    let running = Running::start(|_| {}).await;
    running
        .apply(&format!("{CART}---{}", workload("cart:1")))
        .await;
    running
        .health(
            "shop",
            "cart",
            "development",
            model::health::Health::Healthy,
        )
        .await;
    let planes = &running.ports.planes;
    let view = planes
        .find(&running.viewer, Kind::DataPlane, "default")
        .await
        .expect("a plane");
    let development = view
        .environments
        .iter()
        .find(|there| there.environment.name == "development")
        .expect("development");
    assert_eq!(development.components[0].component, "cart");
    assert!(development.components[0].objects > 0);
    let own = Identity::in_organization(Kind::DataPlane, "default", "default");
    let refused = running.ports.manifests.delete(&running.viewer, &own).await;
    assert!(
        matches!(&refused, Err(Problem::Invalid { message, .. }) if message.contains("Environment development needs it")),
        "{refused:?}"
    );
    running.apply(&plane("spare", "").to_string()).await;
    planes
        .test(&running.viewer, Kind::DataPlane, "spare")
        .await
        .expect("tests");
    let spare = Identity::in_organization(Kind::DataPlane, "default", "spare");
    running
        .ports
        .manifests
        .delete(&running.viewer, &spare)
        .await
        .expect("deletes");
    running.apply(&plane("spare", "").to_string()).await;
    let tests = planes
        .tests(&running.viewer, Kind::DataPlane, "spare")
        .await;
    assert_eq!(tests.expect("none"), [], "one of the same name begins anew");
}
