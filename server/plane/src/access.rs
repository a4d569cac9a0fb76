//! How a plane is reached, and what of a kubeconfig isn't taken.

use std::time::Duration;

use base64::Engine;
use futures::FutureExt;
use kube::client::ClientBuilder;
use kube::config::{
    AuthInfo, Cluster, Context, KubeConfigOptions, Kubeconfig, NamedAuthInfo, NamedCluster,
    NamedContext,
};
use kube::{Client, Config};
use tower::timeout::TimeoutLayer;

use crate::timings::Timings;

/// How to reach a plane.
pub enum Access {
    /// A ready client: the simulated plane.
    Client(Client),
    /// A kubeconfig as YAML, and the context to use instead of its current one.
    Kubeconfig(String, Option<String>),
    /// A server's address and base64 PEM, as the manifests of v0.3 have it.
    Certificates {
        /// The API server's address.
        server: String,
        /// The authority that signed the server's certificate.
        ca: String,
        /// Our certificate.
        certificate: String,
        /// The key of our certificate.
        key: String,
    },
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Credentials are never printed.
        f.write_str(match self {
            Self::Client(_) => "Access::Client",
            Self::Kubeconfig(..) => "Access::Kubeconfig",
            Self::Certificates { .. } => "Access::Certificates",
        })
    }
}

/// Why no client can be made of an [`Access`]. Names the field and the remedy, never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// It isn't YAML, or not that of a kubeconfig.
    #[error("not a kubeconfig: {0}")]
    Unreadable(String),
    /// Something in it is never used, for safety.
    #[error("{field} isn't allowed: {reason}. {remedy}")]
    Refused {
        /// The field's path.
        field: String,
        /// Why not.
        reason: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },
    /// Something is missing or malformed.
    #[error("{field} {problem}")]
    Invalid {
        /// The field's path.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The chosen context isn't in the kubeconfig.
    #[error("{}", no_context(wanted.as_deref(), contexts))]
    NoContext {
        /// The context asked for; none if none was, and the kubeconfig has no current one.
        wanted: Option<String>,
        /// The contexts there are.
        contexts: Vec<String>,
    },
    /// The client library can't use it.
    #[error("can't connect with this: {0}")]
    Unusable(String),
}

fn no_context(wanted: Option<&str>, contexts: &[String]) -> String {
    let there = match contexts {
        [] => "it has none".to_owned(),
        some => format!("choose one of: {}", some.join(", ")),
    };
    match wanted {
        Some(wanted) => format!("the kubeconfig has no context {wanted}; {there}"),
        None => format!("the kubeconfig has no current-context; {there}"),
    }
}

/// One client for calls, which must end, and one for streams, which needn't.
pub(crate) struct Clients {
    pub(crate) calls: Client,
    pub(crate) streams: Client,
}

impl Access {
    pub(crate) fn clients(self, timings: &Timings) -> Result<Clients, ConnectError> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(ConnectError::Unusable("no Tokio runtime drives this thread".to_owned()));
        }
        let (kubeconfig, context) = match self {
            Self::Client(client) => {
                return Ok(Clients { calls: client.clone(), streams: client });
            }
            Self::Kubeconfig(yaml, context) => (parse(&yaml)?, context),
            Self::Certificates { server, ca, certificate, key } => {
                (of_certificates(server, ca, certificate, key), None)
            }
        };
        let context = choose(&kubeconfig, context)?;
        check(&kubeconfig, &context)?;
        let config = config(kubeconfig, context, timings)?;
        let mut calls = config.clone();
        calls.read_timeout = Some(timings.call);
        // Otherwise the time a pooled connection was idle counts as waiting.
        calls.reset_reader_on_write = true;
        Ok(Clients { calls: client(calls, timings.call)?, streams: client(config, timings.call)? })
    }
}

/// A client that bounds the time until the answer begins; a stream may then go on.
fn client(config: Config, answer: Duration) -> Result<Client, ConnectError> {
    let builder = ClientBuilder::try_from(config)
        .map_err(|error| ConnectError::Unusable(error.to_string()))?;
    Ok(builder.with_layer(&TimeoutLayer::new(answer)).build())
}

fn config(
    kubeconfig: Kubeconfig,
    context: String,
    timings: &Timings,
) -> Result<Config, ConnectError> {
    let options = KubeConfigOptions { context: Some(context), ..KubeConfigOptions::default() };
    // The function is async for the sake of files and programs, both refused by now.
    let mut config = Config::from_custom_kubeconfig(kubeconfig, &options)
        .now_or_never()
        .ok_or_else(|| ConnectError::Unusable("the kubeconfig needs something outside".to_owned()))?
        .map_err(|error| ConnectError::Unusable(error.to_string()))?;
    // Taken from the environment otherwise.
    config.proxy_url = None;
    config.connect_timeout = Some(timings.connect);
    config.default_retry = false;
    Ok(config)
}

fn parse(yaml: &str) -> Result<Kubeconfig, ConnectError> {
    Kubeconfig::from_yaml(yaml).map_err(|error| ConnectError::Unreadable(error.to_string()))
}

fn of_certificates(
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
fn choose(kubeconfig: &Kubeconfig, wanted: Option<String>) -> Result<String, ConnectError> {
    let chosen = wanted.or_else(|| kubeconfig.current_context.clone()).filter(|c| !c.is_empty());
    let known = |name: &String| kubeconfig.contexts.iter().any(|c| &c.name == name);
    chosen.clone().filter(known).ok_or_else(|| ConnectError::NoContext {
        wanted: chosen,
        contexts: kubeconfig.contexts.iter().map(|c| c.name.clone()).collect(),
    })
}

/// Checks the parts of the kubeconfig that the context uses; others are never looked at.
fn check(kubeconfig: &Kubeconfig, context: &str) -> Result<(), ConnectError> {
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
    let Some(user) = &context.user else { return Ok(()) };
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
    if cluster.proxy_url.as_ref().is_some_and(|url| !url.is_empty()) {
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
    let address: http::Uri =
        server.parse().map_err(|_| invalid(format!("{path}.server"), "isn't an address"))?;
    let local = matches!(address.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match address.scheme_str() {
        Some("https") => {}
        // Unencrypted only where nobody is in between: `kubectl proxy`, tests.
        Some("http") if local => {}
        _ => return Err(invalid(format!("{path}.server"), "must begin with https://")),
    }
    let ca = cluster.certificate_authority_data.as_deref();
    pem(&format!("{path}.certificate-authority-data"), ca)
}

const INLINE_CA: &str = "Give certificate-authority-data: `kubectl config view --raw --flatten` makes it";
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
    pem(&format!("{path}.client-certificate-data"), user.client_certificate_data.as_deref())
}

fn file(field: String, remedy: &'static str) -> ConnectError {
    ConnectError::Refused { field, reason: "it names a file on Troupe's host", remedy }
}

fn invalid(field: String, problem: &str) -> ConnectError {
    ConnectError::Invalid { field, problem: problem.to_owned() }
}

/// Checks that a value, if there is one, is base64 of PEM; the usual mistake is plain PEM.
fn pem(field: &str, value: Option<&str>) -> Result<(), ConnectError> {
    let Some(value) = value else { return Ok(()) };
    if value.trim_start().starts_with("-----BEGIN") {
        return Err(invalid(field.to_owned(), "is plain PEM; it must be the base64 of it"));
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

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJ=";

    fn kubeconfig(cluster: &str, user: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: one\n\
             contexts:\n- {{name: one, context: {{cluster: c, user: u}}}}\n- {{name: two, context: {{cluster: c, user: u}}}}\n\
             clusters:\n- {{name: c, cluster: {{{cluster}}}}}\nusers:\n- {{name: u, user: {{{user}}}}}\n"
        )
    }

    fn refusal(yaml: String, context: Option<&str>) -> String {
        let kubeconfig = match parse(&yaml) {
            Ok(kubeconfig) => kubeconfig,
            Err(error) => return error.to_string(),
        };
        choose(&kubeconfig, context.map(str::to_owned))
            .and_then(|context| check(&kubeconfig, &context))
            .expect_err("must be refused")
            .to_string()
    }

    #[test]
    fn what_could_run_or_read_here_is_refused_with_a_remedy() {
        let server = "server: 'https://10.0.0.1:6443'";
        for (cluster, user, field, remedy) in [
            (server, "exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}", "users[u].user.exec", "service account"),
            (server, "auth-provider: {name: gcp}", "users[u].user.auth-provider", "service account"),
            (server, "tokenFile: /var/run/token", "users[u].user.tokenFile", "--flatten"),
            (server, "client-certificate: /a.pem", "users[u].user.client-certificate", "--flatten"),
            (server, "client-key: /a.key", "users[u].user.client-key", "--flatten"),
            ("server: 'https://a', certificate-authority: /ca.pem", "token: t", "clusters[c].cluster.certificate-authority", "certificate-authority-data"),
            ("server: 'https://a', proxy-url: 'http://p'", "token: t", "clusters[c].cluster.proxy-url", "directly"),
            ("server: 'https://a', insecure-skip-tls-verify: true", "token: t", "clusters[c].cluster.insecure-skip-tls-verify", "certificate-authority-data"),
            ("server: 'http://plane.example'", "token: t", "clusters[c].cluster.server", "https://"),
            ("server: 'https://a', certificate-authority-data: '%%'", "token: t", "certificate-authority-data", "isn't base64"),
        ] {
            let error = refusal(kubeconfig(cluster, user), None);
            assert!(error.contains(field), "{error}");
            assert!(error.contains(remedy), "{error}");
        }
    }

    #[test]
    fn plain_pem_is_recognised() {
        let error = pem("caCert", Some("-----BEGIN CERTIFICATE-----")).unwrap_err();
        assert_eq!(error.to_string(), "caCert is plain PEM; it must be the base64 of it");
        assert_eq!(pem("caCert", Some(PEM)), Ok(()));
        assert_eq!(pem("caCert", None), Ok(()));
    }

    #[test]
    fn a_missing_context_lists_those_there_are() {
        let yaml = kubeconfig("server: 'https://a'", "token: t");
        assert_eq!(
            refusal(yaml.clone(), Some("three")),
            "the kubeconfig has no context three; choose one of: one, two"
        );
        let none = yaml.replace("current-context: one\n", "");
        assert!(refusal(none, None).contains("no current-context; choose one of: one, two"));
        assert!(refusal("- not\n- a kubeconfig".into(), None).starts_with("not a kubeconfig"));
    }

    #[tokio::test]
    async fn a_good_kubeconfig_and_good_certificates_connect() {
        let timings = Timings::default();
        let yaml = kubeconfig("server: 'https://10.0.0.1:6443'", "token: t");
        assert!(Access::Kubeconfig(yaml, Some("two".into())).clients(&timings).is_ok());
        let local = kubeconfig("server: 'http://127.0.0.1:8001'", "");
        assert!(Access::Kubeconfig(local, None).clients(&timings).is_ok());
        let bad = Access::Certificates {
            server: "https://10.0.0.1:6443".into(),
            ca: "nonsense".into(),
            certificate: PEM.into(),
            key: PEM.into(),
        };
        let error = bad.clients(&timings).err().expect("refused");
        assert!(error.to_string().contains("certificate-authority-data"), "{error}");
    }

    #[tokio::test]
    async fn calls_end_and_streams_do_not() {
        let kubeconfig = parse(&kubeconfig("server: 'https://10.0.0.1:6443'", "token: t")).unwrap();
        let config = config(kubeconfig, "one".into(), &Timings::default()).unwrap();
        assert_eq!(config.read_timeout, None);
        assert!(!config.default_retry);
        assert_eq!(config.proxy_url, None);
        assert_eq!(config.connect_timeout, Some(Duration::from_secs(10)));
    }
}
