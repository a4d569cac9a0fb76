//! Many at once: what would be done is listed first, then done in one transaction.

use std::collections::BTreeSet;

use model::{
    access::{Grant, Thing, Verb, Viewer, may},
    identity::Identity,
    kind::Kind,
    problem::Problem,
    view::{Action, Bulk, BulkRow, BulkView},
};
use render::ArtifactContent;
use serde_json::json;
use store::artifacts::Artifact;

use crate::{
    Platform, Result,
    act::{self, Subject},
    clock,
    delete::found,
    ship::{self, Rolled},
    world::Slice,
};

/// So many components at most: as many as a page of a project holds.
const MOST: usize = 200;

/// What is to be done, with all that it needs.
enum Step {
    Act(Box<(Grant, Subject)>, Action),
    Roll(Box<(Grant, Slice, ArtifactContent, Option<Artifact>)>),
}

/// Lists what would be done, and does it when that was `shown`.
///
/// # Errors
/// A refusal, a component that isn't there, what was changed meanwhile, or what broke.
pub async fn run(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    bulk: &Bulk,
    shown: Option<&str>,
) -> Result<BulkView> {
    let names: BTreeSet<&str> = bulk.components.iter().map(String::as_str).collect();
    if names.is_empty() || names.len() > MOST {
        let message = format!("{} components are chosen", names.len());
        let remedy = format!("Choose between 1 and {MOST} of the project's components");
        return Err(Problem::invalid("components", &message, &remedy).into());
    }
    let mut rows = Vec::new();
    let mut steps = Vec::new();
    for name in names {
        match bulk.deed.action() {
            Some(action) => {
                let found = actions(platform, viewer, project, name, bulk, action).await?;
                for (row, step) in found {
                    rows.push(row);
                    steps.extend(step);
                }
            }
            None => {
                let (row, step) = roll(platform, viewer, project, name).await?;
                rows.push(row);
                steps.extend(step);
            }
        }
    }
    let hash = model::hash::of(&json!([bulk, rows]));
    let agreed = shown == Some(hash.as_str());
    if agreed && !steps.is_empty() {
        let mut tx = platform.store().begin(clock::now().0).await?;
        for step in &steps {
            match step {
                Step::Act(what, action) => {
                    act::within(&mut tx, &what.0, &what.1, *action).await?;
                }
                Step::Roll(what) => {
                    let (grant, slice, content, before) = what.as_ref();
                    let now = before.as_ref().map(|before| before.number);
                    ship::make(&mut tx, grant, slice, content, now).await?;
                }
            }
        }
        tx.commit().await?;
        platform.wake();
    }
    Ok(BulkView {
        rows,
        shown: hash,
        done: agreed && !steps.is_empty(),
    })
}

/// One action in each environment that is meant.
async fn actions(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
    bulk: &Bulk,
    action: Action,
) -> Result<Vec<(BulkRow, Option<Step>)>> {
    let (grant, subjects) = act::subjects(platform, viewer, project, name).await?;
    let row = |environment: &str, does, says: &str| BulkRow {
        component: name.to_owned(),
        environment: environment.to_owned(),
        does,
        says: says.to_owned(),
    };
    let mut found = Vec::new();
    for subject in subjects {
        let environment = subject.spec.environment.0.clone();
        if !bulk.environment.is_empty() && bulk.environment != environment {
            continue;
        }
        found.push(match action.objection(subject.standing()) {
            Some(why) => (row(&environment, false, why), None),
            None => {
                let step = Step::Act(Box::new((grant.clone(), subject)), action);
                (row(&environment, true, action.means()), Some(step))
            }
        });
    }
    if found.is_empty() {
        let why = "No artifact is bound there";
        found.push((row(&bulk.environment, false, why), None));
    }
    Ok(found)
}

/// A new artifact with the newest version of the class.
async fn roll(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
) -> Result<(BulkRow, Option<Step>)> {
    let me = Identity::in_project(Kind::Component, &viewer.organization, project, name);
    let thing = Thing::in_project(Kind::Component, &viewer.organization, project);
    let grant = may(viewer, Verb::Apply, &thing)?;
    found(platform, &me).await?;
    let row = |environment: String, does, says: String| BulkRow {
        component: name.to_owned(),
        environment,
        does,
        says,
    };
    let nothing = |says: String| (row(String::new(), false, says), None);
    Ok(match ship::rolled(platform, &me).await? {
        Rolled::Newest(version) => {
            nothing(format!("It has the newest version already, v{version}"))
        }
        Rolled::Incomplete(waiting) => {
            let whys: Vec<String> = waiting.into_iter().map(|waiting| waiting.why).collect();
            nothing(whys.join("; "))
        }
        Rolled::New(what) => {
            let (slice, content, before) = *what;
            let home = Identity::in_organization(Kind::Project, &me.organization, project);
            let roots = render::first_environments(&slice.world, &home).unwrap_or_default();
            let says = ship::rolls(&content, before.as_ref())?;
            let step = Step::Roll(Box::new((grant, slice, content, before)));
            (row(roots.join(", "), true, says), Some(step))
        }
    })
}
