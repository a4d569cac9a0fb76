//! New versions, states, restarts, runs, and many at once, down to what the plane holds of it.

use control::{Settings, registry::Registries};
use model::{
    health::Health,
    identity::Identity,
    kind::Kind,
    port::Sending,
    problem::Problem,
    view::{Action, Bulk, Checked, Deed, EnvironmentCard, NewVersion, ObjectNode, Paging},
};
use serde_json::json;

use crate::{
    Running, cluster,
    declare::{CART, workload},
    postgres, registry, sent,
};

const REPORT: &str = r#"
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: report}
spec: {owner: {projectName: shop}, type: ScheduledTask}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ScheduledTask
metadata: {name: report}
spec: {owner: {projectName: shop, componentName: report}, workloadName: report}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: report}
spec:
  owner: {projectName: shop, componentName: report}
  containers: {main: {image: "report:1"}}
"#;

fn quiet(settings: &mut Settings) {
    settings.registry_check = false;
}

async fn cart() -> Running {
    let running = Running::start(quiet).await;
    running
        .apply(&format!("{CART}---{}", workload("cart:1")))
        .await;
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    running
}

fn image(image: &str) -> NewVersion {
    NewVersion {
        image: image.into(),
        ..NewVersion::default()
    }
}

impl Running {
    async fn act(&self, component: &str, action: Action) -> Result<model::view::Acted, Problem> {
        let delivery = &self.ports.delivery;
        delivery
            .act(&self.viewer, "shop", component, "development", action)
            .await
    }

    /// All live objects of a component, flat.
    async fn objects(&self, component: &str) -> Result<Vec<ObjectNode>, String> {
        let components = &self.ports.components;
        let view = components
            .runtime(&self.viewer, "shop", component, "development")
            .await;
        let mut left = view.map_err(|error| error.to_string())?.objects;
        let mut all = Vec::new();
        while let Some(mut node) = left.pop() {
            left.append(&mut node.children);
            all.push(node);
        }
        Ok(all)
    }

    async fn named(&self, component: &str, kind: &str) -> Result<Vec<String>, String> {
        let all = self.objects(component).await?.into_iter();
        let mut names: Vec<String> = all
            .filter(|node| node.kind == kind)
            .map(|node| node.name)
            .collect();
        names.sort();
        Ok(names)
    }

    async fn card(&self, component: &str) -> EnvironmentCard {
        let components = &self.ports.components;
        let view = components
            .find(&self.viewer, "shop", component)
            .await
            .expect("is there");
        let mut cards = view.environments.into_iter();
        cards
            .find(|card| card.environment.name == "development")
            .expect("a card")
    }

    /// Waits until the newest release is that one, and healthy.
    async fn released(&self, component: &str, number: i64) -> EnvironmentCard {
        self.until(&format!("release {number} of {component}"), || async {
            let card = self.card(component).await;
            if card.release == Some(number) && card.health == Health::Healthy {
                Ok(card)
            } else {
                Err(format!("{card:?}"))
            }
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_image_is_another_artifact_and_the_same_is_the_same() {
    let running = cart().await;
    let delivery = &running.ports.delivery;
    let version = NewVersion {
        commit: "0f3e".into(),
        ..image("cart:2")
    };
    let shipped = delivery
        .ship(&running.viewer, "shop", "cart", &version)
        .await
        .expect("ships");
    assert!(shipped.made);
    assert_eq!(shipped.artifact.number, 2);
    assert_eq!(
        shipped.artifact.by, "ana",
        "people are named, not a reconciler"
    );
    assert_eq!(shipped.goes_to, ["development"]);
    assert_eq!(shipped.check.checked, Checked::Off);
    let again = delivery
        .ship(&running.viewer, "shop", "cart", &version)
        .await
        .expect("ships");
    assert!(!again.made);
    assert_eq!(again.artifact.number, 2);
    let card = running.released("cart", 2).await;
    assert_eq!((card.artifact, card.version.as_str()), (Some(2), "2"));
    // Going back to what was before is the artifact from before.
    let back = delivery
        .ship(&running.viewer, "shop", "cart", &image("cart:1"))
        .await;
    let back = back.expect("ships");
    assert_eq!((back.made, back.artifact.number), (false, 1));
    assert_eq!(running.released("cart", 3).await.artifact, Some(1));
    let own = Identity::in_component(Kind::Workload, "default", "shop", "cart", "cart");
    let kept = running
        .ports
        .manifests
        .find(&running.viewer, &own)
        .await
        .expect("is there");
    assert_eq!(
        kept.manifest["metadata"]["annotations"]["troupe.dev/commit"],
        "0f3e"
    );
    assert_eq!(kept.history[0].by, "ana");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_shipped_is_said_with_its_field() {
    let running = cart().await;
    let delivery = &running.ports.delivery;
    let refused = async |component: &str, version: NewVersion| {
        let shipped = delivery
            .ship(&running.viewer, "shop", component, &version)
            .await;
        match shipped.expect_err("refused") {
            Problem::Invalid { faults, .. } => faults[0].path.clone(),
            other => other.code().to_owned(),
        }
    };
    assert_eq!(refused("cart", image("Not An Image")).await, "image");
    assert_eq!(refused("crat", image("cart:2")).await, "not-found");
    let version = NewVersion {
        container: "mian".into(),
        ..image("cart:2")
    };
    assert_eq!(refused("cart", version).await, "container");
    let mut member = running.viewer.clone();
    member.administrator = false;
    let refusal = delivery
        .ship(&member, "shop", "cart", &image("cart:2"))
        .await;
    assert!(matches!(refusal, Err(Problem::Refused(_))));
    assert_eq!(running.card("cart").await.artifact, Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_pins_the_digest_and_tells_of_a_tag_that_is_not_there() {
    let running = Running::start(|_| {}).await;
    let host = registry::serve(&[("1.2.0", 'a'), ("1.2.1", 'b'), ("latest", 'b')]).await;
    let cart = |tag: &str| format!("{host}/acme/cart:{tag}");
    running
        .apply(&format!("{CART}---{}", workload(&cart("1.2.0"))))
        .await;
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    let delivery = &running.ports.delivery;
    let ship = async |tag: &str| {
        delivery
            .ship(&running.viewer, "shop", "cart", &image(&cart(tag)))
            .await
    };
    let shipped = ship("1.2.1").await.expect("ships");
    assert_eq!(
        shipped.check.checked,
        Checked::Found,
        "{}",
        shipped.check.says
    );
    let pinned = format!("{}@{}", cart("1.2.1"), registry::digest('b'));
    assert_eq!(
        shipped.artifact.images,
        [("main".to_owned(), pinned.clone())]
    );
    assert_eq!(shipped.artifact.version, "1.2.1", "people read the tag");
    let again = ship("1.2.1").await.expect("ships");
    assert_eq!(
        (again.made, again.artifact.number),
        (false, shipped.artifact.number)
    );
    let by_digest = image(&pinned);
    let same = delivery
        .ship(&running.viewer, "shop", "cart", &by_digest)
        .await
        .expect("ships");
    assert_eq!(
        (same.made, same.artifact.number),
        (false, shipped.artifact.number)
    );

    let Err(Problem::Invalid { faults, .. }) = ship("1.2.2").await else {
        panic!("a tag that isn't there was taken")
    };
    assert_eq!(faults[0].path, "image");
    assert!(faults[0].remedy.contains("1.2.1"), "{}", faults[0].remedy);
    let artifacts = running
        .ports
        .components
        .artifacts(&running.viewer, "shop", "cart", &Paging::default())
        .await
        .expect("artifacts");
    assert_eq!(artifacts.total, 2, "nothing was made of what isn't there");
}

#[tokio::test]
async fn a_registry_that_cannot_be_asked_is_nobodys_fault() {
    let registries = Registries::new(true);
    // Nothing listens there.
    let silent = "127.0.0.1:9/acme/cart:1";
    let check = registries.check(silent, "").await.expect("taken");
    assert_eq!(
        (check.image.as_str(), check.checked),
        (silent, Checked::Unknown)
    );
    assert!(check.says.contains("can't be reached"), "{}", check.says);
    let before = format!("{silent}@{}", registry::digest('c'));
    let check = registries.check(silent, &before).await.expect("taken");
    assert_eq!(check.image, before, "what was pinned stays pinned");
    // One that accepts and never answers costs seconds, not the request.
    let mute = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = mute.local_addr().expect("an address");
    let begun = std::time::Instant::now();
    let check = registries
        .check(&format!("{address}/acme/cart:1"), "")
        .await
        .expect("taken");
    assert_eq!(check.checked, Checked::Unknown);
    assert!(begun.elapsed().as_secs() < 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_makes_new_pods_and_is_not_taken_back_by_what_is_applied_later() {
    restarted(&cart().await).await;
}

/// Restarts the cart, wherever it runs.
pub(crate) async fn restarted(running: &Running) {
    let before = running.named("cart", "Pod").await.expect("pods");
    assert_eq!(before.len(), 1);
    let acted = running
        .act("cart", Action::Restart)
        .await
        .expect("restarts");
    assert_eq!(
        (acted.by.as_str(), acted.environment.as_str()),
        ("ana", "development")
    );
    running.released("cart", 2).await;
    let after = running
        .until("new pods alone", || async {
            let pods = running.named("cart", "Pod").await?;
            if pods.len() == 1 && pods != before {
                Ok(pods)
            } else {
                Err(format!("{pods:?}"))
            }
        })
        .await;
    let components = &running.ports.components;
    let view = components
        .find(&running.viewer, "shop", "cart")
        .await
        .expect("is there");
    assert_eq!(view.deployments[0].by, "ana");
    assert_eq!(view.artifacts.len(), 1, "a restart is no new artifact");
    // Something else changes: the restart stays in the release, and nothing rolls for its sake.
    running
        .act("cart", Action::Suspend)
        .await
        .expect("suspends");
    running.act("cart", Action::Resume).await.expect("resumes");
    let release = running
        .until("a later release", || async {
            let card = running.card("cart").await;
            let number = card.release.filter(|number| *number > 2).ok_or("not yet")?;
            let found = components.release(&running.viewer, "shop", "cart", "development", number);
            found.await.map_err(|error| error.to_string())
        })
        .await;
    let annotated = |objects: &[model::view::ObjectYaml]| {
        objects
            .iter()
            .any(|object| object.yaml.contains("troupe.dev/restarted-at"))
    };
    assert!(annotated(&release.objects));
    assert_ne!(after, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_suspended_stands_still_and_what_is_undeployed_is_gone() {
    let running = cart().await;
    running
        .act("cart", Action::Suspend)
        .await
        .expect("suspends");
    running
        .health("shop", "cart", "development", Health::Suspended)
        .await;
    running
        .until("no pods", || async {
            let pods = running.named("cart", "Pod").await?;
            if pods.is_empty() {
                Ok(())
            } else {
                Err(format!("{pods:?}"))
            }
        })
        .await;
    let again = running.act("cart", Action::Suspend).await.expect_err("no");
    assert!(again.to_string().contains("suspended already"), "{again}");
    let restart = running.act("cart", Action::Restart).await.expect_err("no");
    assert!(restart.to_string().contains("resume it first"), "{restart}");
    let run = running.act("cart", Action::Run).await.expect_err("no");
    assert!(run.to_string().contains("Only scheduled tasks"), "{run}");
    running.act("cart", Action::Resume).await.expect("resumes");
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;

    running
        .act("cart", Action::Undeploy)
        .await
        .expect("undeploys");
    running
        .until("nothing on the plane", || async {
            let left = running.objects("cart").await?;
            if left.is_empty() {
                Ok(())
            } else {
                Err(format!("{left:?}"))
            }
        })
        .await;
    assert_eq!(
        running.card("cart").await.artifact,
        Some(1),
        "what should run is known"
    );
    running
        .act("cart", Action::Resume)
        .await
        .expect("comes back");
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_run_by_hand_is_a_job_of_its_cron_job_once() {
    let running = cart().await;
    ran(&running).await;
    let components = &running.ports.components;
    let question = model::port::LogQuestion {
        project: "shop".into(),
        component: "report".into(),
        environment: "development".into(),
        ..model::port::LogQuestion::default()
    };
    running
        .until("its log", || async {
            let log = components.log(&running.viewer, &question).await;
            let log = log.map_err(|error| error.to_string())?;
            if log.lines.is_empty() {
                Err("no lines".into())
            } else {
                Ok(())
            }
        })
        .await;
}

/// Runs a task by hand, wherever it is.
pub(crate) async fn ran(running: &Running) {
    running.apply(REPORT).await;
    running
        .health("shop", "report", "development", Health::Healthy)
        .await;
    let acted = running.act("report", Action::Run).await.expect("runs");
    assert!(acted.job.starts_with("report-run-"), "{}", acted.job);
    let components = &running.ports.components;
    running
        .until("the Job and its pod under the CronJob", || async {
            let view = components
                .runtime(&running.viewer, "shop", "report", "development")
                .await
                .map_err(|error| error.to_string())?;
            let cron_job = view.objects.iter().find(|node| node.kind == "CronJob");
            let cron_job = cron_job.ok_or("no CronJob")?;
            let job = cron_job.children.iter().find(|job| job.name == acted.job);
            let job = job.ok_or_else(|| format!("{cron_job:?}"))?;
            if job.children.iter().any(|pod| pod.kind == "Pod") {
                Ok(())
            } else {
                Err(format!("{job:?}"))
            }
        })
        .await;
    let view = running
        .ports
        .delivery
        .binding(&running.viewer, "shop", "report", "development", None)
        .await
        .expect("a binding");
    assert_eq!(view.runs.len(), 1);
    assert!(
        view.runs[0].made && view.runs[0].trouble.is_empty(),
        "{:?}",
        view.runs
    );
    assert_eq!(
        running.named("report", "Job").await.expect("jobs"),
        [acted.job]
    );
    let no = running
        .act("report", Action::Restart)
        .await
        .expect_err("no");
    assert!(no.to_string().contains("starts anew"), "{no}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_binding_tells_what_class_artifact_and_environment_say_and_what_is_locked() {
    let running = cart().await;
    let delivery = &running.ports.delivery;
    let find = || delivery.binding(&running.viewer, "shop", "cart", "development", None);
    let view = find().await.expect("a binding");
    assert!(view.version > 0);
    let replicas = view
        .settings
        .iter()
        .find(|setting| setting.key == "replicas");
    let replicas = replicas.expect("replicas");
    assert_eq!(
        (replicas.class.as_str(), replicas.locked.as_str()),
        ("1", "")
    );
    let image = view
        .settings
        .iter()
        .find(|setting| setting.key == "image")
        .expect("an image");
    assert_eq!(
        (image.container.as_str(), image.artifact.as_str()),
        ("main", "cart:1")
    );
    // An environment that nothing was brought to yet has the binding that would be made.
    let staging = delivery
        .binding(&running.viewer, "shop", "cart", "staging", None)
        .await;
    let staging = staging.expect("a draft");
    assert_eq!(
        (staging.version, staging.identity.name.as_str()),
        (0, "cart-staging")
    );
    assert_eq!(staging.manifest["spec"]["artifact"], 1);

    let overridden = |replicas: i64| {
        let mut manifest = view.manifest.clone();
        manifest["spec"]["overrides"] = json!({"replicas": replicas});
        Sending::text("", &manifest.to_string())
    };
    let manifests = &running.ports.manifests;
    let two = manifests
        .apply(&running.viewer, &overridden(2))
        .await
        .expect("applies");
    assert_eq!(two.faults, []);
    running
        .until("two pods", || async {
            let card = running.card("cart").await;
            if card.ready == 2 {
                Ok(())
            } else {
                Err(format!("{card:?}"))
            }
        })
        .await;
    let (class, _) = view.class.expect("a class");
    let mut locked = manifests
        .find(&running.viewer, &class)
        .await
        .expect("is there")
        .manifest;
    locked["metadata"]["annotations"]["troupe.dev/locks"] = "replica".into();
    let typo = manifests
        .apply(&running.viewer, &sent(&locked.to_string()))
        .await
        .expect("reads");
    assert!(
        typo.faults[0].message.contains("can't be locked"),
        "{:?}",
        typo.faults
    );
    locked["metadata"]["annotations"]["troupe.dev/locks"] = "replicas, resources".into();
    running.apply(&locked.to_string()).await;
    let replicas = find().await.expect("a binding").settings.swap_remove(0);
    assert!(
        replicas.locked.contains("ServiceClass default"),
        "{}",
        replicas.locked
    );
    assert!(replicas.locked.contains("ana"), "{}", replicas.locked);
    let refused = manifests
        .apply(&running.viewer, &overridden(3))
        .await
        .expect("reads");
    assert!(
        refused.faults[0].path.ends_with("spec.overrides.replicas"),
        "{:?}",
        refused.faults
    );
    let same = manifests
        .apply(&running.viewer, &overridden(2))
        .await
        .expect("applies");
    assert_eq!(same.faults, [], "what was there before the lock may stay");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_are_listed_first_and_done_at_once_if_it_is_still_that() {
    let running = cart().await;
    running.apply(REPORT).await;
    running
        .health("shop", "report", "development", Health::Healthy)
        .await;
    let delivery = &running.ports.delivery;
    let mut bulk = Bulk {
        deed: Deed::Suspend,
        components: vec!["cart".into(), "report".into()],
        environment: String::new(),
    };
    let ask = async |bulk: &Bulk, shown: Option<&str>| {
        delivery
            .bulk(&running.viewer, "shop", bulk, shown)
            .await
            .expect("lists")
    };
    let listed = ask(&bulk, None).await;
    assert!(!listed.done);
    assert_eq!(listed.rows.iter().filter(|row| row.does).count(), 2);
    assert_eq!(
        running.card("cart").await.health,
        Health::Healthy,
        "listing does nothing"
    );
    assert!(!ask(&bulk, Some("something else")).await.done);
    assert!(ask(&bulk, Some(&listed.shown)).await.done);
    running
        .health("shop", "cart", "development", Health::Suspended)
        .await;
    running
        .health("shop", "report", "development", Health::Suspended)
        .await;
    // The same again is something else now: nothing is left to do.
    assert!(!ask(&bulk, Some(&listed.shown)).await.done);

    bulk.deed = Deed::Resume;
    let listed = ask(&bulk, None).await;
    assert!(ask(&bulk, Some(&listed.shown)).await.done);
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    bulk.deed = Deed::Restart;
    let listed = ask(&bulk, None).await;
    let can: Vec<bool> = listed.rows.iter().map(|row| row.does).collect();
    assert_eq!(
        can,
        [true, false],
        "tasks aren't restarted: {:?}",
        listed.rows
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_class_version_reaches_those_who_are_chosen_and_no_other() {
    let running = cart().await;
    let manifests = &running.ports.manifests;
    let class = Identity::in_organization(Kind::ServiceClass, "default", "default");
    let mut edited = manifests
        .find(&running.viewer, &class)
        .await
        .expect("is there")
        .manifest;
    edited["spec"]["deploymentTemplate"]["replicas"] = 2.into();
    running.apply(&edited.to_string()).await;
    let bulk = Bulk {
        deed: Deed::Class,
        components: vec!["cart".into()],
        environment: String::new(),
    };
    let delivery = &running.ports.delivery;
    let ask = async |shown: Option<&str>| {
        delivery
            .bulk(&running.viewer, "shop", &bulk, shown)
            .await
            .expect("lists")
    };
    let listed = ask(None).await;
    assert!(
        listed.rows[0].says.contains("v2 in place of v1"),
        "{:?}",
        listed.rows
    );
    assert_eq!(listed.rows[0].environment, "development");
    assert_eq!(
        running.card("cart").await.artifact,
        Some(1),
        "never silently"
    );
    assert!(ask(Some(&listed.shown)).await.done);
    let card = running.released("cart", 2).await;
    assert_eq!((card.artifact, card.wanted), (Some(2), 2));
    let listed = ask(None).await;
    assert!(!listed.rows[0].does, "{:?}", listed.rows);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarts_runs_and_many_at_once_on_postgres_too() {
    let url = postgres::database().await;
    let running = Running::start(|settings| {
        quiet(settings);
        settings.database_url = url;
    })
    .await;
    running
        .apply(&format!("{CART}---{}", workload("cart:1")))
        .await;
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    restarted(&running).await;
    ran(&running).await;
    let bulk = Bulk {
        deed: Deed::Suspend,
        components: vec!["cart".into()],
        environment: String::new(),
    };
    let delivery = &running.ports.delivery;
    let listed = delivery
        .bulk(&running.viewer, "shop", &bulk, None)
        .await
        .expect("lists");
    let done = delivery
        .bulk(&running.viewer, "shop", &bulk, Some(&listed.shown))
        .await;
    assert!(done.expect("is done").done);
    running
        .health("shop", "cart", "development", Health::Suspended)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarts_and_runs_on_a_real_api_server_too() {
    let running = Running::start(quiet).await;
    running.apply(&cluster::plane(&cluster::kubeconfig())).await;
    running
        .apply(&format!("{CART}---{}", workload("cart:1")))
        .await;
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    restarted(&running).await;
    ran(&running).await;
    let shop = Identity::in_organization(Kind::Project, "default", "shop");
    let manifests = &running.ports.manifests;
    manifests
        .delete(&running.viewer, &shop)
        .await
        .expect("goes");
    running
        .until("nothing of it is declared", || async {
            match manifests.find(&running.viewer, &shop).await {
                Err(Problem::NotFound { .. }) => Ok(()),
                other => Err(format!("{other:?}")),
            }
        })
        .await;
}
