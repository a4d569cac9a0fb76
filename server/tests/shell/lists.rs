//! Long lists part by part, and what resources were after each change.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use serde_json::Value;

use crate::support::{As, CART, Site};

async fn read(site: &Site, who: &As, path: &str) -> Value {
    let answer = site.get(path, who).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.json()
}

/// All names of a list, part by part.
async fn names(site: &Site, who: &As, path: &str) -> (Vec<String>, usize) {
    let (mut names, mut parts, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let page = read(site, who, &format!("{path}&cursor={cursor}")).await;
        parts += 1;
        for item in page["items"].as_array().expect("items") {
            let name = item["metadata"]["name"].as_str().or(item["name"].as_str());
            names.push(name.expect("a name").to_owned());
        }
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return (names, parts),
        }
    }
}

fn project(name: &str, labels: &str) -> String {
    format!(
        "apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata: {{name: {name}, labels: {{{labels}}}}}\nspec: {{deploymentPipelineRef: default}}\n---\n"
    )
}

#[tokio::test]
async fn nothing_is_cut_and_nothing_comes_twice() {
    let site = Site::new().await;
    let who = site.machine().await;
    let all: Vec<String> = (0..250).map(|at| format!("p{at:03}")).collect();
    let text: String = all.iter().map(|name| project(name, "")).collect();
    site.declare(&text).await;
    let own: Vec<String> = all.clone();
    for path in [
        "/api/v1/resources/projects?search=p&limit=100",
        "/api/v1/projects?search=p&limit=100",
    ] {
        let (found, parts) = names(&site, &who, path).await;
        let found: Vec<String> = found
            .into_iter()
            .filter(|name| own.contains(name))
            .collect();
        assert_eq!(found, own, "{path}");
        assert!(parts >= 3, "{path}: {parts}");
    }
    // Something new in a part that was read already shifts nothing.
    let first = read(&site, &who, "/api/v1/resources/projects?search=p1&limit=50").await;
    site.declare(&project("p0000", "")).await;
    let cursor = first["next"].as_str().expect("more");
    let path = format!("/api/v1/resources/projects?search=p1&limit=50&cursor={cursor}");
    let second = read(&site, &who, &path).await;
    let of = |page: &Value| -> BTreeSet<String> {
        let items = page["items"].as_array().expect("items").iter();
        items
            .map(|item| item["metadata"]["name"].to_string())
            .collect()
    };
    assert!(of(&first).is_disjoint(&of(&second)));
    assert_eq!(of(&first).len() + of(&second).len(), 100);
}

#[tokio::test]
async fn lists_are_narrowed_and_fields_chosen() {
    let site = Site::new().await;
    let who = site.machine().await;
    site.declare(CART).await;
    let text = project("a", "team: red") + &project("b", "team: reddish") + &project("c", "");
    site.declare(&text).await;
    let of = async |query: &str| {
        let path = format!("/api/v1/resources/projects?limit=200&{query}");
        names(&site, &who, &path).await.0
    };
    assert_eq!(of("label=team=red").await, ["a"]);
    assert_eq!(of("label=team").await, ["a", "b"]);
    assert_eq!(of("label=tea").await, Vec::<String>::new());
    assert_eq!(of("name=shop").await, ["shop"]);
    assert_eq!(of("health=Healthy").await, Vec::<String>::new());
    let workloads = "/api/v1/resources/workloads?limit=9&project=shop&component=cart";
    assert_eq!(names(&site, &who, workloads).await.0, ["cart"]);
    let other = "/api/v1/resources/workloads?limit=9&project=shop&component=other";
    assert_eq!(names(&site, &who, other).await.0, Vec::<String>::new());
    let chosen = read(
        &site,
        &who,
        "/api/v1/resources/components?project=shop&fields=metadata.name,status.waitingFor",
    )
    .await;
    let only = chosen["items"][0].as_object().expect("an object");
    assert_eq!(only.keys().collect::<Vec<_>>(), ["metadata", "status"]);
    assert_eq!(
        chosen["items"][0]["metadata"],
        serde_json::json!({"name": "cart"})
    );
    for wrong in ["limit=0", "limit=201", "cursor=nonsense"] {
        let path = format!("/api/v1/resources/projects?{wrong}");
        site.get(&path, &who).await.problem(422);
    }
    site.get("/api/v1/resources/projects?health=Great", &who)
        .await
        .problem(400);
    site.get("/api/v1/resources/projects?search=a%00b", &who)
        .await
        .problem(422);
}

#[tokio::test]
async fn two_changes_are_compared_also_of_what_is_gone() {
    let site = Site::new().await;
    let who = site.machine().await;
    site.declare(CART).await;
    site.declare(&CART.replace("cart:1", "cart:2")).await;
    site.declare(&CART.replace("cart:1", "cart:3")).await;
    let own = "/api/v1/resources/workloads/cart";
    let owner = "project=shop&component=cart";
    let history = read(&site, &who, &format!("{own}/history?{owner}")).await;
    let rows = history["items"].as_array().expect("rows");
    let changes: Vec<_> = rows.iter().map(|row| row["change"].as_str()).collect();
    assert_eq!(changes, [Some("Changed"), Some("Changed"), Some("Created")]);
    assert_eq!(rows[0]["by"], "test");
    let part = read(&site, &who, &format!("{own}/history?{owner}&limit=2")).await;
    let next = part["next"].as_str().expect("more");
    let rest = read(
        &site,
        &who,
        &format!("{own}/history?{owner}&limit=2&cursor={next}"),
    )
    .await;
    assert_eq!(rest["items"][0]["change"], "Created");
    let newest = read(&site, &who, &format!("{own}/comparison?{owner}")).await;
    assert_eq!(newest["fields"][0]["path"], "spec.containers.main.image");
    assert_eq!(newest["fields"][0]["before"], "cart:2");
    let (first, last) = (&rows[2]["sequence"], &rows[0]["sequence"]);
    let path = format!("{own}/comparison?{owner}&from={first}&to={last}");
    let whole = read(&site, &who, &path).await;
    assert_eq!(whole["fields"][0]["before"], "cart:1");
    assert!(
        whole["to"]["yaml"]
            .as_str()
            .expect("text")
            .contains("cart:3")
    );
    let path = format!("{own}/comparison?{owner}&from=1&to={last}");
    site.get(&path, &who).await.problem(404);
    // A project without anything in it goes at once, and its past stays.
    site.declare(&project("gone", "")).await;
    let gone = "/api/v1/resources/projects/gone";
    let answer = site.call(Method::DELETE, gone, &who, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let history = read(&site, &who, &format!("{gone}/history")).await;
    assert!(!history["items"].as_array().expect("rows").is_empty());
    site.get("/api/v1/resources/projects/never/history", &who)
        .await
        .problem(404);
}
