//! A star: makes something a favourite, or lets it go. A form, so that it works without a script.

use leptos::prelude::*;
use model::{identity::Identity, path};

use super::icon;
use crate::context::{Ask, csrf};

/// The star of one thing. `return_to` is where people are.
pub fn star(ask: &Ask, identity: &Identity, kept: bool) -> AnyView {
    let (intent, says) = if kept {
        ("drop", "Take from your favourites")
    } else {
        ("keep", "Add to your favourites")
    };
    let label = format!("{says}: {}", identity.name);
    view! {
        <form class="star" method="post" action=path::favourites()>
            <input type="hidden" name="csrf" value=csrf(&ask.viewer).to_owned()/>
            <input type="hidden" name="return_to" value=ask.around.address.clone()/>
            <input type="hidden" name="kind" value=identity.kind.as_str()/>
            <input type="hidden" name="project" value=identity.project.clone()/>
            <input type="hidden" name="name" value=identity.name.clone()/>
            <button
                class="btn" data-kind="bare" data-only="icon" name="intent" value=intent
                aria-pressed=if kept { "true" } else { "false" } aria-label=label title=says
            >{icon("star")}</button>
        </form>
    }
    .into_any()
}
