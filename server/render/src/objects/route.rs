//! The HTTPRoute of an endpoint or an API.

use model::name::{GENERAL, Join, LABEL, plane_name};
use serde_json::{Value, json};

use crate::{
    input::{Input, RouteInput},
    objects::{Labels, complete},
};

/// The object of a route.
pub(crate) fn object(input: &Input, route: &RouteInput, namespace: &str, labels: &Labels) -> Value {
    let parts: Vec<&str> = route.name_parts.iter().map(String::as_str).collect();
    let mut rule = json!({
        "matches": [{"path": {"type": "PathPrefix", "value": route.path}}],
        "backendRefs": [{"name": input.workload_name(), "port": route.port}],
    });
    if let Some(prefix) = &route.rewrite {
        let path = json!({"type": "ReplacePrefixMatch", "replacePrefixMatch": prefix});
        rule["filters"] = json!([{"type": "URLRewrite", "urlRewrite": {"path": path}}]);
    }
    let body = json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "spec": {
            "parentRefs": [{"name": route.gateway, "namespace": route.gateway_namespace}],
            "hostnames": [route.host],
            "rules": [rule],
        },
    });
    // v0.3 let routes' names have their full length.
    let limit = if input.join == Join::V03 {
        GENERAL
    } else {
        LABEL
    };
    complete(
        body,
        &plane_name(limit, &parts, input.join),
        namespace,
        labels,
    )
}
