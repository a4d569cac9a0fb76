//! The table of kinds that this API serves. A kind that isn't here is unknown, as on a real server.

use k8s_openapi::api::{
    apps::v1 as apps, autoscaling::v2 as autoscaling, batch::v1 as batch, core::v1 as core,
    discovery::v1 as discovery, networking::v1 as networking, policy::v1 as policy,
    rbac::v1 as rbac,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Reads a value as its Rust type and writes it again: what the type doesn't know is gone.
pub(crate) type Typed = fn(&Value) -> Result<Value, String>;

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Kind {
    pub group: &'static str,
    pub version: &'static str,
    pub kind: &'static str,
    pub plural: &'static str,
    pub short: &'static [&'static str],
    pub namespaced: bool,
    pub status: bool,
    pub scale: bool,
    pub generation: bool,
    /// None for custom resources, whose schema is in `schema::custom`.
    pub typed: Option<Typed>,
}

impl Kind {
    /// `apps/v1`, `v1`.
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `deployments.apps`, `pods`.
    pub(crate) fn resource(&self) -> String {
        if self.group.is_empty() {
            self.plural.to_owned()
        } else {
            format!("{}.{}", self.plural, self.group)
        }
    }

    /// Whether it comes from a CustomResourceDefinition on a real server.
    pub(crate) fn custom(&self) -> bool {
        self.typed.is_none()
    }

    /// The place in the table, which is the kind's id in keys.
    pub(crate) fn id(&self) -> u16 {
        let at = KINDS
            .iter()
            .position(|k| std::ptr::eq(k, self))
            .expect("every Kind is a row of KINDS");
        u16::try_from(at).expect("the table is short")
    }
}

fn typed<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, String> {
    let typed = T::deserialize(value).map_err(|e| e.to_string())?;
    serde_json::to_value(typed).map_err(|e| e.to_string())
}

const fn row(
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    plural: &'static str,
) -> Kind {
    Kind {
        group,
        version,
        kind,
        plural,
        short: &[],
        namespaced: true,
        status: false,
        scale: false,
        generation: false,
        typed: None,
    }
}

impl Kind {
    const fn short(mut self, short: &'static [&'static str]) -> Self {
        self.short = short;
        self
    }
    const fn cluster(mut self) -> Self {
        self.namespaced = false;
        self
    }
    /// Has a status subresource.
    const fn status(mut self) -> Self {
        self.status = true;
        self
    }
    const fn scale(mut self) -> Self {
        self.scale = true;
        self
    }
    /// Its `metadata.generation` rises when the spec changes.
    const fn generation(mut self) -> Self {
        self.generation = true;
        self
    }
    const fn of<T: DeserializeOwned + Serialize>(mut self) -> Self {
        self.typed = Some(typed::<T>);
        self
    }
}

const GATEWAY: &str = "gateway.networking.k8s.io";
const ENVOY: &str = "gateway.envoyproxy.io";
const NET: &str = "networking.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";

/// All kinds, the core group first, groups together.
pub(crate) static KINDS: [Kind; 35] = [
    row("", "v1", "Namespace", "namespaces")
        .short(&["ns"])
        .cluster()
        .status()
        .of::<core::Namespace>(),
    row("", "v1", "Node", "nodes")
        .short(&["no"])
        .cluster()
        .status()
        .of::<core::Node>(),
    row("", "v1", "Pod", "pods")
        .short(&["po"])
        .status()
        .generation()
        .of::<core::Pod>(),
    row("", "v1", "Service", "services")
        .short(&["svc"])
        .status()
        .of::<core::Service>(),
    row("", "v1", "ConfigMap", "configmaps")
        .short(&["cm"])
        .of::<core::ConfigMap>(),
    row("", "v1", "Secret", "secrets").of::<core::Secret>(),
    row("", "v1", "ServiceAccount", "serviceaccounts")
        .short(&["sa"])
        .of::<core::ServiceAccount>(),
    row("", "v1", "Event", "events")
        .short(&["ev"])
        .of::<core::Event>(),
    row("", "v1", "Endpoints", "endpoints")
        .short(&["ep"])
        .of::<core::Endpoints>(),
    row("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims")
        .short(&["pvc"])
        .status()
        .of::<core::PersistentVolumeClaim>(),
    row("", "v1", "ResourceQuota", "resourcequotas")
        .short(&["quota"])
        .status()
        .of::<core::ResourceQuota>(),
    row("", "v1", "LimitRange", "limitranges")
        .short(&["limits"])
        .of::<core::LimitRange>(),
    row("apps", "v1", "Deployment", "deployments")
        .short(&["deploy"])
        .status()
        .scale()
        .generation()
        .of::<apps::Deployment>(),
    row("apps", "v1", "ReplicaSet", "replicasets")
        .short(&["rs"])
        .status()
        .scale()
        .generation()
        .of::<apps::ReplicaSet>(),
    row("apps", "v1", "StatefulSet", "statefulsets")
        .short(&["sts"])
        .status()
        .scale()
        .generation()
        .of::<apps::StatefulSet>(),
    row("apps", "v1", "DaemonSet", "daemonsets")
        .short(&["ds"])
        .status()
        .generation()
        .of::<apps::DaemonSet>(),
    row("batch", "v1", "Job", "jobs")
        .status()
        .generation()
        .of::<batch::Job>(),
    row("batch", "v1", "CronJob", "cronjobs")
        .short(&["cj"])
        .status()
        .generation()
        .of::<batch::CronJob>(),
    row(
        "autoscaling",
        "v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
    )
    .short(&["hpa"])
    .status()
    .of::<autoscaling::HorizontalPodAutoscaler>(),
    row(
        "policy",
        "v1",
        "PodDisruptionBudget",
        "poddisruptionbudgets",
    )
    .short(&["pdb"])
    .status()
    .generation()
    .of::<policy::PodDisruptionBudget>(),
    row(NET, "v1", "NetworkPolicy", "networkpolicies")
        .short(&["netpol"])
        .generation()
        .of::<networking::NetworkPolicy>(),
    row(NET, "v1", "Ingress", "ingresses")
        .short(&["ing"])
        .status()
        .generation()
        .of::<networking::Ingress>(),
    row("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices")
        .generation()
        .of::<discovery::EndpointSlice>(),
    row(RBAC, "v1", "Role", "roles").of::<rbac::Role>(),
    row(RBAC, "v1", "RoleBinding", "rolebindings").of::<rbac::RoleBinding>(),
    row(RBAC, "v1", "ClusterRole", "clusterroles")
        .cluster()
        .of::<rbac::ClusterRole>(),
    row(RBAC, "v1", "ClusterRoleBinding", "clusterrolebindings")
        .cluster()
        .of::<rbac::ClusterRoleBinding>(),
    row(GATEWAY, "v1", "GatewayClass", "gatewayclasses")
        .short(&["gc"])
        .cluster()
        .status()
        .generation(),
    row(GATEWAY, "v1", "Gateway", "gateways")
        .short(&["gtw"])
        .status()
        .generation(),
    row(GATEWAY, "v1", "HTTPRoute", "httproutes")
        .status()
        .generation(),
    row(GATEWAY, "v1", "GRPCRoute", "grpcroutes")
        .status()
        .generation(),
    row(ENVOY, "v1alpha1", "SecurityPolicy", "securitypolicies")
        .short(&["sp"])
        .status()
        .generation(),
    row(
        ENVOY,
        "v1alpha1",
        "BackendTrafficPolicy",
        "backendtrafficpolicies",
    )
    .short(&["btp"])
    .status()
    .generation(),
    row("apps", "v1", "ControllerRevision", "controllerrevisions").of::<apps::ControllerRevision>(),
    row("coordination.k8s.io", "v1", "Lease", "leases")
        .of::<k8s_openapi::api::coordination::v1::Lease>(),
];

/// A kind by its name. All kinds here have names of their own.
pub(crate) fn by_kind(kind: &str) -> &'static Kind {
    KINDS
        .iter()
        .find(|k| k.kind == kind)
        .expect("controllers only name kinds of the table")
}

/// A kind by what a URL says.
pub(crate) fn by_path(group: &str, version: &str, plural: &str) -> Option<&'static Kind> {
    KINDS
        .iter()
        .find(|k| k.plural == plural && k.group == group && k.version == version)
}

/// A kind by what an object or an owner reference says.
pub(crate) fn by_object(api_version: &str, kind: &str) -> Option<&'static Kind> {
    KINDS
        .iter()
        .find(|k| k.kind == kind && k.api_version() == api_version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        for (i, a) in KINDS.iter().enumerate() {
            assert_eq!(usize::from(a.id()), i);
            assert!(
                KINDS.iter().skip(i + 1).all(|b| b.kind != a.kind),
                "{} twice",
                a.kind
            );
        }
    }
}
