//! One release: its facts, what differs from the one before, and its objects.

use leptos::prelude::*;
use model::{
    identity::Identity,
    kind::Kind,
    path,
    problem::Problem,
    view::{Change, ObjectYaml, ReleaseView},
};

use crate::{
    context::Ask,
    parts::{count, diff, facts, fold, hash, icon, moment, said, state, timeline, version, yaml},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let number = ask.param("number");
        let parsed = number
            .parse()
            .map_err(|_| Problem::not_found("release", &number))?;
        let (project, name) = (ask.param("project"), ask.param("component"));
        let environment = ask.param("environment");
        let release = ask
            .ports
            .components
            .release(&ask.viewer, &project, &name, &environment, parsed)
            .await?;
        Ok(draw(&ask, &release))
    })
}

fn draw(ask: &Ask, release: &ReleaseView) -> Screen {
    let row = &release.release;
    let title = format!("Release {} in {}", row.number, row.environment);
    let component = path::component(&release.project, &release.component);
    let current = row
        .current
        .then(|| state::named("healthy", "s-ok", "Should run"));
    let plane =
        Identity::in_organization(Kind::DataPlane, &ask.viewer.organization, &release.plane);
    let plane = view! { <a href=path::resource(&plane)>{release.plane.clone()}</a> };
    let made = facts(vec![
        ("Artifact", Some(row.artifact.into_any())),
        ("Content", Some(hash(&row.hash))),
        ("Namespace", said(&release.namespace)),
        ("Plane", Some(plane.into_any())),
        ("Made", Some(moment::ago(ask.now(), row.created))),
    ]);
    let attempts = (!release.deployments.is_empty()).then(|| {
        view! {
            <section class="band" aria-labelledby="attempts">
                <header><h2 id="attempts">"Attempts"</h2></header>
                <div data-live="attempts">{timeline::deployments(ask.now(), &release.deployments, false)}</div>
            </section>
        }
    });
    let body = view! {
        <header class="head" data-live="head">
            <div>
                <h1>{title.clone()}</h1>
                <p class="sub">
                    {current}{version(&row.version)}
                    <span>{count(row.objects, "object")}</span>
                    <a href=component.clone()>{release.component.clone()}</a>
                </p>
            </div>
            <div class="acts">{before(release)}</div>
        </header>
        <div class="cols">
            <div class="stack" data-gap="wide">{differs(release)}{objects(&release.objects)}</div>
            <div class="stack"><section class="card" aria-label="Facts">{made}</section>{attempts}</div>
        </div>
    };
    let topic = format!("component/{}/{}", release.project, release.component);
    Screen::new(&format!("Release {}", row.number), Place::Projects, body)
        .titled(format!("{}, {}", release.component, title.to_lowercase()))
        .under(&release.project, path::project(&release.project))
        .under(&release.component, component)
        .under(
            "Releases",
            path::component_tab(&release.project, &release.component, "releases", ""),
        )
        .live(&[topic])
}

fn before(release: &ReleaseView) -> Option<AnyView> {
    let number = release.previous?;
    let environment = &release.release.environment;
    let address = path::release(&release.project, &release.component, environment, number);
    Some(
        view! { <a class="btn" href=address>{icon("back")}{format!("Release {number}")}</a> }
            .into_any(),
    )
}

fn differs(release: &ReleaseView) -> AnyView {
    let Some(previous) = release.previous else {
        return view! {
            <section class="band" aria-labelledby="diff">
                <header><h2 id="diff">"What differs"</h2></header>
                <p class="says">"This is the first release here: all of it is new."</p>
            </section>
        }
        .into_any();
    };
    let changed: Vec<_> = release
        .diff
        .iter()
        .filter(|object| object.change != Change::Unchanged)
        .collect();
    let same = release.diff.len() - changed.len();
    let texts: Vec<AnyView> = changed
        .iter()
        .enumerate()
        .map(|(at, object)| {
            let word = match object.change {
                Change::Created => " (new)",
                Change::Deleted => " (removed)",
                Change::Changed | Change::Unchanged => "",
            };
            let name = format!("{}{word}", object.name);
            let open = object.change == Change::Changed;
            diff::diff(
                &format!("diff-{at}"),
                &object.kind,
                &name,
                open,
                &object.before,
                &object.after,
            )
        })
        .collect();
    let nothing = texts.is_empty().then(|| {
        view! { <p class="says">"The same objects, byte for byte."</p> }
    });
    let same = i64::try_from(same).unwrap_or_default();
    view! {
        <section class="band" aria-labelledby="diff">
            <header>
                <h2 id="diff">{format!("What differs from release {previous}")}</h2>
                <p>{format!("{} the same", count(same, "object"))}</p>
            </header>
            {nothing}{texts}
        </section>
    }
    .into_any()
}

fn objects(all: &[ObjectYaml]) -> AnyView {
    let texts: Vec<AnyView> = all
        .iter()
        .enumerate()
        .map(|(at, object)| {
            let summary = format!("{} {}", object.kind, object.name);
            fold(
                &format!("object-{at}"),
                &summary,
                false,
                yaml::yaml(&format!("yaml-{at}"), &object.yaml),
            )
        })
        .collect();
    view! {
        <section class="band" aria-labelledby="objects">
            <header><h2 id="objects">"Objects"</h2><p>"In the order in which they are applied"</p></header>
            <div class="folds">{texts}</div>
        </section>
    }
    .into_any()
}
