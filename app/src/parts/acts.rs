//! What can be done with a component in one environment: a menu of buttons, each a form of its own.
//! What can't be done now stays in it and says why.

use leptos::prelude::*;
use model::{
    access::{Thing, Verb, Viewer, may},
    kind::Kind,
    path,
    view::{Action, ComponentView, EnvironmentCard, Standing},
};

use super::icon;
use crate::context::csrf;

/// How a card stands, as far as actions ask.
pub fn standing(component: &ComponentView, card: &EnvironmentCard) -> Standing {
    Standing {
        component_type: component.component_type,
        bound: card.artifact.is_some(),
        released: card.release.is_some(),
        state: card.state,
    }
}

/// Why something can't be done: because of how it stands, or of who looks.
pub fn objection(
    viewer: &Viewer,
    project: &str,
    standing: Standing,
    action: Action,
) -> Option<String> {
    let thing = Thing::in_project(Kind::Component, &viewer.organization, project);
    if let Err(refusal) = may(viewer, Verb::Apply, &thing) {
        return Some(refusal.to_string());
    }
    action.objection(standing).map(str::to_owned)
}

/// The sign of an action.
pub fn sign(action: Action) -> &'static str {
    match action {
        Action::Restart => "s-turn",
        Action::Run | Action::Resume => "play",
        Action::Suspend => "s-pause",
        Action::Undeploy => "bin",
    }
}

/// The same by command line.
pub fn command(project: &str, component: &str, environment: &str, action: Action) -> String {
    format!("troupe {action} {component} -p {project} -e {environment}")
}

/// The menu of an environment's card, behind a button; `words` when the button stands alone.
pub fn menu(
    viewer: &Viewer,
    component: &ComponentView,
    card: &EnvironmentCard,
    words: bool,
) -> AnyView {
    let environment = &card.environment;
    let id = format!("deeds-{}", environment.name);
    let label = format!("Actions in {}", environment.display_name);
    let (project, name) = (&component.project, &component.name);
    let standing = standing(component, card);
    let items: Vec<AnyView> = Action::ALL
        .into_iter()
        .map(|action| {
            let address = path::act(project, name, &environment.name, action.as_str());
            let why = objection(viewer, project, standing, action);
            item(viewer, action, address, why)
        })
        .collect();
    let settings = path::binding(project, name, &environment.name);
    let button = if words {
        view! {
            <button class="btn" type="button" popovertarget=id.clone()>{icon("down")}"Actions"</button>
        }
        .into_any()
    } else {
        view! {
            <button
                class="btn" type="button" data-only="icon" data-size="small" data-kind="bare"
                popovertarget=id.clone() aria-label=label
            >{icon("more")}</button>
        }
        .into_any()
    };
    let settings = (!words).then(|| {
        view! { <a href=settings>{icon("sliders")}"Settings and version"</a> }
    });
    view! {
        {button}
        <div class="menu deeds" id=id popover>
            {settings}
            {items}
        </div>
    }
    .into_any()
}

/// One action: done at once, asked for on a page of its own, or explained.
pub fn item(viewer: &Viewer, action: Action, address: String, why: Option<String>) -> AnyView {
    let sign = icon(sign(action));
    let label = action.label();
    match why {
        Some(why) => view! {
            <button type="button" aria-disabled="true">{sign}<span>{label}<small>{why}</small></span></button>
        }
        .into_any(),
        None if action == Action::Undeploy => {
            view! { <a href=address>{sign}{format!("{label}…")}</a> }.into_any()
        }
        None => view! {
            <form method="post" action=address>
                <input type="hidden" name="csrf" value=csrf(viewer).to_owned()/>
                <button title=action.means()>{sign}{label}</button>
            </form>
        }
        .into_any(),
    }
}
