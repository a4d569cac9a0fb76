//! What can be done with a plane, tried out: each step in words and with the time it took.
//!
//! Nothing is left behind: what would be written is written in a dry run.

use std::time::{Duration, Instant};

use kube::api::{DeleteParams, Patch, PatchParams, ValidationDirective};
use kube::core::Request;
use serde_json::json;

use crate::access::ConnectError;
use crate::error::PlaneError;
use crate::json::{list, text};
use crate::owner::{FIELD_MANAGER, label};
use crate::plane::Plane;

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// As it must.
    Passed,
    /// It can't be done, and Troupe needs it.
    Failed,
    /// It isn't there, and some things can't be had without it.
    Lacking,
    /// It wasn't tried: a step before it failed.
    Skipped,
}

/// One step of a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was tried, in a word or two.
    pub name: &'static str,
    /// How it went.
    pub tried: Tried,
    /// What was found, in words.
    pub says: String,
    /// How long it took.
    pub took: Duration,
}

/// The object that is applied and deleted in dry runs.
const NAME: &str = "troupe-plane-test";
/// A namespace that every cluster has.
const NAMESPACE: &str = "default";
/// Groups that releases are made of, and what for.
const SERVED: &[(&str, &str)] = &[
    ("apps/v1", "Deployment"),
    ("batch/v1", "CronJob"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("policy/v1", "PodDisruptionBudget"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
];
const NAMES: [&str; 7] = [
    "Reach",
    "List",
    "Apply",
    "Delete",
    "Versions",
    "Network policy",
    "Gateway API",
];

type Found = Result<(Tried, String), PlaneError>;

impl Plane {
    /// Tries what Troupe does with a plane, without changing it.
    pub async fn trial(&self) -> Vec<Step> {
        let reached = timed(NAMES[0], self.try_reach()).await;
        if reached.tried == Tried::Failed {
            return unreached(reached);
        }
        vec![
            reached,
            timed(NAMES[1], self.try_list()).await,
            timed(NAMES[2], self.try_apply()).await,
            timed(NAMES[3], self.try_delete()).await,
            timed(NAMES[4], self.try_versions()).await,
            timed(NAMES[5], self.try_policy()).await,
            timed(NAMES[6], self.try_gateway()).await,
        ]
    }

    async fn try_reach(&self) -> Found {
        let version = self.version().await?;
        let says = format!(
            "Kubernetes {} answers, on {}",
            version.git_version, version.platform
        );
        Ok((Tried::Passed, says))
    }

    async fn try_list(&self) -> Found {
        for path in [
            "/api/v1/namespaces",
            "/apis/apps/v1/deployments",
            "/api/v1/pods",
        ] {
            self.read(&format!("{path}?limit=1")).await?;
        }
        let says = "namespaces, Deployments and pods of the whole cluster may be listed";
        Ok((Tried::Passed, says.to_owned()))
    }

    async fn try_apply(&self) -> Found {
        let labels = json!({label::MANAGED_BY: FIELD_MANAGER});
        let objects = [
            (
                "/api/v1/namespaces".to_owned(),
                json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAME, "labels": labels}}),
            ),
            (
                format!("/api/v1/namespaces/{NAMESPACE}/configmaps"),
                json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"from": "troupe"},
                    "metadata": {"name": NAME, "namespace": NAMESPACE, "labels": labels}}),
            ),
            (
                format!("/apis/networking.k8s.io/v1/namespaces/{NAMESPACE}/networkpolicies"),
                json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                    "metadata": {"name": NAME, "namespace": NAMESPACE, "labels": labels},
                    "spec": {"podSelector": {"matchLabels": labels}, "policyTypes": ["Ingress"]}}),
            ),
        ];
        let params = PatchParams {
            dry_run: true,
            force: false,
            field_manager: Some(FIELD_MANAGER.to_owned()),
            field_validation: Some(ValidationDirective::Strict),
        };
        for (path, object) in objects {
            let request = Request::new(path).patch(NAME, &params, &Patch::Apply(&object));
            self.call(request.map_err(garbled)?).await?;
        }
        let says = "a namespace, a ConfigMap and a NetworkPolicy may be applied: asked in a dry run, nothing was written";
        Ok((Tried::Passed, says.to_owned()))
    }

    async fn try_delete(&self) -> Found {
        let path = format!("/api/v1/namespaces/{NAMESPACE}/configmaps");
        let params = DeleteParams::default().dry_run();
        let request = Request::new(path).delete(NAME, &params).map_err(garbled)?;
        match self.call(request).await {
            Ok(_) => {}
            // Who may not delete is told so before anybody looks whether it is there.
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
        let says = "a ConfigMap may be deleted: asked in a dry run";
        Ok((Tried::Passed, says.to_owned()))
    }

    async fn try_versions(&self) -> Found {
        let mut absent = Vec::new();
        for (group, kind) in SERVED {
            if self.resource(group, kind).await?.is_none() {
                absent.push(format!("{kind} of {group}"));
            }
        }
        Ok(if absent.is_empty() {
            let groups: Vec<&str> = SERVED.iter().map(|(group, _)| *group).collect();
            (
                Tried::Passed,
                format!("what releases are made of is served: {}", groups.join(", ")),
            )
        } else {
            let says = format!("{} isn't served: update the cluster", absent.join(", "));
            (Tried::Failed, says)
        })
    }

    async fn try_policy(&self) -> Found {
        if self
            .resource("cilium.io/v2", "CiliumNetworkPolicy")
            .await?
            .is_some()
        {
            let says =
                "Cilium is there: rules by host name and by path of a request can be enforced";
            return Ok((Tried::Passed, says.to_owned()));
        }
        if self
            .resource("crd.projectcalico.org/v1", "NetworkPolicy")
            .await?
            .is_some()
        {
            let says = "Calico is there: NetworkPolicies are enforced, rules by host name are not";
            return Ok((Tried::Passed, says.to_owned()));
        }
        let says = "no engine that shows itself: plain NetworkPolicies work where the cluster's network enforces them, rules by host name don't";
        Ok((Tried::Lacking, says.to_owned()))
    }

    async fn try_gateway(&self) -> Found {
        const GROUP: &str = "gateway.networking.k8s.io/v1";
        if self.resource(GROUP, "HTTPRoute").await?.is_none() {
            let says = "the Gateway API isn't installed: nothing here can be reached from outside";
            return Ok((Tried::Lacking, says.to_owned()));
        }
        let envoy = self
            .resource("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy")
            .await?
            .is_some();
        let policies = if envoy {
            "Envoy Gateway's policies are there"
        } else {
            "Envoy Gateway isn't, so API classes can't set security or limits"
        };
        let gateways = self
            .read(&format!("/apis/{GROUP}/gateways?limit=5"))
            .await?;
        let names: Vec<&str> = list(&gateways, "items")
            .iter()
            .map(|gateway| text(gateway, "metadata.name"))
            .collect();
        let gateways = match names.as_slice() {
            [] => "no Gateway yet".to_owned(),
            names => format!("Gateways: {}", names.join(", ")),
        };
        let tried = if envoy { Tried::Passed } else { Tried::Lacking };
        let says = format!("the Gateway API is served ({gateways}); {policies}");
        Ok((tried, says))
    }
}

async fn timed(name: &'static str, work: impl Future<Output = Found>) -> Step {
    let began = Instant::now();
    let found = work.await;
    let took = began.elapsed();
    let (tried, says) = found.unwrap_or_else(|error| (Tried::Failed, error.to_string()));
    Step {
        name,
        tried,
        says,
        took,
    }
}

fn garbled(error: impl std::error::Error) -> PlaneError {
    PlaneError::Garbled(error.to_string())
}

/// The steps of a plane that can't be reached: the first one, and none of the others.
fn unreached(first: Step) -> Vec<Step> {
    let skipped = NAMES[1..].iter().map(|name| Step {
        name,
        tried: Tried::Skipped,
        says: "not tried, as the plane can't be reached".to_owned(),
        took: Duration::ZERO,
    });
    std::iter::once(first).chain(skipped).collect()
}

/// The steps for what can't even be connected with.
pub fn unusable(why: &ConnectError) -> Vec<Step> {
    unreached(Step {
        name: NAMES[0],
        tried: Tried::Failed,
        says: why.to_string(),
        took: Duration::ZERO,
    })
}
