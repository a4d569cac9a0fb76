//! What a component is: type, names, class; and when a task runs.

use leptos::prelude::*;
use model::{
    form::component::class_field,
    kind::{Kind, component::ComponentType},
    view::ClassOffer,
};

use super::{Desk, only};
use crate::parts::{
    form::{Choice, Line, Sheet, ask as question, group as fieldset},
    icon, things,
};

/// The types that can be chosen, with what they are.
const TYPES: [(ComponentType, &str); 4] = [
    (ComponentType::Service, "A backend that others call"),
    (
        ComponentType::WebApplication,
        "A site or app that people open",
    ),
    (
        ComponentType::ScheduledTask,
        "Runs at given times, then ends",
    ),
    (ComponentType::API, "A gateway in front of others"),
];
/// More classes than this are a list and no cards.
const CARDS: usize = 6;

/// The first group.
pub(super) fn group(desk: &Desk, sheet: &Sheet<'_>, known: Option<ComponentType>) -> AnyView {
    let fixed = desk.known.is_some();
    let what = if fixed {
        chosen(known)
    } else {
        let choices: Vec<Choice> = TYPES
            .into_iter()
            .map(|(of, means)| Choice {
                means: means.into(),
                sign: things::sign(of),
                ..Choice::called(of.as_str(), of.label())
            })
            .collect();
        sheet.choices(question("type", "Type", ""), &choices)
    };
    let mut body = vec![what];
    body.extend(names(desk, sheet, fixed));
    for (of, _) in TYPES {
        if fixed && known != Some(of) {
            continue;
        }
        if let Some(kind) = of.class() {
            body.push(only(fixed, &[of.as_str()], classes(desk, sheet, of, kind)));
        }
    }
    fieldset(
        "What it is",
        "The type decides which class fits and how it is deployed.",
        body,
    )
}

/// The type of one that is there: it stays.
fn chosen(known: Option<ComponentType>) -> AnyView {
    let Some(known) = known else {
        return ().into_any();
    };
    view! {
        <p class="row">{icon(things::sign(known))}<b>{known.label()}</b>
            <span class="quiet">"A component's type stays. Make another component for another type."</span>
        </p>
    }
    .into_any()
}

fn names(desk: &Desk, sheet: &Sheet<'_>, fixed: bool) -> [AnyView; 3] {
    let before = format!("{} /", desk.project);
    [
        sheet.line(
            question(
                "name",
                "Name",
                "Lower-case letters, digits and dashes. It becomes the address inside the project, and stays.",
            ),
            Line {
                example: "cart",
                fixed,
                before: &before,
                ..Line::default()
            },
        ),
        sheet.line(
            question("display_name", "Display name", "What people call it."),
            Line {
                example: "Cart",
                optional: true,
                ..Line::default()
            },
        ),
        sheet.area(
            question(
                "description",
                "Description",
                "One or two sentences for those who come new.",
            ),
            2,
            true,
            false,
        ),
    ]
}

/// The classes of a type, each with what its author says and what it gives.
fn classes(desk: &Desk, sheet: &Sheet<'_>, of: ComponentType, kind: Kind) -> AnyView {
    let field = class_field(of);
    let offers = desk
        .offers
        .classes
        .get(&kind)
        .map_or(&[][..], Vec::as_slice);
    let hint = "The class is what platform engineers keep: it gives limits, probes and replicas. \
                A new version of it arrives with your next change, never by itself.";
    if offers.is_empty() {
        let hint = format!("There is no {kind} yet. What names one waits until it arrives.");
        return sheet.line(question(&field, "Class", &hint), Line::default());
    }
    let mut choices: Vec<Choice> = offers.iter().map(choice).collect();
    let value = sheet.value(&field);
    if !value.is_empty() && !choices.iter().any(|choice| choice.value == value) {
        choices.push(Choice {
            means: format!("There is no {kind} of this name: it waits until one arrives"),
            ..Choice::plain(&value)
        });
    }
    if choices.len() > CARDS {
        return sheet.select(question(&field, "Class", hint), &choices, false);
    }
    let id = format!("{field}-title");
    view! {
        <div class="stack" data-gap="small">
            <h3 id=id>"Class"</h3>
            {sheet.choices(question(&field, &format!("Class of a {}", of.label().to_lowercase()), hint), &choices)}
        </div>
    }
    .into_any()
}

fn choice(offer: &ClassOffer) -> Choice {
    let told = [offer.description.as_str(), offer.gives.as_str()];
    let told: Vec<&str> = told.into_iter().filter(|text| !text.is_empty()).collect();
    let label = match offer.display_name.as_str() {
        "" => &offer.name,
        name => name,
    };
    Choice {
        value: offer.name.clone(),
        label: if offer.version > 0 {
            format!("{label} v{}", offer.version)
        } else {
            label.to_owned()
        },
        means: if told.is_empty() {
            "Adds nothing of its own".into()
        } else {
            told.join(". ")
        },
        sign: "stencil",
    }
}

/// When a task runs.
pub(super) fn schedule(desk: &Desk, sheet: &Sheet<'_>) -> AnyView {
    let first = desk.offers.first.first();
    let place = first.map_or("the first environment", |first| first.display_name.as_str());
    let hint = format!(
        "Minute, hour, day, month, weekday, in the class's time zone or UTC. It holds in {place}; \
         empty, it runs when its class says. The next runs stand in the preview."
    );
    fieldset(
        "When it runs",
        "A task is started at these times, and ends by itself.",
        vec![sheet.line(
            question("schedule", "Schedule", &hint),
            Line {
                example: "30 2 * * *",
                optional: true,
                ..Line::default()
            },
        )],
    )
}
