//! The rules across fields: each broken alone, found at its path with a word that says why.

use model::kind::Kind;
use model::manifest::{check, template};
use serde_json::{Value, json};

fn owner() -> Value {
    json!({"projectName": "shop", "componentName": "orders"})
}

fn with(base: Value, pointer: &str, value: Value) -> Value {
    let mut base = base;
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    base.pointer_mut(parent).expect("it is there")[key] = value;
    base
}

/// The only fault of a spec, which must stand at `path` and say `word`.
fn only(kind: Kind, spec: Value, path: &str, word: &str) {
    let faults = check(kind, &spec);
    assert_eq!(faults.len(), 1, "{kind} {path}: {faults:#?}");
    let said = format!("{} {}", faults[0].message, faults[0].remedy);
    assert_eq!(faults[0].path, path, "{faults:?}");
    assert!(said.contains(word), "{word}? {said}");
}

fn fine(kind: Kind, spec: Value) {
    let faults = check(kind, &spec);
    assert!(faults.is_empty(), "{kind}: {faults:#?}");
}

fn workload() -> Value {
    json!({
        "owner": owner(),
        "containers": {"main": {"image": "redis:7", "env": [{"key": "A", "value": ""}]}},
        "endpoints": {"http": {"type": "HTTP", "port": 8080}},
        "connections": {"stock": {
            "type": "api",
            "params": {"componentName": "stock", "endpoint": "grpc"},
            "inject": {"env": [{"name": "STOCK", "value": "{{ .host }}:{{.port}}"}]},
        }},
    })
}

#[test]
fn variables_have_one_source() {
    let env = "/containers/main/env";
    let group = json!({"name": "db", "key": "host"});
    let bad = |value: Value, path: &str, word: &str| {
        only(
            Kind::Workload,
            with(workload(), env, json!([value])),
            path,
            word,
        );
    };
    fine(Kind::Workload, workload());
    let at = "spec.containers.main.env[0]";
    bad(json!({"key": "A"}), at, "none of `value` and `valueFrom`");
    bad(
        json!({"key": "A", "value": "", "valueFrom": {"secretRef": group}}),
        at,
        "at once",
    );
    let from = "spec.containers.main.env[0].valueFrom";
    bad(json!({"key": "A", "valueFrom": {}}), from, "none of");
    let both = json!({"secretRef": group, "configurationGroupRef": group});
    bad(json!({"key": "A", "valueFrom": both}), from, "at once");
    let twice = json!([{"key": "A", "value": "1"}, {"key": "A", "value": "2"}]);
    let spec = with(workload(), env, twice);
    only(
        Kind::Workload,
        spec,
        "spec.containers.main.env[1].key",
        "twice, first at spec.containers.main.env[0]",
    );
}

#[test]
fn workloads_hold_together() {
    let more = |pointer, value| with(workload(), pointer, value);
    fine(
        Kind::Workload,
        more("/endpoints/other", json!({"type": "HTTP", "port": 8080})),
    );
    fine(
        Kind::Workload,
        more("/endpoints/other", json!({"type": "UDP", "port": 8080})),
    );
    let clash = more("/endpoints/other", json!({"type": "gRPC", "port": 8080}));
    only(
        Kind::Workload,
        clash,
        "spec.endpoints.other.port",
        "`http`, which speaks HTTP",
    );

    let containers: serde_json::Map<String, Value> = (0..21)
        .map(|n| (format!("c{n}"), json!({"image": "a"})))
        .collect();
    only(
        Kind::Workload,
        more("/containers", Value::Object(containers)),
        "spec.containers",
        "at most 20",
    );

    let params = "/connections/stock/params";
    let at = |key: &str| format!("spec.connections.stock.params{key}");
    only(
        Kind::Workload,
        more(params, json!({"endpoint": "grpc"})),
        &at(".componentName"),
        "Add",
    );
    only(
        Kind::Workload,
        more(params, json!({"componentName": "a"})),
        &at(".endpoint"),
        "Add",
    );
    let typo = json!({"componentName": "a", "endpoint": "b", "projectname": "c"});
    only(
        Kind::Workload,
        more(params, typo),
        &at(".projectname"),
        "Did you mean `projectName`?",
    );
    let unfit = json!({"componentName": "A b", "endpoint": "b"});
    only(
        Kind::Workload,
        more(params, unfit),
        &at(".componentName"),
        "valid name",
    );

    let inject = "/connections/stock/inject/env";
    let at = |index: usize, key: &str| format!("spec.connections.stock.inject.env[{index}].{key}");
    let value = |text: &str| json!([{"name": "STOCK", "value": text}]);
    only(
        Kind::Workload,
        more(inject, value("{{ .hots }}")),
        &at(0, "value"),
        "Did you mean `{{ .host }}`?",
    );
    only(
        Kind::Workload,
        more(inject, value("{{ host }}")),
        &at(0, "value"),
        "Write `{{ .host }}`",
    );
    only(
        Kind::Workload,
        more(inject, value("{{ .host }")),
        &at(0, "value"),
        "isn't closed",
    );
    only(
        Kind::Workload,
        more(inject, value(".host }}")),
        &at(0, "value"),
        "without `{{`",
    );
    let own = json!([{"name": "A", "value": "x"}]);
    only(
        Kind::Workload,
        more(inject, own),
        &at(0, "name"),
        "`main` sets the variable `A`",
    );
    let twice = json!([{"name": "S", "value": "x"}, {"name": "S", "value": "y"}]);
    only(
        Kind::Workload,
        more(inject, twice),
        &at(1, "name"),
        "as well",
    );
}

#[test]
fn templates_fill() {
    let fill = |text: &str| template::fill(text, |name| format!("<{name}>"));
    assert_eq!(
        fill("{{ .host }}:{{.port}}/x").as_deref(),
        Ok("<host>:<port>/x")
    );
    assert_eq!(fill("a {{- .url -}} b").as_deref(), Ok("a<url>b"));
    assert_eq!(fill("plain { } text").as_deref(), Ok("plain { } text"));
    assert!(fill("{{ .host | upper }}").is_err());
}

#[test]
fn declarations_and_apis() {
    let service = json!({"owner": owner(), "workloadName": "w", "overrides": {}, "apis": {
        "http": {"type": "REST", "rest": {"backend": {"port": 80, "basePath": "/v1"}, "exposeLevels": ["Public"]}}
    }});
    fine(Kind::Service, service.clone());
    let more = |pointer, value| with(service.clone(), pointer, value);
    let http = "spec.apis.http";
    only(
        Kind::Service,
        more("/apis/http", json!({"type": "REST"})),
        &format!("{http}.rest"),
        "backend.port",
    );
    only(
        Kind::Service,
        more("/apis/http/type", json!("gRPC")),
        &format!("{http}.rest"),
        "only for APIs of type REST",
    );
    let levels = more("/apis/http/rest/exposeLevels", json!(["Public", "Public"]));
    only(
        Kind::Service,
        levels,
        &format!("{http}.rest.exposeLevels[1]"),
        "twice",
    );
    let path = more("/apis/http/rest/backend/basePath", json!("v1"));
    only(
        Kind::Service,
        path,
        &format!("{http}.rest.backend.basePath"),
        "Write `/v1`",
    );
    only(
        Kind::Service,
        more("/overrides", json!({"x": true})),
        "spec.overrides",
        "binding",
    );
    let task = json!({"owner": owner(), "workloadName": "w", "overrides": {"x": true}});
    only(Kind::ScheduledTask, task, "spec.overrides", "binding");
}

#[test]
fn planes() {
    let pem = |what: &str| {
        use base64::Engine;
        let text = format!("-----BEGIN {what}-----\nTUlJ\n-----END {what}-----\n");
        base64::engine::general_purpose::STANDARD.encode(text)
    };
    let (cert, key) = (pem("CERTIFICATE"), pem("EC PRIVATE KEY"));
    let plane = json!({
        "registry": {"prefix": "r"},
        "kubernetesCluster": {"name": "a", "credentials": {
            "apiServerURL": "https://10.0.0.1:6443", "caCert": cert, "clientCert": cert, "clientKey": key}},
        "gateway": {"publicVirtualHost": "a", "organizationVirtualHost": "b"},
    });
    fine(Kind::DataPlane, plane.clone());
    let more = |pointer, value| with(plane.clone(), pointer, value);
    let credentials = "spec.kubernetesCluster.credentials";
    let at = "/kubernetesCluster/credentials/clientKey";
    only(
        Kind::DataPlane,
        more(at, json!("???")),
        &format!("{credentials}.clientKey"),
        "base64",
    );
    only(
        Kind::DataPlane,
        more(at, json!(cert)),
        &format!("{credentials}.clientKey"),
        "PRIVATE KEY",
    );
    let raw = "-----BEGIN PRIVATE KEY-----\nsecret\n";
    let faults = check(Kind::DataPlane, &more(at, json!(raw)));
    assert!(faults[0].message.contains("is PEM") && !format!("{faults:?}").contains("secret"));

    let config = |user: &str, more: &str| {
        json!(format!(
            "apiVersion: v1\nkind: Config\nclusters: [{{name: c, cluster: {{server: \"https://a\"}}}}]\n\
             users: [{{name: u, user: {{{user}}}}}]\ncontexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n{more}"
        ))
    };
    let with_config = |text: Value, context: Option<&str>| {
        let mut cluster = json!({"name": "a", "kubeconfig": text});
        if let Some(context) = context {
            cluster["context"] = json!(context);
        }
        with(plane.clone(), "/kubernetesCluster", cluster)
    };
    let at = "spec.kubernetesCluster.kubeconfig";
    fine(
        Kind::DataPlane,
        with_config(config("token: t", "current-context: x"), None),
    );
    fine(
        Kind::DataPlane,
        with_config(config("token: t", ""), Some("x")),
    );
    only(
        Kind::DataPlane,
        with_config(config("token: t", ""), None),
        at,
        "Give `context`: `x`",
    );
    only(
        Kind::DataPlane,
        with_config(config("token: t", ""), Some("y")),
        at,
        "has no context `y`",
    );
    let current = "current-context: x";
    only(
        Kind::DataPlane,
        with_config(config("exec: {command: sh}", current), None),
        at,
        "run a program",
    );
    only(
        Kind::DataPlane,
        with_config(config("auth-provider: {name: gcp}", current), None),
        at,
        "run a program",
    );
    only(
        Kind::DataPlane,
        with_config(config("client-key: /etc/passwd", current), None),
        at,
        "names a file",
    );
    only(
        Kind::DataPlane,
        with_config(config("tokenFile: /token", current), None),
        at,
        "names a file",
    );
    only(
        Kind::DataPlane,
        with_config(json!("a: ["), None),
        at,
        "YAML",
    );
    let mut both = plane.clone();
    both["kubernetesCluster"]["kubeconfig"] = config("token: t", current);
    only(Kind::DataPlane, both, "spec.kubernetesCluster", "at once");
    let context = more("/kubernetesCluster/context", json!("x"));
    only(
        Kind::DataPlane,
        context,
        "spec.kubernetesCluster.context",
        "only for a kubeconfig",
    );
}

#[test]
fn pipelines_have_no_way_back() {
    let pipeline = |edges: &[(&str, &[&str])]| {
        let paths: Vec<Value> = edges
            .iter()
            .map(|(from, to)| {
                let to: Vec<Value> = to.iter().map(|name| json!({"name": name})).collect();
                json!({"sourceEnvironmentRef": from, "targetEnvironmentRefs": to})
            })
            .collect();
        json!({"promotionPaths": paths})
    };
    fine(
        Kind::DeploymentPipeline,
        pipeline(&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d"])]),
    );
    let at = |path: usize, target: usize| {
        format!("spec.promotionPaths[{path}].targetEnvironmentRefs[{target}].name")
    };
    let cycle = pipeline(&[("a", &["b"]), ("b", &["c"]), ("c", &["d", "a"])]);
    only(Kind::DeploymentPipeline, cycle, &at(2, 1), "a → b → c → a");
    only(
        Kind::DeploymentPipeline,
        pipeline(&[("a", &["a"])]),
        &at(0, 0),
        "itself",
    );
    only(
        Kind::DeploymentPipeline,
        pipeline(&[("a", &["b"]), ("a", &["b"])]),
        &at(1, 0),
        "twice",
    );
    let nowhere = pipeline(&[("a", &[])]);
    only(
        Kind::DeploymentPipeline,
        nowhere,
        "spec.promotionPaths[0].targetEnvironmentRefs",
        "nowhere",
    );
}

#[test]
fn configuration_leaves_no_doubt() {
    let group = |values: Value| {
        json!({
            "environmentGroups": [{"name": "non-prod", "environments": ["dev", "qa"]}, {"name": "all", "environments": ["qa", "prod"]}],
            "configurations": [{"key": "host", "values": values}],
        })
    };
    let kind = Kind::ConfigurationGroup;
    let at = "spec.configurations[0].values";
    fine(
        kind,
        group(
            json!([{"value": ""}, {"environmentGroupRef": "non-prod", "value": "a"}, {"environment": "qa", "vaultKey": "k"}]),
        ),
    );
    only(kind, group(json!([{}])), &format!("{at}[0]"), "none of");
    only(
        kind,
        group(json!([{"value": "a", "vaultKey": "b"}])),
        &format!("{at}[0]"),
        "at once",
    );
    only(
        kind,
        group(json!([{"value": "a", "environment": "qa", "environmentGroupRef": "all"}])),
        &format!("{at}[0]"),
        "`environment` and `environmentGroupRef` at once",
    );
    only(
        kind,
        group(json!([{"value": "a", "environmentGroupRef": "nonprod"}])),
        &format!("{at}[0].environmentGroupRef"),
        "Did you mean `non-prod`?",
    );
    only(
        kind,
        group(json!([{"value": "a", "environment": "qa"}, {"value": "b", "environment": "qa"}])),
        &format!("{at}[1]"),
        "two values for `qa`",
    );
    only(
        kind,
        group(json!([{"value": "a"}, {"value": "b"}])),
        &format!("{at}[1]"),
        "everywhere",
    );
    only(
        kind,
        group(
            json!([{"value": "a", "environmentGroupRef": "non-prod"}, {"value": "b", "environmentGroupRef": "all"}]),
        ),
        &format!("{at}[1].environmentGroupRef"),
        "`qa` from the groups `non-prod` and `all`",
    );
    let keys = json!({"configurations": [{"key": "a", "values": []}, {"key": "a", "values": []}]});
    only(kind, keys, "spec.configurations[1].key", "twice");
    let scope = json!({"configurations": [], "scope": {"projekt": "a"}});
    only(kind, scope, "spec.scope.projekt", "Did you mean `project`?");
    let members = json!({"configurations": [], "environmentGroups": [{"name": "g", "environments": ["a", "a"]}]});
    only(
        kind,
        members,
        "spec.environmentGroups[0].environments[1]",
        "twice",
    );
}

#[test]
fn policies_have_their_block() {
    let class = |policy: Value| json!({"restPolicy": {"public": policy}});
    let kind = Kind::APIClass;
    let at = "spec.restPolicy.public";
    fine(
        kind,
        class(
            json!({"rateLimit": {"requests": 1, "window": "1d"}, "authentication": {"type": "basic"}}),
        ),
    );
    only(
        kind,
        class(json!({"authentication": {"type": "jwt"}})),
        &format!("{at}.authentication.jwt"),
        "Add `jwt`",
    );
    let stray = json!({"authentication": {"type": "basic", "apikey": {"header": "X"}}});
    only(
        kind,
        class(stray),
        &format!("{at}.authentication.apikey"),
        "only for `type: apikey`",
    );
    let key = json!({"authentication": {"type": "apikey", "apikey": {}}});
    only(
        kind,
        class(key),
        &format!("{at}.authentication.apikey"),
        "none of",
    );
    let change = |change: Value| class(json!({"mediation": {"requestTransformations": [change]}}));
    let change_at = format!("{at}.mediation.requestTransformations[0]");
    only(
        kind,
        change(json!({"type": "json", "action": "addFields"})),
        &format!("{change_at}.fields"),
        "Add `fields`",
    );
    let extra =
        json!({"type": "json", "action": "removeHeaders", "headers": ["A"], "headerName": "B"});
    only(
        kind,
        change(extra),
        &format!("{change_at}.headerName"),
        "does nothing",
    );
    let origin = json!({"cors": {"allowOrigins": ["*", "acme.io"]}});
    only(
        kind,
        class(origin.clone()),
        &format!("{at}.cors.allowOrigins[1]"),
        "https://acme.io",
    );
    only(
        Kind::EndpointClass,
        class(origin),
        &format!("{at}.cors.allowOrigins[1]"),
        "origin",
    );
}

#[test]
fn bindings() {
    let binding = json!({"owner": owner(), "environment": "qa", "artifact": 3, "overrides": {}});
    let more = |pointer, value| with(binding.clone(), pointer, value);
    for kind in [
        Kind::ServiceBinding,
        Kind::WebApplicationBinding,
        Kind::ScheduledTaskBinding,
    ] {
        fine(kind, binding.clone());
        only(kind, more("/workloadSpec", json!({})), "spec", "at once");
        let none = json!({"owner": owner(), "environment": "qa"});
        only(kind, none, "spec", "none of `artifact` and `workloadSpec`");
    }
    let service = Kind::ServiceBinding;
    only(
        service,
        more("/overrides/schedule", json!("0 0 * * *")),
        "spec.overrides.schedule",
        "only scheduled tasks",
    );
    let task = Kind::ScheduledTaskBinding;
    fine(task, more("/overrides/schedule", json!("0 0 * * *")));
    only(
        task,
        more("/overrides/replicas", json!(1)),
        "spec.overrides.replicas",
        "no replicas",
    );
    only(
        task,
        more("/apis", json!({"a": {"type": "HTTP"}})),
        "spec.apis",
        "no managed APIs",
    );
    let v03 = more("/overrides/x", json!(true));
    assert_eq!(check(service, &v03)[0].path, "spec.overrides.x");
    let copy = json!({
        "owner": owner(), "environment": "qa", "workloadSpec": {"containers": {"main": {"image": "a", "env": [{"key": "A"}]}}},
        "overrides": {"containers": {"mian": {}}},
    });
    let faults = check(service, &copy);
    let paths: Vec<&str> = faults.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "spec.workloadSpec.containers.main.env[0]",
            "spec.overrides.containers.mian"
        ]
    );
}

#[test]
fn classes() {
    let task = |template: Value| json!({"cronJobTemplate": template});
    let kind = Kind::ScheduledTaskClass;
    fine(kind, task(json!({})));
    only(
        kind,
        task(json!({"schedule": "nightly"})),
        "spec.cronJobTemplate.schedule",
        "fields",
    );
    only(
        kind,
        task(json!({"schedule": 5})),
        "spec.cronJobTemplate.schedule",
        "Quote it",
    );
    only(
        kind,
        task(json!({"timeZone": "Mars/Olympus"})),
        "spec.cronJobTemplate.timeZone",
        "time zone",
    );
    let pod = |containers: Value| json!({"deploymentTemplate": {"template": {"spec": {"containers": containers}}}});
    let kind = Kind::ServiceClass;
    let at = "spec.deploymentTemplate.template.spec.containers";
    fine(
        kind,
        pod(json!([{"name": "main", "resources": {"limits": {"cpu": 1, "memory": "64Mi"}}}])),
    );
    only(
        kind,
        pod(json!([{}])),
        &format!("{at}[0].name"),
        "merged by",
    );
    only(
        kind,
        pod(json!([{"name": "a"}, {"name": "a"}])),
        &format!("{at}[1].name"),
        "twice",
    );
    only(
        kind,
        pod(json!([{"name": "a", "resources": {"limits": {"memory": "64MB"}}}])),
        &format!("{at}[0].resources.limits.memory"),
        "Write `64Mi`",
    );
    only(
        kind,
        pod(json!([{"name": "a", "env": [{"name": "A", "value": 1}]}])),
        &format!("{at}[0].env[0].value"),
        "Quote it",
    );
    let replicas = json!({"deploymentTemplate": {"replicas": "two"}});
    only(
        kind,
        replicas,
        "spec.deploymentTemplate.replicas",
        "replicas",
    );
}

#[test]
fn templates_are_what_kubernetes_knows() {
    let at = "spec.deploymentTemplate.template.spec";
    let pod = |spec: Value| json!({"deploymentTemplate": {"template": {"spec": spec}}});
    let main = |more: Value| {
        let mut container = json!({"name": "main"});
        let fields = container.as_object_mut().expect("a mapping");
        fields.extend(more.as_object().expect("a mapping").clone());
        pod(json!({"containers": [container]}))
    };
    let kind = Kind::ServiceClass;
    fine(
        kind,
        json!({
            "deploymentTemplate": {
                "replicas": 2, "revisionHistoryLimit": 3, "minReadySeconds": 5,
                "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}},
                "template": {
                    "metadata": {"labels": {"team": "a"}, "annotations": {"a/b": "c"}},
                    "spec": {
                        "serviceAccountName": "app", "nodeSelector": {"disk": "ssd"},
                        "tolerations": [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}],
                        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}],
                        "containers": [{
                            "name": "main", "imagePullPolicy": "IfNotPresent",
                            "resources": {"limits": {"cpu": 1, "memory": "64Mi"}},
                            "readinessProbe": {"httpGet": {"path": "/", "port": "web"}, "periodSeconds": 5},
                            "securityContext": {"readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}},
                            "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
                            "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}],
                        }],
                    },
                },
            },
            "serviceTemplate": {"type": "ClusterIP", "sessionAffinity": "ClientIP"},
        }),
    );
    let container = format!("{at}.containers[0]");
    for (spec, path, word) in [
        (
            json!({"deploymentTemplate": {"replica": 1}}),
            "spec.deploymentTemplate.replica".to_owned(),
            "Did you mean `replicas`?",
        ),
        (
            json!({"deploymentTemplate": {"paused": "yes"}}),
            "spec.deploymentTemplate.paused".into(),
            "Write true",
        ),
        (
            json!({"deploymentTemplate": {"strategy": {"type": "Rolling"}}}),
            "spec.deploymentTemplate.strategy.type".into(),
            "RollingUpdate",
        ),
        (
            pod(json!({"serviceAcountName": "a"})),
            format!("{at}.serviceAcountName"),
            "Did you mean `serviceAccountName`?",
        ),
        (
            pod(json!({"terminationGracePeriodSeconds": "45"})),
            format!("{at}.terminationGracePeriodSeconds"),
            "Take the quotes away",
        ),
        (
            main(json!({"livenesProbe": {}})),
            format!("{container}.livenesProbe"),
            "Did you mean `livenessProbe`?",
        ),
        (
            main(json!({"imagePullPolicy": "Sometimes"})),
            format!("{container}.imagePullPolicy"),
            "IfNotPresent",
        ),
        (
            main(json!({"readinessProbe": {"httpGet": {"path": "/"}}})),
            format!("{container}.readinessProbe.httpGet.port"),
            "Add `port`",
        ),
        (
            main(json!({"readinessProbe": {"httpGet": {"port": 1.5}}})),
            format!("{container}.readinessProbe.httpGet.port"),
            "a whole number or text",
        ),
        (
            main(json!({"command": "sh"})),
            format!("{container}.command"),
            "Write a list",
        ),
        (
            main(json!({"volumeMounts": [{"name": "tmp"}]})),
            format!("{container}.volumeMounts[0].mountPath"),
            "missing",
        ),
        (
            json!({"serviceTemplate": {"type": "LoadBalanced"}}),
            "spec.serviceTemplate.type".into(),
            "LoadBalancer",
        ),
        (
            json!({"serviceTemplate": {"ports": [{"port": "http"}]}}),
            "spec.serviceTemplate.ports[0].port".into(),
            "whole number",
        ),
    ] {
        only(kind, spec, &path, word);
    }
    let kind = Kind::ScheduledTaskClass;
    let task = |spec: Value| json!({"cronJobTemplate": spec});
    only(
        kind,
        task(json!({"concurencyPolicy": "Forbid"})),
        "spec.cronJobTemplate.concurencyPolicy",
        "Did you mean `concurrencyPolicy`?",
    );
    only(
        kind,
        task(json!({"jobTemplate": {"spec": {"backOffLimit": 1}}})),
        "spec.cronJobTemplate.jobTemplate.spec.backOffLimit",
        "Did you mean `backoffLimit`?",
    );
}

#[test]
fn releases_and_commits() {
    let release = json!({"owner": owner(), "environmentName": "qa", "resources": [
        {"id": "a", "object": {"apiVersion": "v1", "kind": "Service"}}, {"id": "a", "object": {"kind": "Service", "apiVersion": "v1"}}]});
    only(
        Kind::Release,
        release.clone(),
        "spec.resources[1].id",
        "twice",
    );
    let bare = with(
        with(release, "/resources/1/id", json!("b")),
        "/resources/1/object",
        json!({"kind": "Service"}),
    );
    only(
        Kind::Release,
        bare,
        "spec.resources[1].object.apiVersion",
        "Add",
    );

    let commit = |file: Value| json!({"repoURL": "https://git.acme.io/a.git", "message": "m", "files": [file]});
    let kind = Kind::GitCommitRequest;
    fine(kind, commit(json!({"path": "a/b.yaml", "content": ""})));
    fine(kind, commit(json!({"path": "a", "patch": "[]"})));
    for path in [
        "/etc/passwd",
        "../x",
        "a/../../x",
        "C:\\x",
        "a/.git/hooks/x",
        "a//b",
        "~/x",
        "",
        "a\\..\\x",
    ] {
        let faults = check(kind, &commit(json!({"path": path, "content": ""})));
        assert_eq!(faults.len(), 1, "{path}: {faults:?}");
        assert_eq!(faults[0].path, "spec.files[0].path");
    }
    only(
        kind,
        commit(json!({"path": "a"})),
        "spec.files[0]",
        "none of",
    );
    only(
        kind,
        commit(json!({"path": "a", "content": "", "patch": "[]"})),
        "spec.files[0]",
        "at once",
    );
    only(
        kind,
        commit(json!({"path": "a", "patch": "replace it"})),
        "spec.files[0].patch",
        "RFC 6902",
    );
    only(
        kind,
        json!({"repoURL": "https://a.io/b", "message": "m", "files": []}),
        "spec.files",
        "no file",
    );
    only(
        kind,
        json!({"repoURL": "file:///etc", "message": "m", "files": [{"path": "a", "content": ""}]}),
        "spec.repoURL",
        "git address",
    );
    fine(
        kind,
        json!({"repoURL": "git@git.acme.io:a/b.git", "message": "m", "files": [{"path": "a", "content": ""}]}),
    );
}

#[test]
fn legacy_kinds() {
    let endpoint = json!({"type": "REST", "backendRef": {"type": "componentRef", "componentRef": {"port": 80}}});
    fine(Kind::Endpoint, endpoint.clone());
    let none = with(endpoint.clone(), "/backendRef", json!({"type": "target"}));
    only(
        Kind::Endpoint,
        none,
        "spec.backendRef.target",
        "Add `target`",
    );
    let both = with(
        endpoint.clone(),
        "/backendRef/target",
        json!({"url": "https://a.io"}),
    );
    only(
        Kind::Endpoint,
        both,
        "spec.backendRef.target",
        "doesn't belong",
    );
    let policy = json!({"public": {"enable": true, "policies": [{"name": "a", "type": "cors", "policySpec": {}}]}});
    let path = "spec.networkVisibilities.public.policies[0].policySpec.cors";
    only(
        Kind::Endpoint,
        with(endpoint, "/networkVisibilities", policy),
        path,
        "Add `cors`",
    );

    let artifact = |application: Value| {
        json!({
        "targetArtifact": {"fromImageRef": {"tag": "1"}}, "configuration": {"application": application}})
    };
    let kind = Kind::DeployableArtifact;
    fine(
        kind,
        artifact(json!({"fileMounts": [{"mountPath": "/a", "value": ""}]})),
    );
    let at = "spec.configuration.application";
    only(
        kind,
        artifact(json!({"envFrom": [{}]})),
        &format!("{at}.envFrom[0]"),
        "none of",
    );
    only(
        kind,
        artifact(json!({"fileMounts": [{"mountPath": "/a"}]})),
        &format!("{at}.fileMounts[0]"),
        "none of",
    );
    let scaling = json!({"scaling": {"hpa": {"minReplicas": 3, "maxReplicas": 2}}});
    only(
        kind,
        artifact(scaling),
        &format!("{at}.scaling.hpa.maxReplicas"),
        "less than",
    );
    only(
        kind,
        json!({"targetArtifact": {}}),
        "spec.targetArtifact",
        "none of",
    );
    let track =
        json!({"buildTemplateSpec": {"branch": "b", "path": "p", "buildConfiguration": {}}});
    only(
        Kind::DeploymentTrack,
        track,
        "spec.buildTemplateSpec.buildConfiguration",
        "none of",
    );
    let deployment = json!({"deploymentArtifactRef": "a", "configurationOverrides": {"application": {"env": [{"key": "A"}]}}});
    only(
        Kind::Deployment,
        deployment,
        "spec.configurationOverrides.application.env[0]",
        "none of",
    );
}

#[test]
fn parameters_stand_once() {
    let build = json!({
        "owner": owner(), "repository": {"url": "u", "revision": {}, "appPath": "/"},
        "templateRef": {"name": "t", "parameters": [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]},
    });
    only(
        Kind::Build,
        build,
        "spec.templateRef.parameters[1].name",
        "twice",
    );
}
