//! Legacy endpoints: the block of each type, and no other.

use super::{api, unique};
use crate::manifest::found::{At, Found};

/// Checks an endpoint.
pub(super) fn check(spec: &At<'_>, found: &mut Vec<Found>) {
    if let Some(backend) = spec.get("backendRef") {
        if let Some(wanted) = backend.text("type") {
            only(&backend, wanted, &["componentRef", "target"], found);
        }
        api::path(backend.get("basePath"), found);
    }
    for level in ["organization", "public"] {
        let Some(visibility) = spec.at(&["networkVisibilities", level]) else {
            continue;
        };
        let policies = visibility.list("policies");
        unique(&policies, "name", "policy", found);
        for policy in policies {
            settings(&policy, found);
        }
    }
}

fn settings(policy: &At<'_>, found: &mut Vec<Found>) {
    let (Some(wanted), Some(spec)) = (policy.text("type"), policy.get("policySpec")) else {
        return;
    };
    let block = match wanted {
        "oauth2" => "oauth2",
        "api-key" => "apiKeyAuth",
        "basic-auth" => "basicAuth",
        "rate-limit" => "rateLimit",
        "cors" => "cors",
        "mediation" => "mediation",
        _ => return,
    };
    let all = [
        "oauth2",
        "apiKeyAuth",
        "basicAuth",
        "rateLimit",
        "cors",
        "mediation",
    ];
    only(&spec, block, &all, found);
    let Some(authorization) = spec.at(&["oauth2", "jwt", "authorization"]) else {
        return;
    };
    let block = match authorization.text("apiType") {
        Some("REST") => "rest",
        Some("GRPC") => "grpc",
        Some("GraphQL") => "graphql",
        _ => return,
    };
    only(&authorization, block, &["rest", "grpc", "graphql"], found);
}

/// The block `wanted` must be there, and no other of `all`.
fn only(at: &At<'_>, wanted: &str, all: &[&str], found: &mut Vec<Found>) {
    if !all.contains(&wanted) {
        return;
    }
    if at.get(wanted).is_none() {
        found.push(at.fault_at(
            wanted,
            "missing",
            format!("Add `{wanted}`; the type asks for it"),
        ));
    }
    for other in all.iter().filter(|other| **other != wanted) {
        if let Some(stray) = at.get(other) {
            found.push(stray.fault(
                format!("doesn't belong to the type, which asks for `{wanted}`"),
                "Take it away, or choose another type",
            ));
        }
    }
}
