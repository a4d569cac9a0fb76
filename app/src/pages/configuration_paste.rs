//! Many keys at once: the text of a `.env` file, for one level.

use leptos::prelude::*;
use model::{
    configuration::Level,
    form::{
        Fields,
        configuration::{column, dotenv, level, pasted},
    },
    path,
    problem::{FieldFault, Problem},
    view::ConfigurationView,
};

use crate::{
    context::Ask,
    forms::{Draft, Outcome, Posted, Typed, take},
    pages::configuration_values::levels,
    parts::{
        form::{Choice, Sheet, ask as question, group},
        matrix,
    },
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let known = find(&ask).await?;
        let mut fields = Fields::default();
        fields.set("level", "all");
        fields.set("version", &known.resource.version.to_string());
        Ok(draw(&ask, &Typed::fresh(fields), &known))
    })
}

async fn find(ask: &Ask) -> Result<ConfigurationView, Problem> {
    let name = ask.param("name");
    ask.ports.configuration.find(&ask.viewer, &name).await
}

/// The lines that can't be read, beside the field that they were pasted into.
pub(crate) fn faults(lines: &[(usize, String)]) -> Vec<FieldFault> {
    let told: Vec<String> = lines
        .iter()
        .map(|(line, why)| format!("line {line} {why}"))
        .collect();
    vec![FieldFault {
        path: "text".into(),
        message: told.join("; "),
        remedy: "Write KEY=value, one a line".into(),
        ..FieldFault::default()
    }]
}

/// Takes what was pasted.
///
/// # Errors
/// When there is no such group, a refusal, or what broke.
pub async fn paste(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let known = find(&ask).await?;
    let wrong = match dotenv::read(fields.raw("text")) {
        Ok(pairs) if pairs.is_empty() => vec![FieldFault {
            path: "text".into(),
            message: "there is no key in it".into(),
            remedy: "Write KEY=value, one a line".into(),
            ..FieldFault::default()
        }],
        Ok(_) => Vec::new(),
        Err(lines) => faults(&lines),
    };
    if !wrong.is_empty() {
        let typed = Typed {
            faults: wrong,
            ..Typed::fresh(fields)
        };
        let draw = move || draw(&ask, &typed, &known);
        return Ok(Outcome::Show(422, Box::new(draw)));
    }
    let own = known.resource.row.identity.clone();
    let taken = take(&ask, fields, |fields| {
        let pairs = dotenv::read(fields.raw("text")).unwrap_or_default();
        let level = level(fields.text("level")).unwrap_or(Level::Global);
        Draft {
            manifests: vec![pasted(&level, &pairs, &known.resource.manifest)],
            expected: [(own.clone(), fields.text("version").parse().unwrap_or(-1))].into(),
            field: |_, _| None,
            confirm: true,
        }
    })
    .await?;
    Ok(taken.or_again(
        |_| path::configuration_group(&own.name),
        move |typed| draw(&ask, &typed, &known),
    ))
}

fn draw(ask: &Ask, typed: &Typed, known: &ConfigurationView) -> Screen {
    let sheet = Sheet::new(&ask.viewer, typed);
    let name = &known.resource.row.identity.name;
    let choices: Vec<Choice> = levels(known)
        .iter()
        .map(|level| Choice::called(&column(level), &matrix::name(level, &known.environments)))
        .collect();
    let fields = group(
        "What it says",
        "Keys that are there already get the new value; you see what changes before it is saved.",
        vec![
            sheet.area(
                question(
                    "text",
                    "Text of a .env file",
                    "KEY=value, one a line. Comments and quotes are understood. Don't paste secrets: give their path in Vault instead.",
                ),
                12,
                false,
                true,
            ),
            sheet.select(
                question("level", "For", "Where these values hold."),
                &choices,
                false,
            ),
        ],
    );
    let title = "Paste .env";
    let body = view! {
        <header class="head"><div><h1>{format!("Paste .env into {name}")}</h1></div></header>
        {sheet.form(
            path::paste_configuration(name),
            path::configuration_group(name),
            "Save keys",
            vec![fields],
        )}
    };
    Screen::new(title, Place::Configuration, body)
        .titled(format!("{title} into {name}"))
        .under("Configuration", path::configuration())
        .under(name, path::configuration_group(name))
}
