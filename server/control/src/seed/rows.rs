//! The rows of a made-up world, gathered and then written together.

use std::collections::BTreeMap;

use model::{access::Grant, identity::Identity, kind::Kind};
use plane::summary;
use serde_json::{Value, json};
use store::{
    Store,
    bindings::Binding,
    deployments::Deployment,
    inventory::Item,
    live::Live,
    releases::Release,
    resources::Draft,
    search::Uses,
    seed::{Declared, Made},
};

use super::{DAY, ENVIRONMENTS, ORGANIZATION, PLANE, Shape, ShapeRelease};
use crate::{Result, clock, references};

/// How many attempts a binding has behind it.
const ATTEMPTS: usize = 2;
/// How many artifacts a component has.
const ARTIFACTS: i64 = 2;

/// API version, kind, name and summary of an object.
pub(super) fn live(object: &Value) -> [String; 4] {
    let text = |pointer: &str| {
        let found = object.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    let summary = super::json(&summary::summary(object));
    [
        text("/apiVersion"),
        text("/kind"),
        text("/metadata/name"),
        summary,
    ]
}

/// Gathers.
pub(super) struct Rows {
    now: i64,
    resources: Vec<Declared>,
    uses: Vec<Uses>,
    artifacts: Vec<Made>,
    status: Vec<(String, i64)>,
    bindings: Vec<Binding>,
    releases: Vec<Release>,
    deployments: Vec<Deployment>,
    inventory: Vec<Item>,
    live: Vec<Live>,
}

/// How a binding runs, and what is said of it.
struct Mood {
    health: &'static str,
    sentence: &'static str,
    state: &'static str,
    status: &'static str,
    lines: &'static str,
}

/// Most run well.
fn mood(turn: usize) -> Mood {
    let well = Mood {
        health: "Healthy",
        sentence: "2 of 2 pods are ready",
        state: "Active",
        status: "Succeeded",
        lines: "[]",
    };
    match turn % 50 {
        7 => Mood {
            health: "Degraded",
            sentence: "The container main exits with code 1 after 2 seconds",
            status: "Failed",
            lines: r#"["connecting to the database","Error: connection refused","exit status 1"]"#,
            ..well
        },
        13 | 29 => Mood {
            health: "Progressing",
            sentence: "1 of 2 pods is ready",
            status: "Progressing",
            ..well
        },
        31 => Mood {
            health: "Suspended",
            sentence: "Suspended: no pods are wanted",
            state: "Suspend",
            ..well
        },
        43 => Mood {
            health: "Unknown",
            sentence: "The plane didn't answer lately",
            ..well
        },
        _ => well,
    }
}

/// One component that is being made up.
struct Subject<'a> {
    shape: &'a Shape,
    project: &'a str,
    name: &'a str,
    version: &'a str,
    turn: usize,
}

impl Subject<'_> {
    /// A text of the shape with this component's names.
    fn named(&self, text: &str, version: &str) -> String {
        text.replace("seedproject", self.project)
            .replace(self.shape.name, self.name)
            .replace("0.0.0", version)
    }
}

impl Rows {
    pub(super) fn new(now: i64) -> Self {
        Self {
            now,
            resources: Vec::new(),
            uses: Vec::new(),
            artifacts: Vec::new(),
            status: Vec::new(),
            bindings: Vec::new(),
            releases: Vec::new(),
            deployments: Vec::new(),
            inventory: Vec::new(),
            live: Vec::new(),
        }
    }

    /// How many components wait to be written.
    pub(super) fn components(&self) -> usize {
        self.status.len()
    }

    fn declare(&mut self, identity: Identity, spec: Value, says: &str, at: i64) -> String {
        let id = clock::id();
        self.uses.push(references::uses(&id, &identity, &spec));
        let mut annotations = BTreeMap::new();
        if !says.is_empty() {
            annotations.insert("openchoreo.dev/description".into(), says.to_owned());
        }
        let draft = Draft {
            identity,
            labels: BTreeMap::new(),
            annotations,
            spec,
        };
        self.resources.push(Declared {
            id: id.clone(),
            draft,
            at,
        });
        id
    }

    pub(super) fn project(&mut self, name: &str, turn: usize) {
        let identity = Identity::in_organization(Kind::Project, ORGANIZATION, name);
        let spec = json!({"deploymentPipelineRef": "seeded"});
        let at = self.now - DAY * (400 - i64::try_from(turn % 300).unwrap_or(0));
        self.declare(identity, spec, "Made up to measure with", at);
    }

    pub(super) fn component(&mut self, shape: &Shape, project: &str, name: &str, turn: usize) {
        let version = format!("1.{}.{}", turn % 23, turn % 7);
        let subject = Subject {
            shape,
            project,
            name,
            version: &version,
            turn,
        };
        let age = i64::try_from(turn % 90).unwrap_or(0);
        let at = self.now - DAY * (100 - age);
        for (kind, spec) in &shape.declared {
            let spec = serde_json::from_str(&subject.named(spec, &version)).unwrap_or_default();
            let identity = if *kind == Kind::Component {
                Identity::in_project(*kind, ORGANIZATION, project, name)
            } else {
                Identity::in_component(*kind, ORGANIZATION, project, name, name)
            };
            let id = self.declare(identity, spec, "", at);
            if *kind == Kind::Component {
                self.status.push((id, ARTIFACTS));
            }
        }
        for number in 1..=ARTIFACTS {
            let label = if number == ARTIFACTS {
                &version
            } else {
                "0.9.0"
            };
            let content = subject.named(&shape.content, label);
            self.artifacts.push(Made {
                id: clock::id(),
                project: project.into(),
                component: name.into(),
                number,
                hash: model::hash::of(&Value::String(content.clone())),
                label: label.to_owned(),
                content,
                at: at + DAY * number,
            });
        }
        for (at, environment) in ENVIRONMENTS.into_iter().enumerate() {
            self.binding(&subject, at, environment);
        }
    }

    fn binding(&mut self, subject: &Subject<'_>, place: usize, environment: &str) {
        let Subject {
            shape,
            project,
            name,
            ..
        } = *subject;
        let Some(kind) = shape.component_type.binding() else {
            return;
        };
        let mood = mood(subject.turn * ENVIRONMENTS.len() + place);
        let artifact = if place == ENVIRONMENTS.len() - 1 && subject.turn.is_multiple_of(3) {
            ARTIFACTS - 1
        } else {
            ARTIFACTS
        };
        let label = if artifact == ARTIFACTS {
            subject.version
        } else {
            "0.9.0"
        };
        let since = self.now - DAY * i64::try_from(subject.turn % 40).unwrap_or(0) - 3_600_000_000;
        let spec = json!({
            "owner": {"projectName": project, "componentName": name},
            "environment": environment,
            "artifact": artifact,
            "releaseState": mood.state,
        });
        let called = format!("{name}-{environment}");
        let identity = Identity::in_component(kind, ORGANIZATION, project, name, &called);
        let id = self.declare(identity, spec, "", since);
        let attempt = self.attempts(subject, &id, environment, (artifact, label), &mood, since);
        let release = &shape.releases[place];
        self.release(subject, &id, environment, (artifact, label), release, since);
        self.objects(subject, &id, release, &mood, since);
        self.bindings.push(Binding {
            id,
            organization: ORGANIZATION.into(),
            project: project.into(),
            component: name.into(),
            environment: environment.into(),
            name: called,
            plane: PLANE.into(),
            namespace: subject.named(&release.namespace, label),
            state: mood.state.into(),
            artifact: Some(artifact),
            label: label.to_owned(),
            release: Some(1),
            deployment_id: Some(attempt),
            health: mood.health.into(),
            sentence: mood.sentence.into(),
            since,
            ready: if mood.health == "Healthy" { 2 } else { 1 },
            wanted: 2,
            endpoints: subject.named(&release.endpoints, label),
            blocked: "[]".into(),
            last_lines: mood.lines.into(),
        });
    }

    fn attempts(
        &mut self,
        subject: &Subject<'_>,
        binding: &str,
        environment: &str,
        (artifact, label): (i64, &str),
        mood: &Mood,
        since: i64,
    ) -> String {
        let mut newest = String::new();
        for back in (0..ATTEMPTS).rev() {
            let last = back == 0;
            newest = clock::id();
            let started = since - DAY * i64::try_from(back).unwrap_or(0);
            let running = last && mood.status == "Progressing";
            self.deployments.push(Deployment {
                id: newest.clone(),
                binding_id: binding.to_owned(),
                organization: ORGANIZATION.into(),
                project: subject.project.to_owned(),
                component: subject.name.to_owned(),
                environment: environment.to_owned(),
                release: 1,
                artifact,
                label: label.to_owned(),
                status: if last { mood.status } else { "Succeeded" }.into(),
                sentence: if last { mood.sentence } else { "" }.into(),
                actor: "troupe/seed".into(),
                started_at: started,
                finished_at: (!running).then_some(started + 40_000_000),
                created: 3,
                changed: 0,
                pruned: 0,
                unchanged: 0,
            });
        }
        newest
    }

    fn release(
        &mut self,
        subject: &Subject<'_>,
        binding: &str,
        environment: &str,
        (artifact, label): (i64, &str),
        release: &ShapeRelease,
        since: i64,
    ) {
        let objects = subject.named(&release.objects, label);
        self.releases.push(Release {
            id: clock::id(),
            binding_id: binding.to_owned(),
            organization: ORGANIZATION.into(),
            project: subject.project.to_owned(),
            component: subject.name.to_owned(),
            environment: environment.to_owned(),
            number: 1,
            hash: model::hash::of(&Value::String(objects.clone())),
            artifact,
            label: label.to_owned(),
            plane: PLANE.into(),
            namespace: subject.named(&release.namespace, label),
            object_count: release.count,
            objects,
            created_at: since,
        });
    }

    fn objects(
        &mut self,
        subject: &Subject<'_>,
        binding: &str,
        release: &ShapeRelease,
        mood: &Mood,
        since: i64,
    ) {
        let namespace = subject.named(&release.namespace, subject.version);
        for (at, [api_version, kind, name, summary]) in release.live.iter().enumerate() {
            if kind == "Namespace" {
                continue;
            }
            let uid = format!("{binding}-{at}");
            let name = subject.named(name, subject.version);
            self.inventory.push(Item {
                binding_id: binding.to_owned(),
                organization: ORGANIZATION.into(),
                plane: PLANE.into(),
                api_version: api_version.clone(),
                kind: kind.clone(),
                namespace: namespace.clone(),
                name: name.clone(),
                uid: uid.clone(),
                wanted: 1,
            });
            let object = Live {
                organization: ORGANIZATION.into(),
                plane: PLANE.into(),
                uid: uid.clone(),
                binding_id: binding.to_owned(),
                api_version: api_version.clone(),
                kind: kind.clone(),
                namespace: namespace.clone(),
                name: name.clone(),
                owner_uid: String::new(),
                health: mood.health.into(),
                code: String::new(),
                sentence: mood.sentence.into(),
                summary: subject.named(summary, subject.version),
                created_at: since,
                seen_at: self.now,
            };
            if kind == "Deployment" {
                let pod = Live {
                    uid: format!("{uid}-pod"),
                    api_version: "v1".into(),
                    kind: "Pod".into(),
                    name: format!("{name}-6c9f7d8b5-x2x9q"),
                    owner_uid: uid,
                    ..object.clone()
                };
                self.live.push(pod);
            }
            self.live.push(object);
        }
    }

    /// Writes what was gathered, in one transaction.
    pub(super) async fn write(&mut self, store: &Store, grant: &Grant) -> Result<()> {
        let all = std::mem::replace(self, Self::new(self.now));
        let mut tx = store.begin(self.now).await?;
        tx.seed_resources(grant, &all.resources).await?;
        tx.add_uses(&all.uses).await?;
        tx.seed_artifacts(grant, all.artifacts).await?;
        tx.seed_status(all.status).await?;
        tx.seed_bindings(all.bindings).await?;
        tx.seed_releases(all.releases).await?;
        tx.seed_deployments(all.deployments).await?;
        tx.seed_objects(all.inventory, all.live).await?;
        Ok(tx.commit().await?)
    }
}
