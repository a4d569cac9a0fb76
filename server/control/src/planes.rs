//! The planes that are connected: one client each, made anew when its declaration changes.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use model::kind::plane::{DataPlaneSpec, KubernetesCluster};
use plane::{Access, Plane};
use serde::Deserialize;
use store::{Store, resources::Resource};
use tokio_util::sync::CancellationToken;

use crate::{Result, clock, error::Error, seal::Seal, sealed};

/// A connected plane.
#[derive(Clone)]
pub struct Connected {
    /// The client.
    pub plane: Plane,
    /// The embedded cluster behind it, when it is simulated.
    pub simulated: Option<simulated::Cluster>,
    /// The declaration's version that it was made from.
    pub version: i64,
    /// Ends its watchers.
    pub stop: CancellationToken,
}

/// All connected planes, by organization and name.
#[derive(Clone, Default)]
pub struct Planes(Arc<Mutex<BTreeMap<(String, String), Connected>>>);

/// Whether a plane is the embedded one: nothing says how to reach another.
pub fn is_simulated(cluster: &KubernetesCluster) -> bool {
    cluster.credentials.is_none() && cluster.kubeconfig.is_none()
}

impl Planes {
    /// A plane that is connected.
    pub fn get(&self, organization: &str, name: &str) -> Option<Connected> {
        let planes = self
            .0
            .lock()
            .expect("no one panics while holding the planes");
        planes
            .get(&(organization.to_owned(), name.to_owned()))
            .cloned()
    }

    /// All that are connected.
    pub fn all(&self) -> Vec<((String, String), Connected)> {
        let planes = self
            .0
            .lock()
            .expect("no one panics while holding the planes");
        planes
            .iter()
            .map(|(key, plane)| (key.clone(), plane.clone()))
            .collect()
    }

    /// Lets go of a plane, and ends its watchers.
    pub fn disconnect(&self, organization: &str, name: &str) {
        let mut planes = self
            .0
            .lock()
            .expect("no one panics while holding the planes");
        if let Some(old) = planes.remove(&(organization.to_owned(), name.to_owned())) {
            old.stop.cancel();
        }
    }

    fn keep(&self, organization: &str, name: &str, connected: Connected) {
        let mut planes = self
            .0
            .lock()
            .expect("no one panics while holding the planes");
        let key = (organization.to_owned(), name.to_owned());
        if let Some(old) = planes.insert(key, connected) {
            old.stop.cancel();
        }
    }

    /// Connects to a declared plane, unless this very declaration is connected already. Tells
    /// whether it is new.
    ///
    /// # Errors
    /// When what is declared can't be used.
    pub async fn connect(
        &self,
        store: &Store,
        seal: &Seal,
        resource: &Resource,
        pace: Duration,
    ) -> Result<(Connected, bool)> {
        let (org, name) = (&resource.identity.organization, &resource.identity.name);
        let known = self.get(org, name);
        if let Some(known) = known
            .as_ref()
            .filter(|known| known.version == resource.version)
        {
            return Ok((known.clone(), false));
        }
        let corrupt = |reason: String| Error::Corrupt {
            what: resource.identity.to_string(),
            reason,
        };
        seal.refresh(store).await?;
        let spec = sealed::unseal(seal, &resource.identity, &resource.spec).map_err(corrupt)?;
        let spec = DataPlaneSpec::deserialize(&spec).map_err(|error| corrupt(error.to_string()))?;
        let embedded = if is_simulated(&spec.kubernetes_cluster) {
            // A change of its declaration must not empty the embedded cluster.
            match known.and_then(|known| known.simulated) {
                Some(cluster) => Some(cluster),
                None => Some(embedded(store, org, name, pace).await?),
            }
        } else {
            None
        };
        let access = access(&spec.kubernetes_cluster, embedded.as_ref());
        let plane = Plane::connect(name, access).map_err(|source| Error::Connect {
            plane: name.clone(),
            source,
        })?;
        let connected = Connected {
            plane,
            simulated: embedded,
            version: resource.version,
            stop: CancellationToken::new(),
        };
        self.keep(org, name, connected.clone());
        Ok((connected, true))
    }
}

/// How a declared cluster is reached.
pub(crate) fn access(cluster: &KubernetesCluster, embedded: Option<&simulated::Cluster>) -> Access {
    if let Some(embedded) = embedded {
        return Access::Client(embedded.client());
    }
    match (&cluster.kubeconfig, &cluster.credentials) {
        (Some(kubeconfig), _) => Access::Kubeconfig(kubeconfig.clone(), cluster.context.clone()),
        (None, Some(credentials)) => Access::Certificates {
            server: credentials.api_server_url.0.clone(),
            ca: credentials.ca_cert.clone(),
            certificate: credentials.client_cert.clone(),
            key: credentials.client_key.clone(),
        },
        (None, None) => Access::Kubeconfig(String::new(), None),
    }
}

/// Takes the embedded cluster up where it was left.
async fn embedded(
    store: &Store,
    org: &str,
    name: &str,
    pace: Duration,
) -> Result<simulated::Cluster> {
    let options = simulated::Options {
        name: name.to_owned(),
        pace,
        ..simulated::Options::default()
    };
    let snapshot = store.plane_snapshot(org, name).await?;
    Ok(
        match snapshot.and_then(|text| serde_json::from_str(&text).ok()) {
            Some(snapshot) => simulated::Cluster::restore(options, snapshot),
            None => simulated::Cluster::start(options),
        },
    )
}

/// Keeps the embedded cluster's memory, a moment after each change, until told to stop.
pub async fn remember(
    store: Store,
    org: String,
    name: String,
    cluster: simulated::Cluster,
    stop: CancellationToken,
) {
    let mut changed = cluster.changed();
    loop {
        tokio::select! {
            more = changed.changed() => if more.is_err() { break },
            () = stop.cancelled() => break,
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(300)) => {}
            () = stop.cancelled() => {}
        }
        let snapshot = cluster.snapshot().to_string();
        if let Err(error) = store
            .save_plane_snapshot(&org, &name, &snapshot, clock::now().0)
            .await
        {
            tracing::warn!(plane = name, %error, "the simulated plane's memory couldn't be kept");
        }
        if stop.is_cancelled() {
            break;
        }
    }
}
