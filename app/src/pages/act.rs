//! Something that is done with a component in one environment: said first, typed to be sure where it
//! is dangerous.

use leptos::prelude::*;
use model::{
    path,
    problem::{FieldFault, Problem},
    view::{Action, ComponentView, EnvironmentCard},
};

use crate::{
    context::Ask,
    forms::{Outcome, Posted, Typed},
    pages::tabs,
    parts::{
        acts, command,
        form::{Line, Sheet, ask as question},
        icon,
    },
    screen::{self, Place, Screen},
};

/// The page that asks.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let (component, card, action) = asked(&ask).await?;
        Ok(draw(&ask, &Typed::default(), &component, &card, action))
    })
}

/// Does it.
///
/// # Errors
/// A refusal, why it can't be done, or what broke.
pub async fn done(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let (component, card, action) = asked(&ask).await?;
    if action == Action::Undeploy && fields.text("confirm") != component.name {
        let typed = Typed {
            fields,
            faults: vec![FieldFault {
                path: "confirm".into(),
                message: "it isn't the component's name".into(),
                remedy: format!("Type {}", component.name),
                ..FieldFault::default()
            }],
            ..Typed::default()
        };
        let again = move || draw(&ask, &typed, &component, &card, action);
        return Ok(Outcome::Show(422, Box::new(again)));
    }
    let environment = &card.environment.name;
    ask.ports
        .delivery
        .act(
            &ask.viewer,
            &component.project,
            &component.name,
            environment,
            action,
        )
        .await?;
    let (project, name) = (&component.project, &component.name);
    Ok(Outcome::Go(match action {
        Action::Run => path::component_tab(project, name, "runtime", environment),
        _ => path::component(project, name),
    }))
}

/// What the address names.
async fn asked(ask: &Ask) -> Result<(ComponentView, EnvironmentCard, Action), Problem> {
    let word = ask.param("action");
    let action = Action::parse(&word).ok_or_else(|| Problem::NotFound {
        what: "action".into(),
        name: word,
        near: Action::ALL
            .iter()
            .map(|one| one.as_str().to_owned())
            .collect(),
    })?;
    let component = tabs::component(ask).await?;
    let environment = ask.param("environment");
    let card = component
        .environments
        .iter()
        .find(|card| card.environment.name == environment)
        .cloned()
        .ok_or_else(|| Problem::not_found("environment", &environment))?;
    Ok((component, card, action))
}

fn draw(
    ask: &Ask,
    typed: &Typed,
    component: &ComponentView,
    card: &EnvironmentCard,
    action: Action,
) -> Screen {
    let (project, name) = (&component.project, &component.name);
    let environment = &card.environment;
    let title = format!(
        "{} {} in {}",
        action.label(),
        component.display_name,
        environment.display_name
    );
    let address = path::act(project, name, &environment.name, action.as_str());
    let back = path::component(project, name);
    let why = acts::objection(
        &ask.viewer,
        project,
        acts::standing(component, card),
        action,
    );
    let deed = match why {
        Some(why) => view! {
            <div class="banner" role="status">{icon("s-no")}<p>{why}"."</p></div>
            <div class="acts"><a class="btn" href=back.clone()>"Back"</a></div>
        }
        .into_any(),
        None => {
            let sheet = Sheet::new(&ask.viewer, typed);
            let sure = (action == Action::Undeploy).then(|| {
                let hint = format!("Type {name} to be sure.");
                let example = Line {
                    example: name,
                    ..Line::default()
                };
                sheet.line(question("confirm", "Name of the component", &hint), example)
            });
            let kind = if action == Action::Undeploy {
                "bad"
            } else {
                "main"
            };
            sheet.alone(
                address,
                back.clone(),
                action.label(),
                kind,
                sure.into_iter().collect(),
            )
        }
    };
    let body = view! {
        <header class="head">
            <div><h1>{title.clone()}</h1><p class="says">{action.means()}</p></div>
        </header>
        {deed}
        {command::same_by_cli(&[acts::command(project, name, &environment.name, action)])}
    };
    Screen::new(action.label(), Place::Projects, body)
        .titled(title)
        .under(&component.project_display_name, path::project(project))
        .under(&component.display_name, back)
        .under(
            &environment.display_name,
            path::binding(project, name, &environment.name),
        )
}
