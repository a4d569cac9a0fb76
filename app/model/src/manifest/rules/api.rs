//! Managed APIs and their policies.

use std::collections::BTreeSet;

use super::exactly_one;
use crate::manifest::found::{At, Found};

/// The `apis` of a service or of its binding.
pub(super) fn apis(spec: &At<'_>, found: &mut Vec<Found>) {
    for (_, api) in spec.map("apis") {
        rest(&api, found);
    }
}

/// `rest` is for type REST, which needs it.
pub(super) fn rest(api: &At<'_>, found: &mut Vec<Found>) {
    match (api.text("type"), api.get("rest")) {
        (Some("REST"), None) => found.push(api.fault_at(
            "rest",
            "missing",
            "Add `rest` with `backend.port` and, to let others in, `exposeLevels`",
        )),
        (Some(other), Some(rest)) if other != "REST" => found.push(rest.fault(
            format!("is only for APIs of type REST, and this one is {other}"),
            "Take it away, or write `type: REST`",
        )),
        _ => {}
    }
    let Some(rest) = api.get("rest") else { return };
    let mut seen = BTreeSet::new();
    for level in rest.list("exposeLevels") {
        if let Some(word) = level.value.as_str()
            && !seen.insert(word)
        {
            found.push(level.fault(format!("`{word}` stands here twice"), "Keep one of them"));
        }
    }
    path(rest.at(&["backend", "basePath"]), found);
}

/// A path begins with a slash; v0.3 joined without looking.
pub(super) fn path(at: Option<At<'_>>, found: &mut Vec<Found>) {
    let Some(at) = at else { return };
    if let Some(text) = at.value.as_str()
        && !text.is_empty()
        && !text.starts_with('/')
    {
        found.push(at.fault(
            format!("`{text}` doesn't begin with a slash"),
            format!("Write `/{text}`"),
        ));
    }
}

/// All policies of an APIClass or EndpointClass.
pub(super) fn policies(spec: &At<'_>, found: &mut Vec<Found>) {
    let Some(rest) = spec.get("restPolicy") else {
        return;
    };
    for level in ["defaults", "public", "organization"] {
        if let Some(policy) = rest.get(level) {
            authentication(&policy, found);
            mediation(&policy, found);
            cors(&policy, found);
        }
    }
}

fn authentication(policy: &At<'_>, found: &mut Vec<Found>) {
    let Some(at) = policy.get("authentication") else {
        return;
    };
    let Some(wanted) = at.text("type") else {
        return;
    };
    let blocks = ["jwt", "apikey", "oauth2"];
    if blocks.contains(&wanted) && at.get(wanted).is_none() {
        found.push(at.fault_at(
            wanted,
            "missing",
            format!("Add `{wanted}`, which says how; or choose another `type`"),
        ));
    }
    // v0.3 read oauth2's scopes beside jwt.
    for block in blocks
        .into_iter()
        .filter(|block| *block != wanted && !(wanted == "jwt" && *block == "oauth2"))
    {
        if let Some(stray) = at.get(block) {
            found.push(stray.fault(
                format!("is only for `type: {block}`, and this one is {wanted}"),
                format!("Take it away, or write `type: {block}`"),
            ));
        }
    }
    if let Some(key) = at.get("apikey").filter(|_| wanted == "apikey") {
        exactly_one(&key, &["header", "queryParam"], found);
    }
}

fn mediation(policy: &At<'_>, found: &mut Vec<Found>) {
    let Some(mediation) = policy.get("mediation") else {
        return;
    };
    for list in ["requestTransformations", "responseTransformations"] {
        for change in mediation.list(list) {
            transformation(&change, found);
        }
    }
}

fn transformation(change: &At<'_>, found: &mut Vec<Found>) {
    let Some(action) = change.text("action") else {
        return;
    };
    let needed: &[&str] = match action {
        "addFields" | "removeFields" => &["fields"],
        "addHeader" => &["headerName", "headerValue"],
        "removeHeaders" => &["headers"],
        _ => return,
    };
    for field in ["fields", "headers", "headerName", "headerValue"] {
        match (needed.contains(&field), change.get(field)) {
            (true, None) => found.push(change.fault_at(
                field,
                "missing",
                format!("Add `{field}`; the action `{action}` needs it"),
            )),
            (false, Some(stray)) => found.push(stray.fault(
                format!("does nothing with the action `{action}`"),
                format!(
                    "Take it away; `{action}` reads `{}`",
                    needed.join("` and `")
                ),
            )),
            _ => {}
        }
    }
}

fn cors(policy: &At<'_>, found: &mut Vec<Found>) {
    let Some(cors) = policy.get("cors") else {
        return;
    };
    for origin in cors.list("allowOrigins") {
        if let Some(text) = origin.value.as_str()
            && text != "*"
            && !text.contains("://")
        {
            found.push(origin.fault(
                format!("`{text}` isn't an origin"),
                format!(
                    "Write scheme and host, such as `https://{}`",
                    text.trim_start_matches('/')
                ),
            ));
        }
    }
}
