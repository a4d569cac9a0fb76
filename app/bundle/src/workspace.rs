//! Where things are: the workspace, its target folder, and cargo's home.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders that a build reads and writes.
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
    cargo_home: PathBuf,
}

impl Workspace {
    /// Looks upwards from the current folder, so that any folder of the clone will do.
    pub fn find() -> Result<Self> {
        let here = env::current_dir()?;
        let root = here
            .ancestors()
            .find(|folder| folder.join("app/bundle/Cargo.toml").is_file())
            .context("run this inside a clone of Troupe")?
            .to_owned();
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |folder| here.join(folder));
        let cargo_home = match env::var_os("CARGO_HOME") {
            Some(folder) => PathBuf::from(folder),
            None => PathBuf::from(env::var_os("HOME").context("HOME is set")?).join(".cargo"),
        };
        Ok(Self {
            root,
            target,
            cargo_home,
        })
    }

    /// The folder of the workspace's manifest.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the server embeds.
    pub fn dist(&self) -> PathBuf {
        self.root.join("app/bundle/dist")
    }

    /// A folder of its own: building for the browser then never waits for a server build, and
    /// its flags rebuild nothing of the host's.
    pub fn target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// Places whose names must not be served, the most general first.
    pub fn private_paths(&self) -> [&Path; 3] {
        [&self.cargo_home, &self.target, &self.root]
    }

    /// The files of one folder, sorted; none when the folder is not there.
    pub fn files_in(&self, folder: &str) -> Result<Vec<PathBuf>> {
        files(&self.root.join(folder))
    }
}

/// The plain files of a folder, sorted, without hidden ones; none when the folder is not there.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type()?.is_file() && !hidden {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
