//! Apply: what is written, and above all what isn't.

use std::sync::{Arc, Mutex};

use plane::{Change, Class};
use serde_json::{Value, json};
use simulated::{Fault, Harm};

use super::*;

#[tokio::test]
async fn creates_then_writes_nothing_then_only_what_changed() {
    let (cluster, plane) = start().await;
    let objects = [deployment("cart:1"), service(), config("cart", "a")];
    let applied = plane.apply(&objects, &owner()).await.unwrap();
    assert!(
        applied
            .iter()
            .all(|one| one.change == Change::Created && !one.uid.is_empty()),
        "{applied:#?}"
    );
    let kinds: Vec<&str> = applied.iter().map(|one| one.object.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["ConfigMap", "Service", "Deployment"],
        "the order of writes"
    );
    let live = plane.get(&reference(&objects[0])).await.unwrap().unwrap();
    assert_eq!(
        live["metadata"]["labels"]["app.kubernetes.io/managed-by"],
        "troupe"
    );
    assert_eq!(
        live["spec"]["template"]["metadata"]["labels"]["troupe.dev/component"],
        "cart"
    );

    cluster.reset_requests();
    let again = plane.apply(&objects, &owner()).await.unwrap();
    assert!(
        again.iter().all(|one| one.change == Change::Unchanged),
        "{again:#?}"
    );
    assert_eq!(writes(&cluster), 0);

    let changed = [deployment("cart:2"), service(), config("cart", "a")];
    let applied = plane.apply(&changed, &owner()).await.unwrap();
    let fields: Vec<_> = applied.iter().flat_map(|one| one.fields.clone()).collect();
    assert_eq!(fields, ["spec.template.spec.containers[0].image"]);
    assert_eq!(writes(&cluster), 1);
}

#[tokio::test]
async fn one_bad_object_and_nothing_is_written() {
    let (cluster, plane) = start().await;
    let mut bad = deployment("cart:1");
    bad["spec"]["replikas"] = json!(2);
    let mut worse = service();
    worse["spec"]["ports"][0]["port"] = json!(123_456);
    let error = plane
        .apply(&[config("cart", "a"), bad, worse], &owner())
        .await
        .unwrap_err();
    assert_eq!(writes(&cluster), 0);
    assert!(error.applied.is_empty());
    assert_eq!(error.class(), Class::Configuration);
    let text = error.to_string();
    assert!(
        text.contains("Deployment shop/cart: spec.replikas isn't a field of this kind"),
        "{text}"
    );
    assert!(
        text.contains("Service shop/cart: spec.ports[0].port"),
        "all errors at once: {text}"
    );
    assert_eq!(
        plane.get(&reference(&config("cart", "a"))).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn an_immutable_field_says_so() {
    let (_cluster, plane) = start().await;
    plane
        .apply(&[deployment("cart:1")], &owner())
        .await
        .unwrap();
    let mut other = deployment("cart:1");
    other["spec"]["selector"]["matchLabels"] = json!({"app": "basket"});
    other["spec"]["template"]["metadata"]["labels"] = json!({"app": "basket"});
    let error = plane.apply(&[other], &owner()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("spec.selector can't be changed once the object exists"),
        "{error}"
    );
    assert_eq!(error.class(), Class::Configuration);
}

#[tokio::test]
async fn a_new_namespace_goes_before_what_is_in_it() {
    let (cluster, plane) = start().await;
    let mut inside = config("cart", "a");
    inside["metadata"]["namespace"] = json!("fresh");
    let set = [inside.clone(), namespace("fresh")];
    let would = plane.dry_run(&set, &owner()).await.unwrap();
    assert_eq!(writes(&cluster), 0);
    let checked: Vec<_> = would
        .iter()
        .map(|one| (one.object.kind.as_str(), one.change, one.checked))
        .collect();
    assert_eq!(
        checked,
        [
            ("Namespace", Change::Created, true),
            ("ConfigMap", Change::Created, false)
        ]
    );

    let mut bad = deployment("cart:1");
    bad["metadata"]["namespace"] = json!("fresh");
    bad["spec"]["replikas"] = json!(2);
    let set_with_bad = [inside.clone(), bad, namespace("fresh")];
    let error = plane.apply(&set_with_bad, &owner()).await.unwrap_err();
    let left: Vec<_> = error
        .applied
        .iter()
        .map(|one| one.object.to_string())
        .collect();
    assert_eq!(left, ["Namespace fresh"], "no more than an empty namespace");

    let applied = plane.apply(&set, &owner()).await.unwrap();
    assert_eq!(applied.len(), 2);
    assert!(plane.get(&reference(&inside)).await.unwrap().is_some());
}

#[tokio::test]
async fn what_others_changed_is_taken_back_and_told() {
    let (cluster, plane) = start().await;
    plane
        .apply(&[deployment("cart:1")], &owner())
        .await
        .unwrap();
    meddle(&cluster, deployment("cart:evil"), "kubectl-edit").await;
    let applied = plane
        .apply(&[deployment("cart:1")], &owner())
        .await
        .unwrap();
    let taken = &applied[0].took_back;
    assert!(
        taken
            .iter()
            .any(|(field, manager)| field.contains("image") && manager == "kubectl-edit"),
        "{taken:?}"
    );
    let live = plane
        .get(&reference(&deployment("")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        live["spec"]["template"]["spec"]["containers"][0]["image"],
        "cart:1"
    );
}

#[tokio::test]
async fn an_autoscalers_replicas_are_left_to_it() {
    let (cluster, plane) = start().await;
    plane
        .apply(&[deployment("cart:1")], &owner())
        .await
        .unwrap();
    let scale = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart", "namespace": "shop"}, "spec": {"replicas": 4}});
    meddle(&cluster, scale, "kube-controller-manager").await;
    let applied = plane
        .apply(&[deployment("cart:2")], &owner())
        .await
        .unwrap();
    assert_eq!(applied[0].left, ["spec.replicas"]);
    assert!(applied[0].took_back.is_empty(), "{applied:#?}");
    let live = plane
        .get(&reference(&deployment("")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live["spec"]["replicas"], 4);
    assert_eq!(
        live["spec"]["template"]["spec"]["containers"][0]["image"],
        "cart:2"
    );
}

#[tokio::test]
async fn another_bindings_object_is_not_taken_over() {
    let (cluster, plane) = start().await;
    plane.apply(&[config("cart", "a")], &owner()).await.unwrap();
    cluster.reset_requests();
    let other = plane::Owner {
        binding: "another".into(),
        ..owner()
    };
    let error = plane
        .apply(&[config("cart", "b")], &other)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("ConfigMap shop/cart: it belongs to another binding"),
        "{error}"
    );
    assert_eq!(writes(&cluster), 0);
    plane
        .apply(&[namespace("shop")], &other)
        .await
        .expect("namespaces are shared");
    assert_eq!(writes(&cluster), 0, "and nobody's labels are on them");
}

#[tokio::test]
async fn unknown_kinds_and_duplicates_are_refused() {
    let (cluster, plane) = start().await;
    let thing = json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "t", "namespace": "shop"}});
    let error = plane.apply(&[thing], &owner()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the plane has no kind Thing of example.com/v1"),
        "{error}"
    );
    assert_eq!(error.class(), Class::Configuration);
    let error = plane
        .apply(&[config("cart", "a"), config("cart", "b")], &owner())
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("it is in the set twice"),
        "{error}"
    );
    let nameless: Value =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": "shop"}});
    let error = plane.apply(&[nameless], &owner()).await.unwrap_err();
    assert!(
        error.to_string().contains("metadata.name is missing"),
        "{error}"
    );
    assert_eq!(writes(&cluster), 0);
}

#[tokio::test]
async fn a_server_in_trouble_is_a_transient_failure() {
    let (cluster, plane) = start().await;
    for code in [429, 500, 503] {
        cluster.fail_next(Fault::new(Harm::Error(code)).on("PATCH", "configmaps"));
        let error = plane
            .apply(&[config("cart", "a")], &owner())
            .await
            .unwrap_err();
        assert_eq!(error.class(), Class::Transient, "{code}: {error}");
    }
    assert!(plane.apply(&[config("cart", "a")], &owner()).await.is_ok());
}

#[tokio::test]
async fn a_lost_answer_is_found_out_by_applying_again() {
    let (cluster, plane) = start().await;
    let objects = [config("a", "1"), config("b", "1"), config("c", "1")];
    // Written, but nobody heard of it: two dry runs and writes of a go through, then b's.
    plane.apply(&objects[..1], &owner()).await.unwrap();
    plane.dry_run(&objects, &owner()).await.unwrap();
    cluster.reset_requests();
    cluster.fail_next(Fault::new(Harm::LoseAnswer).on("PATCH", "configmaps/b"));
    let error = plane.apply(&objects, &owner()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreachable, "{error}");
    let applied = plane.apply(&objects, &owner()).await.unwrap();
    let changes: Vec<_> = applied.iter().map(|one| one.change).collect();
    assert_eq!(
        changes,
        [Change::Unchanged, Change::Created, Change::Created]
    );
    assert_eq!(writes(&cluster), 2, "each was written once");
}

/// A server that has custom resource definitions, which the simulated cluster has not: it
/// serves `Thing` a few looks after its definition was written.
fn with_definitions(asked: Arc<Mutex<Vec<String>>>) -> kube::Client {
    let service = tower::service_fn(move |request: http::Request<kube::client::Body>| {
        let asked = Arc::clone(&asked);
        async move {
            let (parts, body) = request.into_parts();
            let what = format!("{} {}", parts.method, parts.uri);
            asked.lock().unwrap().push(what.clone());
            let body = body.collect_bytes().await?;
            let answer = answer(&what, &asked.lock().unwrap(), &body);
            let (code, answer) = match answer {
                Some(answer) => (200, answer),
                None => (
                    404,
                    json!({"kind": "Status", "status": "Failure", "code": 404, "reason": "NotFound"}),
                ),
            };
            let body = kube::client::Body::from(serde_json::to_vec(&answer)?);
            Ok::<_, tower::BoxError>(http::Response::builder().status(code).body(body)?)
        }
    });
    kube::Client::new(service, "default")
}

fn answer(what: &str, asked: &[String], body: &[u8]) -> Option<Value> {
    let is_definition =
        |w: &String| w.starts_with("PATCH /apis/apiextensions.k8s.io/") && !w.contains("dryRun");
    let defined = asked.iter().position(is_definition);
    let looks = defined.map_or(0, |at| {
        asked[at..]
            .iter()
            .filter(|w| *w == "GET /apis/example.com/v1")
            .count()
    });
    let kind = |name: &str, kind: &str, namespaced: bool| json!({"resources": [{"name": name, "kind": kind, "namespaced": namespaced}]});
    match what {
        "GET /apis/apiextensions.k8s.io/v1" => Some(kind(
            "customresourcedefinitions",
            "CustomResourceDefinition",
            false,
        )),
        "GET /apis/example.com/v1" if looks >= 3 => Some(kind("things", "Thing", true)),
        other if other.starts_with("PATCH") => serde_json::from_slice(body).ok(),
        _ => None,
    }
}

#[tokio::test]
async fn a_definition_and_what_it_defines_in_one_set() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let client = with_definitions(Arc::clone(&asked));
    let plane = Plane::connect_with("mock", Access::Client(client), fast()).unwrap();
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "things.example.com"},
        "spec": {"group": "example.com", "names": {"plural": "things", "kind": "Thing"}, "versions": [{"name": "v1"}]}
    });
    let thing = json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "t", "namespace": "shop"}});
    let applied = plane.apply(&[thing, definition], &owner()).await.unwrap();
    assert_eq!(applied.len(), 2, "{applied:#?}");
    let asked = asked.lock().unwrap();
    let things: Vec<bool> = asked
        .iter()
        .filter(|w| w.starts_with("PATCH"))
        .map(|w| w.contains("/things/t"))
        .collect();
    assert_eq!(
        things,
        [false, false, true, true],
        "first the definition, then its thing: {asked:?}"
    );
}
