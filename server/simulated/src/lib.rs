//! A Kubernetes API inside this process: a tower service that `kube::Client` speaks to, with the controllers behind it
//! that make pods run, roll and fail. It calls itself simulated wherever it shows.
//!
//! ```no_run
//! # async fn example() -> Result<(), kube::Error> {
//! let cluster = simulated::Cluster::start(simulated::Options::default());
//! let version = cluster.client().apiserver_version().await?;
//! assert!(version.git_version.ends_with("+simulated"));
//! # Ok(())
//! # }
//! ```

mod apply;
mod cluster;
mod controllers;
mod delete;
mod failure;
mod faults;
mod kinds;
mod logs;
mod pods;
mod schema;
mod selector;
mod service;
mod storage;
#[cfg(test)]
mod tests;
mod value;
mod write;

pub use cluster::{Cluster, Options};
pub use faults::{Fault, Harm, Request};

/// A pod's behaviour can be chosen with this annotation on the pod, its template or the workload that owns it:
/// `pull`, `crash`, `crash=3`, `oom`, `never-ready`, `ready=10s`, `config`, `unschedulable`, `job-fail`, `done=5s`,
/// several separated by commas. The same words work in an image tag after `--`: `shop/cart:v2--crash`.
pub const SIMULATE: &str = "troupe.dev/simulate";

/// The version that `/version` tells.
pub const VERSION: &str = "v1.36.3+simulated";

/// The one node.
pub const NODE: &str = "simulated-1";
