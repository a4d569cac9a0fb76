//! Making and changing a component: its Component, Workload and declaration in one form.

mod containers;
mod endpoints;
pub mod lists;
mod panel;
mod source;
mod what;

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{
    form::{
        Fields,
        component::{self, Before, Home},
        get,
    },
    identity::Identity,
    kind::{Kind, component::ComponentType},
    path,
    problem::{FieldFault, Problem},
    view::{ComponentOffers, ComponentParts, EndpointOffer, KeyOffer, PartView},
};
use serde_json::Value;

use crate::{
    context::Ask,
    forms::{Draft, Outcome, Posted, Taken, Typed, take},
    islands::Suggest,
    parts::form::{Choice, Sheet},
    screen::{self, Place, Screen},
};

/// The page that makes one.
pub fn new() -> AnyView {
    screen::page(|ask: Ask| async move {
        let desk = Desk::new(ask, None).await?;
        let mut fields = component::fresh();
        // Where there is but one to choose, nobody should have to choose it.
        if let Some(first) = desk.offers.first.first() {
            fields.set("api_environment", &first.name);
        }
        Ok(desk.draw(&Typed::fresh(fields)))
    })
}

/// The page that changes one.
pub fn edit() -> AnyView {
    screen::page(|ask: Ask| async move {
        let desk = Desk::find(ask).await?;
        let mut fields = component::fields(&desk.before(), &desk.home());
        fields.set("version", &desk.versions());
        Ok(desk.draw(&Typed::fresh(fields)))
    })
}

/// Makes one.
///
/// # Errors
/// A refusal, or what broke.
pub async fn create(posted: Posted) -> Result<Outcome, Problem> {
    let desk = Desk::new(posted.ask, None).await?;
    desk.take(posted.fields).await
}

/// Changes one.
///
/// # Errors
/// When there is none, a refusal, or what broke.
pub async fn change(posted: Posted) -> Result<Outcome, Problem> {
    let desk = Desk::find(posted.ask).await?;
    desk.take(posted.fields).await
}

/// All that lies on the table while a component's form is filled in.
struct Desk {
    ask: Ask,
    project: String,
    offers: ComponentOffers,
    /// What there is of it; `None` for a new one.
    known: Option<ComponentParts>,
    endpoints: Vec<EndpointOffer>,
    keys: Vec<KeyOffer>,
}

impl Desk {
    async fn find(ask: Ask) -> Result<Self, Problem> {
        let (project, name) = (ask.param("project"), ask.param("component"));
        let drafting = ask.ports.drafting.clone();
        let parts = drafting.parts(&ask.viewer, &project, &name).await?;
        Self::new(ask, Some(parts)).await
    }

    async fn new(ask: Ask, known: Option<ComponentParts>) -> Result<Self, Problem> {
        let project = ask.param("project");
        let drafting = ask.ports.drafting.clone();
        let own = known
            .as_ref()
            .map_or("", |parts| parts.component.identity.name.as_str());
        let offers = drafting.offers(&ask.viewer, &project).await?;
        let endpoints = drafting.endpoints(&ask.viewer, &project, own, "").await?;
        let keys = drafting.keys(&ask.viewer, "").await?;
        Ok(Self {
            ask,
            project,
            offers,
            known,
            endpoints,
            keys,
        })
    }

    fn home(&self) -> Home {
        Home {
            project: self.project.clone(),
            first: self.offers.first.iter().map(|e| e.name.clone()).collect(),
        }
    }

    fn before(&self) -> Before {
        self.known.as_ref().map(Before::from).unwrap_or_default()
    }

    /// The parts that the form changes together, in their order.
    fn parts(&self) -> Vec<&PartView> {
        let Some(known) = &self.known else {
            return Vec::new();
        };
        std::iter::once(&known.component)
            .chain(&known.workload)
            .chain(&known.declaration)
            .chain(known.bindings.values())
            .collect()
    }

    /// The versions that the page is drawn from: `Workload/cart=3` and so on.
    fn versions(&self) -> String {
        let parts = self.parts().into_iter();
        let versions: Vec<String> = parts
            .map(|part| {
                let PartView {
                    identity, version, ..
                } = part;
                format!("{}/{}={version}", identity.kind, identity.name)
            })
            .collect();
        versions.join(" ")
    }

    /// What each manifest is held against: the version that its sender saw, 0 for what was not
    /// there.
    fn expected(&self, manifests: &[Value], seen: &str) -> BTreeMap<Identity, i64> {
        let seen: BTreeMap<&str, i64> = seen
            .split(' ')
            .filter_map(|entry| entry.split_once('='))
            .filter_map(|(part, version)| Some((part, version.parse().ok()?)))
            .collect();
        let organization = &self.ask.viewer.organization;
        let identities = manifests.iter().filter_map(|manifest| {
            let kind = Kind::named(get(manifest, &["kind"]))?;
            let name = get(manifest, &["metadata", "name"]);
            let component = get(manifest, &["spec", "owner", "componentName"]);
            let identity =
                Identity::in_component(kind, organization, &self.project, component, name);
            let version = seen.get(format!("{kind}/{name}").as_str()).copied();
            Some((identity, version.unwrap_or(0)))
        });
        identities.collect()
    }

    fn name(&self) -> &str {
        self.known
            .as_ref()
            .map_or("", |known| known.component.identity.name.as_str())
    }

    /// Faults at the fields that they were typed into; each said once, though several manifests
    /// may hold what one field says.
    fn placed(&self, fields: &Fields, faults: Vec<FieldFault>) -> Vec<FieldFault> {
        let component_type = component::component_type(fields, &self.before());
        let mut placed: Vec<FieldFault> = Vec::new();
        for fault in faults {
            let (subject, inner) = fault.path.rsplit_once(": ").unwrap_or(("", &fault.path));
            let kind = subject.split(' ').next().unwrap_or_default();
            let field = component::place(fields, component_type, kind, inner);
            let path = field.unwrap_or_else(|| fault.path.clone());
            if !placed.iter().any(|other| other.path == path) {
                placed.push(FieldFault { path, ..fault });
            }
        }
        placed
    }

    async fn take(self, fields: Fields) -> Result<Outcome, Problem> {
        let reshapes = fields.has("add") || fields.has("drop");
        let (before, home) = (self.before(), self.home());
        let faults = component::check(&fields, component::component_type(&fields, &before));
        if !reshapes && !faults.is_empty() {
            let typed = Typed {
                manifests: component::manifests(&fields, &before, &home),
                faults,
                ..Typed::fresh(fields)
            };
            return Ok(Outcome::Show(422, Box::new(move || self.draw(&typed))));
        }
        let taken = take(&self.ask, fields, |fields| {
            let manifests = component::manifests(fields, &before, &home);
            Draft {
                expected: self.expected(&manifests, fields.raw("version")),
                manifests,
                field: |_, _| None,
                // What is new runs nowhere yet; what changes may change a release.
                confirm: self.known.is_some(),
            }
        })
        .await?;
        let taken = match taken {
            Taken::Again(typed) => Taken::Again(Typed {
                faults: self.placed(&typed.fields, typed.faults.clone()),
                ..typed
            }),
            done @ Taken::Done(_) => done,
        };
        let project = self.project.clone();
        Ok(taken.or_again(
            |plan| {
                let made = plan
                    .rows
                    .iter()
                    .find(|row| row.identity.kind == Kind::Component);
                made.map_or_else(
                    || path::project(&project),
                    |row| path::component(&project, &row.identity.name),
                )
            },
            move |typed| self.draw(&typed),
        ))
    }

    fn draw(&self, typed: &Typed) -> Screen {
        let mut typed = typed.clone();
        component::begin(&mut typed.fields);
        let typed = &typed;
        let sheet = Sheet::new(&self.ask.viewer, typed);
        let component_type = component::component_type(&typed.fields, &self.before());
        let fixed = self.known.is_some();
        let mut groups = vec![what::group(self, &sheet, component_type)];
        if !fixed || component_type.is_some_and(component::has_workload) {
            let runs = &["Service", "WebApplication", "ScheduledTask"];
            let groups_of = [
                source::group(&sheet, typed),
                containers::group(&sheet, typed),
                endpoints::group(self, &sheet, typed),
                endpoints::connections(&sheet, typed),
            ];
            groups.extend(groups_of.into_iter().map(|group| only(fixed, runs, group)));
        }
        if !fixed || component_type == Some(ComponentType::ScheduledTask) {
            groups.push(only(
                fixed,
                &["ScheduledTask"],
                what::schedule(self, &sheet),
            ));
        }
        if !fixed || component_type == Some(ComponentType::API) {
            groups.push(only(fixed, &["API"], endpoints::proxy(self, &sheet)));
        }
        groups.push(lists::all(self));
        let (title, action, cancel, save) = match &self.known {
            None => (
                "New component".to_owned(),
                path::new_component(&self.project),
                path::project(&self.project),
                "Create component",
            ),
            Some(known) => (
                format!("Edit {}", known.display_name),
                path::edit_component(&self.project, self.name()),
                path::component(&self.project, self.name()),
                "Save component",
            ),
        };
        let panel = panel::panel(self, typed, component_type);
        let sub = self.sub();
        let body = view! {
            <header class="head"><div><h1>{title.clone()}</h1><p class="sub">{sub}</p></div></header>
            {sheet.form_with(action, cancel, save, groups, panel)}
            <Suggest/>
        };
        let screen = Screen::new(&title, Place::Projects, body)
            .under("Projects", path::projects())
            .under(
                &self.offers.project_display_name,
                path::project(&self.project),
            );
        match &self.known {
            None => screen,
            Some(known) => screen.under(
                &known.display_name,
                path::component(&self.project, self.name()),
            ),
        }
    }

    fn sub(&self) -> String {
        let project = &self.offers.project_display_name;
        let first: Vec<&str> = self
            .offers
            .first
            .iter()
            .map(|environment| environment.display_name.as_str())
            .collect();
        match (&self.known, first.as_slice()) {
            (_, []) => format!("in {project}, whose pipeline names no environment yet"),
            (None, first) => format!("in {project}, first deployed to {}", first.join(", ")),
            (Some(_), first) => format!(
                "in {project}; what changes its release goes to {} by itself",
                first.join(", ")
            ),
        }
    }
}

/// Something that only some types have: shown as soon as one of them is chosen, without any script.
fn only(fixed: bool, types: &[&str], body: AnyView) -> AnyView {
    if fixed {
        return body;
    }
    view! { <div class="only" data-of=types.join(" ")>{body}</div> }.into_any()
}

/// The levels at which something can be seen.
fn levels() -> Vec<Choice> {
    [
        ("Project", "Its project only"),
        ("Organization", "The organization"),
        ("Public", "The internet"),
        ("Both", "Organization and internet"),
    ]
    .into_iter()
    .map(|(value, label)| Choice::called(value, label))
    .collect()
}
