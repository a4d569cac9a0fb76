//! A component in one environment: which artifact, whether it runs, and what differs there, beside what
//! its class and its artifact say.

use leptos::prelude::*;
use model::{
    form, path,
    problem::Problem,
    view::{Action, BindingView, ComponentView, EnvironmentCard, RunRow, Setting},
};

use crate::{
    context::Ask,
    forms::{Draft, Outcome, Posted, Typed, take},
    pages::tabs,
    parts::{
        acts, command,
        compare::{self, Row},
        form::{Choice, Line, Sheet, ask as question, group, pair},
        icon, moment,
    },
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let artifact = ask.query("artifact").parse().ok();
        let (component, view) = find(&ask, artifact).await?;
        let mut fields = form::binding::fields(&view.manifest, &containers(&view));
        fields.set("version", &view.version.to_string());
        if let Some(number) = artifact {
            fields.set("artifact", &number.to_string());
        }
        Ok(draw(&ask, &Typed::fresh(fields), &component, &view))
    })
}

/// Saves it.
///
/// # Errors
/// A refusal, or what broke.
pub async fn change(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    // What is compared is the artifact that was just chosen.
    let artifact = fields.text("artifact").parse().ok();
    let (component, view) = find(&ask, artifact).await?;
    let taken = take(&ask, fields, |fields| Draft {
        manifests: vec![form::binding::manifest(fields, &view.manifest)],
        expected: [(
            view.identity.clone(),
            fields.text("version").parse().unwrap_or(-1),
        )]
        .into(),
        field: |_, path| form::binding::field(path),
        confirm: true,
    })
    .await?;
    let back = path::component(&component.project, &component.name);
    Ok(taken.or_again(|_| back, move |typed| draw(&ask, &typed, &component, &view)))
}

async fn find(ask: &Ask, artifact: Option<i64>) -> Result<(ComponentView, BindingView), Problem> {
    let component = tabs::component(ask).await?;
    let view = ask
        .ports
        .delivery
        .binding(
            &ask.viewer,
            &component.project,
            &component.name,
            &ask.param("environment"),
            artifact,
        )
        .await?;
    Ok((component, view))
}

/// The containers that settings speak of, in their order.
fn containers(view: &BindingView) -> Vec<String> {
    let mut names: Vec<String> = view
        .settings
        .iter()
        .map(|setting| setting.container.clone())
        .filter(|name| !name.is_empty())
        .collect();
    names.dedup();
    names
}

fn draw(ask: &Ask, typed: &Typed, component: &ComponentView, view: &BindingView) -> Screen {
    let (project, name) = (&component.project, &component.name);
    let place = &view.environment;
    let card = component
        .environments
        .iter()
        .find(|card| card.environment.name == place.name);
    let title = format!("{} in {}", component.display_name, place.display_name);
    let back = path::component(project, name);
    let menu = card.map(|card| acts::menu(&ask.viewer, component, card, true));
    let form = if view.artifact.is_some() {
        let sheet = Sheet::new(&ask.viewer, typed);
        let mut groups = vec![version(&sheet, view), whole(&sheet, view)];
        groups.extend(
            containers(view)
                .iter()
                .map(|name| container(&sheet, view, name)),
        );
        let action = path::binding(project, name, &place.name);
        sheet.form(action, back.clone(), "Save", groups)
    } else {
        view! { <p class="says">"Nothing could run here yet: the first artifact is made when the Workload, its declaration and the class are there."</p> }
            .into_any()
    };
    let body = view! {
        <header class="head">
            <div><h1>{title.clone()}</h1>{sub(view)}</div>
            <div class="acts">{menu}</div>
        </header>
        {form}
        {runs(ask, view)}
        {command::same_by_cli(&commands(component, view, card))}
    };
    Screen::new(&place.display_name, Place::Projects, body)
        .titled(title)
        .under(&component.project_display_name, path::project(project))
        .under(&component.display_name, back)
}

fn sub(view: &BindingView) -> AnyView {
    let class = view.class.as_ref().map(|(class, version)| {
        let address = path::resource(class);
        view! { <a class="row" href=address>{icon("stencil")}{format!("{} v{version}", class.name)}</a> }
    });
    let manifest = (view.version > 0).then(|| {
        let address = path::resource(&view.identity);
        view! { <a class="row" href=address>{icon("doc")}"Manifest"</a> }
    });
    let fresh = (view.version == 0 && view.artifact.is_some())
        .then(|| view! { <span>"Nothing is bound here yet: saving brings it here."</span> });
    view! { <p class="sub">{class}{manifest}{fresh}</p> }.into_any()
}

fn version(sheet: &Sheet<'_>, view: &BindingView) -> AnyView {
    let mut artifacts: Vec<Choice> = view
        .artifacts
        .iter()
        .map(|artifact| {
            let label = format!("{} (artifact {})", artifact.version, artifact.number);
            Choice::called(&artifact.number.to_string(), &label)
        })
        .collect();
    if sheet.value("artifact").is_empty() {
        // What was declared as v0.3 does, with a workload of its own.
        artifacts.insert(
            0,
            Choice::called("", "The workload that the binding copies"),
        );
    }
    let state = |value: &str, label: &str, means: &str, sign| Choice {
        means: means.into(),
        sign,
        ..Choice::called(value, label)
    };
    let states = [
        state("Active", "Runs", "", "play"),
        state("Suspend", "Suspended", Action::Suspend.means(), "s-pause"),
        state("Undeploy", "Undeployed", Action::Undeploy.means(), "bin"),
    ];
    group(
        "What runs here",
        "An older version is chosen to go back to it. The next new one still comes by itself where the pipeline begins.",
        vec![
            sheet.select(
                question("artifact", "Version", "Artifacts, newest first."),
                &artifacts,
                false,
            ),
            sheet.choices(question("state", "State", ""), &states),
        ],
    )
}

/// What a setting is, with the field that sets it here.
fn row(sheet: &Sheet<'_>, setting: &Setting, field: &str) -> Row {
    let here = sheet.value(field);
    // What was set before a lock can still be taken away.
    let input = if setting.locked.is_empty() || !here.is_empty() {
        let label = if setting.container.is_empty() {
            format!("{} here", setting.label)
        } else {
            format!("{} of {} here", setting.label, setting.container)
        };
        let line = Line {
            // What holds while nothing is typed.
            example: setting.result(""),
            ..Line::default()
        };
        sheet.cell(field, &label, line)
    } else {
        ().into_any()
    };
    Row {
        label: setting.label.clone(),
        class: setting.class.clone(),
        artifact: setting.artifact.clone(),
        result: setting.result(&here).to_owned(),
        own: !here.is_empty(),
        here: input,
        locked: setting.locked.clone(),
    }
}

fn whole(sheet: &Sheet<'_>, view: &BindingView) -> AnyView {
    let rows = view
        .settings
        .iter()
        .filter(|setting| setting.container.is_empty())
        .map(|setting| row(sheet, setting, &setting.key))
        .collect();
    section(
        "all",
        "How it runs",
        "An empty field takes what the artifact or the class says. Names, labels and selectors are Troupe's and the same everywhere.",
        compare::table("group-all", rows),
    )
}

/// A group whose heading names the table in it. It takes the whole width.
fn section(id: &str, title: &str, about: &str, body: AnyView) -> AnyView {
    view! {
        <fieldset class="stack">
            <legend class="sr">{title.to_owned()}</legend>
            <div><h2 id=format!("group-{id}")>{title.to_owned()}</h2><p class="says">{about.to_owned()}</p></div>
            {body}
        </fieldset>
    }
    .into_any()
}

fn container(sheet: &Sheet<'_>, view: &BindingView, name: &str) -> AnyView {
    let mine = |setting: &&Setting| setting.container == name;
    let own = view
        .settings
        .iter()
        .filter(mine)
        .filter(|setting| setting.key != "image");
    let image = view
        .settings
        .iter()
        .filter(mine)
        .find(|setting| setting.key == "image")
        .map_or("", |setting| setting.result(""));
    let list = format!("containers.{name}.env");
    let locked = own
        .clone()
        .any(|setting| setting.key.starts_with("env.") && !setting.locked.is_empty());
    let set = variables(sheet, &list);
    let mut rows: Vec<Row> = Vec::new();
    for setting in own {
        rows.push(match setting.key.strip_prefix("env.") {
            Some(variable) => {
                let here = set.iter().find(|(known, _)| known == variable);
                let here = here.map_or("", |(_, words)| words.as_str());
                let value = here.to_owned();
                Row {
                    label: variable.to_owned(),
                    class: setting.class.clone(),
                    artifact: setting.artifact.clone(),
                    result: setting.result(here).to_owned(),
                    own: !here.is_empty(),
                    here: view! { <span class="quiet">{value}</span> }.into_any(),
                    locked: setting.locked.clone(),
                }
            }
            None => row(
                sheet,
                setting,
                &format!("containers.{name}.{}", setting.key),
            ),
        });
    }
    let known = |variable: &str| {
        let key = format!("env.{variable}");
        view.settings
            .iter()
            .any(|setting| setting.container == name && setting.key == key)
    };
    for (variable, words) in set.iter().filter(|(variable, _)| !known(variable)) {
        rows.push(Row {
            label: variable.clone(),
            class: String::new(),
            artifact: String::new(),
            result: words.clone(),
            own: true,
            here: view! { <span class="quiet">"added"</span> }.into_any(),
            locked: String::new(),
        });
    }
    let title = format!("Container {name}");
    let id = format!("container-{name}");
    let body = view! {
        <input type="hidden" name="container" value=name.to_owned()/>
        {compare::table(&format!("group-{id}"), rows)}
        {env(sheet, &list, locked)}
    };
    section(
        &id,
        &title,
        &format!(
            "It runs {image}. A variable that is set here takes the place of the artifact's of the same name."
        ),
        body.into_any(),
    )
}

/// The variables that are set here, each with its value in words.
fn variables(sheet: &Sheet<'_>, list: &str) -> Vec<(String, String)> {
    let rows = sheet.rows(list).into_iter().map(|at| {
        let value = |field: &str| {
            sheet
                .value(&format!("{list}.{at}.{field}"))
                .trim()
                .to_owned()
        };
        let words = match value("source").as_str() {
            "group" => format!(
                "{} of configuration group {}",
                value("value"),
                value("name")
            ),
            "secret" => format!("{} of secret {}", value("value"), value("name")),
            _ => value("value"),
        };
        (value("key"), words)
    });
    rows.filter(|(key, _)| !key.is_empty()).collect()
}

fn env(sheet: &Sheet<'_>, list: &str, locked: bool) -> AnyView {
    let sources = [
        Choice::called("", "Value"),
        Choice::called("group", "Configuration group"),
        Choice::called("secret", "Secret"),
    ];
    let rows: Vec<AnyView> = sheet
        .rows(list)
        .into_iter()
        .map(|at| {
            let field = |name: &str| format!("{list}.{at}.{name}");
            let (key, source, name, value) =
                (field("key"), field("source"), field("name"), field("value"));
            let label = sheet.value(&key);
            let label = if label.is_empty() { "the new variable".to_owned() } else { label };
            view! {
                <div class="env-row">
                    {pair(vec![
                        sheet.line(question(&key, "Variable", ""), Line { example: "LOG_LEVEL", ..Line::default() }),
                        sheet.select(question(&source, "From", ""), &sources, false),
                        sheet.line(question(&name, "Group or secret", ""), Line { optional: true, ..Line::default() }),
                        sheet.line(question(&value, "Value, or key in it", ""), Line::default()),
                    ])}
                    <div class="acts">{sheet.drop(list, at, &label)}</div>
                </div>
            }
            .into_any()
        })
        .collect();
    let add = (!locked).then(|| sheet.add(list, "Set a variable here"));
    view! { {rows}{add} }.into_any()
}

fn runs(ask: &Ask, view: &BindingView) -> Option<AnyView> {
    if view.runs.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = view.runs.iter().map(|run| run_row(ask, run)).collect();
    Some(
        view! {
            <section class="band" aria-labelledby="runs">
                <header><h2 id="runs">"Run by hand"</h2></header>
                <ul class="words">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn run_row(ask: &Ask, run: &RunRow) -> AnyView {
    let (sign, says) = match (run.made, run.trouble.as_str()) {
        (true, _) => ("s-ok", String::new()),
        (false, "") => ("s-turn", ": on its way to the plane".to_owned()),
        (false, trouble) => ("s-bad", format!(": {trouble}")),
    };
    view! {
        <li>{icon(sign)}<span><code>{run.job.clone()}</code>{says}", "{moment::ago(ask.now(), run.at)}" by "{run.by.clone()}</span></li>
    }
    .into_any()
}

fn commands(
    component: &ComponentView,
    view: &BindingView,
    card: Option<&EnvironmentCard>,
) -> Vec<String> {
    let (project, name) = (&component.project, &component.name);
    let kind = view.identity.kind.as_str().to_lowercase();
    let mut commands = vec![format!(
        "troupe get {kind} {} -p {project} -o yaml",
        view.identity.name
    )];
    if let Some(card) = card {
        let standing = acts::standing(component, card);
        let can = Action::ALL
            .into_iter()
            .filter(|action| action.objection(standing).is_none());
        commands
            .extend(can.map(|action| acts::command(project, name, &view.environment.name, action)));
    }
    commands
}
