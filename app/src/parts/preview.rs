//! What something that is being typed comes to: what changes, and the objects of each environment.

use leptos::prelude::*;
use model::view::{Change, PreviewRelease, PreviewView};

use super::{change, count, diff, fold, icon, state, yaml};
use crate::forms::Typed;

/// The panel beside a form.
pub fn panel(typed: &Typed) -> AnyView {
    let body = match &typed.preview {
        Some(preview) => drawn(preview),
        None if !typed.faults.is_empty() => faulty(typed),
        None => view! {
            <p class="says">"Press Preview to see the manifests and the objects it comes to. Nothing is changed by that."</p>
        }
        .into_any(),
    };
    view! {
        <header><div><h2 id="preview">"What you will get"</h2></div></header>
        {body}
        {manifests(typed)}
    }
    .into_any()
}

/// What has to be put right before it comes to anything.
fn faulty(typed: &Typed) -> AnyView {
    let rows: Vec<AnyView> = typed
        .faults
        .iter()
        .map(|fault| {
            let says = format!(
                "{}. {}",
                super::form::sentence(&fault.message),
                fault.remedy
            );
            view! { <li data-state="waiting">{icon("s-warn")}<span>{says}</span></li> }.into_any()
        })
        .collect();
    view! {
        <section><h3>"Still to put right"</h3><ul class="words">{rows}</ul></section>
    }
    .into_any()
}

/// What was typed, as the manifests that it becomes.
fn manifests(typed: &Typed) -> Option<AnyView> {
    if typed.manifests.is_empty() {
        return None;
    }
    let texts: Vec<String> = typed.manifests.iter().map(model::yaml::write).collect();
    let text = texts.join("---\n");
    let inside = view! {
        {yaml::live("manifests-yaml", &text)}
        <p class="hint">"The same as a file: "<code>"troupe apply -f FILE"</code>" does what this form does."</p>
    };
    Some(
        view! { <section>{fold("manifests", "Manifests as YAML", false, inside)}</section> }
            .into_any(),
    )
}

fn drawn(preview: &PreviewView) -> AnyView {
    let rows: Vec<AnyView> = preview
        .plan
        .rows
        .iter()
        .map(|row| {
            let (tone, sign) = state::change(row.change);
            let word = match row.change {
                Change::Created => "New",
                Change::Changed => "Changes",
                Change::Unchanged => "Stays",
                Change::Deleted => "Goes",
            };
            let waits: Vec<AnyView> = row
                .waiting
                .iter()
                .map(|what| {
                    view! { <p class="why">{icon("s-clock")}<span>"Waits for "<b>{what.clone()}</b></span></p> }
                        .into_any()
                })
                .collect();
            view! {
                <li>{state::named(tone, sign, word)}" "<span>{row.identity.to_string()}</span>
                    {change::fields(&row.fields)}{waits}
                </li>
            }
            .into_any()
        })
        .collect();
    let releases: Vec<AnyView> = preview.releases.iter().map(release).collect();
    let nothing = preview.releases.is_empty().then(|| {
        view! { <section><p class="says">"No release comes of it: what runs stays as it is."</p></section> }
    });
    view! {
        <section><h3>"Manifests"</h3><ul class="stack" data-gap="small">{rows}</ul></section>
        {releases}
        {nothing}
    }
    .into_any()
}

fn release(release: &PreviewRelease) -> AnyView {
    let place = if release.environment.is_empty() {
        release.component.clone()
    } else {
        format!("{} in {}", release.component, release.environment)
    };
    if !release.blocked.is_empty() {
        let rows: Vec<AnyView> = release
            .blocked
            .iter()
            .map(|why| {
                view! { <li data-state="waiting">{icon("s-clock")}<span>{why.clone()}</span></li> }
                    .into_any()
            })
            .collect();
        return view! {
            <section><h3>{place}</h3><ul class="words">{rows}</ul></section>
        }
        .into_any();
    }
    let key = format!("{}-{}", release.component, release.environment);
    let number = i64::try_from(release.objects.len()).unwrap_or(i64::MAX);
    let injected: Vec<AnyView> = release
        .injected
        .iter()
        .map(|(name, value)| {
            view! { <li>{icon("arrow")}<span><code>{format!("{name}={value}")}</code></span></li> }
                .into_any()
        })
        .collect();
    let injected = (!injected.is_empty()).then(|| {
        view! { <h3>"Given by connections"</h3><ul class="words">{injected}</ul> }
    });
    let changed: Vec<AnyView> = release
        .diff
        .iter()
        .filter(|diff| diff.change == Change::Changed)
        .map(|object| {
            let id = format!("diff-{key}-{}-{}", object.kind, object.name);
            diff::diff(
                &id,
                &object.kind,
                &object.name,
                true,
                &object.before,
                &object.after,
            )
        })
        .collect();
    let objects: Vec<AnyView> = release
        .objects
        .iter()
        .map(|object| {
            let id = format!("object-{key}-{}-{}", object.kind, object.name);
            let title = format!("{} {}", object.kind, object.name);
            fold(
                &id,
                &title,
                false,
                yaml::live(&format!("{id}-yaml"), &object.yaml),
            )
        })
        .collect();
    view! {
        <section>
            <h3>{format!("{place}: {}", count(number, "object"))}</h3>
            {injected}
            <div class="stack" data-gap="small">{changed}{objects}</div>
        </section>
    }
    .into_any()
}
