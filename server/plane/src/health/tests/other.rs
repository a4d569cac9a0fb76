//! Services, routes, volumes and whatever else has conditions.

use model::health::Health::{Degraded, Healthy, Progressing, Suspended};
use serde_json::{Value, json};

use super::{check, object};

fn with(api: &str, kind: &str, conditions: Value) -> Value {
    object(api, kind, json!({}), json!({"conditions": conditions}))
}

fn one(kind: &str, status: &str, reason: &str, message: &str) -> Value {
    json!([{"type": kind, "status": status, "reason": reason, "message": message}])
}

#[test]
fn services_and_ingresses() {
    let mut service = object(
        "v1",
        "Service",
        json!({"type": "ClusterIP"}),
        json!({"loadBalancer": {}}),
    );
    check(&service, Healthy, "", "");
    service["spec"]["type"] = json!("LoadBalancer");
    check(
        &service,
        Degraded,
        "NoLoadBalancer",
        "no load balancer gave it an address in 10 minutes",
    );
    service["metadata"]["creationTimestamp"] = json!("2026-01-01T00:58:00Z");
    check(
        &service,
        Progressing,
        "NoLoadBalancer",
        "waiting for the load balancer's address",
    );
    service["status"]["loadBalancer"]["ingress"] = json!([{"ip": "10.0.0.1"}]);
    check(&service, Healthy, "", "");
    let ingress = |status| object("networking.k8s.io/v1", "Ingress", json!({}), status);
    check(
        &ingress(json!({})),
        Progressing,
        "NoAddress",
        "no ingress controller has taken it up yet",
    );
    check(
        &ingress(json!({"loadBalancer": {"ingress": [{"ip": "10.0.0.1"}]}})),
        Healthy,
        "",
        "",
    );
}

#[test]
fn routes() {
    for kind in ["HTTPRoute", "GRPCRoute"] {
        let route = |conditions: Value| {
            object(
                "gateway.networking.k8s.io/v1",
                kind,
                json!({}),
                json!({"parents": [{"parentRef": {"name": "public"}, "conditions": conditions}]}),
            )
        };
        let condition = |kind: &str, status: &str, generation: i64| json!({"type": kind, "status": status, "reason": "BackendNotFound", "message": "Service \"cart\" not found", "observedGeneration": generation});
        check(
            &object("gateway.networking.k8s.io/v1", kind, json!({}), json!({})),
            Progressing,
            "NoGateway",
            "no gateway has taken it up yet",
        );
        let accepted = condition("Accepted", "True", 2);
        check(
            &route(json!([accepted, condition("ResolvedRefs", "False", 2)])),
            Degraded,
            "BackendNotFound",
            "it refers to something that isn't there: service \"cart\" not found",
        );
        check(
            &route(json!([condition("Accepted", "False", 2)])),
            Degraded,
            "BackendNotFound",
            "gateway public refuses it: service \"cart\" not found",
        );
        check(
            &route(json!([condition("Accepted", "False", 1)])),
            Progressing,
            "NotProgrammed",
            "gateway public hasn't taken it up yet",
        );
        check(
            &route(json!([accepted, condition("Programmed", "False", 2)])),
            Progressing,
            "NotProgrammed",
            "gateway public hasn't taken it up yet",
        );
        check(
            &route(json!([accepted, condition("ResolvedRefs", "True", 2)])),
            Healthy,
            "",
            "",
        );
    }
}

#[test]
fn gateways() {
    let api = "gateway.networking.k8s.io/v1";
    check(
        &with(api, "Gateway", json!([])),
        Progressing,
        "NotProgrammed",
        "no controller has taken it up yet",
    );
    check(
        &with(
            api,
            "Gateway",
            one("Accepted", "False", "Invalid", "Bad address"),
        ),
        Degraded,
        "Invalid",
        "its controller refuses it: bad address",
    );
    check(
        &with(
            api,
            "Gateway",
            one("Programmed", "False", "AddressNotAssigned", "No address"),
        ),
        Progressing,
        "NotProgrammed",
        "not serving yet: no address",
    );
    check(
        &with(api, "Gateway", one("Programmed", "True", "Programmed", "")),
        Healthy,
        "",
        "",
    );
    let mut gateway = with(api, "Gateway", one("Programmed", "True", "Programmed", ""));
    gateway["status"]["listeners"] = json!([{"name": "https", "conditions": one("ResolvedRefs", "False", "InvalidCertificateRef", "Secret missing")}]);
    check(
        &gateway,
        Degraded,
        "InvalidCertificateRef",
        "it refers to something that isn't there: secret missing",
    );
}

#[test]
fn autoscalers() {
    let scaler = |conditions| with("autoscaling/v2", "HorizontalPodAutoscaler", conditions);
    check(
        &scaler(json!([])),
        Progressing,
        "NotObserved",
        "hasn't looked at its target yet",
    );
    check(
        &scaler(one(
            "AbleToScale",
            "False",
            "FailedGetScale",
            "Deployment missing",
        )),
        Degraded,
        "FailedGetScale",
        "can't scale: deployment missing",
    );
    let blind = json!([{"type": "AbleToScale", "status": "True"}, {"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric", "message": "No metrics API"}]);
    check(
        &scaler(blind),
        Degraded,
        "FailedGetResourceMetric",
        "can't see what to scale by: no metrics API",
    );
    check(
        &scaler(one("ScalingActive", "False", "ScalingDisabled", "")),
        Suspended,
        "ScalingDisabled",
        "off: its target is scaled to zero",
    );
    check(
        &scaler(one("AbleToScale", "True", "ReadyForNewScale", "")),
        Healthy,
        "",
        "",
    );
    check(
        &scaler(one("ScalingLimited", "True", "TooManyReplicas", "")),
        Healthy,
        "",
        "at its limit",
    );
}

#[test]
fn volumes_budgets_and_namespaces() {
    let claim = |phase: &str| {
        object(
            "v1",
            "PersistentVolumeClaim",
            json!({}),
            json!({"phase": phase}),
        )
    };
    check(&claim("Bound"), Healthy, "", "");
    check(
        &claim("Pending"),
        Progressing,
        "Pending",
        "waiting for a volume",
    );
    check(&claim("Lost"), Degraded, "Lost", "its volume is lost");
    let budget = |status| object("policy/v1", "PodDisruptionBudget", json!({}), status);
    check(
        &budget(json!(null)),
        Progressing,
        "NotObserved",
        "not taken up yet",
    );
    check(
        &budget(json!({"conditions": one("DisruptionAllowed", "False", "InsufficientPods", "")})),
        Healthy,
        "",
        "",
    );
    check(
        &budget(json!({"conditions": one("DisruptionAllowed", "False", "SyncFailed", "No scale")})),
        Degraded,
        "SyncFailed",
        "can't be kept: no scale",
    );
    let mut namespace = object("v1", "Namespace", json!({}), json!({"phase": "Active"}));
    check(&namespace, Healthy, "", "");
    namespace["status"] = json!({"phase": "Terminating", "conditions": one("NamespaceContentRemaining", "True", "SomeResourcesRemain", "Some resources are remaining: pods")});
    namespace["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:59:00Z");
    check(
        &namespace,
        Progressing,
        "Deleting",
        "being deleted with all that is in it",
    );
    namespace["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:40:00Z");
    check(
        &namespace,
        Degraded,
        "DeletionBlocked",
        "can't be deleted: some resources are remaining: pods",
    );
}

#[test]
fn what_extends_kubernetes() {
    let service = |status| {
        with(
            "apiregistration.k8s.io/v1",
            "APIService",
            one("Available", status, "MissingEndpoints", "No endpoints"),
        )
    };
    check(&service("True"), Healthy, "", "");
    check(
        &service("False"),
        Progressing,
        "NotAvailable",
        "doesn't answer: no endpoints",
    );
    let definition = |conditions| {
        with(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            conditions,
        )
    };
    check(
        &definition(json!([])),
        Progressing,
        "NotEstablished",
        "not served yet",
    );
    check(
        &definition(one("Established", "True", "", "")),
        Healthy,
        "",
        "",
    );
    check(
        &definition(one("NamesAccepted", "False", "", "Conflict")),
        Degraded,
        "NamesNotAccepted",
        "its names are taken: conflict",
    );
    let secret = |conditions| with("external-secrets.io/v1", "ExternalSecret", conditions);
    check(
        &secret(json!([])),
        Progressing,
        "NotObserved",
        "not read yet",
    );
    check(
        &secret(one(
            "Ready",
            "False",
            "SecretSyncedError",
            "Could not get secret",
        )),
        Degraded,
        "SecretSyncedError",
        "the secret can't be read: could not get secret",
    );
    let mut synced = secret(one("Ready", "True", "SecretSynced", ""));
    synced["status"]["refreshTime"] = json!("2026-01-01T00:59:00Z");
    check(&synced, Healthy, "", "last read 2026-01-01T00:59:00Z");
    let certificate = |conditions| with("cert-manager.io/v1", "Certificate", conditions);
    check(
        &certificate(one("Ready", "False", "DoesNotExist", "No secret")),
        Degraded,
        "NotReady",
        "no valid certificate: no secret",
    );
    check(
        &certificate(one("Issuing", "True", "", "Order pending")),
        Progressing,
        "Issuing",
        "being issued: order pending",
    );
    check(&certificate(one("Ready", "True", "", "")), Healthy, "", "");
    let policy = |conditions| with("cilium.io/v2", "CiliumNetworkPolicy", conditions);
    check(
        &policy(one("Valid", "False", "", "Bad rule")),
        Degraded,
        "Invalid",
        "Cilium refuses it: bad rule",
    );
    check(&policy(one("Valid", "True", "", "")), Healthy, "", "");
    let mut young = policy(json!([]));
    check(&young, Healthy, "", "");
    young["metadata"]["creationTimestamp"] = json!("2026-01-01T00:59:30Z");
    check(
        &young,
        Progressing,
        "NotObserved",
        "Cilium hasn't taken it up yet",
    );
}

#[test]
fn what_merely_exists_is_healthy() {
    for (api, kind) in [
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("v1", "ConfigMap"),
        ("v1", "Secret"),
        ("v1", "ServiceAccount"),
        ("rbac.authorization.k8s.io/v1", "Role"),
        ("v1", "ResourceQuota"),
    ] {
        check(&object(api, kind, json!({}), json!(null)), Healthy, "", "");
    }
}

#[test]
fn any_other_kind_by_its_conditions() {
    let thing = |conditions| with("example.com/v1", "Thing", conditions);
    check(
        &thing(json!([])),
        Healthy,
        "",
        "there is no health rule for Thing",
    );
    check(
        &thing(one("Stalled", "True", "Stuck", "Quota reached")),
        Degraded,
        "Stalled",
        "quota reached",
    );
    check(
        &thing(one("Reconciling", "True", "Busy", "Making it")),
        Progressing,
        "Reconciling",
        "making it",
    );
    check(&thing(one("Ready", "True", "", "")), Healthy, "", "");
    check(
        &thing(one("Available", "False", "Down", "No backend")),
        Degraded,
        "Down",
        "no backend",
    );
    check(
        &thing(one("Ready", "Unknown", "Checking", "")),
        Progressing,
        "NotReady",
        "Checking",
    );
    let stale =
        json!([{"type": "Ready", "status": "False", "reason": "Old", "observedGeneration": 1}]);
    check(
        &thing(stale),
        Progressing,
        "NotObserved",
        "the last change isn't taken up yet",
    );
}
