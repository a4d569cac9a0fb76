//! Changing a configuration group's values: all of them as a table, or one key with all its levels.
//! What changes is shown before it is saved.

use leptos::prelude::*;
use model::{
    configuration::{Given, Level},
    form::{
        Fields,
        configuration::{column, values, values_fields},
    },
    kind::configuration::ConfigurationGroupSpec,
    path,
    problem::Problem,
    view::{ConfigurationView, EnvironmentName},
};
use serde::Deserialize;

use crate::{
    context::Ask,
    forms::{Draft, Outcome, Posted, Typed, take},
    parts::{
        form::{Choice, Line, Sheet, ask as question, group, pair},
        icon, matrix,
    },
    screen::{self, Place, Screen},
};

/// The page that changes all values.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let known = find(&ask).await?;
        let mut fields = values_fields(&known.resource.manifest, None);
        fields.set("version", &known.resource.version.to_string());
        Ok(draw(&ask, &Typed::fresh(fields), &known))
    })
}

/// The page that changes one key, or adds one.
pub fn key() -> AnyView {
    screen::page(|ask: Ask| async move {
        let known = find(&ask).await?;
        let key = ask.query("key");
        if !key.is_empty() && !known.keys.iter().any(|row| row.key == key) {
            return Err(Problem::not_found("key", &key));
        }
        let mut fields = if key.is_empty() {
            let mut fields = Fields::default();
            fields.set("row.0.key", ask.query("new").trim());
            fields
        } else {
            values_fields(&known.resource.manifest, Some(&key))
        };
        fields.set("version", &known.resource.version.to_string());
        Ok(draw_key(&ask, &Typed::fresh(fields), &known))
    })
}

/// Changes all values.
///
/// # Errors
/// When there is no such group, a refusal, or what broke.
pub async fn change(posted: Posted) -> Result<Outcome, Problem> {
    changed(posted, draw).await
}

/// Changes one key, or adds one.
///
/// # Errors
/// When there is no such group, a refusal, or what broke.
pub async fn change_key(posted: Posted) -> Result<Outcome, Problem> {
    changed(posted, draw_key).await
}

async fn changed(
    posted: Posted,
    draw: fn(&Ask, &Typed, &ConfigurationView) -> Screen,
) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let known = find(&ask).await?;
    let own = known.resource.row.identity.clone();
    let taken = take(&ask, fields, |fields| Draft {
        manifests: vec![values(fields, &known.resource.manifest)],
        expected: [(own.clone(), fields.text("version").parse().unwrap_or(-1))].into(),
        field: |_, _| None,
        confirm: true,
    })
    .await?;
    Ok(taken.or_again(
        |_| path::configuration_group(&own.name),
        move |typed| draw(&ask, &typed, &known),
    ))
}

async fn find(ask: &Ask) -> Result<ConfigurationView, Problem> {
    let name = ask.param("name");
    ask.ports.configuration.find(&ask.viewer, &name).await
}

/// All levels: for all, for each group of environments, for each environment. Also those that values
/// name and that aren't declared: they can't be lost.
pub(crate) fn levels(known: &ConfigurationView) -> Vec<Level> {
    let spec = known.resource.manifest.get("spec").cloned();
    let spec = ConfigurationGroupSpec::deserialize(&spec.unwrap_or_default()).unwrap_or_default();
    let groups = spec.environment_groups.iter();
    let groups = groups.map(|declared| Level::Group(declared.name.0.clone()));
    let environments = known.environments.iter();
    let environments = environments.map(|one| Level::Environment(one.name.clone()));
    let mut all: Vec<Level> = std::iter::once(Level::Global)
        .chain(groups)
        .chain(environments)
        .collect();
    let given = spec.configurations.iter().flat_map(|one| &one.values);
    for level in given.filter_map(Level::of) {
        if !all.contains(&level) {
            all.push(level);
        }
    }
    all
}

fn framed(title: &str, known: &ConfigurationView, body: AnyView) -> Screen {
    let name = &known.resource.row.identity.name;
    Screen::new(title, Place::Configuration, body)
        .titled(format!("{title} of {name}"))
        .under("Configuration", path::configuration())
        .under(name, path::configuration_group(name))
}

fn draw(ask: &Ask, typed: &Typed, known: &ConfigurationView) -> Screen {
    let sheet = Sheet::new(&ask.viewer, typed);
    let name = &known.resource.row.identity.name;
    let all = levels(known);
    let (columns, environments): (Vec<Level>, Vec<Level>) = all
        .into_iter()
        .partition(|level| !known.environments.iter().any(|one| is(level, one)));
    let indexes = typed.fields.indexes("row");
    let rows: Vec<AnyView> = indexes
        .into_iter()
        .map(|at| row(&sheet, typed, known, at, &columns, &environments))
        .collect();
    let table = view! {
        <section class="band" aria-label="Values">
            <p class="says">"An empty cell takes what is wider: environment beats group beats global. Nothing is saved before you have seen what changes."</p>
            <input type="hidden" name="whole" value="on"/>
            <div class="boxed" tabindex="0" role="region" aria-label="Values, scrolls both ways">
                <table class="matrix" data-edit="">
                    {matrix::head(&columns, &known.environments)}
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {sheet.add("row", "Add a key")}
        </section>
    }
    .into_any();
    let body = view! {
        <header class="head"><div><h1>{format!("Values of {}", known.resource.row.display_name)}</h1></div></header>
        {sheet.form(
            path::edit_configuration(name),
            path::configuration_group(name),
            "Save values",
            vec![table],
        )}
    };
    framed("Values", known, body.into_any())
}

fn is(level: &Level, environment: &EnvironmentName) -> bool {
    *level == Level::Environment(environment.name.clone())
}

fn row(
    sheet: &Sheet<'_>,
    typed: &Typed,
    known: &ConfigurationView,
    at: usize,
    columns: &[Level],
    environments: &[Level],
) -> AnyView {
    let field = |rest: &str| format!("row.{at}.{rest}");
    let was = typed.fields.raw(&field("was")).to_owned();
    let key = typed.fields.raw(&field("key")).to_owned();
    let cells: Vec<AnyView> = columns
        .iter()
        .chain(environments)
        .map(|level| cell(typed, known, at, &key, &was, level))
        .collect();
    let label = if key.is_empty() {
        "the new key".to_owned()
    } else {
        key.clone()
    };
    let head = if was.is_empty() {
        view! {
            <input
                class="input" name=field("key") id=field("key") value=key placeholder="KEY"
                aria-label="New key" autocomplete="off" autocapitalize="none" spellcheck="false"
            />
        }
        .into_any()
    } else {
        view! {
            <input type="hidden" name=field("was") value=was.clone()/>
            <input type="hidden" name=field("key") value=key.clone()/>
            <a href=path::configuration_key(&known.resource.row.identity.name, &was)>{key}</a>
        }
        .into_any()
    };
    view! {
        <tr><th scope="row"><span class="row">{head}{sheet.drop("row", at, &label)}</span></th>{cells}</tr>
    }
    .into_any()
}

/// A cell that can be typed into; empty, it shows what it takes from wider levels.
fn cell(
    typed: &Typed,
    known: &ConfigurationView,
    at: usize,
    key: &str,
    was: &str,
    level: &Level,
) -> AnyView {
    let name = format!("row.{at}.{}", column(level));
    let kind = format!("row.{at}.k.{}", column(level));
    let text = typed.fields.raw(&name).to_owned();
    let vault = typed.fields.raw(&kind) == "vault";
    let inherited = known.keys.iter().find(|row| row.key == was);
    let inherited = inherited.and_then(|row| {
        let cell = row
            .cells
            .iter()
            .find(|cell| *level == Level::Environment(cell.environment.clone()))?;
        let (from, given) = cell.value.as_ref()?;
        (from != level).then(|| match given {
            Given::Plain(text) => text.lines().next().unwrap_or_default().to_owned(),
            Given::Vault(path) => format!("vault: {path}"),
        })
    });
    let label = format!(
        "{} in {}{}",
        if key.is_empty() { "New key" } else { key },
        matrix::name(level, &known.environments),
        if vault { ", path in Vault" } else { "" }
    );
    let lock = vault.then(|| {
        view! { <input type="hidden" name=kind value="vault"/>{icon("lock")} }
    });
    let from = if vault { Some("secret") } else { None };
    // A line can't hold many: they would be lost.
    let control = if text.contains('\n') {
        let rows = text.lines().count().min(6).to_string();
        let inner = format!("\n{}", crate::parts::yaml::escape(&text));
        view! {
            <textarea class="input" name=name.clone() id=name rows=rows aria-label=label spellcheck="false" inner_html=inner></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                class="input" name=name.clone() id=name value=text placeholder=inherited
                aria-label=label autocomplete="off" autocapitalize="none" spellcheck="false"
            />
        }
        .into_any()
    };
    view! { <td data-from=from><span class="cell">{lock}{control}</span></td> }.into_any()
}

fn draw_key(ask: &Ask, typed: &Typed, known: &ConfigurationView) -> Screen {
    let sheet = Sheet::new(&ask.viewer, typed);
    let name = &known.resource.row.identity.name;
    let was = typed.fields.raw("row.0.was").to_owned();
    let hidden = (!was.is_empty()).then(|| {
        view! { <input type="hidden" name="row.0.was" value=was.clone()/> }
    });
    let key = view! {
        {hidden}
        {sheet.line(
            question("row.0.key", "Key", "Components refer to it by this name."),
            Line { example: "ORDER_TIMEOUT", ..Line::default() },
        )}
    }
    .into_any();
    let kinds = [
        Choice::called("", "Text"),
        Choice::called("plain", "Text, also when it is empty"),
        Choice::called("vault", "Secret in Vault, by its path"),
    ];
    let fields: Vec<AnyView> = levels(known)
        .iter()
        .map(|level| {
            let shown = matrix::name(level, &known.environments);
            let (value, kind) = (
                format!("row.0.{}", column(level)),
                format!("row.0.k.{}", column(level)),
            );
            let hint = match level {
                Level::Global => "Where nothing narrower is given.",
                Level::Group(_) => "In the environments of the group.",
                Level::Environment(_) => "",
            };
            let label = format!("Kind of value for {shown}");
            let many = typed.fields.raw(&value).contains('\n');
            let text = if many {
                sheet.area(question(&value, &shown, hint), 4, true, false)
            } else {
                let line = Line {
                    optional: true,
                    ..Line::default()
                };
                sheet.line(question(&value, &shown, hint), line)
            };
            pair(vec![
                text,
                sheet.select(question(&kind, &label, ""), &kinds, false),
            ])
        })
        .collect();
    let title = if was.is_empty() {
        "Add a key".to_owned()
    } else {
        was.clone()
    };
    let address = if was.is_empty() {
        path::new_configuration_key(name)
    } else {
        path::configuration_key(name, &was)
    };
    let body = view! {
        <header class="head"><div><h1>{title.clone()}</h1></div></header>
        {sheet.form(address, path::configuration_group(name), "Save key", vec![
            group("What it is", "A key holds one value for each environment.", vec![key]),
            group(
                "Values",
                "Environment beats group beats global; an empty field gives nothing. Paths in Vault are kept now and put into releases in a later version.",
                fields,
            ),
        ])}
    };
    framed(&title, known, body.into_any())
}
