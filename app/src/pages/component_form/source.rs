//! Where what runs comes from: an image, or source that a build will make one of.

use leptos::prelude::*;

use crate::{
    forms::Typed,
    parts::{
        form::{Choice, Line, Sheet, ask as question, group as fieldset, pair},
        icon,
    },
};

/// The group.
pub(super) fn group(sheet: &Sheet<'_>, typed: &Typed) -> AnyView {
    let choice = |value: &str, label: &str, means: &str, sign| Choice {
        means: means.into(),
        sign,
        ..Choice::called(value, label)
    };
    let choices = [
        choice(
            "image",
            "Image",
            "Built elsewhere; you name it below",
            "image",
        ),
        choice(
            "source",
            "Git repository",
            "Kept for the builds of a later version",
            "git",
        ),
    ];
    fieldset(
        "Where it comes from",
        "You bring an image, or say where the source is.",
        vec![
            sheet.choices(question("from", "Source", ""), &choices),
            view! { <div class="stack source">{source(sheet, typed)}</div> }.into_any(),
        ],
    )
}

fn source(sheet: &Sheet<'_>, typed: &Typed) -> Vec<AnyView> {
    let line = |name, label, hint, example, optional| {
        sheet.line(
            question(name, label, hint),
            Line {
                example,
                optional,
                ..Line::default()
            },
        )
    };
    let note = view! {
        <p class="banner">{icon("note")}<span>"This is stored now; builds come with a later version. Until then, name the image of each container below: without one there is nothing to run."</span></p>
    };
    vec![
        note.into_any(),
        pair(vec![
            line(
                "repository",
                "Repository",
                "The git address.",
                "https://git.acme.dev/acme/shop",
                false,
            ),
            line(
                "branch",
                "Branch",
                "What is built unless a build says otherwise.",
                "main",
                false,
            ),
        ]),
        pair(vec![
            line(
                "app_path",
                "Folder",
                "Where the application is in the repository.",
                "/services/cart",
                false,
            ),
            line(
                "template",
                "Build template",
                "What builds it, such as docker or a buildpack.",
                "docker",
                false,
            ),
            line("engine", "Engine", "What runs the template.", "argo", true),
        ]),
        parameters(sheet, typed),
    ]
}

/// What the template is told beside that.
fn parameters(sheet: &Sheet<'_>, typed: &Typed) -> AnyView {
    let rows: Vec<AnyView> = typed
        .fields
        .indexes("parameter")
        .into_iter()
        .map(|at| {
            let field = |name: &str| format!("parameter.{at}.{name}");
            let name = sheet.value(&field("name"));
            let what = if name.is_empty() { "this parameter".to_owned() } else { name };
            view! {
                <li class="entry" data-slim>
                    <input type="hidden" name=field("was") value=sheet.value(&field("was"))/>
                    <div class="pair">
                        {sheet.line(question(&field("name"), "Parameter", ""), Line { example: "docker-context", ..Line::default() })}
                        {sheet.line(question(&field("value"), "Value", ""), Line::default())}
                    </div>
                    {sheet.drop("parameter", at, &what)}
                </li>
            }
            .into_any()
        })
        .collect();
    let list = (!rows.is_empty())
        .then(|| view! { <ol class="entries" aria-label="Parameters of the build">{rows}</ol> });
    view! {
        <div class="stack" data-gap="small">{list}{sheet.add("parameter", "Add parameter")}</div>
    }
    .into_any()
}
