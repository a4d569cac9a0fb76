//! What is done with a component in one environment: states, restarts, runs.
//!
//! A state is declared, so it is a change of the binding. A restart and a run are things of their own,
//! written down with who asked; the reconcilers make of them what the plane needs.

use model::{
    access::{Grant, Thing, Verb, Viewer, may},
    identity::Identity,
    kind::{
        Kind,
        binding::BindingSpec,
        component::{ComponentSpec, ComponentType},
    },
    moment::Moment,
    name::LABEL,
    problem::Problem,
    view::{Acted, Action, Standing},
};
use serde::Deserialize;
use store::{Tx, bindings::Binding, jobs, resources::Resource};

use crate::{Error, Platform, Result, apply, clock, delete::found, follow};

/// A component's binding in an environment.
pub(crate) struct Subject {
    /// What the component is.
    pub component_type: ComponentType,
    /// The binding as it is declared.
    pub resource: Resource,
    /// Its environment and state.
    pub spec: BindingSpec,
    /// What became of it.
    pub status: Option<Binding>,
}

impl Subject {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        let status = self.status.as_ref();
        Standing {
            component_type: self.component_type,
            bound: true,
            released: status.is_some_and(|status| status.release.is_some()),
            state: self.spec.release_state,
        }
    }
}

/// All bindings of a component, once the viewer may change them.
///
/// # Errors
/// A refusal, or when the component isn't there.
pub(crate) async fn subjects(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    component: &str,
) -> Result<(Grant, Vec<Subject>)> {
    let org = viewer.organization.as_str();
    let me = Identity::in_project(Kind::Component, org, project, component);
    let thing = Thing::in_project(Kind::Component, org, project);
    let grant = may(viewer, Verb::Apply, &thing)?;
    let resource = found(platform, &me).await?;
    let spec = ComponentSpec::deserialize(&resource.spec).map_err(|error| Error::Corrupt {
        what: me.to_string(),
        reason: error.to_string(),
    })?;
    let own = platform
        .store()
        .resources_of_component(org, project, component)
        .await?;
    let mut subjects = Vec::new();
    for resource in own {
        let kind = resource.identity.kind;
        if !kind.is_binding() || kind == Kind::APIBinding || resource.deleted_at.is_some() {
            continue;
        }
        let Ok(bound) = BindingSpec::deserialize(&resource.spec) else {
            continue;
        };
        subjects.push(Subject {
            component_type: spec.component_type,
            status: platform.store().binding(&resource.id).await?,
            spec: bound,
            resource,
        });
    }
    Ok((grant, subjects))
}

/// Does something with a component in an environment.
///
/// # Errors
/// A refusal, why it can't be done, or what broke.
pub async fn run(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    component: &str,
    environment: &str,
    action: Action,
) -> Result<Acted> {
    let (grant, subjects) = subjects(platform, viewer, project, component).await?;
    let here = |subject: &&Subject| subject.spec.environment.as_str() == environment;
    let Some(subject) = subjects.iter().find(here) else {
        let near = subjects.iter().map(|s| s.spec.environment.0.clone());
        return Err(Problem::NotFound {
            what: format!("deployment of {component} in an environment"),
            name: environment.to_owned(),
            near: near.collect(),
        }
        .into());
    };
    if let Some(why) = action.objection(subject.standing()) {
        let message = format!("{component} can't be changed so in {environment}: {why}");
        return Err(Problem::invalid("action", &message, action.means()).into());
    }
    let mut tx = platform.store().begin(clock::now().0).await?;
    let acted = within(&mut tx, &grant, subject, action).await?;
    tx.commit().await?;
    platform.wake();
    Ok(acted)
}

/// Does it, as a part of a transaction.
///
/// # Errors
/// When the store refuses.
pub(crate) async fn within(
    tx: &mut Tx,
    grant: &Grant,
    subject: &Subject,
    action: Action,
) -> Result<Acted> {
    let resource = &subject.resource;
    let mut acted = Acted {
        action,
        environment: subject.spec.environment.0.clone(),
        at: Moment(tx.now()),
        by: grant.actor().to_owned(),
        ..Acted::default()
    };
    if let Some(state) = action.state() {
        let mut draft = resource.draft();
        draft.spec["releaseState"] = state.as_str().into();
        apply::written(tx, grant, Some(resource), &draft).await?;
        return Ok(acted);
    }
    let id = clock::id();
    acted.id = id.clone();
    let key = if action == Action::Run {
        acted.job = job_name(&resource.identity.name, &id);
        let run = tx.add_run(grant, id, &resource.id, &acted.job).await?;
        follow::run_key(&run.id)
    } else {
        tx.add_restart(grant, id, &resource.id).await?;
        follow::binding_key(&resource.id)
    };
    tx.put_job(&key, jobs::URGENT).await?;
    let who = &resource.identity;
    tx.touch_component(&who.organization, &who.project, &who.component);
    Ok(acted)
}

/// A Job's name: the binding's, and the end of the run's id, which is the random part of it.
fn job_name(binding: &str, id: &str) -> String {
    let (middle, random) = ("-run-", 8);
    let letters = binding.chars().map(|c| if c == '.' { '-' } else { c });
    let start: String = letters.take(LABEL - middle.len() - random).collect();
    let end = &id[id.len().saturating_sub(random)..];
    format!("{}{middle}{end}", start.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jobs_name_is_one_whatever_the_binding_is_called() {
        let id = "0199d5a2-7b1c-7d3e-8f00-0123456789ab";
        assert_eq!(job_name("report", id), "report-run-456789ab");
        assert_eq!(job_name(&"ab".repeat(40), id).len(), LABEL);
        assert!(job_name(&"a.b".repeat(40), id).len() <= LABEL);
        let edge = format!("{}-.z", "a".repeat(48));
        assert_eq!(
            job_name(&edge, id),
            format!("{}-run-456789ab", "a".repeat(48))
        );
    }
}
