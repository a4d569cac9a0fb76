//! Rolling a version of a class out to chosen components.

use leptos::prelude::*;
use model::{
    identity::Identity,
    path,
    problem::{FieldFault, Problem},
    view::{ClassUserRow, ClassUsers, ClassView, Paging, RolloutOrder},
};

use crate::{
    context::{Ask, csrf},
    forms::{Outcome, Posted},
    pages::{
        class::{has, name, runs},
        classes::asked,
    },
    parts::{command, count, empty, fault, icon, pager},
    screen::{self, Place, Screen},
};

/// What is asked for: the version, and whom to show.
struct Wanted {
    version: Option<i64>,
    project: String,
    paging: Paging,
}

impl Wanted {
    fn of(ask: &Ask) -> Self {
        Self {
            version: ask.query("version").parse().ok(),
            project: ask.query("project"),
            paging: ask.paging(),
        }
    }
}

/// What the page shows.
struct Shown {
    class: ClassView,
    version: i64,
    project: String,
    paging: Paging,
}

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let shown = find(&ask, Wanted::of(&ask)).await?;
        Ok(draw(&ask, &shown, &[]))
    })
}

/// Rolls it out.
///
/// # Errors
/// When there is no such class, a refusal, or what broke.
pub async fn create(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let class = asked(&ask)?;
    let version = fields.text("version").parse().ok();
    let several = fields.text("intent") == "all";
    let project = fields.text("project").to_owned();
    let chosen = fields.all("component").filter_map(|it| it.split_once('/'));
    let order = RolloutOrder {
        version,
        components: if several {
            Vec::new()
        } else {
            chosen.map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
        },
        all: several && project.is_empty(),
        project: (several && !project.is_empty()).then(|| project.clone()),
    };
    let faults = if !several && order.components.is_empty() {
        vec![FieldFault {
            message: "No component is chosen".into(),
            remedy: "Tick those that are to take it".into(),
            ..FieldFault::default()
        }]
    } else {
        match ask
            .ports
            .classes
            .roll_out(&ask.viewer, &class, &order)
            .await
        {
            Ok(_) => return Ok(Outcome::Go(format!("{}#rollouts", path::class(&class)))),
            Err(Problem::Invalid { faults, .. }) => faults,
            Err(other) => return Err(other),
        }
    };
    let wanted = Wanted {
        version,
        project,
        paging: Paging::default(),
    };
    let shown = find(&ask, wanted).await?;
    Ok(Outcome::Show(
        422,
        Box::new(move || draw(&ask, &shown, &faults)),
    ))
}

async fn find(ask: &Ask, wanted: Wanted) -> Result<Shown, Problem> {
    let class = asked(ask)?;
    let classes = &ask.ports.classes;
    let version = match wanted.version {
        Some(version) => version,
        // The newest is known only with the class.
        None => newest(ask, &class).await?,
    };
    let users = ClassUsers {
        project: wanted.project.clone(),
        version: None,
        except: Some(version),
    };
    let class = classes
        .find(&ask.viewer, &class, &users, &wanted.paging)
        .await?;
    Ok(Shown {
        class,
        version,
        project: wanted.project,
        paging: wanted.paging,
    })
}

async fn newest(ask: &Ask, class: &Identity) -> Result<i64, Problem> {
    let few = Paging {
        per_page: 1,
        ..Paging::default()
    };
    let nobody = ClassUsers::default();
    let found = ask.ports.classes.find(&ask.viewer, class, &nobody, &few);
    Ok(found.await?.row.version)
}

fn draw(ask: &Ask, shown: &Shown, faults: &[FieldFault]) -> Screen {
    let own = &shown.class.row.identity;
    let version = shown.version;
    let title = format!("Roll out v{version}");
    let wrong = (!faults.is_empty()).then(|| fault::faults(faults));
    let body = view! {
        <header class="head">
            <div>
                <h1>{title.clone()}</h1>
                <p class="sub">
                    <span>{own.to_string()}</span>
                    <span>{format!("{} on another version", count(shown.class.users.total, "component"))}</span>
                </p>
            </div>
        </header>
        {wrong}
        <ul class="words">
            <li>{icon("tick")}<span>{format!("Each chosen component gets a new artifact that pins v{version}.")}</span></li>
            <li>{icon("tick")}<span>"It goes to the first environment of its pipeline as any artifact does, and on from there by promotion."</span></li>
            <li>{icon("tick")}<span>"Nobody else is touched."</span></li>
        </ul>
        {filters(shown)}
        {choice(ask, shown)}
        {command::same_by_cli(&[
            format!("troupe class rollout {} {} --to {version} --component PROJECT/COMPONENT", own.kind.plural(), own.name),
            format!("troupe class rollout {} {} --to {version} --all", own.kind.plural(), own.name),
        ])}
    };
    Screen::new(&title, Place::Classes, body)
        .titled(format!("{title} of {}", own.name))
        .under("Classes", path::classes())
        .under(&own.name, path::class(own))
}

fn filters(shown: &Shown) -> AnyView {
    let own = &shown.class.row.identity;
    let options: Vec<AnyView> = shown
        .class
        .versions
        .iter()
        .map(|version| {
            let number = version.version;
            view! { <option value=number selected=number == shown.version>{format!("v{number}")}</option> }
                .into_any()
        })
        .collect();
    view! {
        <form class="filters" action=path::class_rollout(own)>
            <div class="field">
                <label for="to">"Version"</label>
                <select class="input" data-size="fit" id="to" name="version">{options}</select>
            </div>
            <div class="field">
                <label for="project">"Project"</label>
                <input class="input" id="project" name="project" value=shown.project.clone() placeholder="any" autocomplete="off"/>
            </div>
            <div class="field">
                <label for="of">"Component"</label>
                <input class="input" type="search" id="of" name="search" placeholder="Name contains" value=shown.paging.search.clone()/>
            </div>
            <button class="btn">{icon("filter")}"Filter"</button>
        </form>
    }
    .into_any()
}

fn choice(ask: &Ask, shown: &Shown) -> AnyView {
    let own = &shown.class.row.identity;
    let users = &shown.class.users;
    if users.items.is_empty() {
        let back = view! { <a class="btn" href=path::class(own)>"Back to the class"</a> };
        return empty::nothing("s-ok", "Nobody is on another version.", back);
    }
    let newest = shown.class.row.version;
    let rows: Vec<AnyView> = users.items.iter().map(|row| user(row, newest)).collect();
    let all = if shown.project.is_empty() {
        format!("Roll out to all {}", total(shown))
    } else {
        format!("Roll out to all of {}", shown.project)
    };
    let more = [
        path::query("version", &shown.version.to_string()),
        path::query("project", &shown.project),
    ];
    // A search narrows the page, and not what "all" means.
    let searched = !shown.paging.search.is_empty();
    let all = (!searched).then(|| {
        view! { <button class="btn" name="intent" value="all">{all}</button> }
    });
    view! {
        <form class="form" method="post" action=path::class_rollout(own)>
            <input type="hidden" name="csrf" value=csrf(&ask.viewer).to_owned()/>
            <input type="hidden" name="version" value=shown.version/>
            <input type="hidden" name="project" value=shown.project.clone()/>
            <section class="band" aria-labelledby="users">
                <header><h2 id="users">"Who takes it"</h2></header>
                <div class="boxed" tabindex="0" role="group" aria-labelledby="users">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">"Component"</th><th scope="col">"Newest artifact pins"</th>
                            <th scope="col">"Runs with"</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {pager::pager(&path::class_rollout(own), &shown.paging, users, &more.join("&"))}
            </section>
            <div class="foot">
                <p>"Nothing is rolled out to those that aren't ticked."</p>
                <a class="btn" data-kind="bare" href=path::class(own)>"Cancel"</a>
                {all}
                <button class="btn" data-kind="main" name="intent" value="chosen">{icon("ship")}"Roll out to the chosen"</button>
            </div>
        </form>
    }
    .into_any()
}

fn total(shown: &Shown) -> i64 {
    shown.class.users.total
}

fn user(row: &ClassUserRow, newest: i64) -> AnyView {
    let value = format!("{}/{}", row.project, row.component);
    let label = format!("{} of {}", row.component, row.project);
    view! {
        <tr>
            <th scope="row">
                <span class="taker">
                    <input type="checkbox" name="component" value=value aria-label=label/>
                    <span>{name(row)}</span>
                </span>
            </th>
            <td>{has(row.version, newest)}</td>
            <td class="wide">{runs(row)}</td>
        </tr>
    }
    .into_any()
}
