//! Many components at once: chosen on the project's page, listed here, done with one button.

use leptos::prelude::*;
use model::{
    path,
    problem::Problem,
    view::{Bulk, BulkRow, BulkView, Deed, EnvironmentName, Paging, ProjectView},
};

use crate::{
    context::{Ask, csrf},
    forms::{Outcome, Posted},
    parts::{count, icon, state},
    screen::{self, Place, Screen},
};

/// The page that lists what would happen.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let bulk = Bulk {
            deed: deed(&ask.query("deed"))?,
            components: ask.all("component"),
            environment: ask.query("environment"),
        };
        let project = project(&ask).await?;
        let listed = if bulk.components.is_empty() {
            BulkView::default()
        } else {
            let delivery = &ask.ports.delivery;
            delivery
                .bulk(&ask.viewer, &project.name, &bulk, None)
                .await?
        };
        Ok(draw(&ask, &project, &bulk, &listed, false))
    })
}

/// Does it, if it is still what was listed.
///
/// # Errors
/// A refusal, or what broke.
pub async fn done(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let bulk = Bulk {
        deed: deed(fields.text("deed"))?,
        components: fields.all("component").map(str::to_owned).collect(),
        environment: fields.text("environment").to_owned(),
    };
    let project = project(&ask).await?;
    let shown = Some(fields.text("shown"));
    let delivery = &ask.ports.delivery;
    let view = delivery
        .bulk(&ask.viewer, &project.name, &bulk, shown)
        .await?;
    if view.done {
        return Ok(Outcome::Go(path::project(&project.name)));
    }
    let again = move || draw(&ask, &project, &bulk, &view, true);
    Ok(Outcome::Show(409, Box::new(again)))
}

fn deed(word: &str) -> Result<Deed, Problem> {
    if word.is_empty() {
        return Ok(Deed::default());
    }
    Deed::parse(word).ok_or_else(|| Problem::not_found("deed", word))
}

async fn project(ask: &Ask) -> Result<ProjectView, Problem> {
    let paging = Paging {
        per_page: 1,
        ..Paging::default()
    };
    let name = ask.param("project");
    ask.ports.projects.find(&ask.viewer, &name, &paging).await
}

fn draw(ask: &Ask, project: &ProjectView, bulk: &Bulk, view: &BulkView, stale: bool) -> Screen {
    let back = path::project(&project.name);
    let number = view.rows.iter().filter(|row| row.does).count();
    let changed = stale.then(|| {
        view! {
            <div class="banner" data-state="degraded" role="alert">
                {icon("s-warn")}<p><b>"Nothing was done. "</b>"It is no longer what was listed. This is what would happen now."</p>
            </div>
        }
    });
    let body = if view.rows.is_empty() {
        view! { <p class="says">"No component was chosen. Tick some of them on the project's page first."</p> }
            .into_any()
    } else {
        let rows: Vec<AnyView> = view.rows.iter().map(|one| row(project, one)).collect();
        view! {
            <div class="boxed" tabindex="0" role="group" aria-labelledby="listed">
                <table class="table">
                    <caption class="sr" id="listed">"What happens"</caption>
                    <thead><tr>
                        <th scope="col">"Component"</th><th scope="col">"Environment"</th><th scope="col">"What happens"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let title = format!("{} in {}", bulk.deed.label(), project.display_name);
    let deed = if number == 0 {
        view! { <div class="acts"><a class="btn" href=back.clone()>"Back"</a></div> }.into_any()
    } else {
        form(ask, project, bulk, view, number)
    };
    let whole = view! {
        <header class="head">
            <div>
                <h1>{title.clone()}</h1>
                <p class="says">{words(number, view.rows.len())}</p>
            </div>
        </header>
        {changed}{body}{deed}
    };
    Screen::new(bulk.deed.label(), Place::Projects, whole)
        .titled(title)
        .under("Projects", path::projects())
        .under(&project.display_name, back)
}

fn words(does: usize, all: usize) -> String {
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let rest = match all - does {
        0 => String::new(),
        rest => format!(
            " {} as before, and says why.",
            if rest == 1 {
                "One stays"
            } else {
                "The others stay"
            }
        ),
    };
    if does == 0 {
        return "Nothing would be changed.".into();
    }
    format!(
        "{} will be made, all at once or none.{rest} Nothing has been done yet.",
        count(number(does), "change")
    )
}

fn row(project: &ProjectView, row: &BulkRow) -> AnyView {
    let environment = place(&project.environments, &row.environment);
    let sign = if row.does {
        state::named("running", "arrow", "Changes")
    } else {
        state::named("none", "s-none", "Stays")
    };
    view! {
        <tr>
            <th scope="row"><a href=path::component(&project.name, &row.component)>{row.component.clone()}</a></th>
            <td>{environment}</td>
            <td>{sign}" "<span>{row.says.clone()}</span></td>
        </tr>
    }
    .into_any()
}

fn place(environments: &[EnvironmentName], name: &str) -> String {
    let known = environments.iter().find(|known| known.name == name);
    known.map_or_else(|| name.to_owned(), |known| known.display_name.clone())
}

fn form(ask: &Ask, project: &ProjectView, bulk: &Bulk, view: &BulkView, number: usize) -> AnyView {
    let hidden: Vec<AnyView> = [
        ("csrf", csrf(&ask.viewer)),
        ("deed", bulk.deed.as_str()),
        ("environment", &bulk.environment),
        ("shown", &view.shown),
    ]
    .into_iter()
    .chain(
        bulk.components
            .iter()
            .map(|name| ("component", name.as_str())),
    )
    .map(|(name, value)| {
        view! { <input type="hidden" name=name value=value.to_owned()/> }.into_any()
    })
    .collect();
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let label = format!("{}: {}", bulk.deed.label(), count(number, "change"));
    view! {
        <form class="acts" method="post" action=path::bulk(&project.name)>
            {hidden}
            <button class="btn" data-kind="main">{label}</button>
            <a class="btn" data-kind="bare" href=path::project(&project.name)>"Cancel"</a>
        </form>
    }
    .into_any()
}

/// What stands under a project's board: what to do with those that are ticked.
pub fn chooser(project: &ProjectView) -> AnyView {
    let deeds: Vec<AnyView> = Deed::ALL
        .into_iter()
        .map(|deed| view! { <option value=deed.as_str()>{deed.label()}</option> }.into_any())
        .collect();
    let places: Vec<AnyView> = project
        .environments
        .iter()
        .map(|place| {
            view! { <option value=place.name.clone()>{place.display_name.clone()}</option> }
                .into_any()
        })
        .collect();
    view! {
        <form class="filters" id="bulk" action=path::bulk(&project.name) aria-label="Ticked components">
            <div class="field">
                <label for="deed">"With those ticked"</label>
                <select class="input" data-size="fit" id="deed" name="deed">{deeds}</select>
            </div>
            <div class="field">
                <label for="where">"In"</label>
                <select class="input" data-size="fit" id="where" name="environment">
                    <option value="">"all environments"</option>{places}
                </select>
            </div>
            <button class="btn">"Show what happens"</button>
        </form>
    }
    .into_any()
}

/// The box that ticks a component.
pub fn tick(name: &str, display_name: &str) -> AnyView {
    let label = format!("Choose {display_name}");
    view! {
        <input
            class="pick-one" type="checkbox" form="bulk" name="component" value=name.to_owned()
            aria-label=label
        />
    }
    .into_any()
}
