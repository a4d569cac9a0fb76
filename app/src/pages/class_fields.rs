//! The fields that may stand at a place of a class's manifest: a way through Kubernetes' schema.

use leptos::prelude::*;
use model::{
    kind::Kind,
    manifest::{self, Field},
    path,
    problem::Problem,
};

use crate::{
    context::Ask,
    pages::classes::{about, class_kind},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let kind = class_kind(&ask)?;
        let at = ask.query("path");
        let at = if at.is_empty() { "spec".to_owned() } else { at };
        let found = manifest::fields(kind, &at);
        let found = found.ok_or_else(|| Problem::not_found("field", &at))?;
        Ok(draw(kind, &at, &found))
    })
}

fn draw(kind: Kind, at: &str, fields: &[Field]) -> Screen {
    let mut way = Vec::new();
    let mut whole = String::new();
    for step in at.split('.') {
        if !whole.is_empty() {
            whole.push('.');
        }
        whole.push_str(step);
        way.push(if whole == at {
            view! { <li><b aria-current="page">{step.to_owned()}</b></li> }.into_any()
        } else {
            let address = path::class_fields(kind, &whole);
            view! { <li><a href=address>{step.to_owned()}</a></li> }.into_any()
        });
    }
    let rows: Vec<AnyView> = fields
        .iter()
        .map(|field| {
            let name = if field.deeper {
                let address = path::class_fields(kind, &format!("{at}.{}", field.name));
                view! { <a href=address><code>{field.name.clone()}</code></a> }.into_any()
            } else {
                view! { <code>{field.name.clone()}</code> }.into_any()
            };
            view! {
                <tr><th scope="row">{name}</th><td>{field.wants.clone()}</td><td class="wide">{field.help.clone()}</td></tr>
            }
            .into_any()
        })
        .collect();
    let version = manifest::kubernetes_version();
    let body = view! {
        <header class="head">
            <div>
                <h1>"Fields"</h1>
                <p class="sub"><span>{kind.as_str()}</span><span>{format!("Kubernetes {version}, as its API server tells it")}</span></p>
            </div>
        </header>
        <nav class="crumbs way" aria-label="Path"><ol>{way}</ol></nav>
        <div class="boxed" tabindex="0" role="group" aria-label="Fields">
            <table class="table">
                <thead><tr><th scope="col">"Field"</th><th scope="col">"Holds"</th><th scope="col">"What it is"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    Screen::new("Fields", Place::Classes, body)
        .titled(format!("{at} of {kind}"))
        .under("Classes", path::classes())
        .under(
            about(kind).0,
            format!("{}#{}", path::classes(), kind.plural()),
        )
}
