//! New versions, bindings and actions.

use async_trait::async_trait;
use model::{
    access::Viewer,
    identity::Identity,
    kind::{Kind, binding::BindingSpec, component::ComponentSpec},
    moment::Moment,
    port::{Answer, delivery::Delivery},
    problem::Problem,
    view::{Acted, Action, BindingView, Bulk, BulkView, NewVersion, RunRow, Shipped},
};
use render::{ArtifactContent, World};
use serde::Deserialize;
use store::{
    actions::Run,
    artifacts::Of,
    resources::{Draft, Resource},
};

use super::{
    Map,
    components::{artifact_rows, contents},
    look,
};
use crate::{
    Error, Platform, Result, act, bulk, delete::found, locks, reconcile::new_binding, ship, world,
};

/// So many artifacts can be chosen from; older ones by their number.
const ARTIFACTS: i64 = 50;
/// So many runs are shown.
const RUNS: i64 = 5;

#[async_trait]
impl Delivery for Platform {
    async fn ship(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
        version: &NewVersion,
    ) -> Answer<Shipped> {
        Ok(ship::run(self, viewer, project, component, version).await?)
    }

    async fn binding(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
        environment: &str,
        artifact: Option<i64>,
    ) -> Answer<BindingView> {
        Ok(binding(self, viewer, [project, component, environment], artifact).await?)
    }

    async fn act(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
        environment: &str,
        action: Action,
    ) -> Answer<Acted> {
        Ok(act::run(self, viewer, project, component, environment, action).await?)
    }

    async fn bulk(
        &self,
        viewer: &Viewer,
        project: &str,
        bulk: &Bulk,
        shown: Option<&str>,
    ) -> Answer<BulkView> {
        Ok(bulk::run(self, viewer, project, bulk, shown).await?)
    }
}

/// What a component should be in an environment.
async fn binding(
    platform: &Platform,
    viewer: &Viewer,
    [project, component, environment]: [&str; 3],
    artifact: Option<i64>,
) -> Result<BindingView> {
    look(viewer, Kind::Component, project)?;
    let org = viewer.organization.as_str();
    let me = Identity::in_project(Kind::Component, org, project, component);
    found(platform, &me).await?;
    let place = Identity::in_organization(Kind::Environment, org, environment);
    found(platform, &place).await?;
    let store = platform.store();
    let of = Of {
        organization: org,
        project,
        component,
    };
    let slice = world::slice(store, org, project, component).await?;
    let there = bound(&slice.own, environment);
    let bindings = store.bindings_of_component(of).await?;
    let status = there.and_then(|there| bindings.iter().find(|status| status.id == there.id));
    let rows = store.artifacts(of, ARTIFACTS, 0).await?;
    let artifacts = artifact_rows(&rows, &contents(&rows)?, &bindings);
    let declared = there
        .and_then(|there| BindingSpec::deserialize(&there.spec).ok())
        .and_then(|spec| spec.artifact);
    let current = declared.or_else(|| status.and_then(|status| status.artifact));
    let newest = artifacts.first().map(|artifact| artifact.number);
    let number = artifact.or(current).or(newest);
    let content = match number {
        Some(number) => match store.artifact(of, number).await? {
            Some(artifact) => Some(world::content(&artifact.content)?),
            None => None,
        },
        None => None,
    };
    let draft = match there {
        Some(there) => there.draft(),
        None => new(&slice.world, &me, environment, number)?,
    };
    let (class, settings) = settings(platform, org, content.as_ref()).await?;
    let runs = match there {
        Some(there) => store.runs(&there.id, RUNS).await?,
        None => Vec::new(),
    };
    Ok(BindingView {
        environment: Map::of(platform, org).await?.name(environment),
        version: there.map_or(0, |there| there.version),
        manifest: model::yaml::manifest_value(
            &draft.identity,
            &draft.labels,
            &draft.annotations,
            &draft.spec,
            None,
        ),
        identity: draft.identity,
        artifact: number,
        artifacts,
        class,
        settings,
        runs: runs.into_iter().map(run_row).collect(),
    })
}

/// The binding of an environment.
fn bound<'a>(own: &'a [Resource], environment: &str) -> Option<&'a Resource> {
    own.iter().find(|own| {
        own.identity.kind.is_binding()
            && own.identity.kind != Kind::APIBinding
            && BindingSpec::deserialize(&own.spec)
                .is_ok_and(|spec| spec.environment.as_str() == environment)
    })
}

/// The binding that would be made; without an artifact there is nothing yet that it could bring.
fn new(world: &World, me: &Identity, environment: &str, artifact: Option<i64>) -> Result<Draft> {
    let kind = world
        .resources
        .get(me)
        .and_then(|spec| ComponentSpec::deserialize(spec).ok())
        .and_then(|spec| spec.component_type.binding())
        .filter(|kind| *kind != Kind::APIBinding);
    let Some(kind) = kind else {
        return Err(Error::Told(Problem::not_found(
            "binding of a component that isn't brought anywhere,",
            &me.name,
        )));
    };
    let mut draft = new_binding(world, me, kind, environment, artifact.unwrap_or_default());
    if artifact.is_none()
        && let Some(fields) = draft.spec.as_object_mut()
    {
        fields.remove("artifact");
    }
    Ok(draft)
}

type Settings = (Option<(Identity, i64)>, Vec<model::view::Setting>);

/// What an artifact lets people set, and what its class keeps from them.
async fn settings(
    platform: &Platform,
    org: &str,
    content: Option<&ArtifactContent>,
) -> Result<Settings> {
    let Some(content) = content else {
        return Ok((None, Vec::new()));
    };
    let pin = &content.class;
    let identity = Identity::in_organization(pin.kind, org, &pin.name);
    let class = platform.store().resource(&identity).await?;
    let mut settings = render::settings(content);
    for setting in &mut settings {
        if let Some(class) = &class {
            setting.locked = locks::told(class, &setting.key);
        }
    }
    Ok((Some((identity, pin.version)), settings))
}

fn run_row(run: Run) -> RunRow {
    RunRow {
        id: run.id,
        at: Moment(run.at),
        by: run.actor,
        job: run.job,
        made: run.made_at.is_some(),
        trouble: run.trouble,
    }
}
