//! What needs no server: validating and rendering.

use std::{
    collections::BTreeMap,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::{Args, ValueEnum};
use model::{
    identity::Identity,
    kind::{Kind, binding::BindingSpec},
    manifest::{self, Document},
    name::Join,
    port::SentFile,
};
use render::{ArtifactContent, BindingFacts, Blocked, Options, World};
use serde::Deserialize;

use super::Failure;

/// Reads files, folders and standard input.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<SentFile>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .context("standard input")?;
            files.push(SentFile {
                name: "-".into(),
                text,
            });
        } else if path.is_dir() {
            folder(path, &mut files)?;
        } else {
            files.push(file(path)?);
        }
    }
    if files.is_empty() {
        return Err(Failure::Refused(
            "there are no .yaml, .yml or .json files there".into(),
        ));
    }
    Ok(files)
}

fn file(path: &Path) -> Result<SentFile, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Missing(format!("{}: {error}", path.display())))?;
    Ok(SentFile {
        name: path.display().to_string(),
        text,
    })
}

fn folder(path: &Path, files: &mut Vec<SentFile>) -> Result<(), Failure> {
    let entries = std::fs::read_dir(path).with_context(|| path.display().to_string())?;
    let mut entries: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .context("a folder")?;
    entries.sort();
    for entry in entries {
        let ending = entry.extension().and_then(|ending| ending.to_str());
        if entry.is_dir() {
            folder(&entry, files)?;
        } else if matches!(ending, Some("yaml" | "yml" | "json")) {
            files.push(file(&entry)?);
        }
    }
    Ok(())
}

fn documents(files: &[SentFile]) -> Result<Vec<Document>, Failure> {
    let inputs: Vec<manifest::Input<'_>> = files
        .iter()
        .map(|file| manifest::Input {
            file: &file.name,
            text: &file.text,
        })
        .collect();
    manifest::read(&inputs, &manifest::Limits::default(), "default").map_err(|faults| {
        for fault in &faults {
            eprintln!("{fault}");
        }
        Failure::Refused(format!("{} faults", faults.len()))
    })
}

/// Checks manifests; faults go to standard error.
pub(super) fn validate(paths: &[PathBuf]) -> Result<(), Failure> {
    let documents = documents(&read(paths)?)?;
    println!("{} documents, no faults", documents.len());
    Ok(())
}

/// How objects are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Documents, one after the other.
    Yaml,
    /// One list.
    Json,
}

/// Prints the objects that releases would hold, without a server.
#[derive(Debug, Args)]
pub struct Render {
    /// A file, a folder or - for standard input. What it doesn't bring of planes, environments,
    /// pipelines and classes is as at first start.
    #[arg(short, long = "filename", value_name = "PATH", required = true)]
    file: Vec<PathBuf>,
    /// The environment.
    #[arg(short, long)]
    environment: String,
    /// Only this project.
    #[arg(short, long)]
    project: Option<String>,
    /// Only this component.
    #[arg(short, long)]
    component: Option<String>,
    /// How to print.
    #[arg(short, long, value_enum, default_value_t = Format::Yaml)]
    output: Format,
    /// Gives objects the names that OpenChoreo v0.3 gave them.
    #[arg(long)]
    v03_names: bool,
}

impl Render {
    /// Prints them, in the order they are applied.
    pub(super) fn run(&self) -> Result<(), Failure> {
        let mut world = World::default();
        let defaults = SentFile {
            name: "defaults".into(),
            text: control::defaults::manifests().into(),
        };
        for document in documents(&[defaults])?
            .into_iter()
            .chain(documents(&read(&self.file)?)?)
        {
            world.resources.insert(document.identity, document.spec);
        }
        let mut objects = Vec::new();
        let mut trouble = Vec::new();
        for component in self.components(&world) {
            match self.one(&world, &component) {
                Ok(some) => objects.extend(some),
                Err(blocked) => trouble.extend(told(&component, blocked)),
            }
        }
        self.print(&objects);
        if trouble.is_empty() {
            return Ok(());
        }
        Err(Failure::Refused(trouble.join("\ntroupe: ")))
    }

    fn components(&self, world: &World) -> Vec<Identity> {
        let wanted = |identity: &&Identity| {
            identity.kind == Kind::Component
                && self
                    .project
                    .as_ref()
                    .is_none_or(|project| *project == identity.project)
                && self
                    .component
                    .as_ref()
                    .is_none_or(|component| *component == identity.name)
        };
        world.resources.keys().filter(wanted).cloned().collect()
    }

    fn one(&self, world: &World, component: &Identity) -> Result<Vec<serde_json::Value>, Blocked> {
        let binding = self.binding(world, component);
        let content: ArtifactContent = match &binding {
            Some((identity, spec)) if spec.workload_spec.is_some() => {
                render::compose_binding(world, identity, spec)
            }
            _ => render::compose(world, component),
        }
        .map_err(Blocked::Waiting)?;
        let spec = binding.map(|(_, spec)| spec);
        let facts = BindingFacts {
            organization: component.organization.clone(),
            project: component.project.clone(),
            component: component.name.clone(),
            environment: self.environment.clone(),
            name: render::binding_name(world, component, &self.environment),
            state: spec
                .as_ref()
                .map(|spec| spec.release_state)
                .unwrap_or_default(),
            overrides: spec.map(|spec| spec.overrides).unwrap_or_default(),
        };
        let join = if self.v03_names {
            Join::V03
        } else {
            Join::Unambiguous
        };
        let input = render::resolve(world, &content, &facts, &Options::new(join))?;
        render::render(&input)
            .map(|rendered| rendered.objects)
            .map_err(Blocked::Faults)
    }

    fn binding(&self, world: &World, component: &Identity) -> Option<(Identity, BindingSpec)> {
        let own: BTreeMap<&Identity, &serde_json::Value> = world
            .resources
            .iter()
            .filter(|(identity, _)| {
                identity.kind.is_binding()
                    && identity.project == component.project
                    && identity.component == component.name
            })
            .collect();
        own.into_iter().find_map(|(identity, spec)| {
            let spec = BindingSpec::deserialize(spec).ok()?;
            (spec.environment.as_str() == self.environment).then(|| (identity.clone(), spec))
        })
    }

    fn print(&self, objects: &[serde_json::Value]) {
        match self.output {
            Format::Json => println!("{}", serde_json::Value::Array(objects.to_vec())),
            Format::Yaml => {
                for object in objects {
                    print!("---\n{}", model::yaml::write(object));
                }
            }
        }
    }
}

fn told(component: &Identity, blocked: Blocked) -> Vec<String> {
    let say = |text: String| format!("{component}: {text}");
    match blocked {
        Blocked::Waiting(waiting) => waiting.into_iter().map(|w| say(w.why)).collect(),
        Blocked::Faults(faults) => faults.iter().map(|fault| say(fault.to_string())).collect(),
    }
}
