//! What the component form is offered, out of memory.

use model::port::drafting::Drafting;

use super::*;

#[async_trait]
impl Drafting for World {
    async fn offers(&self, _: &Viewer, project: &str) -> Answer<ComponentOffers> {
        let class = |name: &str, version, description: &str, gives: &str| ClassOffer {
            name: name.into(),
            display_name: name.into(),
            description: description.into(),
            version,
            gives: gives.into(),
            ..ClassOffer::default()
        };
        let mut offers = ComponentOffers {
            project_display_name: project.into(),
            ..ComponentOffers::default()
        };
        if *self == World::Shop {
            offers.first = vec![environment(0)];
            offers.environments = vec![environment(0), environment(1)];
            offers.classes = [
                (
                    Kind::ServiceClass,
                    vec![
                        class("default", 2, "", "1 replica"),
                        class("strict", 1, "For what is paid for", "3 replicas, probes"),
                    ],
                ),
                (
                    Kind::ScheduledTaskClass,
                    vec![ClassOffer {
                        schedule: "0 * * * *".into(),
                        ..class("default", 1, "", "Every hour")
                    }],
                ),
            ]
            .into();
        }
        Ok(offers)
    }

    async fn parts(&self, _: &Viewer, project: &str, name: &str) -> Answer<ComponentParts> {
        let owner = json!({"projectName": project, "componentName": name});
        let part = |kind: Kind, version, spec: serde_json::Value| PartView {
            identity: in_shop(kind, name),
            version,
            manifest: json!({
                "apiVersion": "openchoreo.dev/v1alpha1", "kind": kind.as_str(),
                "metadata": {"name": name}, "spec": spec,
            }),
        };
        let of_component = json!({"owner": {"projectName": project}, "type": "Service"});
        Ok(ComponentParts {
            display_name: "Cart".into(),
            component: part(Kind::Component, 3, of_component),
            workload: Some(part(
                Kind::Workload,
                5,
                json!({
                    "owner": owner,
                    "containers": {"main": {
                        "image": "registry.acme.dev/shop/cart:0.10.9", "args": ["--verbose"],
                        "env": [
                            {"key": "PORT", "value": "7070"},
                            {"key": "MOTD", "value": "Hello </textarea><script>alert(1)</script>\nthere"},
                            {"key": "DB", "valueFrom": {"configurationGroupRef": {"name": "db", "key": "host"}}},
                        ],
                    }},
                    "endpoints": {"grpc": {"type": "gRPC", "port": 7070}},
                    "connections": {"redis": {
                        "type": "api", "params": {"componentName": "redis", "endpoint": "tcp"},
                        "inject": {"env": [{"name": "REDIS_ADDR", "value": "{{ .host }}:{{ .port }}"}]},
                    }},
                }),
            )),
            declaration: Some(part(
                Kind::Service,
                4,
                json!({"owner": owner, "workloadName": name, "className": "strict"}),
            )),
            bindings: [].into(),
        })
    }

    async fn endpoints(&self, _: &Viewer, _: &str, _: &str, _: &str) -> Answer<Vec<EndpointOffer>> {
        let offer = |project: &str, component: &str, exposure| EndpointOffer {
            project: project.into(),
            component: component.into(),
            endpoint: "http".into(),
            endpoint_type: "HTTP".into(),
            port: 8080,
            exposure,
        };
        Ok(if *self == World::Shop {
            vec![
                offer("shop", "redis", Exposure::Project),
                offer("warehouse", "stock", Exposure::Organization),
            ]
        } else {
            vec![]
        })
    }

    async fn keys(&self, _: &Viewer, _: &str) -> Answer<Vec<KeyOffer>> {
        Ok(if *self == World::Shop {
            vec![KeyOffer {
                group: "db".into(),
                key: "host".into(),
            }]
        } else {
            vec![]
        })
    }
}
