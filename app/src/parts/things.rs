//! Things as links: a resource, an environment's pill, a component's type.

use leptos::prelude::*;
use model::{
    health::Health,
    identity::Identity,
    kind::{Kind, component::ComponentType},
    path,
    view::HealthCount,
};

use super::{count, icon, state};

/// The sign of a component type.
pub fn sign(component_type: ComponentType) -> &'static str {
    match component_type {
        ComponentType::Service => "cube",
        ComponentType::WebApplication => "window",
        ComponentType::ScheduledTask | ComponentType::ManualTask => "calendar",
        ComponentType::API | ComponentType::APIProxy => "plug",
        ComponentType::Webhook | ComponentType::TestRunner | ComponentType::EventHandler => "term",
    }
}

/// Where something is looked at: a page of its own, else its manifest.
pub fn address(identity: &Identity) -> String {
    match identity.kind {
        Kind::Project => path::project(&identity.name),
        Kind::Component => path::component(&identity.project, &identity.name),
        Kind::DataPlane | Kind::BuildPlane => path::plane(identity.kind, &identity.name),
        Kind::ConfigurationGroup => path::configuration_group(&identity.name),
        kind if kind.is_class() => path::class(identity),
        Kind::DeploymentPipeline => path::pipeline(&identity.name),
        Kind::Environment => path::environment(&identity.name),
        _ => path::resource(identity),
    }
}

/// Kind, owner and name, linked.
pub fn link(identity: &Identity) -> AnyView {
    let mut owner = vec![];
    if !identity.project.is_empty() {
        owner.push(identity.project.clone());
    }
    if !identity.component.is_empty() && identity.component != identity.name {
        owner.push(identity.component.clone());
    }
    let owner = (!owner.is_empty()).then(|| {
        view! { <span class="quiet">{format!("{}/", owner.join("/"))}</span> }
    });
    view! {
        <span class="thing">
            <span class="kind">{identity.kind.as_str()}</span>" "
            <a href=address(identity)>{owner}{identity.name.clone()}</a>
        </span>
    }
    .into_any()
}

/// The counts of one environment in a few words.
pub fn tally(counts: &HealthCount) -> (Health, String) {
    let Some(worst) = counts.worst() else {
        return (Health::Missing, "nothing runs".into());
    };
    let words = match worst {
        Health::Degraded => format!("{} failing", counts.degraded),
        Health::Unknown | Health::Missing => format!("{} unknown", counts.unknown),
        Health::Progressing => format!("{} on the way", counts.progressing),
        Health::Healthy => format!("{} healthy", counts.healthy),
        Health::Suspended => format!("{} suspended", counts.suspended),
    };
    (worst, words)
}

/// An environment each: how its components run.
pub fn pills(environments: &[HealthCount]) -> AnyView {
    let pills: Vec<AnyView> = environments
        .iter()
        .map(|counts| {
            let (health, words) = tally(counts);
            let empty = counts.total() == 0;
            let (tone, shape) = if empty { ("none", "s-none") } else { state::look(health) };
            let all = if empty { String::new() } else { format!("of {}", counts.total()) };
            view! {
                <li>
                    <span>{counts.display_name.clone()}</span>
                    <span class="state" data-state=tone>{icon(shape)}<span class="word">{words}</span></span>
                    <span>{all}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ul class="pills">{pills}</ul> }.into_any()
}

/// "3 of 12 components fail" and the like, for a heading.
pub fn components(number: i64) -> String {
    count(number, "component")
}
