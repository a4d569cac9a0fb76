//! Before something is deleted: what goes with it, and its name typed to be sure.

use leptos::prelude::*;
use model::{access::Viewer, path, view::DeleteView};

use crate::{
    context::{Ask, csrf},
    pages::{
        resource::asked,
        resources::{links, place},
    },
    parts::{command, count, icon},
    screen::{self, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let identity = asked(&ask)?;
        let preview = ask
            .ports
            .manifests
            .delete_preview(&ask.viewer, &identity)
            .await?;
        Ok(draw(&ask.viewer, &preview))
    })
}

fn draw(viewer: &Viewer, preview: &DeleteView) -> Screen {
    let own = &preview.identity;
    let title = format!("Delete {}", own.name);
    let blocked: Vec<AnyView> = preview
        .blocked_by
        .iter()
        .map(|why| view! { <li>{icon("s-no")}<span>{why.clone()}</span></li> }.into_any())
        .collect();
    let deed = if blocked.is_empty() {
        form(viewer, preview)
    } else {
        view! {
            <section class="summary" aria-labelledby="blocked" role="alert">
                <h2 id="blocked">"It can't be deleted yet"</h2>
                <ul class="words" data-state="denied">{blocked}</ul>
            </section>
        }
        .into_any()
    };
    let body = view! {
        <header class="head">
            <div><h1>{title.clone()}</h1><p class="sub">{own.kind.as_str()}</p></div>
            <div class="acts"><a class="btn" href=path::resource(own)>"Keep it"</a></div>
        </header>
        {impact(preview)}
        {deed}
        {command::same_by_cli(&[command_of(preview)])}
    };
    Screen::new("Delete", place(own.kind), body)
        .titled(title)
        .under(own.kind.as_str(), path::resources(own.kind))
        .under(&own.name, path::resource(own))
}

fn command_of(preview: &DeleteView) -> String {
    let own = &preview.identity;
    let project = if own.project.is_empty() {
        String::new()
    } else {
        format!(" -p {}", own.project)
    };
    format!(
        "troupe delete {} {}{project}",
        own.kind.as_str().to_lowercase(),
        own.name
    )
}

fn impact(preview: &DeleteView) -> AnyView {
    let resources = i64::try_from(preview.resources.len()).unwrap_or_default();
    let objects = i64::try_from(preview.objects.len()).unwrap_or_default();
    let alone = preview.resources.is_empty() && preview.objects.is_empty();
    let nothing = alone.then(|| view! { <p class="says">"Nothing else goes with it."</p> });
    let with_it = (!preview.resources.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="with-it">
                <header><h2 id="with-it">"Goes with it"</h2><span class="quiet">{count(resources, "resource")}</span></header>
                {links(&preview.resources)}
            </section>
        }
    });
    let from_planes = (!preview.objects.is_empty()).then(|| {
        let rows: Vec<AnyView> = preview
            .objects
            .iter()
            .map(|(plane, object)| {
                view! { <li>{icon("cube")}<span><code>{object.clone()}</code><span class="quiet">{format!(" on {plane}")}</span></span></li> }
                    .into_any()
            })
            .collect();
        view! {
            <section class="card" aria-labelledby="from-planes">
                <header><h2 id="from-planes">"Goes from planes"</h2><span class="quiet">{count(objects, "object")}</span></header>
                <ul class="words">{rows}</ul>
            </section>
        }
    });
    view! { {nothing}<div class="grid" data-at="wide">{with_it}{from_planes}</div> }.into_any()
}

/// The form that asks for the name of what goes.
pub(crate) fn form(viewer: &Viewer, preview: &DeleteView) -> AnyView {
    let own = &preview.identity;
    let hidden: Vec<AnyView> = [
        ("csrf", csrf(viewer)),
        ("kind", own.kind.as_str()),
        ("project", &own.project),
        ("component", &own.component),
        ("name", &own.name),
    ]
    .into_iter()
    .map(|(name, value)| {
        view! { <input type="hidden" name=name value=value.to_owned()/> }.into_any()
    })
    .collect();
    view! {
        <form class="stack narrow" method="post" action=path::delete()>
            {hidden}
            <div class="field">
                <label for="confirm">"Type "<code>{own.name.clone()}</code>" to be sure"</label>
                <input
                    class="input" id="confirm" name="confirm" required autocomplete="off"
                    spellcheck="false" autocapitalize="none" pattern=exactly(&own.name)
                    aria-describedby="confirm-hint"
                />
                <p class="hint" id="confirm-hint">
                    "What it made goes from every plane first; the rest goes when the planes confirm."
                </p>
            </div>
            <div><button class="btn" data-kind="bad">{icon("bin")}{format!("Delete {}", own.name)}</button></div>
        </form>
    }
    .into_any()
}

/// A pattern that only this text fits.
fn exactly(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || letter == '-' {
                letter.to_string()
            } else {
                format!("\\{letter}")
            }
        })
        .collect()
}
