//! A new version: another image for a component, and with that its next artifact, in one transaction.

use model::{
    access::{Grant, Thing, Verb, Viewer, may},
    identity::Identity,
    kind::{Kind, workload::WorkloadSpec},
    manifest::{Document, suggest},
    moment::Moment,
    port::SentFile,
    problem::{FieldFault, Problem},
    view::{ArtifactRow, ImageCheck, NewVersion, Shipped},
};
use render::{ArtifactContent, Waiting};
use serde::Deserialize;
use store::{
    Tx,
    artifacts::{Artifact, Of},
    resources::{Draft, Resource},
};

use crate::{
    Error, Platform, Result, apply, clock,
    delete::found,
    reconcile::{forward, pinned},
    world::{self, Slice},
};

/// Where a Workload says which commit it was built from.
const COMMIT: &str = "troupe.dev/commit";
/// So often it is tried anew when somebody else wrote at the same time.
const TRIES: usize = 3;

/// Gives a component another image.
///
/// # Errors
/// A refusal, what is wrong with the image, what the component lacks, or what broke.
pub async fn run(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    component: &str,
    version: &NewVersion,
) -> Result<Shipped> {
    let org = viewer.organization.as_str();
    let grant = may(
        viewer,
        Verb::Apply,
        &Thing::in_project(Kind::Workload, org, project),
    )?;
    let me = Identity::in_project(Kind::Component, org, project, component);
    let known = found(platform, &me).await?;
    if known.deleted_at.is_some() {
        let message = format!("{component} is being deleted");
        return Err(Problem::invalid("component", &message, "Make it anew once it is gone").into());
    }
    let (_, container, before) = target(platform, &me, &version.container).await?;
    let check = platform.registries().check(&version.image, &before).await?;
    let mut tries = 0;
    loop {
        tries += 1;
        match written(platform, &grant, &me, &container, version, &check).await {
            Err(Error::Store(store::Error::Stale { .. })) if tries < TRIES => {}
            other => return other,
        }
    }
}

/// The Workload of a component, the container that is meant, and the image that it has.
async fn target(
    platform: &Platform,
    me: &Identity,
    container: &str,
) -> Result<(Resource, String, String)> {
    let own = platform
        .store()
        .resources_of_component(&me.organization, &me.project, &me.name)
        .await?;
    let workload = workload(&own).ok_or_else(|| {
        let message = format!("{} has no Workload yet", me.name);
        Problem::invalid(
            "image",
            &message,
            "Apply its Workload first, with the ports it opens",
        )
    })?;
    let spec = WorkloadSpec::deserialize(&workload.spec).map_err(|error| Error::Corrupt {
        what: workload.identity.to_string(),
        reason: error.to_string(),
    })?;
    let names: Vec<&str> = spec.containers.keys().map(|name| name.as_str()).collect();
    let wanted = match (container, names.as_slice()) {
        ("", [only]) => *only,
        ("", _) => "main",
        (named, _) => named,
    };
    let Some((_, known)) = spec
        .containers
        .iter()
        .find(|(name, _)| name.as_str() == wanted)
    else {
        let message = format!("{} has no container {wanted}", me.name);
        let remedy = match suggest::nearest(wanted, names.iter().copied()) {
            Some(near) => format!("Did you mean {near}?"),
            None => format!("It has {}", names.join(", ")),
        };
        return Err(Problem::invalid("container", &message, &remedy).into());
    };
    Ok((workload.clone(), wanted.to_owned(), known.image.0.clone()))
}

/// The Workload that the declaration names: its only one, or the one of that name.
fn workload(own: &[Resource]) -> Option<&Resource> {
    let all: Vec<&Resource> = own
        .iter()
        .filter(|own| own.identity.kind == Kind::Workload && own.deleted_at.is_none())
        .collect();
    let named = own
        .iter()
        .find_map(|own| own.spec.get("workloadName")?.as_str());
    match all.as_slice() {
        [only] => Some(only),
        many => many
            .iter()
            .find(|own| Some(own.identity.name.as_str()) == named)
            .copied(),
    }
}

/// Writes the Workload and makes the artifact, in one transaction.
async fn written(
    platform: &Platform,
    grant: &Grant,
    me: &Identity,
    container: &str,
    version: &NewVersion,
    check: &ImageCheck,
) -> Result<Shipped> {
    let (workload, _, _) = target(platform, me, container).await?;
    let document = changed(&workload, container, version, check)?;
    let documents = [document];
    let slice = world::slice_with(
        platform.store(),
        &me.organization,
        &me.project,
        &me.name,
        &documents,
    )
    .await?;
    let component = slice
        .component()
        .ok_or_else(|| Problem::not_found("component", &me.name))?;
    let content = render::compose(&slice.world, me).map_err(|waiting| incomplete(&waiting))?;
    let before = current(platform, component).await?;
    let content = pinned(before.as_ref(), content)?;
    let [document] = documents;
    let draft = Draft {
        identity: document.identity,
        labels: document.labels,
        annotations: document.annotations,
        spec: document.spec,
    };
    let mut tx = platform.store().begin(clock::now().0).await?;
    apply::written(&mut tx, grant, Some(&workload), &draft).await?;
    let now = before.map(|before| before.number);
    let made = make(&mut tx, grant, &slice, &content, now).await?;
    tx.commit().await?;
    platform.wake();
    Ok(Shipped {
        check: check.clone(),
        ..made
    })
}

/// The artifact that a component's declarations make now.
pub(crate) async fn current(platform: &Platform, component: &Resource) -> Result<Option<Artifact>> {
    let who = &component.identity;
    let of = Of {
        organization: &who.organization,
        project: &who.project,
        component: &who.name,
    };
    match platform.store().current_artifact(&component.id).await? {
        Some(number) => Ok(platform.store().artifact(of, number).await?),
        None => Ok(None),
    }
}

/// Makes what a component consists of its artifact, and brings it on its way.
pub(crate) async fn make(
    tx: &mut Tx,
    grant: &Grant,
    slice: &Slice,
    content: &ArtifactContent,
    current: Option<i64>,
) -> Result<Shipped> {
    let forwarded = forward(tx, grant, slice, content, current).await?;
    let (goes_to, waits) = match forwarded.roots {
        Ok(roots) => (roots, String::new()),
        Err(waiting) => (Vec::new(), waiting.why),
    };
    let artifact = forwarded.artifact;
    Ok(Shipped {
        artifact: ArtifactRow {
            number: artifact.number,
            hash: artifact.hash,
            version: artifact.label,
            images: content.images(),
            class: (content.class.name.clone(), content.class.version),
            created: Moment(artifact.created_at),
            by: artifact.created_by,
            environments: Vec::new(),
        },
        made: forwarded.made,
        goes_to,
        waits,
        check: ImageCheck::default(),
    })
}

/// The Workload with its new image, read and checked like any manifest.
fn changed(
    workload: &Resource,
    container: &str,
    version: &NewVersion,
    check: &ImageCheck,
) -> Result<Document> {
    let mut annotations = workload.annotations.clone();
    if !version.commit.trim().is_empty() {
        annotations.insert(COMMIT.into(), version.commit.trim().into());
    }
    let mut spec = workload.spec.clone();
    spec["containers"][container]["image"] = check.image.clone().into();
    let manifest = model::yaml::manifest_value(
        &workload.identity,
        &workload.labels,
        &annotations,
        &spec,
        None,
    );
    let file = SentFile {
        name: String::new(),
        text: manifest.to_string(),
    };
    let read = apply::read(&[file], &workload.identity.organization);
    let mut documents = read.map_err(|faults| Problem::Invalid {
        message: format!("{} can't be taken", version.image),
        faults: faults.into_iter().map(of_image).collect(),
    })?;
    documents.pop().ok_or_else(|| Error::Corrupt {
        what: workload.identity.to_string(),
        reason: "it reads as nothing".into(),
    })
}

/// A fault of the image is told beside the field it was typed into.
fn of_image(fault: FieldFault) -> FieldFault {
    let path = if fault.path.ends_with(".image") {
        "image".to_owned()
    } else {
        fault.path
    };
    FieldFault {
        path,
        document: 0,
        line: 0,
        ..fault
    }
}

/// Without all of its declarations there is nothing that an artifact could be made of.
fn incomplete(waiting: &[Waiting]) -> Problem {
    Problem::Invalid {
        message: "No artifact can be made of it yet".into(),
        faults: waiting
            .iter()
            .map(|waiting| FieldFault {
                path: "component".into(),
                message: waiting.why.clone(),
                remedy: format!("Declare {}", waiting.for_what),
                ..FieldFault::default()
            })
            .collect(),
    }
}

/// What a new class version makes of a component: the artifact that it would have.
pub(crate) enum Rolled {
    /// It has the newest version already.
    Newest(i64),
    /// It would get this content, in place of that class version.
    New(Box<(Slice, ArtifactContent, Option<Artifact>)>),
    /// It can't be put together.
    Incomplete(Vec<Waiting>),
}

/// What the newest version of its class makes of a component.
///
/// # Errors
/// When the store refuses.
pub(crate) async fn rolled(platform: &Platform, me: &Identity) -> Result<Rolled> {
    let store = platform.store();
    let slice = world::slice(store, &me.organization, &me.project, &me.name).await?;
    let content = match render::compose(&slice.world, me) {
        Ok(content) => content,
        Err(waiting) => return Ok(Rolled::Incomplete(waiting)),
    };
    let before = match slice.component() {
        Some(component) => current(platform, component).await?,
        None => None,
    };
    if before
        .as_ref()
        .is_some_and(|before| before.hash == content.hash())
    {
        return Ok(Rolled::Newest(content.class.version));
    }
    Ok(Rolled::New(Box::new((slice, content, before))))
}

/// Says how a roll-out of a class reads in a list.
pub(crate) fn rolls(content: &ArtifactContent, before: Option<&Artifact>) -> Result<String> {
    let class = &content.class;
    let old = before
        .map(|before| world::content(&before.content))
        .transpose()?;
    Ok(match old {
        Some(old) if old.class.name == class.name => format!(
            "a new artifact with {} v{} in place of v{}",
            class.name, class.version, old.class.version
        ),
        _ => format!("a new artifact with {} v{}", class.name, class.version),
    })
}
