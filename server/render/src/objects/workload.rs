//! Deployment and Service, or CronJob: the class's template, what the workload says on top of it,
//! then what the binding changes.

mod pods;

use model::{
    kind::{
        binding::ReleaseState,
        class::{ScheduledTaskClassSpec, WorkloadClassSpec},
        component::ComponentType,
        value::Template,
    },
    name::{CRON_JOB, plane_name},
};
use serde::Deserialize;
use serde_json::{Value, json};

use pods::port_name;

use crate::{
    fault::RenderFault,
    input::Input,
    merge::{Shape, clean, strategic, unfit},
    objects::{Labels, complete},
};

/// The objects that run something, in the order they are applied: what finds pods before the pods.
pub(crate) fn objects(
    input: &Input,
    namespace: &str,
    labels: &Labels,
    faults: &mut Vec<RenderFault>,
) -> Vec<Value> {
    let maker = Maker {
        input,
        namespace,
        labels,
    };
    let spec = &input.class.spec;
    if input.component_type == ComponentType::ScheduledTask {
        match ScheduledTaskClassSpec::deserialize(spec) {
            Ok(class) => maker.cron_job(class, faults).into_iter().collect(),
            Err(error) => maker.unreadable(&error, faults),
        }
    } else {
        match WorkloadClassSpec::deserialize(spec) {
            Ok(class) => {
                let deployment = maker.deployment(class.deployment_template, faults);
                let service = maker.service(class.service_template, faults);
                service.into_iter().chain(deployment).collect()
            }
            Err(error) => maker.unreadable(&error, faults),
        }
    }
}

struct Maker<'a> {
    input: &'a Input,
    namespace: &'a str,
    labels: &'a Labels,
}

impl Maker<'_> {
    /// A fault of the class: every release that pins this version has it.
    fn fault(&self, field: &str, message: impl Into<String>, remedy: &str) -> RenderFault {
        let class = &self.input.class;
        let object = format!("{} {} version {}", class.kind, class.name, class.version);
        RenderFault::new(object, field, message, remedy)
    }

    fn unreadable(&self, error: &serde_json::Error, faults: &mut Vec<RenderFault>) -> Vec<Value> {
        let message = format!("can't be read: {error}");
        faults.push(self.fault(
            "spec",
            message,
            "Mend the class; a new artifact takes its new version",
        ));
        Vec::new()
    }

    /// The class's template without nulls, if it can be merged.
    fn template(
        &self,
        template: Option<Template>,
        shape: Shape,
        field: &str,
        faults: &mut Vec<RenderFault>,
    ) -> Option<Value> {
        let template = clean(&Value::Object(template.unwrap_or_default().0));
        let found = unfit(&template, shape, field);
        if found.is_empty() {
            return Some(template);
        }
        let remedy = "Write it as Kubernetes has it";
        faults.extend(
            found
                .into_iter()
                .map(|(path, message)| self.fault(&path, message, remedy)),
        );
        None
    }

    fn deployment(
        &self,
        template: Option<Template>,
        faults: &mut Vec<RenderFault>,
    ) -> Option<Value> {
        let field = "spec.deploymentTemplate";
        let base = self.template(template, Shape::DeploymentSpec, field, faults)?;
        let own = base
            .get("selector")
            .filter(|selector| **selector != json!({}));
        if own.is_some_and(|selector| *selector != json!({"matchLabels": self.labels.selector})) {
            faults.push(self.fault(
                &format!("{field}.selector"),
                "the selector belongs to Troupe",
                "Take it out of the class",
            ));
        }
        let mut spec = json!({"template": self.pods(base.get("template"), true)});
        if base.get("replicas").is_none() {
            spec["replicas"] = 1.into();
        }
        let mut spec = strategic(base, &spec, Shape::DeploymentSpec);
        let changes = json!({"template": {"spec": {"containers": self.changes()}}});
        spec = strategic(spec, &changes, Shape::DeploymentSpec);
        if let Some(replicas) = self.input.replicas {
            spec["replicas"] = replicas.into();
        }
        if self.input.state == ReleaseState::Suspend {
            spec["replicas"] = 0.into();
        }
        spec["selector"] = json!({"matchLabels": self.labels.selector});
        self.finish(&mut spec["template"], &format!("{field}.template"), faults);
        let body = json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": spec});
        Some(complete(
            body,
            &self.input.workload_name(),
            self.namespace,
            self.labels,
        ))
    }

    fn service(&self, template: Option<Template>, faults: &mut Vec<RenderFault>) -> Option<Value> {
        if self.input.endpoints.is_empty() {
            return None;
        }
        let field = "spec.serviceTemplate";
        let base = self.template(template, Shape::ServiceSpec, field, faults)?;
        let own = base
            .get("selector")
            .filter(|selector| **selector != json!({}));
        if own.is_some_and(|selector| *selector != json!(self.labels.selector)) {
            faults.push(self.fault(
                &format!("{field}.selector"),
                "the selector belongs to Troupe",
                "Take it out of the class",
            ));
        }
        let ports: Vec<Value> = self
            .ports()
            .into_iter()
            .map(|(port, protocol)| {
                json!({"name": port_name(port, protocol), "port": port, "targetPort": port,
                       "protocol": protocol})
            })
            .collect();
        let mut overlay = json!({"ports": ports});
        if base.get("type").is_none() {
            overlay["type"] = "ClusterIP".into();
        }
        let mut spec = strategic(base, &overlay, Shape::ServiceSpec);
        spec["selector"] = json!(self.labels.selector);
        let body = json!({"apiVersion": "v1", "kind": "Service", "spec": spec});
        Some(complete(
            body,
            &self.input.workload_name(),
            self.namespace,
            self.labels,
        ))
    }

    fn cron_job(
        &self,
        class: ScheduledTaskClassSpec,
        faults: &mut Vec<RenderFault>,
    ) -> Option<Value> {
        let field = "spec.cronJobTemplate";
        let base = self.template(class.cron_job_template, Shape::CronJobSpec, field, faults)?;
        let pods = "/jobTemplate/spec/template";
        let own = base
            .pointer(pods)
            .and_then(|pods| pods.get("spec")?.get("restartPolicy"));
        if own.is_some_and(|own| *own != "Never" && *own != "OnFailure") {
            faults.push(self.fault(
                &format!("{field}.jobTemplate.spec.template.spec.restartPolicy"),
                "a job's pods restart OnFailure or Never",
                "Use one of both",
            ));
        }
        let mut template = self.pods(base.pointer(pods), false);
        if own.is_none() {
            template["spec"]["restartPolicy"] = "OnFailure".into();
        }
        let metadata = json!({"labels": self.labels.all});
        let overlay =
            json!({"jobTemplate": {"metadata": metadata, "spec": {"template": template}}});
        let mut spec = strategic(base, &overlay, Shape::CronJobSpec);
        let changes = json!({"containers": self.changes()});
        let changes = json!({"jobTemplate": {"spec": {"template": {"spec": changes}}}});
        spec = strategic(spec, &changes, Shape::CronJobSpec);
        self.schedule(&mut spec, faults);
        if self.input.state == ReleaseState::Suspend {
            spec["suspend"] = true.into();
        } else if spec.get("suspend").is_none() {
            spec["suspend"] = false.into();
        }
        let at = format!("{field}.jobTemplate.spec.template");
        self.finish(&mut spec["jobTemplate"]["spec"]["template"], &at, faults);
        let body = json!({"apiVersion": "batch/v1", "kind": "CronJob", "spec": spec});
        // The job controller appends 11 characters to the name.
        let name = plane_name(CRON_JOB, &[&self.input.binding], self.input.join);
        Some(complete(body, &name, self.namespace, self.labels))
    }

    fn schedule(&self, spec: &mut Value, faults: &mut Vec<RenderFault>) {
        if let Some(schedule) = &self.input.schedule {
            spec["schedule"] = schedule.clone().into();
        }
        if spec
            .get("schedule")
            .and_then(Value::as_str)
            .is_none_or(str::is_empty)
        {
            faults.push(self.fault(
                "spec.cronJobTemplate.schedule",
                format!("nothing says when {} runs", self.input.component),
                "Set overrides.schedule in the ScheduledTaskBinding of this environment, or \
                 cronJobTemplate.schedule in the class",
            ));
        }
    }
}
