//! The REST API: what its document says, and what it answers.

use std::collections::BTreeSet;

use http::{Method, Request, StatusCode};
use serde_json::json;

use crate::support::{As, CART, Site, filled, places};

#[tokio::test]
async fn the_document_tells_every_route_and_no_other() {
    let site = Site::new().await;
    let answer = site.get("/api/v1/openapi.json", &As::Nobody).await;
    assert_eq!(answer.status, StatusCode::OK);
    let document = answer.json();
    assert!(
        document["openapi"]
            .as_str()
            .expect("a version")
            .starts_with("3.1")
    );
    let told: BTreeSet<String> = document["paths"]
        .as_object()
        .expect("paths")
        .keys()
        .map(|path| format!("/api/v1{path}"))
        .collect();
    let routes = site.routes().into_iter();
    let real: BTreeSet<String> = routes
        .filter(|route| route.starts_with("/api/v1/") && route != "/api/v1/openapi.json")
        .collect();
    assert_eq!(told, real);
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let name = operation["operationId"].as_str().expect("a name");
            assert!(names.insert(name.to_owned()), "{name} stands there twice");
            assert!(
                operation["responses"]
                    .as_object()
                    .is_some_and(|r| !r.is_empty())
            );
            let told = operation["summary"]
                .as_str()
                .or(operation["description"].as_str());
            assert!(
                told.is_some_and(|text| !text.is_empty()),
                "{method} {path} says nothing"
            );
            for part in path
                .split('/')
                .filter_map(|p| p.strip_prefix('{')?.strip_suffix('}'))
            {
                let parameters = operation["parameters"].as_array().expect("parameters");
                let known = parameters
                    .iter()
                    .any(|p| p["name"] == part && p["in"] == "path");
                assert!(known, "{method} {path} doesn't tell of {part}");
            }
        }
    }
}

#[tokio::test]
async fn every_get_answers_an_administrator_and_knows_its_tag() {
    let site = Site::new().await;
    site.declare(CART).await;
    site.declare(&places()).await;
    let who = site.machine().await;
    for route in site.routes() {
        let path = filled(&route);
        let release =
            route.contains("{number}") || route.ends_with("/logs") || route.ends_with("/runtime");
        if !path.starts_with("/api/v1/") || path.ends_with("/events") || release {
            continue; // Nothing reconciles here: there are no releases and no pods.
        }
        if [
            "/apply",
            "/preview",
            "/state",
            "/restarts",
            "/runs",
            "/bulk",
        ]
        .iter()
        .any(|last| route.ends_with(last))
        {
            continue; // Nothing is read there.
        }
        let path = match route.as_str() {
            "/api/v1/classes/impact" | "/api/v1/classes/{kind}/{name}/rollouts" => continue,
            class if class.starts_with("/api/v1/classes/{kind}") => {
                path.replace("/projects/shop", "/serviceclasses/default")
            }
            _ => path,
        };
        let answer = site.get(&path, &who).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json();
        let tag = answer.header("etag");
        if tag.is_empty() {
            assert_eq!(path, "/api/v1/openapi.json");
            continue;
        }
        let request = who.sign(Request::get(&path)).header("if-none-match", tag);
        let again = site
            .send(request.body(axum::body::Body::empty()).expect("a request"))
            .await;
        assert_eq!(
            (again.status, again.text.as_str()),
            (StatusCode::NOT_MODIFIED, ""),
            "{path}"
        );
    }
}

#[tokio::test]
async fn manifests_go_in_and_come_out() {
    let site = Site::new().await;
    let who = site.machine().await;
    let plan = site
        .call(Method::POST, "/api/v1/apply?dryRun=true", &who, CART)
        .await
        .json();
    assert_eq!(
        (
            plan["applied"].as_bool(),
            plan["rows"].as_array().map(Vec::len)
        ),
        (Some(false), Some(4))
    );
    site.get("/api/v1/projects/shop", &who).await.problem(404);
    let done = site
        .call(Method::POST, "/api/v1/apply", &who, CART)
        .await
        .json();
    assert_eq!(done["applied"], true);
    let again = site
        .call(Method::POST, "/api/v1/apply", &who, CART)
        .await
        .json();
    let rows = again["rows"].as_array().expect("rows").iter();
    assert!(
        rows.clone().all(|row| row["change"] == "Unchanged"),
        "{again}"
    );
    let workload = "/api/v1/resources/workloads/cart?project=shop&component=cart";
    let manifest = site.get(workload, &who).await.json();
    assert_eq!(manifest["spec"]["containers"]["main"]["image"], "cart:1");
    let request = who
        .sign(Request::get(workload))
        .header("accept", "application/yaml");
    let yaml = site
        .send(request.body(axum::body::Body::empty()).expect("a request"))
        .await;
    assert_eq!(yaml.header("content-type"), "application/yaml");
    let again = site
        .call(Method::POST, "/api/v1/apply?dryRun=true", &who, &yaml.text)
        .await;
    assert_eq!(
        again.status,
        StatusCode::OK,
        "what comes out goes in: {}",
        again.text
    );
    let preview = "/api/v1/resources/components/cart?project=shop&dryRun=true";
    let goes = site.call(Method::DELETE, preview, &who, "").await;
    assert_eq!(goes.status, StatusCode::OK, "{}", goes.text);
    assert_eq!(
        site.get("/api/v1/projects/shop/components/cart", &who)
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_class_tells_who_uses_it_what_an_edit_would_do_and_is_rolled_out() {
    let site = Site::new().await;
    let who = site.machine().await;
    site.declare(CART).await;
    let class = "/api/v1/classes/serviceclasses/default";
    let view = site.get(class, &who).await.json();
    assert_eq!(view["row"]["version"], 1);
    assert_eq!(view["users"]["items"][0]["component"], "cart");
    let edit = "apiVersion: openchoreo.dev/v1alpha1\nkind: ServiceClass\n\
        metadata: {name: default}\nspec: {deploymentTemplate: {replicas: 3}}\n";
    let seen = site
        .call(Method::POST, "/api/v1/classes/impact", &who, edit)
        .await
        .json();
    assert_eq!(
        (&seen["version"], &seen["rows"]["total"]),
        (&json!(2), &json!(1))
    );
    let wrong = edit.replace("replicas", "replica");
    let faults = site
        .call(Method::POST, "/api/v1/classes/impact", &who, &wrong)
        .await
        .problem(422);
    assert_eq!(faults["faults"][0]["remedy"], "Did you mean `replicas`?");

    let rollouts = format!("{class}/rollouts");
    let order = r#"{"components": [["shop", "cart"]]}"#;
    let made = site.call(Method::POST, &rollouts, &who, order).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.header("location"), "/classes/serviceclasses/default");
    assert_eq!(made.json()["chosen"], 1);
    for bad in [
        "",
        "[]",
        "{}",
        r#"{"components": [["shop", "carp"]]}"#,
        r#"{"compnents": []}"#,
        r#"{"all": true, "version": 7}"#,
        r#"{"all": true, "components": [["shop", "cart"]]}"#,
    ] {
        site.call(Method::POST, &rollouts, &who, bad)
            .await
            .problem(422);
    }
    site.get("/api/v1/classes/projects/shop", &who)
        .await
        .problem(404);
    site.member().await;
    let member = site.member_machine().await;
    site.call(Method::POST, &rollouts, &member, order)
        .await
        .problem(403);
}

#[tokio::test]
async fn faults_come_all_at_once_with_their_places() {
    let site = Site::new().await;
    let who = site.machine().await;
    let text = CART
        .replace("type: Service", "type: Servce")
        .replace("port: 8080", "port: 80800");
    let answer = site
        .call(Method::POST, "/api/v1/apply?file=cart.yaml", &who, &text)
        .await;
    let body = answer.problem(422);
    let faults = body["faults"].as_array().expect("faults");
    assert_eq!(faults.len(), 2, "{body}");
    for fault in faults {
        assert_eq!(fault["file"], "cart.yaml");
        assert!(fault["line"].as_u64().is_some_and(|line| line > 0));
        assert!(
            fault["path"]
                .as_str()
                .is_some_and(|path| path.contains(": spec.")),
            "{fault}"
        );
    }
    site.get("/api/v1/projects/shop", &who).await.problem(404);
}

#[tokio::test]
async fn every_refusal_is_problem_details() {
    let site = Site::new().await;
    let who = site.machine().await;
    assert_eq!(
        site.get("/api/v1/nothing", &who).await.problem(404)["code"],
        "not-found"
    );
    site.get("/api/v1/resources/nothings", &who)
        .await
        .problem(404);
    site.get("/api/v1/resources/projects/nothing", &who)
        .await
        .problem(404);
    site.get("/api/v1/projects?limit=x", &who)
        .await
        .problem(400);
    let path = "/api/v1/projects/shop/components/cart/releases/development/x";
    site.get(path, &who).await.problem(400);
    site.call(Method::POST, "/api/v1/apply", &who, "")
        .await
        .problem(422);
    let wrong = site.call(Method::PUT, "/api/v1/planes", &who, "").await;
    wrong.problem(405);
    assert!(wrong.header("allow").contains("GET"));
}

#[tokio::test]
async fn figures_are_for_operators() {
    let site = Site::new().await;
    let who = site.machine().await;
    site.get("/api/v1/whoami", &who).await;
    site.get("/made/up", &who).await;
    site.call(
        Method::from_bytes(b"MADEUP").expect("a method"),
        "/api/v1/whoami",
        &who,
        "",
    )
    .await;
    let text = site.get("/metrics", &who).await.text;
    for wanted in [
        "troupe_http_requests_total{route=\"/api/v1/whoami\",method=\"GET\",status=\"200\"} 1",
        "troupe_http_duration_seconds_bucket",
        "troupe_queue_depth",
        "troupe_queue_oldest_seconds",
        "method=\"other\"",
        "# EOF",
    ] {
        assert!(text.contains(wanted), "{wanted} isn't in\n{text}");
    }
    assert!(
        !text.contains("made/up") && !text.contains("MADEUP"),
        "made-up labels stay for ever"
    );
}
