//! What the panel beside a component's form says of its own: when a task runs next.

use leptos::prelude::*;
use model::{
    form::component::class_field,
    kind::{Kind, component::ComponentType},
    moment::Moment,
    schedule,
};

use super::Desk;
use crate::{
    forms::Typed,
    parts::{icon, moment},
};

/// So many runs are told.
const RUNS: usize = 5;

/// The part of the panel.
pub(super) fn panel(desk: &Desk, typed: &Typed, of: Option<ComponentType>) -> AnyView {
    if of != Some(ComponentType::ScheduledTask) {
        return ().into_any();
    }
    let offers = desk.offers.classes.get(&Kind::ScheduledTaskClass);
    let chosen = typed
        .fields
        .text(&class_field(ComponentType::ScheduledTask));
    let class = offers.and_then(|offers| offers.iter().find(|offer| offer.name == chosen));
    let own = typed.fields.text("schedule");
    let (cron, by) = match class {
        _ if !own.is_empty() => (own, "as it says here"),
        Some(class) => (class.schedule.as_str(), "as its class says"),
        None => ("", ""),
    };
    let zone = class.map_or("", |class| class.time_zone.as_str());
    let body = if cron.is_empty() {
        view! { <p class="says">"Nothing says when: give a schedule, or choose a class that has one."</p> }
            .into_any()
    } else {
        runs(desk, cron, zone, by)
    };
    view! { <section><h3>"When it runs"</h3>{body}</section> }.into_any()
}

fn runs(desk: &Desk, cron: &str, zone: &str, by: &str) -> AnyView {
    let words = schedule::words(cron);
    let next = schedule::next(cron, Some(zone), desk.ask.now().0, RUNS);
    let (words, next) = match (words, next) {
        (Ok(words), Ok(next)) => (words, next),
        (Err(wrong), _) | (_, Err(wrong)) => {
            let says = format!("{cron} {wrong}");
            return view! { <p class="error">{icon("s-bad")}<span>{says}</span></p> }.into_any();
        }
    };
    let zone = if zone.is_empty() { "UTC" } else { zone };
    let title = format!("{words} ({zone}), {by}.");
    if next.is_empty() {
        return view! { <p>{title}" It never comes to that."</p> }.into_any();
    }
    let rows: Vec<AnyView> = next
        .into_iter()
        .map(|run| {
            view! { <li>{icon("s-clock")}<span>{moment::exact(Moment(run))}</span></li> }.into_any()
        })
        .collect();
    view! {
        <p>{title}</p>
        <h3>"Next"</h3>
        <ol class="words" aria-label="Next runs">{rows}</ol>
    }
    .into_any()
}
