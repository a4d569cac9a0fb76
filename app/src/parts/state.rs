//! A state is a shape, a word and a colour; take any one away and it still reads.

use leptos::prelude::*;
use model::{
    health::Health,
    kind::binding::ReleaseState,
    view::{Change, DeploymentStatus},
};

use super::icon;

/// The tone and the shape of a health.
pub fn look(health: Health) -> (&'static str, &'static str) {
    match health {
        Health::Healthy => ("healthy", "s-ok"),
        Health::Suspended => ("suspended", "s-pause"),
        Health::Progressing => ("progressing", "s-turn"),
        Health::Missing => ("missing", "s-warn"),
        Health::Unknown => ("unknown", "s-unknown"),
        Health::Degraded => ("failed", "s-bad"),
    }
}

/// The tone and the shape of an attempt.
pub fn attempt(status: DeploymentStatus) -> (&'static str, &'static str) {
    match status {
        DeploymentStatus::Pending => ("waiting", "s-clock"),
        DeploymentStatus::Applying | DeploymentStatus::Progressing => ("deploying", "s-turn"),
        DeploymentStatus::Succeeded => ("healthy", "s-ok"),
        DeploymentStatus::Failed => ("failed", "s-bad"),
        DeploymentStatus::Superseded => ("voided", "s-no"),
    }
}

/// The tone and the sign of a change.
pub fn change(change: Change) -> (&'static str, &'static str) {
    match change {
        Change::Created => ("healthy", "plus"),
        Change::Changed => ("changed", "s-drift"),
        Change::Unchanged => ("none", "tick"),
        Change::Deleted => ("failed", "cross"),
    }
}

/// Shape and word.
pub fn state(health: Health) -> AnyView {
    says(health, health.word())
}

/// Shape and other words.
pub fn says(health: Health, words: &str) -> AnyView {
    let (tone, shape) = look(health);
    named(tone, shape, words)
}

/// A tone, a shape and words.
pub fn named(tone: &'static str, shape: &'static str, words: &str) -> AnyView {
    view! {
        <span class="state" data-state=tone>{icon(shape)}<span class="word">{words.to_owned()}</span></span>
    }
    .into_any()
}

/// What a release state adds to a health; nothing while it should run.
pub fn wanted(state: ReleaseState) -> Option<&'static str> {
    match state {
        ReleaseState::Active => None,
        ReleaseState::Suspend => Some("suspended"),
        ReleaseState::Undeploy => Some("undeployed"),
    }
}

/// The mark of a tab's title.
pub fn mark(health: Option<Health>) -> &'static str {
    match health {
        Some(Health::Healthy) => "✓ ",
        Some(Health::Degraded | Health::Missing) => "✗ ",
        Some(Health::Progressing) => "… ",
        Some(Health::Suspended | Health::Unknown) | None => "",
    }
}
