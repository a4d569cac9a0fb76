//! How a plane is reached, and what of a kubeconfig isn't taken.

mod kubeconfig;
#[cfg(test)]
mod tests;

use std::time::Duration;

use futures::FutureExt;
use kube::client::ClientBuilder;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use tower::Layer;
use tower::timeout::TimeoutLayer;

use crate::timings::Timings;
use kubeconfig::{check, choose, of_certificates, parse};

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
            return Err(ConnectError::Unusable(
                "no Tokio runtime drives this thread".to_owned(),
            ));
        }
        let (kubeconfig, context) = match self {
            Self::Client(client) => {
                let streams = answering(client.clone(), timings.call);
                return Ok(Clients {
                    calls: client,
                    streams,
                });
            }
            Self::Kubeconfig(yaml, context) => (parse(&yaml)?, context),
            Self::Certificates {
                server,
                ca,
                certificate,
                key,
            } => (of_certificates(server, ca, certificate, key), None),
        };
        let context = choose(&kubeconfig, context)?;
        check(&kubeconfig, &context)?;
        let config = config(kubeconfig, context, timings)?;
        let mut calls = config.clone();
        calls.read_timeout = Some(timings.call);
        // Otherwise the time a pooled connection was idle counts as waiting.
        calls.reset_reader_on_write = true;
        Ok(Clients {
            calls: client(calls, timings.call)?,
            streams: client(config, timings.call)?,
        })
    }
}

/// A client that bounds the time until the answer begins; a stream may then go on.
fn client(config: Config, answer: Duration) -> Result<Client, ConnectError> {
    let builder = ClientBuilder::try_from(config)
        .map_err(|error| ConnectError::Unusable(error.to_string()))?;
    Ok(builder.with_layer(&TimeoutLayer::new(answer)).build())
}

/// The same for a client that is ready already.
fn answering(client: Client, answer: Duration) -> Client {
    let namespace = client.default_namespace().to_owned();
    let service = tower::service_fn(move |request| {
        let client = client.clone();
        async move { client.send(request).await }
    });
    Client::new(TimeoutLayer::new(answer).layer(service), namespace)
}

fn config(
    kubeconfig: Kubeconfig,
    context: String,
    timings: &Timings,
) -> Result<Config, ConnectError> {
    let options = KubeConfigOptions {
        context: Some(context),
        ..KubeConfigOptions::default()
    };
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
