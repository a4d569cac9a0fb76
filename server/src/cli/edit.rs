//! A resource in somebody's own editor: what they saw, changed, is saved, unless somebody else was
//! faster.

use std::path::Path;

use model::view::PlanView;
use serde_json::Value;

use super::{
    Failure,
    remote::{Server, Thing},
};

/// Opens a resource's YAML, and saves what comes out of it.
pub(super) async fn edit(server: &Server, thing: &Thing) -> Result<(), Failure> {
    let path = thing.path()?;
    let found = server
        .send(http::Method::GET, &path, &thing.owner(), None)
        .await?;
    let tag = found.headers().get(http::header::ETAG);
    let tag = tag.and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    let mut manifest: Value = found.json().await?;
    strip(&mut manifest);
    let before = model::yaml::write(&manifest);
    let folder = std::env::temp_dir();
    let file = folder.join(format!("troupe-{}-{}.yaml", thing.name, std::process::id()));
    written(&file, &before)?;
    let after = edited(&file)?;
    if after == before || after.trim().is_empty() {
        let _ = std::fs::remove_file(&file);
        println!("nothing was changed");
        return Ok(());
    }
    let name = file.display().to_string();
    let mut query = thing.owner().to_vec();
    query.push(("file", &name));
    let tag = tag.unwrap_or_else(|| "*".into());
    let kept = |failure: Failure| match failure {
        Failure::Refused(text) => Failure::Refused(format!(
            "{text}\nYour text is kept in {name}: put it right, and use troupe apply -f {name}"
        )),
        other => other,
    };
    let saved = server.put(&path, &query, &tag, after).await.map_err(kept)?;
    let plan: PlanView = saved.json().await?;
    let _ = std::fs::remove_file(&file);
    for row in &plan.rows {
        println!("{} {}", row.identity, row.change.as_str().to_lowercase());
    }
    Ok(())
}

/// Takes away what only the store says.
fn strip(manifest: &mut Value) {
    if let Some(fields) = manifest.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = manifest["metadata"].as_object_mut() {
        for name in ["uid", "generation", "resourceVersion"] {
            metadata.remove(name);
        }
    }
}

/// Writes a file that nobody else may read: a manifest may hold more than others should see.
fn written(file: &Path, text: &str) -> Result<(), Failure> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let opened = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    let done = opened.and_then(|mut open| open.write_all(text.as_bytes()));
    done.map_err(|error| Failure::Refused(format!("{}: {error}", file.display())))
}

/// What is in the file after the editor ended.
#[expect(
    clippy::disallowed_methods,
    reason = "which editor somebody likes is said in their environment, by custom"
)]
fn edited(file: &Path) -> Result<String, Failure> {
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|word| !word.is_empty()))
        .unwrap_or_else(|| "vi".into());
    // Through a shell, since people put options into it.
    let status = std::process::Command::new("sh")
        .args(["-c", &format!("{editor} \"$1\""), "sh"])
        .arg(file)
        .status()
        .map_err(|error| Failure::Refused(format!("{editor} can't be started: {error}")))?;
    if !status.success() {
        return Err(Failure::Refused(format!(
            "{editor} ended with {status}; nothing was changed"
        )));
    }
    std::fs::read_to_string(file)
        .map_err(|error| Failure::Refused(format!("{}: {error}", file.display())))
}
