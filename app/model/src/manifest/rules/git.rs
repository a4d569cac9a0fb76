//! Commit requests: files that stay inside of the repository.

use super::{exactly_one, unique};
use crate::manifest::found::{At, Found};

/// Checks a commit request.
pub(super) fn check(spec: &At<'_>, found: &mut Vec<Found>) {
    let files = spec.list("files");
    if files.is_empty()
        && spec
            .get("files")
            .is_some_and(|files| files.value.is_array())
    {
        found.push(spec.fault_at("files", "has no file", "Name at least one file to change"));
    }
    unique(&files, "path", "file", found);
    for file in files.iter().filter(|file| file.value.is_object()) {
        exactly_one(file, &["content", "patch"], found);
        if let Some(problem) = file.text("path").and_then(outside) {
            found.push(file.fault_at(
                "path",
                problem,
                "Write a path below the repository's root, such as `staging/orders.yaml`",
            ));
        }
        if let Some(patch) = file.get("patch")
            && let Some(text) = patch.value.as_str()
            && !serde_json::from_str::<serde_json::Value>(text).is_ok_and(|it| it.is_array())
        {
            found.push(patch.fault(
                "isn't a JSON patch",
                "Write a JSON list of operations (RFC 6902)",
            ));
        }
    }
    repository(spec, found);
}

fn repository(spec: &At<'_>, found: &mut Vec<Found>) {
    let Some(url) = spec.get("repoURL") else {
        return;
    };
    let Some(text) = url.value.as_str() else {
        return;
    };
    let web = crate::manifest::format::http_url(text).is_ok();
    let ssh = text.starts_with("ssh://")
        || (text.contains('@') && text.contains(':') && !text.contains("://"));
    if !web && !ssh {
        found.push(url.fault(
            format!("`{text}` isn't a git address"),
            "Write it like `https://git.acme.io/ops.git`",
        ));
    }
}

/// Why a path leads out of the repository, if it does.
fn outside(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    if path.is_empty() {
        return Some("is empty".into());
    }
    if path.starts_with(['/', '\\', '~']) || path.get(1..2) == Some(":") {
        return Some(format!("`{path}` is absolute"));
    }
    if parts.contains(&"..") {
        return Some(format!("`{path}` leads out of the repository"));
    }
    if parts.iter().any(|part| part.eq_ignore_ascii_case(".git")) {
        return Some(format!("`{path}` is inside of git's own folder"));
    }
    if parts.iter().any(|part| part.is_empty() || *part == ".")
        || path.chars().any(char::is_control)
    {
        return Some(format!("`{path}` isn't a plain path"));
    }
    None
}
