//! The fields of the custom kinds, as far down as manifests of a delivery platform go.
//! From the CustomResourceDefinitions of Gateway API 1.x and Envoy Gateway 1.x.

use crate::kinds::Kind;
use serde_json::Value;

/// (path with `[]` for items, fields there).
type Shape = &'static [(&'static str, &'static [&'static str])];

const ROUTE: Shape = &[
    (
        "spec",
        &["parentRefs", "hostnames", "rules", "useDefaultGateways"],
    ),
    (
        "spec.parentRefs[]",
        &["group", "kind", "namespace", "name", "sectionName", "port"],
    ),
    (
        "spec.rules[]",
        &[
            "name",
            "matches",
            "filters",
            "backendRefs",
            "timeouts",
            "retry",
            "sessionPersistence",
        ],
    ),
    (
        "spec.rules[].matches[]",
        &["path", "headers", "queryParams", "method"],
    ),
    ("spec.rules[].matches[].path", &["type", "value"]),
    (
        "spec.rules[].backendRefs[]",
        &[
            "group",
            "kind",
            "name",
            "namespace",
            "port",
            "weight",
            "filters",
        ],
    ),
    ("spec.rules[].timeouts", &["request", "backendRequest"]),
    (
        "spec.rules[].filters[]",
        &[
            "type",
            "requestHeaderModifier",
            "responseHeaderModifier",
            "requestMirror",
            "requestRedirect",
            "urlRewrite",
            "cors",
            "externalAuth",
            "extensionRef",
        ],
    ),
    ("spec.rules[].filters[].urlRewrite", &["hostname", "path"]),
    (
        "spec.rules[].filters[].urlRewrite.path",
        &["type", "replaceFullPath", "replacePrefixMatch"],
    ),
];

const GATEWAY: Shape = &[
    (
        "spec",
        &[
            "gatewayClassName",
            "listeners",
            "addresses",
            "infrastructure",
            "allowedListeners",
            "backendTLS",
            "tls",
            "defaultScope",
        ],
    ),
    (
        "spec.listeners[]",
        &[
            "name",
            "hostname",
            "port",
            "protocol",
            "tls",
            "allowedRoutes",
        ],
    ),
];

const GATEWAY_CLASS: Shape = &[("spec", &["controllerName", "parametersRef", "description"])];

const SECURITY: Shape = &[(
    "spec",
    &[
        "targetRef",
        "targetRefs",
        "targetSelectors",
        "mergeType",
        "apiKeyAuth",
        "cors",
        "basicAuth",
        "jwt",
        "oidc",
        "extAuth",
        "authorization",
    ],
)];

const TRAFFIC: Shape = &[(
    "spec",
    &[
        "targetRef",
        "targetRefs",
        "targetSelectors",
        "mergeType",
        "rateLimit",
        "faultInjection",
        "useClientProtocol",
        "compression",
        "compressor",
        "responseOverride",
        "httpUpgrade",
        "requestBuffer",
        "telemetry",
        "routingType",
        "loadBalancer",
        "proxyProtocol",
        "tcpKeepalive",
        "healthCheck",
        "circuitBreaker",
        "retry",
        "timeout",
        "connection",
        "dns",
        "http2",
    ],
)];

/// Fields that the kind's definition doesn't have.
pub(crate) fn unknown(kind: &Kind, object: &Value) -> Vec<String> {
    let shape = match kind.kind {
        "HTTPRoute" | "GRPCRoute" => ROUTE,
        "Gateway" => GATEWAY,
        "GatewayClass" => GATEWAY_CLASS,
        "SecurityPolicy" => SECURITY,
        _ => TRAFFIC,
    };
    let mut out = Vec::new();
    for field in object
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
    {
        if !matches!(
            field.as_str(),
            "apiVersion" | "kind" | "metadata" | "spec" | "status"
        ) {
            out.push(field.clone());
        }
    }
    walk(&object["spec"], "spec", "spec".to_owned(), shape, &mut out);
    out
}

fn walk(value: &Value, pattern: &str, path: String, shape: Shape, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let known = shape
                .iter()
                .find(|(p, _)| *p == pattern)
                .map(|(_, fields)| *fields);
            for (name, value) in map {
                if known.is_some_and(|k| !k.contains(&name.as_str())) {
                    out.push(format!("{path}.{name}"));
                } else {
                    walk(
                        value,
                        &format!("{pattern}.{name}"),
                        format!("{path}.{name}"),
                        shape,
                        out,
                    );
                }
            }
        }
        Value::Array(list) => {
            for (i, value) in list.iter().enumerate() {
                walk(
                    value,
                    &format!("{pattern}[]"),
                    format!("{path}[{i}]"),
                    shape,
                    out,
                );
            }
        }
        _ => {}
    }
}
