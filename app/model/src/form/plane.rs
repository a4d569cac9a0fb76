//! A plane: how it is reached, where its images come from, the host names of its routes.

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use serde_json::{Value, json};

use super::{Fields, get, put};
use crate::kind::{API_VERSION, Kind};

const DISPLAY_NAME: &[&str] = &["metadata", "annotations", "openchoreo.dev/display-name"];
const DESCRIPTION: &[&str] = &["metadata", "annotations", "openchoreo.dev/description"];
const CLUSTER: &[&str] = &["spec", "kubernetesCluster"];

/// How a plane is reached: what the form asks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Inside Troupe.
    Simulated,
    /// With a kubeconfig.
    Kubeconfig,
    /// With a server's address and a client certificate: v0.3's fields.
    Certificate,
    /// With a server's address and a token; it becomes a kubeconfig.
    Token,
}

impl Way {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [
        Self::Simulated,
        Self::Kubeconfig,
        Self::Certificate,
        Self::Token,
    ];

    /// The word that the form carries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Simulated => "simulated",
            Self::Kubeconfig => "kubeconfig",
            Self::Certificate => "certificate",
            Self::Token => "token",
        }
    }

    /// Reads what [`Way::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == text)
    }
}

/// Fields of one line, with the path that each is typed into. Those of the certificate come last.
const LINES: &[(&str, &[&str])] = &[
    ("display_name", DISPLAY_NAME),
    ("description", DESCRIPTION),
    ("cluster", &["spec", "kubernetesCluster", "name"]),
    ("observer_url", &["spec", "observer", "url"]),
    (
        "observer_user",
        &[
            "spec",
            "observer",
            "authentication",
            "basicAuth",
            "username",
        ],
    ),
    (
        "observer_password",
        &[
            "spec",
            "observer",
            "authentication",
            "basicAuth",
            "password",
        ],
    ),
];
/// The same for what only a DataPlane has.
const DATA_LINES: &[(&str, &[&str])] = &[
    ("registry", &["spec", "registry", "prefix"]),
    ("pull_secret", &["spec", "registry", "secretRef"]),
    ("public_host", &["spec", "gateway", "publicVirtualHost"]),
    (
        "organization_host",
        &["spec", "gateway", "organizationVirtualHost"],
    ),
];
const CREDENTIALS: &[(&str, &[&str])] = &[
    (
        "server",
        &["spec", "kubernetesCluster", "credentials", "apiServerURL"],
    ),
    (
        "ca",
        &["spec", "kubernetesCluster", "credentials", "caCert"],
    ),
    (
        "certificate",
        &["spec", "kubernetesCluster", "credentials", "clientCert"],
    ),
    (
        "key",
        &["spec", "kubernetesCluster", "credentials", "clientKey"],
    ),
];
const KUBECONFIG: &[&str] = &["spec", "kubernetesCluster", "kubeconfig"];
const CONTEXT: &[&str] = &["spec", "kubernetesCluster", "context"];

/// What is typed into a plane's form, as a manifest; `before` is what is there.
pub fn manifest(kind: Kind, fields: &Fields, before: Option<&Value>) -> Value {
    let mut manifest = before.cloned().unwrap_or_else(|| {
        json!({
            "apiVersion": API_VERSION,
            "kind": kind.as_str(),
            "metadata": {"name": fields.text("name")},
            "spec": {},
        })
    });
    for (name, path) in LINES {
        put(&mut manifest, path, fields.text(name).into());
    }
    if fields.text("observer_url").is_empty() && fields.text("observer_user").is_empty() {
        put(&mut manifest, &["spec", "observer"], Value::Null);
    }
    if kind == Kind::DataPlane {
        for (name, path) in DATA_LINES {
            put(&mut manifest, path, fields.text(name).into());
        }
    }
    if fields.text("cluster").is_empty() {
        // v0.3 wants a name, and nothing depends on it.
        let name = fields.text("name").to_owned();
        let name = if name.is_empty() {
            get(&manifest, &["metadata", "name"]).to_owned()
        } else {
            name
        };
        put(
            &mut manifest,
            &["spec", "kubernetesCluster", "name"],
            name.into(),
        );
    }
    access(&mut manifest, fields);
    manifest
}

/// Puts in how the plane is reached, and takes away the other ways.
fn access(manifest: &mut Value, fields: &Fields) {
    let none = Value::Null;
    let (mut kubeconfig, mut context, mut credentials) = (none.clone(), none.clone(), false);
    match Way::parse(fields.text("way")) {
        // Nothing was chosen: what is there stays.
        None => return,
        Some(Way::Simulated) => {}
        Some(Way::Kubeconfig) => {
            kubeconfig = trimmed(fields.raw("kubeconfig"));
            context = fields.text("context").into();
        }
        Some(Way::Certificate) => credentials = true,
        Some(Way::Token) => kubeconfig = with_token(fields).into(),
    }
    put(manifest, KUBECONFIG, kubeconfig);
    put(manifest, CONTEXT, context);
    if credentials {
        for (name, path) in CREDENTIALS {
            let text = fields.text(name);
            let text = if *name == "server" {
                text.to_owned()
            } else {
                encoded(text)
            };
            put(manifest, path, text.into());
        }
    } else {
        put(manifest, &[CLUSTER, &["credentials"]].concat(), Value::Null);
    }
}

fn trimmed(text: &str) -> Value {
    if text.trim().is_empty() {
        Value::Null
    } else {
        text.into()
    }
}

/// PEM as manifests have it: base64 of it. What isn't PEM is left as it is.
fn encoded(text: &str) -> String {
    if text.starts_with("-----BEGIN") {
        BASE64.encode(format!("{text}\n"))
    } else {
        text.to_owned()
    }
}

/// A kubeconfig with a server's address, its authority and a token. JSON is YAML.
fn with_token(fields: &Fields) -> String {
    let mut cluster = json!({"server": fields.text("server")});
    if !fields.text("ca").is_empty() {
        cluster["certificate-authority-data"] = encoded(fields.text("ca")).into();
    }
    let kubeconfig = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "plane",
        "clusters": [{"name": "plane", "cluster": cluster}],
        "users": [{"name": "plane", "user": {"token": fields.text("token")}}],
        "contexts": [{"name": "plane", "context": {"cluster": "plane", "user": "plane"}}],
    });
    kubeconfig.to_string()
}

/// What a plane's form shows of its manifest.
pub fn fields(manifest: &Value) -> Fields {
    let name = ("name", &["metadata", "name"][..]);
    let lines = std::iter::once(&name)
        .chain(LINES)
        .chain(DATA_LINES)
        .chain(CREDENTIALS);
    let mut fields: Fields = lines
        .chain([&("kubeconfig", KUBECONFIG), &("context", CONTEXT)])
        .map(|(name, path)| ((*name).to_owned(), get(manifest, path).to_owned()))
        .collect();
    let way = if !fields.text("kubeconfig").is_empty() {
        Way::Kubeconfig
    } else if manifest
        .pointer("/spec/kubernetesCluster/credentials")
        .is_some()
    {
        Way::Certificate
    } else {
        Way::Simulated
    };
    fields.set("way", way.as_str());
    fields
}

/// The field of the form that a path of the manifest is typed into.
pub fn field(path: &str) -> Option<&'static str> {
    let dotted = |keys: &[&str]| keys.join(".");
    if path == "metadata.name" {
        return Some("name");
    }
    let all = LINES.iter().chain(DATA_LINES).chain(CREDENTIALS);
    let mut all = all.chain([&("kubeconfig", KUBECONFIG), &("context", CONTEXT)]);
    if let Some((name, _)) = all.find(|(_, keys)| dotted(keys) == path) {
        return Some(name);
    }
    // What lacks altogether is told of the part that holds it.
    match path {
        "spec.registry" => Some("registry"),
        "spec.gateway" => Some("public_host"),
        "spec.kubernetesCluster" => Some("way"),
        "spec.kubernetesCluster.credentials" => Some("server"),
        path if path.starts_with("spec.observer") => Some("observer_url"),
        _ => None,
    }
}

/// A context of a kubeconfig, as the form offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Its name.
    pub name: String,
    /// The server that it leads to.
    pub server: String,
    /// Whom it signs in as.
    pub user: String,
    /// Whether it is the kubeconfig's current one.
    pub current: bool,
}

/// The contexts of a kubeconfig; none when it can't be read, which a fault tells.
pub fn contexts(kubeconfig: &str) -> Vec<Context> {
    let Some(config) = crate::manifest::value(kubeconfig) else {
        return Vec::new();
    };
    let named = |list: &str, name: &str, path: &str| {
        let entries = config.get(list).and_then(Value::as_array)?;
        let found = entries.iter().find(|entry| entry["name"] == name)?;
        Some(found.pointer(path)?.as_str()?.to_owned())
    };
    let current = config["current-context"].as_str().unwrap_or_default();
    let entries = config.get("contexts").and_then(Value::as_array);
    let contexts = entries.into_iter().flatten().filter_map(|entry| {
        let name = entry["name"].as_str()?.to_owned();
        let part = |key: &str| {
            entry["context"][key]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        Some(Context {
            server: named("clusters", &part("cluster"), "/cluster/server").unwrap_or_default(),
            user: part("user"),
            current: name == current,
            name,
        })
    });
    contexts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::plane::SEALED;

    const KUBECONFIG: &str = "apiVersion: v1\nkind: Config\ncurrent-context: b\n\
        clusters: [{name: one, cluster: {server: 'https://one:6443'}}]\n\
        users: [{name: ana, user: {token: t}}]\n\
        contexts: [{name: a, context: {cluster: one, user: ana}}, {name: b, context: {cluster: two, user: ana}}]\n";

    fn data_plane(cluster: Value) -> Value {
        json!({
            "apiVersion": API_VERSION, "kind": "DataPlane",
            "metadata": {"name": "eu", "labels": {"team": "a"},
                "annotations": {"openchoreo.dev/display-name": "Europe", "x": "y"}},
            "spec": {
                "registry": {"prefix": "registry.acme.dev", "secretRef": "pull"},
                "kubernetesCluster": cluster,
                "gateway": {"publicVirtualHost": "apps.acme.dev", "organizationVirtualHost": "apps.internal"},
                "observer": {"url": "https://observer", "authentication": {"basicAuth": {
                    "username": "troupe", "password": SEALED}}},
            },
        })
    }

    #[test]
    fn a_form_keeps_all_of_a_plane_whichever_way_it_is_reached() {
        for cluster in [
            json!({"name": "c"}),
            json!({"name": "c", "kubeconfig": SEALED, "context": "b"}),
            json!({"name": "c", "credentials": {"apiServerURL": "https://k:6443",
                "caCert": "Y2E=", "clientCert": "Y2VydA==", "clientKey": SEALED}}),
        ] {
            let before = data_plane(cluster);
            assert_eq!(
                manifest(Kind::DataPlane, &fields(&before), Some(&before)),
                before
            );
            assert_eq!(
                manifest(Kind::DataPlane, &fields(&before), None)["spec"],
                before["spec"]
            );
        }
        let build = json!({
            "apiVersion": API_VERSION, "kind": "BuildPlane", "metadata": {"name": "b"},
            "spec": {"kubernetesCluster": {"name": "c"}},
        });
        assert_eq!(
            manifest(Kind::BuildPlane, &fields(&build), Some(&build)),
            build
        );
    }

    #[test]
    fn another_way_takes_the_place_of_the_one_before() {
        let before = data_plane(json!({"name": "c", "kubeconfig": SEALED, "context": "b"}));
        let mut typed = fields(&before);
        typed.set("way", "certificate");
        typed.set("server", "https://k:6443");
        typed.set(
            "ca",
            "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----",
        );
        let after = manifest(Kind::DataPlane, &typed, Some(&before));
        let cluster = &after["spec"]["kubernetesCluster"];
        assert_eq!(cluster.get("kubeconfig"), None);
        assert_eq!(cluster.get("context"), None);
        let ca = cluster["credentials"]["caCert"].as_str().expect("a text");
        assert!(
            BASE64
                .decode(ca)
                .expect("base64")
                .starts_with(b"-----BEGIN")
        );
        typed.set("way", "simulated");
        let after = manifest(Kind::DataPlane, &typed, Some(&after));
        assert_eq!(after["spec"]["kubernetesCluster"], json!({"name": "c"}));
    }

    #[test]
    fn a_token_becomes_a_kubeconfig_that_can_be_read() {
        let typed: Fields = [
            ("name", "eu"),
            ("way", "token"),
            ("server", "https://k:6443"),
            ("token", "s3"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        let made = manifest(Kind::DataPlane, &typed, None);
        let text = get(&made, &["spec", "kubernetesCluster", "kubeconfig"]);
        let found = contexts(text);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].server.as_str(), found[0].current),
            ("https://k:6443", true)
        );
        assert!(text.contains("s3"));
    }

    #[test]
    fn contexts_are_listed_with_where_they_lead() {
        let found = contexts(KUBECONFIG);
        let told: Vec<_> = found
            .iter()
            .map(|c| (c.name.as_str(), c.server.as_str(), c.current))
            .collect();
        assert_eq!(told, [("a", "https://one:6443", false), ("b", "", true)]);
        assert_eq!(contexts("no: [kubeconfig"), []);
        assert_eq!(contexts(SEALED), []);
    }

    /// The paths of everything that can be set in a spec.
    fn leaves(schema: &Value, path: &str, found: &mut Vec<String>) {
        match schema["properties"].as_object() {
            Some(properties) => {
                for (key, inner) in properties {
                    leaves(inner, &format!("{path}.{key}"), found);
                }
            }
            None => found.push(path.to_owned()),
        }
    }

    #[test]
    fn everything_that_can_be_declared_of_a_plane_has_a_field() {
        for (kind, number) in [(Kind::DataPlane, 14), (Kind::BuildPlane, 10)] {
            let mut found = Vec::new();
            leaves(crate::manifest::schema(kind), "spec", &mut found);
            assert_eq!(found.len(), number, "{found:?}");
            for path in found {
                assert!(field(&path).is_some(), "{kind} {path} has no field");
            }
        }
    }

    #[test]
    fn every_fault_of_a_plane_finds_its_field() {
        for (path, name) in [
            ("metadata.name", "name"),
            ("spec.registry.prefix", "registry"),
            ("spec.kubernetesCluster.kubeconfig", "kubeconfig"),
            ("spec.kubernetesCluster.context", "context"),
            ("spec.kubernetesCluster.credentials.clientKey", "key"),
            ("spec.gateway.publicVirtualHost", "public_host"),
            ("spec.observer.authentication", "observer_url"),
        ] {
            assert_eq!(field(path), Some(name), "{path}");
        }
    }
}
