//! What happened, newest first, on one line.

use leptos::prelude::*;
use model::{
    moment::Moment,
    path,
    view::{Change, DeploymentRow, DeploymentStatus, HistoryRow},
};

use super::{change, icon, moment, state, things, version};

/// Attempts to bring releases somewhere; with their component where a page shows several.
pub fn deployments(now: Moment, rows: &[DeploymentRow], with_component: bool) -> AnyView {
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| deployment(now, row, with_component))
        .collect();
    view! { <ol class="timeline">{rows}</ol> }.into_any()
}

fn deployment(now: Moment, row: &DeploymentRow, with_component: bool) -> AnyView {
    let (tone, shape) = state::attempt(row.status);
    let release = path::release(&row.project, &row.component, &row.environment, row.release);
    let what = with_component.then(|| {
        let address = path::component(&row.project, &row.component);
        view! { <b><a href=address>{row.component.clone()}</a></b>" " }
    });
    let verb = match row.status {
        DeploymentStatus::Pending => "waits for",
        DeploymentStatus::Applying | DeploymentStatus::Progressing => "on its way to",
        DeploymentStatus::Succeeded => "to",
        DeploymentStatus::Failed => "failed in",
        DeploymentStatus::Superseded => "overtaken in",
    };
    let took = row
        .finished
        .map(|finished| format!(", {}", moment::took(row.started, finished)))
        .unwrap_or_default();
    let objects = objects(row.changes);
    let why = row.sentence.clone();
    let why = (!why.is_empty()).then(|| view! { <p>{why}</p> });
    view! {
        <li data-state=tone>
            {icon(shape)}
            <span>
                {what}{version(&row.version)}" "
                <a href=release>{format!("Release {}", row.release)}</a>
                {format!(" {verb} {}", row.environment)}
            </span>
            {moment::ago(now, row.started)}
            {why}
            <p>{format!("By {}{took}{objects}", row.by)}</p>
        </li>
    }
    .into_any()
}

/// What became of the objects, without what didn't happen.
fn objects([made, changed, removed, _kept]: [i64; 4]) -> String {
    let told: Vec<String> = [(made, "made"), (changed, "changed"), (removed, "removed")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    if told.is_empty() {
        String::new()
    } else {
        format!(", objects: {}", told.join(", "))
    }
}

/// Changes of resources, each with its fields.
pub fn history(now: Moment, rows: &[HistoryRow], with_name: bool) -> AnyView {
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            let (tone, sign) = state::change(row.change);
            let word = match row.change {
                Change::Created => "created",
                Change::Changed => "changed",
                Change::Unchanged => "applied without a change",
                Change::Deleted => "deleted",
            };
            let what = with_name.then(|| view! { {things::link(&row.identity)}" " });
            view! {
                <li data-state=tone>
                    {icon(sign)}
                    <span>{what}{word}" by "<b>{row.by.clone()}</b></span>
                    {moment::ago(now, row.at)}
                    {change::fields(&row.fields)}
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ol class="timeline">{rows}</ol> }.into_any()
}
