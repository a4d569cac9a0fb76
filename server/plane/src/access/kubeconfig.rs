//! What of a kubeconfig is taken, and what is refused with the field, the reason and a remedy.

use base64::Engine;
use kube::config::{
    AuthInfo, Cluster, Context, Kubeconfig, NamedAuthInfo, NamedCluster, NamedContext,
};

use super::ConnectError;
use crate::plane::chain;

pub(super) fn parse(yaml: &str) -> Result<Kubeconfig, ConnectError> {
    Kubeconfig::from_yaml(yaml).map_err(|error| ConnectError::Unreadable(discreet(&chain(&error))))
}

/// The first line of a parser's error, without what it quotes: that may be a credential.
fn discreet(error: &str) -> String {
    let line = error.lines().next().unwrap_or_default();
    line.split(['"', '`'])
        .enumerate()
        .map(|(n, part)| if n % 2 == 0 { part } else { "…" })
        .collect()
}

pub(super) fn of_certificates(
    server: String,
    ca: String,
    certificate: String,
    key: String,
) -> Kubeconfig {
    let name = "plane".to_owned();
    Kubeconfig {
        clusters: vec![NamedCluster {
            name: name.clone(),
            cluster: Some(Cluster {
                server: Some(server),
                certificate_authority_data: Some(ca),
                ..Cluster::default()
            }),
            ..NamedCluster::default()
        }],
        auth_infos: vec![NamedAuthInfo {
            name: name.clone(),
            auth_info: Some(AuthInfo {
                client_certificate_data: Some(certificate),
                client_key_data: Some(key.into()),
                ..AuthInfo::default()
            }),
            ..NamedAuthInfo::default()
        }],
        contexts: vec![NamedContext {
            name: name.clone(),
            context: Some(Context {
                cluster: name.clone(),
                user: Some(name.clone()),
                ..Context::default()
            }),
            ..NamedContext::default()
        }],
        current_context: Some(name),
        ..Kubeconfig::default()
    }
}

/// The context to use, if it is there.
pub(super) fn choose(
    kubeconfig: &Kubeconfig,
    wanted: Option<String>,
) -> Result<String, ConnectError> {
    let chosen = wanted
        .or_else(|| kubeconfig.current_context.clone())
        .filter(|c| !c.is_empty());
    let known = |name: &String| kubeconfig.contexts.iter().any(|c| &c.name == name);
    chosen
        .clone()
        .filter(known)
        .ok_or_else(|| ConnectError::NoContext {
            wanted: chosen,
            contexts: kubeconfig.contexts.iter().map(|c| c.name.clone()).collect(),
        })
}

/// Checks the parts of the kubeconfig that the context uses; others are never looked at.
pub(super) fn check(kubeconfig: &Kubeconfig, context: &str) -> Result<(), ConnectError> {
    let context = kubeconfig
        .contexts
        .iter()
        .find(|c| c.name == context)
        .and_then(|c| c.context.as_ref())
        .ok_or_else(|| invalid(format!("contexts[{context}].context"), "is missing"))?;
    let cluster = kubeconfig
        .clusters
        .iter()
        .find(|c| c.name == context.cluster)
        .and_then(|c| c.cluster.as_ref())
        .ok_or_else(|| invalid(format!("clusters[{}]", context.cluster), "is missing"))?;
    check_cluster(&format!("clusters[{}].cluster", context.cluster), cluster)?;
    let Some(user) = &context.user else {
        return Ok(());
    };
    let credentials = kubeconfig
        .auth_infos
        .iter()
        .find(|u| &u.name == user)
        .and_then(|u| u.auth_info.as_ref())
        .ok_or_else(|| invalid(format!("users[{user}]"), "is missing"))?;
    check_user(&format!("users[{user}].user"), credentials)
}

fn check_cluster(path: &str, cluster: &Cluster) -> Result<(), ConnectError> {
    if cluster.insecure_skip_tls_verify == Some(true) {
        return Err(ConnectError::Refused {
            field: format!("{path}.insecure-skip-tls-verify"),
            reason: "anyone between us and the plane could pose as it",
            remedy: "Remove it, and give certificate-authority-data",
        });
    }
    if cluster
        .proxy_url
        .as_ref()
        .is_some_and(|url| !url.is_empty())
    {
        return Err(ConnectError::Refused {
            field: format!("{path}.proxy-url"),
            reason: "a proxy would see and route what we send",
            remedy: "Remove it, and give a server address that is reached directly",
        });
    }
    if cluster.certificate_authority.is_some() {
        return Err(file(format!("{path}.certificate-authority"), INLINE_CA));
    }
    let server = cluster.server.as_deref().unwrap_or_default();
    let address: http::Uri = server
        .parse()
        .map_err(|_| invalid(format!("{path}.server"), "isn't an address"))?;
    let local = matches!(address.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match address.scheme_str() {
        Some("https") => {}
        // Unencrypted only where nobody is in between: `kubectl proxy`, tests.
        Some("http") if local => {}
        _ => {
            return Err(invalid(
                format!("{path}.server"),
                "must begin with https://",
            ));
        }
    }
    let ca = cluster.certificate_authority_data.as_deref();
    pem(&format!("{path}.certificate-authority-data"), ca)
}

const INLINE_CA: &str =
    "Give certificate-authority-data: `kubectl config view --raw --flatten` makes it";
const INLINE: &str = "Give its content inline: `kubectl config view --raw --flatten` makes it";

fn check_user(path: &str, user: &AuthInfo) -> Result<(), ConnectError> {
    let program = "it would run a program on Troupe's host";
    let remedy = "Make a service account on the plane and give its token, or a client certificate";
    if user.exec.is_some() {
        return Err(ConnectError::Refused {
            field: format!("{path}.exec"),
            reason: program,
            remedy,
        });
    }
    if user.auth_provider.is_some() {
        return Err(ConnectError::Refused {
            field: format!("{path}.auth-provider"),
            reason: "it was removed from Kubernetes, and would run code on Troupe's host",
            remedy,
        });
    }
    for (name, value) in [
        ("tokenFile", &user.token_file),
        ("client-certificate", &user.client_certificate),
        ("client-key", &user.client_key),
    ] {
        if value.is_some() {
            return Err(file(format!("{path}.{name}"), INLINE));
        }
    }
    pem(
        &format!("{path}.client-certificate-data"),
        user.client_certificate_data.as_deref(),
    )
}

fn file(field: String, remedy: &'static str) -> ConnectError {
    ConnectError::Refused {
        field,
        reason: "it names a file on Troupe's host",
        remedy,
    }
}

fn invalid(field: String, problem: &str) -> ConnectError {
    ConnectError::Invalid {
        field,
        problem: problem.to_owned(),
    }
}

/// Checks that a value, if there is one, is base64 of PEM; the usual mistake is plain PEM.
pub(super) fn pem(field: &str, value: Option<&str>) -> Result<(), ConnectError> {
    let Some(value) = value else { return Ok(()) };
    if value.trim_start().starts_with("-----BEGIN") {
        return Err(invalid(
            field.to_owned(),
            "is plain PEM; it must be the base64 of it",
        ));
    }
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(value.trim())
        .map_err(|_| invalid(field.to_owned(), "isn't base64"))?;
    if decoded.windows(10).any(|window| window == b"-----BEGIN") {
        Ok(())
    } else {
        Err(invalid(field.to_owned(), "isn't base64 of PEM"))
    }
}
