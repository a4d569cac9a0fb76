//! One plane: whether it answers, what it can do, what runs there; and how it is retired.

use leptos::prelude::*;
use model::{
    access::Viewer,
    form::get,
    kind::Kind,
    path,
    problem::Problem,
    view::{PlaneComponent, PlaneEnvironment, PlaneView},
};

use crate::{
    context::{Ask, csrf},
    forms::{Outcome, Posted},
    pages::delete,
    parts::{command, count, empty, facts, icon, moment, plane_test, said, state, timeline},
    screen::{self, Place, Screen},
};

/// A DataPlane's page.
pub fn data() -> AnyView {
    page(Kind::DataPlane)
}

/// A BuildPlane's page.
pub fn build() -> AnyView {
    page(Kind::BuildPlane)
}

/// Where a DataPlane is retired.
pub fn retire_data() -> AnyView {
    retire(Kind::DataPlane)
}

/// Where a BuildPlane is retired.
pub fn retire_build() -> AnyView {
    retire(Kind::BuildPlane)
}

fn page(kind: Kind) -> AnyView {
    screen::page(move |ask: Ask| async move {
        let name = ask.param("name");
        let plane = ask.ports.planes.find(&ask.viewer, kind, &name).await?;
        Ok(draw(&ask, kind, &plane))
    })
}

/// Makes a test of a plane, and goes where it is shown.
///
/// # Errors
/// A refusal, that there is no such plane, or what broke.
pub async fn test(kind: Kind, posted: Posted) -> Result<Outcome, Problem> {
    let name = posted.ask.param("name");
    posted
        .ask
        .ports
        .planes
        .test(&posted.ask.viewer, kind, &name)
        .await?;
    let back = if posted.fields.text("return_to") == path::planes() {
        format!("{}#plane-{name}", path::planes())
    } else {
        path::plane(kind, &name)
    };
    Ok(Outcome::Go(back))
}

/// The button that makes a test.
pub(crate) fn test_button(viewer: &Viewer, kind: Kind, name: &str, from_list: bool) -> AnyView {
    let back = from_list.then(|| {
        view! { <input type="hidden" name="return_to" value=path::planes()/> }
    });
    let label = format!("Test {name} now");
    view! {
        <form method="post" action=path::plane_tests(kind, name)>
            <input type="hidden" name="csrf" value=csrf(viewer).to_owned()/>
            {back}
            <button class="btn" data-size=from_list.then_some("small") aria-label=label>"Test now"</button>
        </form>
    }
    .into_any()
}

/// What a kind of plane is called.
fn word(kind: Kind) -> &'static str {
    if kind == Kind::BuildPlane {
        "build plane"
    } else {
        "data plane"
    }
}

fn draw(ask: &Ask, kind: Kind, plane: &PlaneView) -> Screen {
    let row = &plane.resource.row;
    let name = row.identity.name.clone();
    let simulated = plane
        .simulated
        .then(|| view! { <span class="chip">"simulated"</span> });
    let answers = plane.row.as_ref().map(|row| {
        if row.live {
            view! { {state::named("healthy", "s-ok", "Answers")}<span>"for "{moment::age(ask.now(), row.since)}</span> }.into_any()
        } else {
            view! { {state::named("degraded", "s-warn", "Silent")}<span>{row.trouble.clone()}", for "{moment::age(ask.now(), row.since)}</span> }.into_any()
        }
    });
    let tested = match &plane.test {
        Some(test) => plane_test::steps(ask.now(), test),
        None => empty::nothing(
            "s-none",
            "Not tested yet. A test reaches it, lists, applies and deletes in a dry run, and says what is installed. It changes nothing.",
            test_button(&ask.viewer, kind, &name, false),
        ),
    };
    let test = plane
        .test
        .is_some()
        .then(|| test_button(&ask.viewer, kind, &name, false));
    let runs = (kind == Kind::DataPlane).then(|| runs(plane));
    let history = timeline::history(ask.now(), &plane.resource.history, false);
    let same = [
        format!(
            "troupe plane test {name}{}",
            if kind == Kind::BuildPlane {
                " --build"
            } else {
                ""
            }
        ),
        format!("troupe get {} {name} -o yaml", kind.as_str().to_lowercase()),
    ];
    let body = view! {
        <header class="head">
            <div>
                <h1>{row.display_name.clone()}{simulated}</h1>
                <p class="sub" data-live="state"><span>{word(kind)}</span>{answers}</p>
            </div>
            <div class="acts">
                {test}
                <a class="btn" href=path::edit_plane(kind, &name)>{icon("gear")}"Edit"</a>
                <a class="btn" data-kind="bad" href=path::retire_plane(kind, &name)>{icon("bin")}"Retire"</a>
            </div>
        </header>
        <div class="cols">
            <div class="stack" data-gap="wide">
                <section class="band" aria-labelledby="test" data-live="test">
                    <header><h2 id="test">"What it can do"</h2></header>{tested}
                </section>
                {runs}
                <section class="band" aria-labelledby="history">
                    <header><h2 id="history">"History"</h2></header>{history}
                </section>
            </div>
            <div class="stack">{about(kind, plane)}</div>
        </div>
        {command::same_by_cli(&same)}
    };
    Screen::new(&name, Place::Planes, body)
        .under("Planes", path::planes())
        .live(&["planes".into(), "home".into()])
}

/// How it is declared.
fn about(kind: Kind, plane: &PlaneView) -> AnyView {
    let manifest = &plane.resource.manifest;
    let of = |path: &[&str]| said(get(manifest, path));
    let reached = plane.row.as_ref();
    let sealed = !plane.simulated;
    let credential = sealed.then(|| {
        view! { <span class="row">{icon("lock")}"sealed; a new one takes effect at once"</span> }.into_any()
    });
    let replace = sealed.then(|| {
        let address = path::edit_plane(kind, &plane.resource.row.identity.name);
        view! { <a class="btn" data-size="small" href=address>{icon("key")}"Replace the credential"</a> }
    });
    let observer = said(get(manifest, &["spec", "observer", "url"]));
    let rows = vec![
        ("Reached by", said(&plane.access)),
        ("Kubernetes", reached.and_then(|row| said(&row.version))),
        ("Credential", credential),
        ("Images", of(&["spec", "registry", "prefix"])),
        ("Pull secret", of(&["spec", "registry", "secretRef"])),
        (
            "Public hosts",
            of(&["spec", "gateway", "publicVirtualHost"]),
        ),
        (
            "Inner hosts",
            of(&["spec", "gateway", "organizationVirtualHost"]),
        ),
        ("Observer", observer),
        ("Objects of ours", reached.map(|row| row.objects.into_any())),
        ("Still to do", reached.map(|row| row.queued.into_any())),
    ];
    let description = get(
        manifest,
        &["metadata", "annotations", "openchoreo.dev/description"],
    );
    let description =
        (!description.is_empty()).then(|| view! { <p class="says">{description.to_owned()}</p> });
    view! {
        <section class="card" aria-labelledby="about">
            <header><h2 id="about">"How it is declared"</h2></header>
            {description}
            {facts(rows)}
            <footer>
                {replace}
                <a class="btn" data-kind="bare" data-size="small" href=path::resource(&plane.resource.row.identity)>{icon("doc")}"Manifest"</a>
            </footer>
        </section>
    }
    .into_any()
}

/// What is in its environments.
fn runs(plane: &PlaneView) -> AnyView {
    let content = if plane.environments.is_empty() {
        empty::nothing(
            "layers",
            "No environment is on this plane yet, so nothing runs here.",
            view! { <a class="btn" href=path::environments()>"See environments"</a> },
        )
    } else {
        let cards: Vec<AnyView> = plane.environments.iter().map(environment).collect();
        view! { <ul class="grid" data-at="wide">{cards}</ul> }.into_any()
    };
    view! {
        <section class="band" aria-labelledby="runs" data-live="runs">
            <header><h2 id="runs">"What runs here"</h2></header>{content}
        </section>
    }
    .into_any()
}

fn environment(there: &PlaneEnvironment) -> AnyView {
    let production = there
        .environment
        .production
        .then(|| view! { <span class="chip" data-state="changed">"production"</span> });
    let left = (!there.declared).then(|| {
        view! {
            <p class="why" data-state="degraded">{icon("s-warn")}
                <span>"This environment is on another plane now. What is left here goes when it runs there."</span>
            </p>
        }
    });
    let rows: Vec<AnyView> = there.components.iter().map(component).collect();
    let content = if rows.is_empty() {
        view! { <p class="says">"Nothing runs in it."</p> }.into_any()
    } else {
        let more = there.total - i64::try_from(there.components.len()).unwrap_or(0);
        let more = (more > 0).then(|| {
            view! { <p class="says">{format!("and {} more", count(more, "component"))}</p> }
        });
        view! { <ul class="words">{rows}</ul>{more} }.into_any()
    };
    view! {
        <li class="card">
            <header><h3>{there.environment.display_name.clone()}</h3>{production}</header>
            {left}{content}
        </li>
    }
    .into_any()
}

fn component(row: &PlaneComponent) -> AnyView {
    let (tone, shape) = state::look(row.health);
    view! {
        <li data-state=tone>
            {icon(shape)}
            <span>
                <a href=path::component(&row.project, &row.component)>{format!("{}/{}", row.project, row.component)}</a>
                <span class="quiet">{format!(" {}, {}", row.health.word(), count(row.objects, "object"))}</span>
            </span>
        </li>
    }
    .into_any()
}

fn retire(kind: Kind) -> AnyView {
    screen::page(move |ask: Ask| async move {
        let name = ask.param("name");
        let plane = ask.ports.planes.find(&ask.viewer, kind, &name).await?;
        let own = plane.resource.row.identity.clone();
        let preview = ask
            .ports
            .manifests
            .delete_preview(&ask.viewer, &own)
            .await?;
        let deed = if preview.blocked_by.is_empty() {
            delete::form(&ask.viewer, &preview)
        } else {
            blocked(&plane)
        };
        let running: i64 = plane.environments.iter().map(|there| there.total).sum();
        let says = if running == 0 {
            "nothing of ours runs on it".to_owned()
        } else {
            format!("{} of ours still there", count(running, "component"))
        };
        let there = (running > 0).then(|| runs(&plane));
        let title = format!("Retire {name}");
        let body = view! {
            <header class="head">
                <div><h1>{title.clone()}</h1><p class="sub"><span>{word(kind)}</span><span>{says}</span></p></div>
                <div class="acts"><a class="btn" href=path::plane(kind, &name)>"Keep it"</a></div>
            </header>
            {deed}
            {there}
            {command::same_by_cli(&[format!("troupe delete {} {name}", kind.as_str().to_lowercase())])}
        };
        Ok(Screen::new("Retire", Place::Planes, body)
            .titled(title)
            .under("Planes", path::planes())
            .under(&name, path::plane(kind, &name)))
    })
}

/// Who still needs it, and what to do about each.
fn blocked(plane: &PlaneView) -> AnyView {
    let rows: Vec<AnyView> = plane
        .resource
        .used_by
        .iter()
        .map(|user| {
            let running = plane
                .environments
                .iter()
                .find(|there| there.environment.name == user.name);
            let running = running.map_or(0, |there| there.total);
            let says = format!(" is on it, with {}. ", count(running, "component"));
            view! {
                <li>{icon("s-no")}
                    <span>
                        <b>{user.to_string()}</b>{says}
                        <a href=path::edit_environment(&user.name)>"Move it to another plane"</a>", or "
                        <a href=path::resource_delete(user)>"delete it"</a>"."
                    </span>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <section class="summary" aria-labelledby="blocked" role="alert">
            <h2 id="blocked">"It can't be retired yet"</h2>
            <ul class="words" data-state="denied">{rows}</ul>
        </section>
    }
    .into_any()
}
