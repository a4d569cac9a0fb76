//! Manifests in: pasted or uploaded, shown as a plan first, then done in one transaction.

use leptos::prelude::*;
use model::{
    access::Viewer,
    path,
    view::{Change, PlanRow, PlanView},
};

use crate::{
    context::{Ask, csrf},
    parts::{change, command, count, fault, fold, icon, state, things, yaml::escape},
    screen::{self, Place, Screen},
};

/// What stands in an empty field, to be learnt from.
const EXAMPLE: &str = include_str!("apply/example.yaml");

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let body = view! {
            <header class="head">
                <div>
                    <h1>"Apply manifests"</h1>
                    <p class="sub">"YAML or JSON, many documents, in any order. You see what would change before anything does."</p>
                </div>
            </header>
            {form(&ask.viewer, "")}
            {fold("example", "An example: a service with everything it needs", false, view! {
                {crate::parts::yaml::yaml("example-yaml", EXAMPLE)}
            })}
            {command::same_by_cli(&["troupe apply -f shop.yaml --dry-run".into(), "troupe apply -f shop.yaml".into()])}
        };
        Ok(Screen::new("Apply", Place::Apply, body))
    })
}

/// The field and the files; `text` is what was sent before.
fn form(viewer: &Viewer, text: &str) -> AnyView {
    view! {
        <form class="stack" method="post" action=path::apply() enctype="multipart/form-data">
            <input type="hidden" name="csrf" value=csrf(viewer).to_owned()/>
            <div class="field">
                <label for="text">"Manifests"</label>
                <textarea
                    class="input" data-code="" id="text" name="text" rows="16" spellcheck="false"
                    autocapitalize="none" aria-describedby="text-hint" inner_html=raw(text)
                ></textarea>
                <p class="hint" id="text-hint">"Separate documents with a line of three dashes. Up to 10 MiB."</p>
            </div>
            <div class="field">
                <label for="files">"Or files "<span class="opt">"(.yaml, .yml, .json)"</span></label>
                <input
                    class="input" type="file" id="files" name="files[]" multiple
                    accept=".yaml,.yml,.json,application/yaml,application/json"
                />
            </div>
            <div class="foot">
                <p>"Nothing is changed by a plan."</p>
                <button class="btn" data-kind="main" name="intent" value="plan">{icon("search")}"Show the plan"</button>
            </div>
        </form>
    }
    .into_any()
}

/// A text inside `<textarea>`: Leptos escapes nothing there, and the parser drops a first line end.
fn raw(text: &str) -> String {
    format!("\n{}", escape(text))
}

/// The answer to what was sent: the plan, its faults, or what was done.
pub fn plan_screen(viewer: &Viewer, plan: &PlanView, text: &str) -> Screen {
    let (title, says) = headline(plan);
    let next = if plan.applied {
        done()
    } else if plan.faults.is_empty() && moves(plan) > 0 {
        confirm(viewer, plan, text)
    } else {
        ().into_any()
    };
    let again = (!plan.applied).then(|| {
        fold(
            "again",
            "Change the manifests",
            !plan.faults.is_empty(),
            form(viewer, text),
        )
    });
    let faults = (!plan.faults.is_empty()).then(|| fault::faults(&plan.faults));
    let body = view! {
        <header class="head"><div><h1>{title.clone()}</h1><p class="sub">{says}</p></div></header>
        {faults}
        {next}
        {plan.faults.is_empty().then(|| rows(plan))}
        {again}
    };
    Screen::new(&title, Place::Apply, body).under("Apply", path::apply())
}

/// How many documents change something.
fn moves(plan: &PlanView) -> usize {
    plan.rows.len() - plan.count(Change::Unchanged)
}

fn headline(plan: &PlanView) -> (String, String) {
    let number = |change| i64::try_from(plan.count(change)).unwrap_or_default();
    let counts = format!(
        "{} created, {} changed, {} left alone",
        number(Change::Created),
        number(Change::Changed),
        number(Change::Unchanged)
    );
    if !plan.faults.is_empty() {
        (
            "This can't be applied".into(),
            "Mend what is listed, and show the plan again.".into(),
        )
    } else if plan.applied {
        ("Applied".into(), counts)
    } else if moves(plan) == 0 {
        (
            "Nothing would change".into(),
            "All of it is stored just so already.".into(),
        )
    } else {
        (
            "The plan".into(),
            counts
                .replace(" created", " to create")
                .replace(" changed", " to change"),
        )
    }
}

/// Sends the same text again, this time to be done.
fn confirm(viewer: &Viewer, plan: &PlanView, text: &str) -> AnyView {
    let number = i64::try_from(moves(plan)).unwrap_or_default();
    view! {
        <form class="banner" method="post" action=path::apply() enctype="multipart/form-data">
            <input type="hidden" name="csrf" value=csrf(viewer).to_owned()/>
            <textarea name="text" hidden aria-label="The manifests" readonly inner_html=raw(text)></textarea>
            {icon("ship")}
            <p><b>"Nothing was changed yet. "</b>"It is done in one transaction, in the order below."</p>
            <button class="btn" data-kind="main" name="intent" value="apply">
                {format!("Apply {}", count(number, "change"))}
            </button>
        </form>
    }
    .into_any()
}

fn done() -> AnyView {
    view! {
        <div class="banner" data-state="healthy" role="status">
            {icon("s-ok")}
            <p><b>"It is stored. "</b>"Artifacts, releases and deployments follow from it by themselves."</p>
            <a class="btn" href=path::projects()>"Watch it"</a>
        </div>
    }
    .into_any()
}

fn rows(plan: &PlanView) -> Option<AnyView> {
    if plan.rows.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = plan
        .rows
        .iter()
        .map(|row| document(row, plan.applied))
        .collect();
    Some(
        view! {
            <section class="band" aria-labelledby="documents">
                <header>
                    <h2 id="documents">"Documents"</h2><p>"In the order in which they are taken"</p>
                </header>
                <div class="boxed" tabindex="0" role="group" aria-labelledby="documents">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">"What becomes of it"</th><th scope="col">"Resource"</th>
                            <th scope="col">"Fields, notes"</th><th scope="col">"From"</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}

fn document(row: &PlanRow, applied: bool) -> AnyView {
    let (tone, sign) = state::change(row.change);
    let word = match (row.change, applied) {
        (Change::Created, false) => "Create",
        (Change::Created, true) => "Created",
        (Change::Changed, false) => "Change",
        (Change::Changed, true) => "Changed",
        (Change::Unchanged, _) => "Leave alone",
        (Change::Deleted, false) => "Delete",
        (Change::Deleted, true) => "Deleted",
    };
    let what = if applied || row.change != Change::Created {
        things::link(&row.identity)
    } else {
        row.identity.to_string().into_any()
    };
    let note = row
        .note
        .clone()
        .map(|note| view! { <p class="says">{note}</p> });
    let waiting: Vec<AnyView> = row
        .waiting
        .iter()
        .map(|what| {
            view! { <p class="why">{icon("s-clock")}<span>"Waits for "<b>{what.clone()}</b></span></p> }.into_any()
        })
        .collect();
    let place = match (row.file.is_empty(), row.line) {
        (true, line) => format!("line {line}"),
        (false, line) => format!("{}, line {line}", row.file),
    };
    view! {
        <tr>
            <td class="fit">{state::named(tone, sign, word)}</td>
            <th scope="row">{what}</th>
            <td>{change::fields(&row.fields)}{note}{waiting}</td>
            <td><small>{place}</small></td>
        </tr>
    }
    .into_any()
}
