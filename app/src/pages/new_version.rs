//! A new version of a component in two fields, and how a pipeline does the same.

use leptos::prelude::*;
use model::{
    form::Fields,
    path,
    problem::Problem,
    view::{ComponentView, NewVersion},
};

use crate::{
    context::{Ask, csrf},
    forms::{Outcome, Posted, Typed},
    pages::tabs,
    parts::{
        command,
        form::{Choice, Line, Sheet, ask as question, group},
        icon,
    },
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let component = tabs::component(&ask).await?;
        let mut fields = Fields::default();
        fields.set("container", &main(&component));
        Ok(draw(&ask, &Typed::fresh(fields), &component))
    })
}

/// Ships it.
///
/// # Errors
/// A refusal, or what broke; what is wrong with the image is told beside it.
pub async fn ship(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let component = tabs::component(&ask).await?;
    let version = NewVersion {
        container: fields.text("container").to_owned(),
        image: fields.text("image").to_owned(),
        commit: String::new(),
    };
    let (project, name) = (&component.project, &component.name);
    let delivery = &ask.ports.delivery;
    match delivery.ship(&ask.viewer, project, name, &version).await {
        Ok(_) => Ok(Outcome::Go(path::component(project, name))),
        Err(Problem::Invalid { faults, .. }) if !faults.is_empty() => {
            let typed = Typed {
                faults,
                ..Typed::fresh(fields)
            };
            let again = move || draw(&ask, &typed, &component);
            Ok(Outcome::Show(422, Box::new(again)))
        }
        Err(problem) => Err(problem),
    }
}

/// The containers of the newest artifact with their images.
fn images(component: &ComponentView) -> &[(String, String)] {
    let newest = component.artifacts.first();
    newest.map_or(&[], |artifact| &artifact.images)
}

/// The container that people mean.
fn main(component: &ComponentView) -> String {
    let first = images(component).first();
    first.map_or_else(|| "main".into(), |(container, _)| container.clone())
}

/// The two fields, wherever they stand; small, without words, on a component's page.
pub fn card(ask: &Ask, component: &ComponentView) -> Option<AnyView> {
    let (container, image) = images(component).first()?.clone();
    let address = path::new_version(&component.project, &component.name);
    let options: Vec<AnyView> = images(component)
        .iter()
        .map(|(name, _)| view! { <option value=name.clone()>{name.clone()}</option> }.into_any())
        .collect();
    let which = if options.len() > 1 {
        view! {
            <div class="field">
                <label for="container">"Container"</label>
                <select class="input" id="container" name="container">{options}</select>
            </div>
        }
        .into_any()
    } else {
        view! { <input type="hidden" name="container" value=container/> }.into_any()
    };
    Some(
        view! {
            <section class="card" aria-labelledby="new-version">
                <header><h2 id="new-version">"New version"</h2><a class="says" href=address.clone()>"From a pipeline"</a></header>
                <form class="stack" data-gap="small" method="post" action=address>
                    <input type="hidden" name="csrf" value=csrf(&ask.viewer).to_owned()/>
                    {which}
                    <div class="field">
                        <label for="image">"Image"</label>
                        <input
                            class="input" id="image" name="image" required placeholder=image
                            autocomplete="off" autocapitalize="none" spellcheck="false"
                            aria-describedby="image-hint"
                        />
                        <p class="hint" id="image-hint">"Its digest is looked up and pinned. It makes the next artifact."</p>
                    </div>
                    <div><button class="btn">{icon("ship")}"Ship it"</button></div>
                </form>
            </section>
        }
        .into_any(),
    )
}

fn draw(ask: &Ask, typed: &Typed, component: &ComponentView) -> Screen {
    let (project, name) = (&component.project, &component.name);
    let sheet = Sheet::new(&ask.viewer, typed);
    let choices: Vec<Choice> = images(component)
        .iter()
        .map(|(container, image)| Choice::called(container, &format!("{container}: {image}")))
        .collect();
    let example = images(component).first().map_or_else(
        || "registry/path:tag".to_owned(),
        |(_, image)| image.clone(),
    );
    let of = question(
        "container",
        "Container",
        "The one that gets it; the others stay as they are.",
    );
    // Before the first artifact nobody here knows how they are called.
    let which = if choices.is_empty() {
        sheet.line(of, Line::default())
    } else {
        sheet.select(of, &choices, false)
    };
    let fields = group(
        "The image",
        "It takes the place of the one that runs, and makes the next artifact. The same content is the same artifact.",
        vec![
            which,
            sheet.line(
                question(
                    "image",
                    "Image",
                    "Registry, path and tag. The registry is asked for the digest, which is pinned; one that can't be reached holds nothing up.",
                ),
                Line {
                    example: &example,
                    ..Line::default()
                },
            ),
        ],
    );
    let title = format!("New version of {}", component.display_name);
    let back = path::component(project, name);
    let address = path::new_version(project, name);
    let body = view! {
        <header class="head"><div><h1>{title.clone()}</h1></div></header>
        {sheet.alone(address, back.clone(), "Ship it", "main", vec![fields])}
        <section class="band" aria-labelledby="pipeline">
            <header>
                <h2 id="pipeline">"From a pipeline"</h2>
                <p>"One request once the image is pushed. TROUPE_TOKEN is a token of yours."</p>
            </header>
            {command::command("curl", &curl(project, name, &main(component), &example))}
        </section>
        {command::same_by_cli(&[format!("troupe deploy {name} -p {project} --image {example}")])}
    };
    Screen::new("New version", Place::Projects, body)
        .titled(title)
        .under(&component.project_display_name, path::project(project))
        .under(&component.display_name, back)
}

/// The request that a pipeline sends.
fn curl(project: &str, name: &str, container: &str, image: &str) -> String {
    let body = serde_json::json!({"container": container, "image": image});
    format!(
        "curl -fsS -H \"Authorization: Bearer $TROUPE_TOKEN\" -H 'Content-Type: application/json' \
         -d '{body}' \"$TROUPE_SERVER/api/v1/projects/{project}/components/{name}/artifacts\""
    )
}
