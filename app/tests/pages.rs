//! Every page through the real routes, with ports out of memory: what it shows, and what it must never hold.

#![expect(clippy::unwrap_used, reason = "a panic in a test is a failed test")]

#[path = "pages/fixture.rs"]
mod fixture;
#[path = "pages/platform.rs"]
mod platform;

use std::io::Write;

use app::{
    assets::Assets,
    context::{Around, Nonce, Now, RequestId},
    forms::FORMS,
    render,
    routes::{App, PUBLIC},
    shell::shell,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use fixture::{NOW, World, plan, ports, viewer};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use model::{
    problem::{FieldFault, Problem},
    view::FrameView,
};
use tower::ServiceExt;

const CART: &str = "/projects/shop/components/cart";
/// What no page may weigh more than, in bytes of gzip.
const CEILING: usize = 60 * 1024;

fn assets() -> Assets {
    Assets {
        css: "/pkg/style.css".into(),
        js: Some("/pkg/troupe.js".into()),
        wasm: Some("/pkg/troupe.wasm".into()),
        build: "test".into(),
    }
}

fn router(world: World) -> Router {
    let options = LeptosOptions::builder().output_name("troupe").build();
    let context = move || {
        provide_context(ports(world));
        provide_context(Now(NOW));
        provide_context(assets());
    };
    Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), context, shell)
        .with_state(options)
}

struct Answered {
    status: StatusCode,
    location: Option<String>,
    html: String,
}

async fn ask(world: World, address: &str, signed_in: bool) -> Answered {
    let mut request = Request::get(address)
        .header(header::ACCEPT, "text/html")
        .body(Body::empty())
        .unwrap();
    request.extensions_mut().insert(Nonce("n0nce".into()));
    request.extensions_mut().insert(RequestId("01JP8X".into()));
    if signed_in {
        request.extensions_mut().insert(viewer());
    }
    let response = router(world).oneshot(request).await.unwrap();
    let status = response.status();
    let location = response.headers().get(header::LOCATION);
    let location = location.map(|value| value.to_str().unwrap().to_owned());
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Answered {
        status,
        location,
        html: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn page(world: World, address: &str) -> String {
    ask(
        world,
        address,
        !PUBLIC.contains(&address.split('?').next().unwrap()),
    )
    .await
    .html
}

/// All pages, in the states that are worth a look.
fn pages() -> Vec<(&'static str, World, String)> {
    let tab = |tab: &str| format!("{CART}/{tab}");
    let shop = [
        ("sign_in", "/sign-in?return_to=/planes".to_owned()),
        ("setup", "/setup?token=abc".into()),
        ("home", "/".into()),
        ("projects", "/projects".into()),
        ("project", "/projects/shop".into()),
        (
            "project_filtered",
            "/projects/shop?health=Degraded&search=ca".into(),
        ),
        ("project_none_found", "/projects/shop?search=zzz".into()),
        ("component", CART.into()),
        ("component_new", "/projects/shop/components/new".into()),
        ("component_edit", tab("edit")),
        ("artifacts", tab("artifacts")),
        ("releases", tab("releases?environment=development")),
        ("release", tab("releases/development/12")),
        ("release_first", tab("releases/development/11")),
        ("runtime", tab("runtime")),
        ("runtime_unreachable", tab("runtime?environment=production")),
        ("events", tab("events")),
        ("logs", tab("logs?previous=on&tail=500")),
        ("logs_searched", tab("logs?q=redis")),
        ("logs_none_found", tab("logs?q=%3Cb%3E")),
        ("cell", "/projects/shop/cell".into()),
        (
            "cell_component",
            "/projects/shop/cell?environment=staging&open=cart".into(),
        ),
        (
            "cell_way",
            "/projects/shop/cell?open=report&to=orders".into(),
        ),
        (
            "cell_other",
            "/projects/shop/cell?open=cart&to=warehouse%2Fstock".into(),
        ),
        ("cell_large", "/projects/large/cell".into()),
        ("cell_large_part", "/projects/large/cell?part=1".into()),
        ("cell_large_label", "/projects/large/cell?by=team".into()),
        ("pipelines", "/pipelines".into()),
        ("pipeline", "/pipelines/default".into()),
        ("pipeline_new", "/pipelines/new".into()),
        ("pipeline_edit", "/pipelines/default/edit".into()),
        ("environment", "/environments/staging".into()),
        ("environment_new", "/environments/new".into()),
        ("environment_edit", "/environments/staging/edit".into()),
        ("definition", tab("definition")),
        ("new_version", tab("versions")),
        ("binding", tab("environments/staging")),
        ("act_restart", tab("environments/staging/restart")),
        ("act_undeploy", tab("environments/staging/undeploy")),
        ("act_refused", tab("environments/staging/run")),
        (
            "bulk",
            "/projects/shop/bulk?deed=restart&component=cart&component=checkout".into(),
        ),
        ("bulk_nobody", "/projects/shop/bulk?deed=class".into()),
        ("history", tab("history")),
        ("environments", "/environments".into()),
        ("planes", "/planes".into()),
        ("plane_new", "/planes/new".into()),
        ("plane", "/planes/default".into()),
        ("plane_silent", "/planes/eu-1".into()),
        ("plane_edit", "/planes/eu-1/edit".into()),
        ("plane_retire", "/planes/eu-1/retire".into()),
        ("build_plane", "/build-planes/build-1".into()),
        ("build_plane_new", "/build-planes/new".into()),
        ("configuration", "/configuration".into()),
        ("configuration_new", "/configuration/new".into()),
        ("configuration_group", "/configuration/shop".into()),
        (
            "configuration_trace",
            "/configuration/shop?trace=ORDER_TIMEOUT%40production".into(),
        ),
        (
            "configuration_missing",
            "/configuration/shop?missing=on".into(),
        ),
        ("configuration_edit", "/configuration/shop/edit".into()),
        ("configuration_values", "/configuration/shop/values".into()),
        (
            "configuration_key",
            "/configuration/shop/key?key=ORDER_TIMEOUT".into(),
        ),
        ("configuration_key_new", "/configuration/shop/key".into()),
        ("configuration_paste", "/configuration/shop/paste".into()),
        ("waiting", "/waiting".into()),
        ("search", "/search?q=shop".into()),
        ("search_of_kind", "/search?q=shop&kind=components".into()),
        ("search_nothing", "/search?q=zzz".into()),
        ("search_untyped", "/search".into()),
        ("apply", "/apply".into()),
        ("kinds", "/resources".into()),
        ("classes", "/resources/serviceclasses".into()),
        ("workloads", "/resources/workloads?project=shop".into()),
        ("all_classes", "/classes".into()),
        ("class", "/classes/serviceclasses/default".into()),
        (
            "class_filtered",
            "/classes/serviceclasses/default?search=zzz&version=4".into(),
        ),
        ("class_of_apis", "/classes/apiclasses/default".into()),
        ("class_new_service", "/classes/serviceclasses/new".into()),
        ("class_new_task", "/classes/scheduledtaskclasses/new".into()),
        ("class_new_api", "/classes/apiclasses/new".into()),
        ("class_edit", "/classes/serviceclasses/default/edit".into()),
        (
            "class_edit_yaml",
            "/classes/serviceclasses/default/edit?as=yaml".into(),
        ),
        (
            "class_version",
            "/classes/serviceclasses/default/versions/4".into(),
        ),
        (
            "class_diff",
            "/classes/serviceclasses/default/diff?from=4&to=5".into(),
        ),
        (
            "class_rollout",
            "/classes/serviceclasses/default/rollout".into(),
        ),
        (
            "class_fields",
            "/classes/serviceclasses/fields?path=spec.serviceTemplate".into(),
        ),
        (
            "problem_class_field",
            "/classes/serviceclasses/fields?path=spec.nothing".into(),
        ),
        ("resource", "/resources/serviceclasses/default".into()),
        ("resource_new", "/resources/workloads/new".into()),
        (
            "resource_edit",
            "/resources/serviceclasses/default/edit".into(),
        ),
        (
            "resource_compare",
            "/resources/serviceclasses/default/compare?from=1&to=2".into(),
        ),
        (
            "delete",
            "/resources/components/cart/delete?project=shop".into(),
        ),
        (
            "delete_blocked",
            "/resources/dataplanes/default/delete".into(),
        ),
        ("problem_missing", "/projects/shp".into()),
        ("problem_refused", "/projects/secret".into()),
        ("problem_unreachable", "/projects/far".into()),
        ("problem_broken", "/projects/broken".into()),
        ("problem_kind", "/resources/serviceclass".into()),
    ];
    let empty = [
        ("home_empty", "/".to_owned()),
        ("projects_empty", "/projects".into()),
        ("project_empty", "/projects/shop".into()),
        ("component_empty", CART.into()),
        (
            "component_new_empty",
            "/projects/shop/components/new".into(),
        ),
        ("artifacts_empty", tab("artifacts")),
        ("new_version_empty", tab("versions")),
        ("binding_empty", tab("environments/development")),
        ("releases_empty", tab("releases")),
        ("runtime_empty", tab("runtime")),
        ("events_empty", tab("events")),
        ("logs_empty", tab("logs")),
        ("history_empty", tab("history")),
        ("environments_empty", "/environments".into()),
        ("cell_empty", "/projects/shop/cell".into()),
        ("pipelines_empty", "/pipelines".into()),
        ("pipeline_new_empty", "/pipelines/new".into()),
        ("planes_empty", "/planes".into()),
        ("plane_empty", "/planes/default".into()),
        ("configuration_empty", "/configuration".into()),
        ("waiting_empty", "/waiting".into()),
        ("resources_empty", "/resources/workloads".into()),
        ("all_classes_empty", "/classes".into()),
        ("class_empty", "/classes/serviceclasses/default".into()),
        (
            "class_rollout_empty",
            "/classes/serviceclasses/default/rollout".into(),
        ),
    ];
    let with = |world, list: Vec<(&'static str, String)>| {
        list.into_iter()
            .map(move |(name, address)| (name, world, address))
    };
    with(World::Shop, shop.to_vec())
        .chain(with(World::Empty, empty.to_vec()))
        .collect()
}

/// The documents that answer forms.
fn answers() -> Vec<(&'static str, String)> {
    let around = Around {
        assets: assets(),
        nonce: "n0nce".into(),
        request: "01JP8X".into(),
        address: "/apply".into(),
        now: NOW,
        ..Around::default()
    };
    let frame = FrameView {
        organization: "acme".into(),
        planes: 1,
        planes_live: 1,
        ..FrameView::default()
    };
    let viewer = viewer();
    let applied = |plan| {
        render::apply(
            &around,
            &viewer,
            &frame,
            &plan,
            "kind: Pod # </textarea><script>alert(1)</script>\n",
        )
    };
    let invalid = Problem::Invalid {
        message: "The form can't be taken".into(),
        faults: vec![FieldFault {
            path: "name".into(),
            message: "is empty".into(),
            ..FieldFault::default()
        }],
    };
    vec![
        ("answer_plan", applied(plan(false, false))),
        ("answer_faults", applied(plan(true, false))),
        ("answer_applied", applied(plan(false, true))),
        (
            "answer_sign_in",
            render::sign_in(&around, "/planes", "ana", "Name or password is wrong."),
        ),
        (
            "answer_setup",
            render::setup(&around, "abc", "The password is too short."),
        ),
        (
            "answer_invalid",
            render::problem(&around, Some(&viewer), Some(&frame), &invalid),
        ),
        (
            "answer_signed_out",
            render::problem(&around, None, None, &Problem::SignedOut),
        ),
        (
            "answer_large",
            render::problem(
                &around,
                None,
                None,
                &Problem::TooLarge {
                    message: "More than 1 MiB".into(),
                },
            ),
        ),
    ]
}

async fn everything() -> Vec<(&'static str, String)> {
    let mut all = answers();
    for (name, world, address) in pages() {
        all.push((name, page(world, &address).await));
    }
    all
}

/// What stands between two texts, each time.
fn between<'a>(html: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    html.split(start)
        .skip(1)
        .filter_map(|rest| rest.split(end).next())
        .collect()
}

/// One line an element, so that a snapshot's difference can be read.
fn main_of(html: &str) -> String {
    let main = between(html, "<main", "</main>");
    assert_eq!(main.len(), 1, "one main");
    main[0].replace("><", ">\n<")
}

#[tokio::test]
async fn pages_show_what_they_showed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("pages/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.add_filter(
        r#"data-component="\w+?_\d+""#,
        r#"data-component="[island]""#,
    );
    for (name, html) in everything().await {
        settings.bind(|| insta::assert_snapshot!(name, main_of(&html)));
    }
}

#[tokio::test]
async fn every_page_is_well_formed() {
    for (name, html) in everything().await {
        assert!(
            html.starts_with("<!DOCTYPE html><html"),
            "{name}: a document"
        );
        assert_eq!(html.matches("<h1").count(), 1, "{name}: one h1");
        // Pictures have titles of their own, for those who point at them.
        let head = between(&html, "<head", "</head>");
        let titles = between(head[0], "<title>", "</title>");
        assert_eq!(titles.len(), 1, "{name}: one title");
        assert!(
            titles[0].ends_with(" · Troupe") && titles[0].len() > 9,
            "{name}: {titles:?}"
        );
        assert_eq!(html.matches("<main").count(), 1, "{name}: one main");
        let mut ids = between(&html, " id=\"", "\"");
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name}: an id stands once");
        for field in between(&html, " for=\"", "\"") {
            assert!(
                ids.contains(&field),
                "{name}: a label for {field}, which isn't there"
            );
        }
        for named in ["aria-labelledby", "aria-describedby", "popovertarget"] {
            for id in between(&html, &format!(" {named}=\""), "\"") {
                assert!(ids.contains(&id), "{name}: {named} {id}, which isn't there");
            }
        }
    }
}

#[tokio::test]
async fn no_page_holds_what_the_policy_forbids() {
    for (name, html) in everything().await {
        assert!(!html.contains(" style="), "{name}: no inline style");
        assert!(!html.contains("<style"), "{name}: no style element");
        assert!(
            !html.to_lowercase().contains("javascript:"),
            "{name}: no script in an address"
        );
        for handler in ["onclick=", "onload=", "onsubmit=", "onerror="] {
            assert!(!html.contains(handler), "{name}: no {handler}");
        }
        for script in between(&html, "<script", ">") {
            assert!(
                script.contains("nonce=\"n0nce\""),
                "{name}: <script{script}> has no nonce"
            );
        }
        assert!(
            !html.contains("<script>alert"),
            "{name}: a log line became markup"
        );
    }
}

#[tokio::test]
async fn links_stay_within_the_portal() {
    let routes: Vec<String> = generate_route_list(App)
        .iter()
        .map(|route| route.path().to_owned())
        .chain(FORMS.iter().map(|(path, _)| (*path).to_owned()))
        .collect();
    let posts = [
        "/sign-in",
        "/setup",
        "/sign-out",
        "/apply",
        "/resources/delete",
        "/theme",
        "/favourites",
    ];
    let plain = ["/pkg/", "/icons.svg", "/log.txt"];
    for (name, html) in everything().await {
        let addresses =
            between(&html, " href=\"", "\"")
                .into_iter()
                .chain(between(&html, " action=\"", "\""));
        for address in addresses {
            let path = address.split(['?', '#']).next().unwrap();
            let ours = address.starts_with('#')
                || address.starts_with("data:image/svg+xml,")
                || plain.iter().any(|plain| path.contains(plain))
                || posts.contains(&path)
                || routes.iter().any(|route| fits(route, path))
                // A component's own address, as its plane gives it.
                || (address.starts_with("https://") && address.ends_with(".acme.dev"));
            assert!(ours, "{name}: {address} leads nowhere");
        }
    }
}

fn fits(route: &str, path: &str) -> bool {
    let (route, path): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    route.len() == path.len()
        && route
            .iter()
            .zip(path)
            .all(|(own, asked)| own.starts_with('{') || *own == asked)
}

#[tokio::test]
async fn no_page_is_heavy() {
    for (name, html) in everything().await {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(html.as_bytes()).unwrap();
        let size = encoder.finish().unwrap().len();
        assert!(size < CEILING, "{name}: {size} bytes of gzip");
    }
}

#[tokio::test]
async fn islands_carry_little_and_stand_outside_of_live_parts() {
    for (name, html) in everything().await {
        for props in between(&html, "data-props=\"", "\"") {
            assert!(props.len() < 400, "{name}: {} bytes of props", props.len());
        }
        // What is put in place anew would lose the islands in it.
        for part in live_parts(&html) {
            assert!(
                !part.contains("<leptos-island"),
                "{name}: an island within {part:.80}"
            );
        }
    }
}

/// Each `data-live` element with all that is in it.
fn live_parts(html: &str) -> Vec<&str> {
    html.match_indices(" data-live=\"")
        .map(|(at, _)| {
            let start = html[..at].rfind('<').unwrap();
            let tag: String = html[start + 1..]
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            let (opens, closes) = (format!("<{tag}"), format!("</{tag}>"));
            let (mut depth, mut end) = (0, start);
            loop {
                let rest = &html[end..];
                let open = rest.find(&opens).unwrap_or(usize::MAX);
                let close = rest.find(&closes).expect("each element ends");
                if open < close {
                    depth += 1;
                    end += open + opens.len();
                } else {
                    depth -= 1;
                    end += close + closes.len();
                }
                if depth == 0 {
                    return &html[start..end];
                }
            }
        })
        .collect()
}

#[tokio::test]
async fn live_parts_have_names_of_their_own() {
    for (name, html) in everything().await {
        let mut names = between(&html, " data-live=\"", "\"");
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "{name}: two live parts of one name");
        for fold in between(&html, "<details", ">") {
            assert!(
                fold.contains(" id=\""),
                "{name}: a fold without an id would close itself"
            );
        }
    }
}

#[tokio::test]
async fn every_page_but_the_public_ones_needs_a_session() {
    for route in generate_route_list(App) {
        let address: String = route
            .path()
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let answered = ask(World::Shop, &address, false).await;
        if PUBLIC.contains(&address.as_str()) {
            assert_eq!(answered.status, StatusCode::OK, "{address}");
        } else {
            assert_eq!(answered.status, StatusCode::FOUND, "{address}");
            let location = answered.location.unwrap();
            assert!(
                location.starts_with("/sign-in?return_to=%2F"),
                "{address}: {location}"
            );
            assert!(
                !answered.html.contains("acme"),
                "{address}: shows something"
            );
        }
    }
}

#[tokio::test]
async fn problems_have_their_status_and_the_request_id() {
    for (address, status) in [
        ("/projects/shp", 404),
        ("/projects/secret", 403),
        ("/projects/far", 503),
        ("/projects/broken", 500),
    ] {
        let answered = ask(World::Shop, address, true).await;
        assert_eq!(answered.status, status, "{address}");
        assert!(answered.html.contains("01JP8X"), "{address}: no request id");
    }
}

#[tokio::test]
async fn forms_that_change_something_carry_the_token() {
    for (name, html) in everything().await {
        for form in between(&html, "<form", "</form>") {
            let to_the_door =
                form.contains("action=\"/sign-in\"") || form.contains("action=\"/setup\"");
            if form.contains("method=\"post\"") && !to_the_door {
                assert!(
                    form.contains("name=\"csrf\" value=\"csrf-text\""),
                    "{name}: a form without it"
                );
            }
        }
    }
}

#[tokio::test]
async fn sign_in_returns_to_our_own_pages_only() {
    for foreign in ["https://evil.example", "//evil.example", "/%5Cevil.example"] {
        let html = page(World::Shop, &format!("/sign-in?return_to={foreign}")).await;
        assert!(html.contains("name=\"return_to\" value=\"/\""), "{foreign}");
    }
}

#[test]
fn the_example_to_learn_from_is_right() {
    let text = include_str!("../src/pages/apply/example.yaml");
    let input = model::manifest::Input { file: "", text };
    let read = model::manifest::read(&[input], &model::manifest::Limits::default(), "default");
    assert_eq!(read.expect("no faults").len(), 4);
}

#[test]
fn a_theme_is_read_from_its_cookie() {
    let (mut parts, ()) = Request::get("/planes?a=b").body(()).unwrap().into_parts();
    parts
        .headers
        .insert(header::COOKIE, "session=x; theme=dark".parse().unwrap());
    let around = Around::of(&parts, &assets(), NOW);
    assert_eq!(around.theme.as_str(), "dark");
    assert_eq!(around.address, "/planes?a=b");
    let html = render::sign_in(&around, "/", "", "");
    assert!(
        html.contains("<html lang=\"en\" data-theme=\"dark\""),
        "{html:.200}"
    );
}

#[test]
fn the_sprite_has_every_icon_that_is_asked_for() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let sprite = std::fs::read_to_string(format!("{root}/public/icons.svg")).unwrap();
    let names = between(&sprite, "<symbol id=\"", "\"");
    let mut folders = vec![std::path::PathBuf::from(format!("{root}/app/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap();
            for name in between(&text, "icon(\"", "\"").into_iter().chain(between(
                &text,
                "icons.svg#",
                "\\\"",
            )) {
                let known = name.starts_with('{') || names.contains(&name);
                assert!(known, "{}: no icon {name}", entry.path().display());
            }
        }
    }
}
