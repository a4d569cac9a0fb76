//! What an apply would come to: the same steps as the reconcilers take, on what isn't stored yet.

use std::collections::BTreeSet;

use model::{
    access::Viewer,
    identity::Identity,
    kind::{
        Kind,
        binding::{BindingSpec, ReleaseState},
    },
    manifest::Document,
    port::Sending,
    view::{Change, ObjectDiff, PreviewRelease, PreviewView},
};
use render::{ArtifactContent, BindingFacts, Blocked, ClassPin, Reached, Waiting};
use serde::Deserialize;
use store::artifacts::Of;

use crate::{
    Platform, Result,
    apply::{self, Mode},
    ports::{diff_rows, object_yaml, objects},
    reconcile::{new_binding, pinned},
    references::references,
    world::{self, Slice},
};

/// Previews what was sent. Faults are in the plan, not an error.
///
/// # Errors
/// A refusal, what is stale, or what broke.
pub async fn run(platform: &Platform, viewer: &Viewer, sending: &Sending) -> Result<PreviewView> {
    let plan = apply::run(platform, viewer, sending, Mode::Plan).await?;
    let mut view = PreviewView {
        plan,
        releases: Vec::new(),
    };
    let Ok(documents) = apply::read(&sending.files, &viewer.organization) else {
        return Ok(view);
    };
    if !view.plan.faults.is_empty() {
        return Ok(view);
    }
    let components: BTreeSet<Identity> = documents.iter().filter_map(component_of).collect();
    for component in &components {
        let found = Subject::of(platform, component.clone(), &documents).await?;
        view.releases.extend(found.releases().await?);
    }
    for component in readers(platform, &documents).await? {
        if components.contains(&component) {
            continue;
        }
        let found = Subject::of(platform, component, &documents).await?;
        let releases = found.bound_releases().await?;
        let moved = releases.into_iter().filter(|release| {
            let differs = |diff: &ObjectDiff| diff.change != Change::Unchanged;
            !release.blocked.is_empty() || release.diff.iter().any(differs)
        });
        // What stays the same of it is of no interest here, and may be much.
        view.releases.extend(moved.map(|release| PreviewRelease {
            objects: Vec::new(),
            injected: Vec::new(),
            ..release
        }));
    }
    Ok(view)
}

/// The components that take values from the configuration groups that were sent.
async fn readers(platform: &Platform, documents: &[Document]) -> Result<BTreeSet<Identity>> {
    let groups: Vec<&Identity> = documents
        .iter()
        .map(|document| &document.identity)
        .filter(|who| who.kind == Kind::ConfigurationGroup)
        .collect();
    let mut found = BTreeSet::new();
    let Some(first) = groups.first() else {
        return Ok(found);
    };
    let workloads = platform
        .store()
        .resources_of_kind(&first.organization, Kind::Workload)
        .await?;
    for workload in workloads {
        let who = &workload.identity;
        let needed = references(who, &workload.spec);
        if groups.iter().any(|group| needed.contains(group)) {
            found.insert(Identity::in_project(
                Kind::Component,
                &who.organization,
                &who.project,
                &who.component,
            ));
        }
    }
    Ok(found)
}

/// A component's release in one environment, as it would be with another class.
pub(crate) struct Reclassed {
    /// The environment.
    pub environment: String,
    /// The version of the class that is pinned there.
    pub version: i64,
    /// What differs from what should run there now, or what stands in the way.
    pub diff: Result<Vec<render::diff::ObjectDiff>, Vec<String>>,
}

/// A component's releases, wherever it should run something of this class, with the class as given
/// in the place of the pinned one.
pub(crate) async fn with_class(
    platform: &Platform,
    component: Identity,
    class: &ClassPin,
) -> Result<Vec<Reclassed>> {
    let subject = Subject::of(platform, component, &[]).await?;
    let mut releases = Vec::new();
    for (identity, spec, _) in subject.bindings() {
        if spec.release_state == ReleaseState::Undeploy {
            continue;
        }
        // What waits has nothing to be changed.
        let Ok(mut content) = subject.bound(&identity, &spec, None).await? else {
            continue;
        };
        let version = content.class.version;
        if content.class.kind != class.kind || content.class.name != class.name {
            continue;
        }
        content.class = class.clone();
        let environment = spec.environment.as_str();
        let diff = match subject.rendered(&identity, &spec, &content) {
            Ok(objects) => Ok(render::diff::objects(
                &subject.running(environment).await?,
                &objects,
            )),
            Err(why) => Err(why),
        };
        releases.push(Reclassed {
            environment: environment.to_owned(),
            version,
            diff,
        });
    }
    Ok(releases)
}

/// The component that a document belongs to, or is.
fn component_of(document: &Document) -> Option<Identity> {
    let who = &document.identity;
    let name = match who.kind {
        Kind::Component => &who.name,
        _ if who.component.is_empty() => return None,
        _ => &who.component,
    };
    Some(Identity::in_project(
        Kind::Component,
        &who.organization,
        &who.project,
        name,
    ))
}

/// One component as it would be.
struct Subject<'a> {
    platform: &'a Platform,
    component: Identity,
    documents: &'a [Document],
    slice: Slice,
}

impl<'a> Subject<'a> {
    async fn of(
        platform: &'a Platform,
        component: Identity,
        documents: &'a [Document],
    ) -> Result<Subject<'a>> {
        let slice = world::slice_with(
            platform.store(),
            &component.organization,
            &component.project,
            &component.name,
            documents,
        )
        .await?;
        Ok(Self {
            platform,
            component,
            documents,
            slice,
        })
    }

    fn of_store(&self) -> Of<'_> {
        Of {
            organization: &self.component.organization,
            project: &self.component.project,
            component: &self.component.name,
        }
    }

    /// The binding specs as they would be, by environment; `true` when one was sent.
    fn bindings(&self) -> Vec<(Identity, BindingSpec, bool)> {
        let who = &self.component;
        let own = self.slice.world.resources.iter().filter(|(identity, _)| {
            identity.kind.is_binding()
                && identity.kind != Kind::APIBinding
                && identity.project == who.project
                && identity.component == who.name
        });
        own.filter_map(|(identity, spec)| {
            let spec = BindingSpec::deserialize(spec).ok()?;
            let sent = self.documents.iter().any(|sent| sent.identity == *identity);
            Some((identity.clone(), spec, sent))
        })
        .collect()
    }

    /// What the declarations make, as a new artifact or as the one that is there; and whether
    /// that is another one than now.
    async fn content(&self) -> Result<Result<(ArtifactContent, bool), Vec<Waiting>>> {
        let content = match render::compose(&self.slice.world, &self.component) {
            Ok(content) => content,
            Err(waiting) => return Ok(Err(waiting)),
        };
        let store = self.platform.store();
        let current = match self.slice.component() {
            Some(row) => store.current_artifact(&row.id).await?,
            None => None,
        };
        let before = match current {
            Some(number) => store.artifact(self.of_store(), number).await?,
            None => None,
        };
        let content = pinned(before.as_ref(), content)?;
        let moved = before.is_none_or(|before| before.hash != content.hash());
        Ok(Ok((content, moved)))
    }

    /// The releases that would come of it: where the artifact goes by itself, and where a binding
    /// was sent.
    async fn releases(&self) -> Result<Vec<PreviewRelease>> {
        let who = &self.component;
        let made = self.content().await?;
        let mut bindings = self.bindings();
        let mut releases = Vec::new();
        let project = Identity::in_organization(Kind::Project, &who.organization, &who.project);
        match (
            &made,
            render::first_environments(&self.slice.world, &project),
        ) {
            (Err(waiting), _) => {
                let blocked = waiting.iter().map(|waiting| waiting.why.clone()).collect();
                releases.push(self.blocked("", blocked));
            }
            (_, Err(waiting)) => releases.push(self.blocked("", vec![waiting.why])),
            (Ok((_, false)), Ok(_)) => {}
            (Ok((content, true)), Ok(roots)) => {
                let Some(kind) = content.component_type.binding() else {
                    return Ok(releases);
                };
                for root in roots {
                    let there = bindings
                        .iter_mut()
                        .find(|(_, spec, _)| spec.environment.as_str() == root);
                    match there {
                        // What is made now goes there, whatever was bound before.
                        Some((_, spec, sent)) => {
                            (spec.artifact, spec.workload_spec, *sent) = (Some(0), None, true);
                        }
                        None if kind == Kind::APIBinding => {}
                        None => {
                            let draft = new_binding(&self.slice.world, who, kind, &root, 0);
                            if let Ok(spec) = BindingSpec::deserialize(&draft.spec) {
                                bindings.push((draft.identity, spec, true));
                            }
                        }
                    }
                }
            }
        }
        let made = made.ok().map(|(content, _)| content);
        for (identity, spec, _) in bindings.iter().filter(|(_, _, sent)| *sent) {
            releases.push(self.one(identity, spec, made.as_ref()).await?);
        }
        Ok(releases)
    }

    /// The release of one binding.
    async fn one(
        &self,
        identity: &Identity,
        spec: &BindingSpec,
        made: Option<&ArtifactContent>,
    ) -> Result<PreviewRelease> {
        Ok(match self.bound(identity, spec, made).await? {
            Ok(content) => self.release(identity, spec, &content).await?,
            Err(why) => self.blocked(spec.environment.as_str(), vec![why]),
        })
    }

    /// The releases of every binding as it is, in the world as it would be.
    async fn bound_releases(&self) -> Result<Vec<PreviewRelease>> {
        let mut releases = Vec::new();
        for (identity, spec, _) in self.bindings() {
            releases.push(self.one(&identity, &spec, None).await?);
        }
        Ok(releases)
    }

    /// What a binding brings: the artifact it names, 0 being the one that would be made now, or
    /// the workload it copied.
    async fn bound(
        &self,
        identity: &Identity,
        spec: &BindingSpec,
        made: Option<&ArtifactContent>,
    ) -> Result<Result<ArtifactContent, String>> {
        match (spec.artifact, made) {
            (Some(0), Some(made)) => Ok(Ok(made.clone())),
            (Some(number), _) => {
                let found = self
                    .platform
                    .store()
                    .artifact(self.of_store(), number)
                    .await?;
                Ok(match found {
                    Some(artifact) => Ok(world::content(&artifact.content)?),
                    None => Err(format!("{} has no artifact {number}", self.component.name)),
                })
            }
            (None, _) => Ok(
                render::compose_binding(&self.slice.world, identity, spec).map_err(|waiting| {
                    let whys: Vec<String> =
                        waiting.into_iter().map(|waiting| waiting.why).collect();
                    whys.join("; ")
                }),
            ),
        }
    }

    fn blocked(&self, environment: &str, blocked: Vec<String>) -> PreviewRelease {
        PreviewRelease {
            project: self.component.project.clone(),
            component: self.component.name.clone(),
            environment: environment.to_owned(),
            blocked,
            ..PreviewRelease::default()
        }
    }

    /// The objects that a release would hold, or what stands in the way.
    fn rendered(
        &self,
        identity: &Identity,
        spec: &BindingSpec,
        content: &ArtifactContent,
    ) -> Result<Vec<serde_json::Value>, Vec<String>> {
        let environment = spec.environment.as_str();
        let facts = BindingFacts {
            organization: identity.organization.clone(),
            project: identity.project.clone(),
            component: identity.component.clone(),
            environment: environment.to_owned(),
            name: identity.name.clone(),
            state: spec.release_state,
            overrides: spec.overrides.clone(),
        };
        let (world, options) = (&self.slice.world, self.platform.options());
        let rendered = render::resolve(world, content, &facts, options)
            .and_then(|input| render::render(&input).map_err(Blocked::Faults));
        match rendered {
            Ok(rendered) => Ok(rendered.objects),
            Err(Blocked::Waiting(waiting)) => {
                Err(waiting.into_iter().map(|waiting| waiting.why).collect())
            }
            Err(Blocked::Faults(faults)) => Err(faults.iter().map(ToString::to_string).collect()),
        }
    }

    async fn release(
        &self,
        identity: &Identity,
        spec: &BindingSpec,
        content: &ArtifactContent,
    ) -> Result<PreviewRelease> {
        let environment = spec.environment.as_str();
        let objects = match self.rendered(identity, spec, content) {
            Ok(objects) => objects,
            Err(why) => return Ok(self.blocked(environment, why)),
        };
        let states = render::connections(
            &self.slice.world,
            &self.component,
            environment,
            &content.workload,
            self.platform.options(),
        );
        let injected = states.into_iter().flat_map(|state| match state.reached {
            Reached::Ready { variables, .. } => variables,
            Reached::Waiting(_) | Reached::Faults(_) => Vec::new(),
        });
        Ok(PreviewRelease {
            injected: injected.collect(),
            objects: objects.iter().map(object_yaml).collect(),
            diff: diff_rows(&self.running(environment).await?, &objects),
            ..self.blocked(environment, Vec::new())
        })
    }

    /// The objects that should run there now; none when nothing does.
    async fn running(&self, environment: &str) -> Result<Vec<serde_json::Value>> {
        let store = self.platform.store();
        let bindings = store.bindings_of_component(self.of_store()).await?;
        let current = bindings
            .iter()
            .find(|binding| binding.environment == environment)
            .and_then(|binding| Some((&binding.id, binding.release?)));
        let Some((id, number)) = current else {
            return Ok(Vec::new());
        };
        match store.release(id, number).await? {
            Some(release) => objects(&release),
            None => Ok(Vec::new()),
        }
    }
}
