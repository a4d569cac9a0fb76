//! The folder that the server embeds: never half written, never with leftovers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::Script;
use crate::squeeze::Size;

/// `manifest.json`: what the server has to know. Names are relative to the site's root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// A name for this whole set of files; a page of another build must reload.
    pub build: String,
    /// Optimised and compressed, or quick to make.
    pub release: bool,
    /// The digest of what the script was made from.
    pub source: String,
    /// The script, an ES module.
    pub js: String,
    /// The wasm that the script loads.
    pub wasm: String,
    /// The one style sheet.
    pub style: String,
    /// Every file but the compressed copies.
    pub sizes: BTreeMap<String, Size>,
}

/// The folder as it is on disk.
pub struct Dist {
    folder: PathBuf,
}

impl Dist {
    /// Need not exist yet.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The script that is there already, if it was made from the same source and is whole.
    pub fn script(&self, source: &str) -> Option<Script> {
        let text = fs::read(self.folder.join("manifest.json")).ok()?;
        let old: Manifest = serde_json::from_slice(&text).ok()?;
        if old.source != source {
            return None;
        }
        let mut files = BTreeMap::new();
        for name in [&old.js, &old.wasm] {
            let size = old.sizes.get(name)?;
            let copies = [(".gz", size.gzip), (".br", size.brotli)];
            let copies = copies
                .into_iter()
                .filter_map(|(end, size)| Some((end, size?)));
            for (end, bytes) in copies.chain([("", size.raw)]) {
                let name = format!("{name}{end}");
                let content = fs::read(self.folder.join(&name)).ok()?;
                if content.len() != bytes {
                    return None;
                }
                files.insert(name, content);
            }
        }
        Some(Script {
            js: old.js,
            wasm: old.wasm,
            files,
        })
    }

    /// Fails unless the folder holds exactly these files.
    pub fn check(&self, files: &BTreeMap<String, Vec<u8>>, manifest: &Manifest) -> Result<()> {
        for (name, content) in self.with_manifest(files, manifest)? {
            let same = fs::read(self.folder.join(&name)).is_ok_and(|old| old == content);
            ensure!(
                same,
                "{name} in {} is not what the sources give",
                self.folder.display()
            );
        }
        let extra = self.leftovers(files)?;
        ensure!(extra.is_empty(), "{extra:?} should not be there");
        println!("bundle: {} is what the sources give", manifest.build);
        Ok(())
    }

    /// Writes what is new, then the manifest, then removes what is old; says how many it wrote.
    pub fn publish(&self, files: &BTreeMap<String, Vec<u8>>, manifest: &Manifest) -> Result<usize> {
        let mut written = 0;
        let all = self.with_manifest(files, manifest)?;
        // The manifest last: whoever reads it finds everything it names.
        let (last, first): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|(name, _)| name == "manifest.json");
        for (name, content) in first.into_iter().chain(last) {
            let path = self.folder.join(&name);
            if fs::read(&path).is_ok_and(|old| old == content) {
                continue;
            }
            let parent = path.parent().context("a file of dist has a folder")?;
            fs::create_dir_all(parent)?;
            let aside = parent.join(".new");
            fs::write(&aside, &content)
                .and_then(|()| fs::rename(&aside, &path))
                .with_context(|| format!("writing {}", path.display()))?;
            written += 1;
        }
        for path in self.leftovers(files)? {
            fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
        Ok(written)
    }

    fn with_manifest(
        &self,
        files: &BTreeMap<String, Vec<u8>>,
        manifest: &Manifest,
    ) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut all = files.clone();
        all.insert(
            "manifest.json".to_owned(),
            serde_json::to_vec_pretty(manifest)?,
        );
        Ok(all)
    }

    fn leftovers(&self, files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        walk(&self.folder, &mut found)?;
        found.retain(|path| {
            let name = path
                .strip_prefix(&self.folder)
                .map(|name| name.to_string_lossy());
            !name.is_ok_and(|name| name == "manifest.json" || files.contains_key(&*name))
        });
        Ok(found)
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), found)?;
        } else {
            found.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_manifest(js: &str, bytes: usize) -> Manifest {
        let size = Size {
            raw: bytes,
            ..Size::default()
        };
        Manifest {
            build: "b".to_owned(),
            release: false,
            source: "s".to_owned(),
            js: js.to_owned(),
            wasm: js.to_owned(),
            style: "style.css".to_owned(),
            sizes: BTreeMap::from([(js.to_owned(), size)]),
        }
    }

    #[test]
    fn a_second_publication_replaces_the_first() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let dist = Dist::at(folder.path().join("dist"));
        let first = BTreeMap::from([("pkg/a.js".to_owned(), vec![1])]);
        let second = BTreeMap::from([("pkg/b.js".to_owned(), vec![2])]);

        assert_eq!(
            dist.publish(&first, &a_manifest("pkg/a.js", 1))
                .expect("writes"),
            2
        );
        assert_eq!(
            dist.publish(&first, &a_manifest("pkg/a.js", 1))
                .expect("writes"),
            0
        );
        dist.check(&first, &a_manifest("pkg/a.js", 1))
            .expect("it is what was published");

        dist.publish(&second, &a_manifest("pkg/b.js", 1))
            .expect("writes");
        assert!(
            !folder.path().join("dist/pkg/a.js").exists(),
            "the old script is gone"
        );
        assert!(dist.check(&first, &a_manifest("pkg/a.js", 1)).is_err());
    }

    #[test]
    fn a_script_is_kept_only_when_whole() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let dist = Dist::at(folder.path().to_owned());
        let files = BTreeMap::from([("pkg/a.js".to_owned(), vec![1])]);
        dist.publish(&files, &a_manifest("pkg/a.js", 1))
            .expect("writes");

        assert!(dist.script("s").is_some());
        assert!(dist.script("another source").is_none());
        fs::write(folder.path().join("pkg/a.js"), "cut").expect("writes");
        assert!(dist.script("s").is_none());
    }
}
