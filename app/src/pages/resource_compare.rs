//! What two changes left of a resource, side by side.

use leptos::prelude::*;
use model::{
    identity::Identity,
    path,
    view::{Change, Comparison, HistoryRow, Revision},
};

use crate::{
    context::Ask,
    pages::{resource::asked, resources::place},
    parts::{change, command, diff, empty, icon, moment},
    screen::{self, Screen},
};

/// So many changes can be chosen from.
const SHOWN: i64 = 100;

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let own = asked(&ask)?;
        let manifests = &ask.ports.manifests;
        let history = manifests.history(&ask.viewer, &own, 0, SHOWN).await?;
        let newest = history.first().map_or(0, |row| row.sequence);
        let to = ask.number("to", newest);
        let before = history.iter().find(|row| row.sequence < to);
        let from = ask.number("from", before.map_or(to, |row| row.sequence));
        let found = manifests.compare(&ask.viewer, &own, from, to).await?;
        Ok(draw(&ask, &found, &history))
    })
}

/// What a change is called where one is chosen.
fn called(row: &HistoryRow) -> String {
    let word = match row.change {
        Change::Created => "created",
        Change::Changed => "changed",
        Change::Unchanged => "applied",
        Change::Deleted => "deleted",
    };
    format!("{}, {word} by {}", moment::exact(row.at), row.by)
}

/// A form that chooses two changes.
pub fn choose(own: &Identity, history: &[HistoryRow], from: i64, to: i64) -> AnyView {
    let select = |name: &'static str, label: &'static str, chosen: i64| {
        let options: Vec<AnyView> = history
            .iter()
            .map(|row| {
                let value = row.sequence.to_string();
                let selected = row.sequence == chosen;
                view! { <option value=value selected=selected>{called(row)}</option> }.into_any()
            })
            .collect();
        view! {
            <div class="field">
                <label for=name>{label}</label>
                <select class="input" id=name name=name>{options}</select>
            </div>
        }
    };
    let owner = [("project", &own.project), ("component", &own.component)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            view! { <input type="hidden" name=name value=value.clone()/> }.into_any()
        })
        .collect::<Vec<_>>();
    let address = path::resource_compare(own);
    let action = address.split('?').next().unwrap_or_default().to_owned();
    view! {
        <form class="filters" action=action>
            {owner}
            {select("from", "From", from)}
            {select("to", "To", to)}
            <button class="btn">{icon("search")}"Compare"</button>
        </form>
    }
    .into_any()
}

fn side(ask: &Ask, label: &'static str, revision: &Revision) -> AnyView {
    view! {
        <dt>{label}</dt>
        <dd>{moment::ago(ask.now(), revision.at)}" by "<b>{revision.by.clone()}</b></dd>
    }
    .into_any()
}

fn draw(ask: &Ask, found: &Comparison, history: &[HistoryRow]) -> Screen {
    let own = &found.identity;
    let content = if found.fields.is_empty() {
        empty::nothing("doc", "Nothing differs between these two.", ())
    } else {
        view! {
            <section class="band" aria-labelledby="fields">
                <header><h2 id="fields">"Fields"</h2></header>{change::fields(&found.fields)}
            </section>
            <section class="band" aria-labelledby="text">
                <header><h2 id="text">"Manifest"</h2><p>"Secrets are masked"</p></header>
                {diff::diff("manifest", own.kind.as_str(), &own.name, true, &found.from.yaml, &found.to.yaml)}
            </section>
        }
        .into_any()
    };
    let body = view! {
        <header class="head">
            <div><h1>{format!("What changed in {}", own.name)}</h1><p class="sub">{own.kind.as_str()}</p></div>
            <div class="acts"><a class="btn" href=path::resource(own)>"Back to it"</a></div>
        </header>
        {choose(own, history, found.from.sequence, found.to.sequence)}
        <dl class="facts">{side(ask, "From", &found.from)}{side(ask, "To", &found.to)}</dl>
        {content}
        {command::same_by_cli(&[format!(
            "troupe history {} {}{}",
            own.kind.as_str().to_lowercase(),
            own.name,
            command::owner(own)
        )])}
    };
    Screen::new("Compare", place(own.kind), body)
        .titled(format!("What changed in {} {}", own.kind, own.name))
        .under("All resources", path::resource_kinds())
        .under(own.kind.as_str(), path::resources(own.kind))
        .under(&own.name, path::resource(own))
}
