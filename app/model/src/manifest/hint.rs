//! Where to turn with manifests of later versions of OpenChoreo, or of Kubernetes itself.

use super::step::Step;
use crate::kind::Kind;

/// The nearest kind of v0.3 for a kind of v1.x, as a remedy.
pub(crate) fn later_kind(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "ComponentType" | "ClusterComponentType" => {
            "ComponentType is a v1 kind. The nearest here are ServiceClass, WebApplicationClass and ScheduledTaskClass"
        }
        "Trait" | "ClusterTrait" => {
            "Traits are a v1 kind. Put what the trait adds into the templates of a ServiceClass, WebApplicationClass or ScheduledTaskClass"
        }
        "ComponentRelease" => {
            "ComponentRelease is a v1 kind. The nearest here is DeployableArtifact, which Troupe makes by itself out of Workload and declaration"
        }
        "ReleaseBinding" | "ComponentReleaseBinding" => {
            "ReleaseBinding is a v1 kind. The nearest here are ServiceBinding, WebApplicationBinding and ScheduledTaskBinding"
        }
        "RenderedRelease" => {
            "RenderedRelease is a v1 kind. The nearest here is Release, which Troupe renders by itself"
        }
        "WorkflowRun" | "ComponentWorkflowRun" => {
            "WorkflowRun is a v1 kind. The nearest here is Build"
        }
        "Workflow" | "ClusterWorkflow" | "ComponentWorkflow" => {
            "Workflow is a v1 kind. The nearest here is `build` of a Component"
        }
        "SecretReference" => {
            "SecretReference is a v1 kind. The nearest here are `vaultKey` values of a ConfigurationGroup"
        }
        "WorkflowPlane" | "ClusterWorkflowPlane" | "ClusterBuildPlane" => {
            "The nearest here is BuildPlane"
        }
        "ClusterDataPlane" => "The nearest here is DataPlane",
        "ObservabilityPlane" | "ClusterObservabilityPlane" => {
            "The nearest here is `observer` of a DataPlane"
        }
        "WorkloadClass" => {
            "The nearest here are ServiceClass, WebApplicationClass and ScheduledTaskClass"
        }
        _ => return None,
    })
}

/// What to do about a field that later versions have.
pub(crate) fn later_field(kind: Kind, path: &[Step]) -> Option<&'static str> {
    let keys: Vec<&str> = path
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) => "",
        })
        .collect();
    Some(match (kind, keys.as_slice()) {
        (Kind::Component, ["spec", "componentType"]) => {
            "`componentType` is of v1. Write `type: Service` (or WebApplication, ScheduledTask), and a Service, WebApplication or ScheduledTask beside the Component"
        }
        (Kind::Component, ["spec", "traits" | "parameters"]) => {
            "This is of v1. Put it into the templates of the class"
        }
        (Kind::Component, ["spec", "autoDeploy"]) => {
            "This is of v1. Take it away: new artifacts go to the pipeline's first environments by themselves"
        }
        (Kind::Component, ["spec", "workflow"]) => {
            "This is of v1. Write `build` with `repository` and `templateRef`"
        }
        (Kind::Workload, ["spec", "container"]) => {
            "`container` is of v1. Write `containers`, with the container under the name `main`"
        }
        (Kind::Workload, ["spec", "dependencies"]) => {
            "`dependencies` is of v1. Write `connections` with `params` and `inject.env`"
        }
        (Kind::Workload, ["spec", "endpoints", _, "visibility"]) => {
            "`visibility` is of v1. Declare `apis` with `rest.exposeLevels` in the Service"
        }
        (Kind::Service | Kind::WebApplication | Kind::ScheduledTask, ["spec", "replicas"]) => {
            "Replicas stand in the class's template, or in a binding's `overrides.replicas`"
        }
        (Kind::Workload, ["spec", "containers", _, "resources"]) => {
            "Resources stand in the class's template, or in a binding's `overrides.containers`"
        }
        (Kind::Workload, ["spec", "containers", _, "ports"]) => {
            "Ports stand in `endpoints` of the Workload"
        }
        (Kind::Workload, ["spec", "containers", _, "env", "", "name"]) => "Did you mean `key`?",
        (Kind::ScheduledTask, ["spec", "schedule"]) => {
            "The schedule stands in the ScheduledTaskClass's `cronJobTemplate.schedule`, or in a binding's `overrides.schedule`"
        }
        _ => return None,
    })
}

/// What to do about an `apiVersion` that isn't ours.
pub(crate) fn other_version(version: &str) -> String {
    if version.starts_with("openchoreo.dev/") || version.starts_with("core.choreo.dev/") {
        return format!(
            "Write `{}`; manifests of v0.3 are what Troupe reads",
            crate::kind::API_VERSION
        );
    }
    format!(
        "Write `{}`. Plain Kubernetes objects belong into the templates of a class",
        crate::kind::API_VERSION
    )
}
