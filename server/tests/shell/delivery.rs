//! New versions, bindings and actions: as pipelines send them, and as forms do.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, As, CART, Site};

const COMPONENT: &str = "/projects/shop/components/cart";

fn api(rest: &str) -> String {
    format!("/api/v1{COMPONENT}{rest}")
}

async fn send(site: &Site, method: Method, path: &str, who: &As, body: &Value) -> Answer {
    site.call(method, path, who, &body.to_string()).await
}

/// Waits until the cart's card in development is so.
async fn until(site: &Site, who: &As, what: &str, fine: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    for _ in 0..400 {
        let view = site.get(&api(""), who).await.json();
        let cards = view["environments"].as_array().expect("cards").iter();
        let mut cards = cards.filter(|card| card["environment"]["name"] == "development");
        last = cards.next().expect("a card").clone();
        if fine(&last) {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} didn't come about: {last}");
}

async fn cart() -> (Site, As) {
    let site = Site::reconciling().await;
    site.declare(CART).await;
    let who = site.machine().await;
    until(&site, &who, "health", |card| card["health"] == "Healthy").await;
    (site, who)
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let field = page
        .split("<input")
        .find(|field| field.contains(&format!("name=\"{name}\"")))
        .unwrap_or_else(|| panic!("no field {name} in {page}"));
    let value = field.split("value=\"").nth(1).expect("a value");
    value.split('"').next().expect("an end").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pipeline_sends_an_image_and_learns_its_artifact() {
    let (site, who) = cart().await;
    let artifacts = api("/artifacts");
    let image = json!({"image": "cart:2", "commit": "9fceb02"});
    let made = send(&site, Method::POST, &artifacts, &who, &image).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = made.json();
    assert_eq!(
        (&made["number"], &made["version"]),
        (&json!(2), &json!("2"))
    );
    assert_eq!(
        (&made["created"], &made["goesTo"]),
        (&json!(true), &json!(["development"]))
    );
    assert_eq!(made["artifact"]["by"], "admin");
    let same = send(&site, Method::POST, &artifacts, &who, &image).await;
    assert_eq!(same.status, StatusCode::OK);
    assert_eq!(
        (&same.json()["number"], &same.json()["created"]),
        (&json!(2), &json!(false))
    );

    for (body, path) in [
        (json!({"image": "no such name!"}), "image"),
        (json!({"image": "cart:3", "container": "side"}), "container"),
        (json!({"tag": "3"}), "body"),
    ] {
        let refused = send(&site, Method::POST, &artifacts, &who, &body).await;
        assert_eq!(refused.problem(422)["faults"][0]["path"], path);
    }
    let unknown = "/api/v1/projects/shop/components/crat/artifacts";
    send(&site, Method::POST, unknown, &who, &image)
        .await
        .problem(404);
    site.member().await;
    let member = site.member_machine().await;
    send(&site, Method::POST, &artifacts, &member, &image)
        .await
        .problem(403);
    let card = until(&site, &who, "the new one", |card| card["release"] == 2).await;
    assert_eq!(card["artifact"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn states_restarts_and_runs_are_made_by_their_addresses() {
    let (site, who) = cart().await;
    let here = api("/environments/development");
    let (state, restarts, runs) = (
        format!("{here}/state"),
        format!("{here}/restarts"),
        format!("{here}/runs"),
    );
    let suspend = json!({"state": "Suspend"});
    let acted = send(&site, Method::PUT, &state, &who, &suspend).await;
    assert_eq!(acted.status, StatusCode::OK, "{}", acted.text);
    assert_eq!(acted.json()["action"], "suspend");
    send(&site, Method::PUT, &state, &who, &suspend)
        .await
        .problem(422);
    let refused = send(&site, Method::POST, &restarts, &who, &Value::Null).await;
    assert!(
        refused.problem(422)["detail"]
            .as_str()
            .expect("text")
            .contains("resume it first")
    );
    until(&site, &who, "rest", |card| card["health"] == "Suspended").await;
    let resume = json!({"state": "Active"});
    send(&site, Method::PUT, &state, &who, &resume).await.json();
    let card = until(&site, &who, "health", |card| card["health"] == "Healthy").await;
    let made = send(&site, Method::POST, &restarts, &who, &Value::Null).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.json()["by"], "admin");
    until(&site, &who, "a release", |now| {
        now["release"].as_i64() > card["release"].as_i64()
    })
    .await;
    send(&site, Method::POST, &runs, &who, &Value::Null)
        .await
        .problem(422);
    send(
        &site,
        Method::PUT,
        &state,
        &who,
        &json!({"state": "Asleep"}),
    )
    .await
    .problem(422);
    let nowhere = api("/environments/production/restarts");
    send(&site, Method::POST, &nowhere, &who, &Value::Null)
        .await
        .problem(404);
    let binding = site.get(&here, &who).await.json();
    assert_eq!(binding["identity"]["name"], "cart");
    assert_eq!(binding["settings"][0]["key"], "replicas");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_are_listed_dry_and_done_wet() {
    let (site, who) = cart().await;
    let bulk = json!({"deed": "suspend", "components": ["cart"]});
    let path = "/api/v1/projects/shop/bulk";
    let listed = send(
        &site,
        Method::POST,
        &format!("{path}?dryRun=true"),
        &who,
        &bulk,
    )
    .await
    .json();
    assert_eq!(
        (&listed["done"], &listed["rows"][0]["does"]),
        (&json!(false), &json!(true))
    );
    let done = send(&site, Method::POST, path, &who, &bulk).await.json();
    assert_eq!(done["done"], true);
    until(&site, &who, "rest", |card| card["health"] == "Suspended").await;
    let nothing = json!({"deed": "suspend", "components": []});
    send(&site, Method::POST, path, &who, &nothing)
        .await
        .problem(422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_do_the_same_and_only_for_those_who_may() {
    let (site, machine) = cart().await;
    let (who, member) = (site.administrator().await, site.member().await);
    let csrf = ("csrf", who.csrf());
    let suspend = format!("{COMPONENT}/environments/development/suspend");
    let forged = site.post(&suspend, &who, &[]).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = site
        .post(&suspend, &member, &[("csrf", member.csrf())])
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let page = site.get(COMPONENT, &member).await.text;
    assert!(
        page.contains("An administrator of the organization can"),
        "it says who can"
    );
    until(&site, &machine, "nothing new", |card| {
        card["state"] == "Active"
    })
    .await;

    let done = site.post(&suspend, &who, &[csrf]).await;
    assert_eq!(
        (done.status, done.header("location")),
        (StatusCode::SEE_OTHER, COMPONENT)
    );
    until(&site, &machine, "rest", |card| {
        card["health"] == "Suspended"
    })
    .await;
    let page = site.get(COMPONENT, &who).await.text;
    assert!(
        page.contains("It is suspended already"),
        "what can't be done says why"
    );

    let undeploy = format!("{COMPONENT}/environments/development/undeploy");
    let unsure = site
        .post(&undeploy, &who, &[csrf, ("confirm", "crat")])
        .await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unsure.text.contains("id=\"confirm-error\""),
        "{}",
        unsure.text
    );
    let sure = site
        .post(&undeploy, &who, &[csrf, ("confirm", "cart")])
        .await;
    assert_eq!(sure.status, StatusCode::SEE_OTHER);
    until(&site, &machine, "nothing", |card| {
        card["state"] == "Undeploy"
    })
    .await;

    let versions = format!("{COMPONENT}/versions");
    let bad = site
        .post(&versions, &who, &[csrf, ("image", "no such name!")])
        .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("id=\"image-error\"") && bad.text.contains("no such name!"));
    let good = [csrf, ("container", "main"), ("image", "cart:2")];
    assert_eq!(
        site.post(&versions, &who, &good).await.header("location"),
        COMPONENT
    );
    until(&site, &machine, "the new one", |card| card["artifact"] == 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_differs_in_an_environment_is_shown_first_and_then_saved() {
    let (site, machine) = cart().await;
    let who = site.administrator().await;
    let path = format!("{COMPONENT}/environments/development");
    let page = site.get(&path, &who).await.text;
    let version = hidden(&page, "version");
    let typed = |replicas: &'static str, confirmed: String| {
        vec![
            ("csrf", who.csrf().to_owned()),
            ("intent", "save".to_owned()),
            ("version", version.clone()),
            ("confirmed", confirmed),
            ("artifact", "1".to_owned()),
            ("state", "Active".to_owned()),
            ("replicas", replicas.to_owned()),
            ("container", "main".to_owned()),
            ("containers.main.limits.cpu", "750m".to_owned()),
            ("containers.main.env.0.key", "LOG_LEVEL".to_owned()),
            ("containers.main.env.0.source", "value".to_owned()),
            ("containers.main.env.0.value", "debug".to_owned()),
        ]
    };
    let post = async |fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        site.post(&path, &who, &fields).await
    };
    let wrong = post(typed("many", String::new())).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("id=\"replicas-error\""),
        "{}",
        wrong.text
    );
    let asked = post(typed("2", String::new())).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.text.contains("Save now"), "it asks first");
    until(&site, &machine, "nothing new", |card| card["wanted"] == 1).await;
    let confirmed = hidden(&asked.text, "confirmed");
    let done = post(typed("2", confirmed.clone())).await;
    assert_eq!(
        (done.status, done.header("location")),
        (StatusCode::SEE_OTHER, COMPONENT)
    );
    until(&site, &machine, "two pods", |card| card["ready"] == 2).await;
    let binding = site
        .get(&api("/environments/development"), &machine)
        .await
        .json();
    let overrides = &binding["manifest"]["spec"]["overrides"];
    assert_eq!(overrides["replicas"], 2);
    assert_eq!(
        overrides["containers"]["main"]["resources"]["limits"]["cpu"],
        "750m"
    );
    assert_eq!(overrides["containers"]["main"]["env"][0]["value"], "debug");
    let page = site.get(&path, &who).await.text;
    assert!(page.contains("value=\"750m\"") && page.contains("data-from=\"override\""));
    // The page that was drawn before doesn't overwrite it.
    let late = post(typed("5", confirmed)).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ticked_components_are_listed_and_done_with_one_button() {
    let (site, machine) = cart().await;
    let who = site.administrator().await;
    let project = site.get("/projects/shop", &who).await.text;
    assert!(
        project.contains("name=\"component\" value=\"cart\""),
        "{project}"
    );
    let listed = site
        .get("/projects/shop/bulk?deed=suspend&component=cart", &who)
        .await;
    assert_eq!(listed.status, StatusCode::OK, "{}", listed.text);
    let shown = hidden(&listed.text, "shown");
    let fields = [
        ("csrf", who.csrf()),
        ("deed", "suspend"),
        ("environment", ""),
        ("component", "cart"),
        ("shown", &shown),
    ];
    let done = site.post("/projects/shop/bulk", &who, &fields).await;
    assert_eq!(
        (done.status, done.header("location")),
        (StatusCode::SEE_OTHER, "/projects/shop")
    );
    until(&site, &machine, "rest", |card| {
        card["health"] == "Suspended"
    })
    .await;
    let late = site.post("/projects/shop/bulk", &who, &fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("Nothing was done"), "{}", late.text);
    let nobody = site.get("/projects/shop/bulk?deed=restart", &who).await;
    assert!(nobody.text.contains("No component was chosen"));
}
