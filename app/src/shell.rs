//! The document around every page: head, style sheet, icons, and the script that wakes islands.

use leptos::{nonce::Nonce, prelude::*};

use crate::{
    context::{self, Around, Theme},
    routes::App,
};

/// What the server hands to `leptos_routes_with_context`: the doctype, then what the page draws.
///
/// The page draws `<html>` itself: its title is known when its data is.
pub fn shell() -> impl IntoView {
    if let Some(parts) = use_context::<http::request::Parts>()
        && let Some(nonce) = parts.extensions.get::<context::Nonce>()
    {
        // Leptos' own scripts take it from here.
        provide_context(Nonce::from_value(nonce.0.clone()));
    }
    view! {
        <!DOCTYPE html>
        <App/>
    }
}

/// A whole document.
pub fn document(around: &Around, title: &str, body: AnyView) -> AnyView {
    let theme = match around.theme {
        Theme::Auto => None,
        Theme::Light | Theme::Dark => Some(around.theme.as_str()),
    };
    let title = format!("{title} · Troupe");
    view! {
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="troupe-build" content=around.assets.build.clone()/>
                <title>{title}</title>
                <link rel="icon" type="image/svg+xml" href=FAVICON/>
                <link rel="stylesheet" href=around.assets.css.clone()/>
                {scripts(around)}
            </head>
            {body}
        </html>
    }
    .into_any()
}

/// The icon travels in the page: one request less.
const FAVICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'%3E%3Cstyle%3E.b%7Bfill:%232b2824%7D@media(prefers-color-scheme:dark)%7B.b%7Bfill:%23efece6%7D%7D%3C/style%3E%3Cpath fill='%232f56d8' d='M10 1.2 14.4 9H5.6z'/%3E%3Crect class='b' x='1.8' y='10.6' width='7.6' height='7.6' rx='1'/%3E%3Ccircle class='b' cx='14.4' cy='14.4' r='3.95'/%3E%3C/svg%3E";

/// Loads the islands when the browser has nothing better to do, and wakes each one.
fn scripts(around: &Around) -> Option<AnyView> {
    let js = around.assets.js.clone()?;
    let nonce = (!around.nonce.is_empty()).then(|| around.nonce.clone());
    let wake = format!(
        "const go=async()=>{{const m=await import({js:?});await m.default();m.hydrate();\
         for(const e of document.querySelectorAll('leptos-island')){{const f=m[e.dataset.component];\
         f?f(e):console.warn('no island',e.dataset.component)}}\
         document.documentElement.dataset.awake=''}};\
         'requestIdleCallback' in window?requestIdleCallback(go):go()"
    );
    let wasm = around.assets.wasm.clone().map(|wasm| {
        view! {
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        }
    });
    Some(
        view! {
            <link rel="modulepreload" href=js nonce=nonce.clone()/>
            {wasm}
            <script type="module" nonce=nonce>{wake}</script>
        }
        .into_any(),
    )
}
