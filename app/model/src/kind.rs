//! The kinds of v0.3 (`openchoreo.dev/v1alpha1`) as typed Rust, one file a family.
//!
//! A kind is added in three places: its file here, its row in [`Kind`], its page.
//! The rules on single fields (required, bounds, patterns) are the CRDs' own and stand in the
//! types as JSON Schema; the rules across fields stand in [`crate::manifest::rules`].

pub mod api;
pub mod binding;
pub mod build;
pub mod class;
pub mod component;
pub mod configuration;
pub mod endpoint;
pub mod environment;
pub mod git;
pub mod legacy;
pub mod organization;
pub mod pipeline;
pub mod plane;
pub mod project;
pub mod release;
pub mod value;
pub mod workload;

use std::fmt;

use serde::{Deserialize, Serialize};

/// The one API group and version that manifests carry.
pub const API_VERSION: &str = "openchoreo.dev/v1alpha1";

/// Where a kind's objects live, and so what makes their names unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Above all organizations.
    Root,
    /// In an organization.
    Organization,
    /// In a project (`spec.owner.projectName`).
    Project,
    /// In a component (`spec.owner.projectName` and `componentName`).
    Component,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $scope:ident $plural:literal $order:literal;)*) => {
        /// Every kind that a manifest may name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        impl Kind {
            /// All kinds, in the order of [`Kind::order`].
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)*];

            /// The kind's name as manifests write it.
            pub fn as_str(self) -> &'static str {
                match self { $(Kind::$kind => stringify!($kind),)* }
            }

            /// Where its objects live.
            pub fn scope(self) -> Scope {
                match self { $(Kind::$kind => Scope::$scope,)* }
            }

            /// The plural that addresses use, such as `serviceclasses`.
            pub fn plural(self) -> &'static str {
                match self { $(Kind::$kind => $plural,)* }
            }

            /// Its place when many are applied at once: what is referred to comes first.
            pub fn order(self) -> u8 {
                match self { $(Kind::$kind => $order,)* }
            }
        }
    };
}

kinds! {
    /// The tenant; everything else lives in one.
    Organization Root "organizations" 0;
    /// A cluster that runs workloads.
    DataPlane Organization "dataplanes" 1;
    /// A cluster that runs builds.
    BuildPlane Organization "buildplanes" 1;
    /// A runtime context on one DataPlane.
    Environment Organization "environments" 2;
    /// Which environment may follow which.
    DeploymentPipeline Organization "deploymentpipelines" 3;
    /// Settings with a value per environment or group of environments.
    ConfigurationGroup Organization "configurationgroups" 3;
    /// Templates and policies for Services.
    ServiceClass Organization "serviceclasses" 3;
    /// Templates and policies for WebApplications.
    WebApplicationClass Organization "webapplicationclasses" 3;
    /// Templates and policies for ScheduledTasks.
    ScheduledTaskClass Organization "scheduledtaskclasses" 3;
    /// Policies for managed APIs.
    APIClass Organization "apiclasses" 3;
    /// Policies for endpoints.
    EndpointClass Organization "endpointclasses" 3;
    /// A bounded context: a cell per environment at run time.
    Project Organization "projects" 4;
    /// A deployable unit of one type.
    Component Project "components" 5;
    /// A legacy version line of a component; kept, and not acted upon.
    DeploymentTrack Component "deploymenttracks" 6;
    /// The runtime contract: containers, endpoints, connections.
    Workload Component "workloads" 6;
    /// Declares a component's workload to be a service.
    Service Component "services" 7;
    /// Declares a component's workload to be a web application.
    WebApplication Component "webapplications" 7;
    /// Declares a component's workload to be a scheduled task.
    ScheduledTask Component "scheduledtasks" 7;
    /// Declares an API proxy.
    API Component "apis" 7;
    /// One run on a BuildPlane.
    Build Component "builds" 8;
    /// An immutable image with its configuration, as a manifest names it.
    DeployableArtifact Component "deployableartifacts" 8;
    /// What of a Service should run in one environment.
    ServiceBinding Component "servicebindings" 9;
    /// What of a WebApplication should run in one environment.
    WebApplicationBinding Component "webapplicationbindings" 9;
    /// What of a ScheduledTask should run in one environment.
    ScheduledTaskBinding Component "scheduledtaskbindings" 9;
    /// What of an API should run in one environment.
    APIBinding Component "apibindings" 9;
    /// A legacy attempt to bring an artifact to an environment.
    Deployment Component "deployments" 10;
    /// A legacy network address with its policies.
    Endpoint Component "endpoints" 10;
    /// A rendered set of Kubernetes objects, as a manifest names it.
    Release Component "releases" 10;
    /// A commit to make in a git repository.
    GitCommitRequest Organization "gitcommitrequests" 11;
}

impl Kind {
    /// Finds the kind by its exact name, or `None`.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// Finds the kind by name, plural, lower-case or v0.3 short name (`dp`, `deppipe`, …), as
    /// people type it on a command line.
    pub fn guessed(word: &str) -> Option<Kind> {
        let word = word.to_ascii_lowercase();
        let short = match word.as_str() {
            "org" | "orgs" => Some(Kind::Organization),
            "dp" | "dps" => Some(Kind::DataPlane),
            "env" | "envs" => Some(Kind::Environment),
            "deppipe" | "deppipes" | "pipeline" | "pipelines" => Some(Kind::DeploymentPipeline),
            "configgrp" | "configgroup" | "configgroups" => Some(Kind::ConfigurationGroup),
            "proj" | "projs" => Some(Kind::Project),
            "comp" | "comps" => Some(Kind::Component),
            "deptrack" => Some(Kind::DeploymentTrack),
            _ => None,
        };
        short.or_else(|| {
            Kind::ALL
                .iter()
                .copied()
                .find(|kind| kind.plural() == word || kind.as_str().eq_ignore_ascii_case(&word))
        })
    }

    /// What people must know when they apply one that Troupe keeps but doesn't act upon (yet).
    pub fn note(self) -> Option<&'static str> {
        match self {
            Kind::API | Kind::APIBinding => Some(
                "API proxies are stored, checked and shown; they are not rendered onto planes yet",
            ),
            Kind::EndpointClass => {
                Some("EndpointClasses are stored and shown; they are not rendered yet")
            }
            Kind::BuildPlane | Kind::Build => {
                Some("Builds are stored and shown; running them comes later")
            }
            Kind::DeploymentTrack => Some(
                "DeploymentTrack is a legacy kind: it is kept and shown. Use environments and a \
                 DeploymentPipeline to say how versions move",
            ),
            Kind::DeployableArtifact => Some(
                "Troupe makes its own numbered artifacts out of Workload and declaration; this \
                 manifest is kept and shown as imported",
            ),
            Kind::Deployment => Some(
                "Troupe makes its own deployments; this legacy manifest is kept and shown. Apply \
                 a binding to say what should run in an environment",
            ),
            Kind::Endpoint => Some(
                "Endpoint is a legacy kind: it is kept and shown. Declare endpoints in the \
                 Workload and exposure in the Service",
            ),
            Kind::Release => {
                Some("Troupe renders its own releases; this manifest is kept and shown as imported")
            }
            Kind::GitCommitRequest => {
                Some("Commit requests are stored and shown; making the commit comes later")
            }
            _ => None,
        }
    }

    /// The component type that a declaration, class or binding belongs to.
    pub fn component_type(self) -> Option<component::ComponentType> {
        use component::ComponentType as T;
        match self {
            Kind::Service | Kind::ServiceClass | Kind::ServiceBinding => Some(T::Service),
            Kind::WebApplication | Kind::WebApplicationClass | Kind::WebApplicationBinding => {
                Some(T::WebApplication)
            }
            Kind::ScheduledTask | Kind::ScheduledTaskClass | Kind::ScheduledTaskBinding => {
                Some(T::ScheduledTask)
            }
            Kind::API | Kind::APIClass | Kind::APIBinding => Some(T::API),
            _ => None,
        }
    }

    /// Whether this is a class: a versioned template.
    pub fn is_class(self) -> bool {
        matches!(
            self,
            Kind::ServiceClass
                | Kind::WebApplicationClass
                | Kind::ScheduledTaskClass
                | Kind::APIClass
                | Kind::EndpointClass
        )
    }

    /// Whether this is a binding: a component in one environment.
    pub fn is_binding(self) -> bool {
        matches!(
            self,
            Kind::ServiceBinding
                | Kind::WebApplicationBinding
                | Kind::ScheduledTaskBinding
                | Kind::APIBinding
        )
    }

    /// Whether this is a per-type declaration.
    pub fn is_declaration(self) -> bool {
        matches!(
            self,
            Kind::Service | Kind::WebApplication | Kind::ScheduledTask | Kind::API
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
