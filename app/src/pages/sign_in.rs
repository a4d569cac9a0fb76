//! The way in: signing in, and making the first administrator.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use model::path;

use crate::{context::Around, frame::door, parts::icon, shell::document};

/// The sign-in page.
pub fn sign_in() -> AnyView {
    let query = use_query_map().get_untracked();
    sign_in_document(
        &Around::here(),
        &query.get("return_to").unwrap_or_default(),
        "",
        "",
    )
}

/// Only an address of our own may be returned to.
fn home_made(address: &str) -> &str {
    let ours = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    if ours { address } else { "/" }
}

/// The sign-in page, with what was wrong with the attempt before.
pub fn sign_in_document(around: &Around, return_to: &str, name: &str, message: &str) -> AnyView {
    let return_to = home_made(return_to).to_owned();
    let hint = (return_to != "/").then(|| {
        view! { <p class="hint">"You will land on "<b>{return_to.clone()}</b>"."</p> }
    });
    let wrong = !message.is_empty();
    let body = view! {
        <div>
            <h1>"Sign in"</h1>
            <p class="says">"One portal for what you build, where it runs and how it is."</p>
        </div>
        {error(message)}
        <form class="stack" method="post" action=path::sign_in()>
            <input type="hidden" name="return_to" value=return_to/>
            <div class="field">
                <label for="name">"User name"</label>
                <input
                    class="input" id="name" name="name" autocomplete="username" required
                    autocapitalize="none" spellcheck="false" value=name.to_owned()
                    aria-invalid=wrong.then_some("true") aria-describedby=wrong.then_some("error")
                    autofocus
                />
            </div>
            {password("current-password", wrong)}
            <button class="btn" data-kind="main" data-size="big">"Sign in"</button>
        </form>
        {hint}
    };
    document(around, "Sign in", door(body.into_any()))
}

/// The page where the first administrator is made, by a one-time link from the console.
pub fn setup() -> AnyView {
    let token = use_query_map()
        .get_untracked()
        .get("token")
        .unwrap_or_default();
    setup_document(&Around::here(), &token, "")
}

/// The same, with what was wrong with the attempt before.
pub fn setup_document(around: &Around, token: &str, message: &str) -> AnyView {
    let body = if token.is_empty() {
        Either::Left(view! {
            <div>
                <h1>"This link has no token"</h1>
                <p class="says">
                    "The server printed a one-time link on its console when it first started. \
                     Open that whole link."
                </p>
            </div>
            <a class="btn" href=path::sign_in()>"Sign in instead"</a>
        })
    } else {
        Either::Right(view! {
            <div>
                <h1>"Welcome to Troupe"</h1>
                <p class="says">"Make the first administrator. This link works once."</p>
            </div>
            {error(message)}
            <form class="stack" method="post" action=path::setup()>
                <input type="hidden" name="token" value=token.to_owned()/>
                <div class="field">
                    <label for="name">"User name"</label>
                    <input
                        class="input" id="name" name="name" autocomplete="username" required
                        autocapitalize="none" spellcheck="false" value="admin"
                    />
                </div>
                {password("new-password", !message.is_empty())}
                <button class="btn" data-kind="main" data-size="big">{icon("key")}"Make the account"</button>
            </form>
        })
    };
    document(around, "Set up", door(body.into_any()))
}

fn password(autocomplete: &'static str, wrong: bool) -> AnyView {
    let fresh = autocomplete == "new-password";
    let hint = fresh.then(|| {
        view! { <p class="hint" id="password-hint">"At least 12 characters. A sentence is good."</p> }
    });
    view! {
        <div class="field">
            <label for="password">"Password"</label>
            <input
                class="input" id="password" name="password" type="password" required
                autocomplete=autocomplete minlength=fresh.then_some("12")
                aria-invalid=wrong.then_some("true")
                aria-describedby=if wrong { Some("error") } else { fresh.then_some("password-hint") }
            />
            {hint}
        </div>
    }
    .into_any()
}

fn error(message: &str) -> Option<AnyView> {
    (!message.is_empty()).then(|| {
        view! { <p class="error" id="error" role="alert">{icon("s-bad")}<span>{message.to_owned()}</span></p> }
            .into_any()
    })
}
