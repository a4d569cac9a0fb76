//! What happened, what to do, and the id to say when asking: every problem as a page.

use leptos::prelude::*;
use model::{kind::Kind, path, problem::Problem};

use crate::{
    context::Around,
    parts::{fault, icon, yaml::yaml},
    screen::{Place, Screen, page},
};

/// An address that no page has.
pub fn not_here() -> AnyView {
    let address = Around::here().address;
    page(move |_| async move { Err(Problem::not_found("page", &address)) })
}

/// The problem as a screen; without a frame when nobody is signed in.
pub fn problem_screen(problem: &Problem, around: &Around, signed_in: bool) -> Screen {
    let (tone, shape) = match problem {
        Problem::NotFound { .. } => ("none", "s-unknown"),
        Problem::Refused(_) | Problem::SignedOut => ("denied", "s-no"),
        Problem::Throttled { .. } => ("waiting", "s-clock"),
        Problem::PlaneUnreachable { .. } => ("degraded", "s-warn"),
        _ => ("failed", "s-bad"),
    };
    let reference = match problem {
        Problem::Broken { reference } if around.request.is_empty() => reference.clone(),
        _ => around.request.clone(),
    };
    let reference = (!reference.is_empty()).then(|| {
        view! { <p class="hint">"Quote this when you ask for help: "<span class="hash" id="reference">{reference}</span></p> }
    });
    let body = view! {
        <section class="empty">
            <p class="state" data-state=tone data-solid="">
                {icon(shape)}{format!("{}, {}", problem.title(), problem.status())}
            </p>
            <h1>{headline(problem)}</h1>
            <p>{advice(problem)}</p>
            {details(problem, &around.address)}
            <div class="acts">{ways_out(problem, signed_in)}</div>
            {reference}
        </section>
    };
    Screen::new(problem.title(), Place::Nowhere, body)
}

fn headline(problem: &Problem) -> String {
    match problem {
        Problem::Refused(refusal) => {
            format!("You may not {} this {}", refusal.verb, refusal.kind)
        }
        Problem::NotFound { what, name, .. } => format!("There is no {what} “{name}”"),
        Problem::Broken { .. } => "Something broke on our side".into(),
        Problem::PlaneUnreachable { plane, .. } => format!("Plane {plane} doesn't answer"),
        other => other.to_string(),
    }
}

fn advice(problem: &Problem) -> String {
    match problem {
        Problem::SignedOut => "Your session has ended, or you haven't signed in yet. You will \
                               come back to where you were."
            .into(),
        Problem::Refused(refusal) => {
            let mut why = refusal.why.chars();
            let first = why.next().map(|letter| letter.to_uppercase().to_string());
            format!(
                "{}{}. {}.",
                first.unwrap_or_default(),
                why.as_str(),
                refusal.who_can
            )
        }
        Problem::NotFound { near, .. } if near.is_empty() => {
            "Or there is one that you may not see; we don't say which. It may have been deleted \
             or renamed."
                .into()
        }
        Problem::NotFound { .. } => {
            "Or there is one that you may not see; we don't say which. These names are near:".into()
        }
        Problem::Invalid { .. } => {
            "Nothing was changed. Mend what is listed, and send it again.".into()
        }
        Problem::Stale { .. } => "Somebody else was faster. Nothing of yours was written: look at \
                                  it as it is now, and change that."
            .into(),
        Problem::TooLarge { .. } => "Nothing was changed. Send it in smaller parts.".into(),
        Problem::Throttled { .. } => {
            "This protects accounts from being guessed. Wait a moment.".into()
        }
        Problem::PlaneUnreachable { reason, .. } => format!(
            "It said: {reason}. What runs there keeps running, and other planes are not affected. \
             Troupe tries again by itself."
        ),
        Problem::Broken { .. } => "It isn't your fault, and it is in the server's log. Try once \
                                   more; if it stays, tell whoever runs this Troupe."
            .into(),
    }
}

/// Where a near name would be looked at, if the address asked for tells.
fn near_address(what: &str, name: &str, address: &str) -> Option<String> {
    let path = address.split('?').next()?;
    let mut parts = path.trim_start_matches('/').split('/');
    match (what, parts.next()?, parts.next()) {
        ("project", "projects", _) => Some(path::project(name)),
        ("component", "projects", Some(project)) => Some(path::component(project, name)),
        ("kind", "resources", _) => Kind::guessed(name).map(path::resources),
        _ => None,
    }
}

fn details(problem: &Problem, address: &str) -> Option<AnyView> {
    match problem {
        Problem::NotFound { near, what, .. } if !near.is_empty() => {
            let names: Vec<AnyView> = near
                .iter()
                .map(|name| {
                    let name_shown = match near_address(what, name, address) {
                        Some(address) => view! { <a href=address>{name.clone()}</a> }.into_any(),
                        None => name.clone().into_any(),
                    };
                    view! { <li>{icon("arrow")}<div><b>{name_shown}</b></div></li> }.into_any()
                })
                .collect();
            Some(view! { <ul class="list">{names}</ul> }.into_any())
        }
        Problem::Invalid { faults, .. } if !faults.is_empty() => Some(fault::faults(faults)),
        Problem::Stale {
            current: Some(current),
            ..
        } => {
            let text = serde_json::to_string_pretty(current).ok()?;
            Some(yaml("current", &text))
        }
        _ => None,
    }
}

fn ways_out(problem: &Problem, signed_in: bool) -> AnyView {
    if !signed_in {
        return view! { <a class="btn" data-kind="main" href=path::sign_in()>{icon("key")}"Sign in"</a> }
            .into_any();
    }
    let to_planes = matches!(problem, Problem::PlaneUnreachable { .. }).then(|| {
        view! { <a class="btn" data-kind="main" href=path::planes()>{icon("server")}"See the planes"</a> }
    });
    view! {
        {to_planes}
        <a class="btn" href=path::home()>{icon("home")}"Home"</a>
        <a class="btn" data-kind="bare" href=path::projects()>{icon("cell")}"All projects"</a>
    }
    .into_any()
}
