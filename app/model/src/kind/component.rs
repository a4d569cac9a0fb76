//! A deployable unit of one type.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, value::ObjectName};

/// A component (`openchoreo.md` 1.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ComponentSpec {
    /// Where it belongs.
    pub owner: ProjectOwner,
    /// What it is. v0.3 knows more words than it acts upon.
    #[serde(rename = "type")]
    pub component_type: ComponentType,
    /// How it is built from source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<BuildSpec>,
}

/// The project that a component belongs to. Never changes once stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectOwner {
    /// The project.
    pub project_name: ObjectName,
}

/// What a component is. The seed names four; v0.3's other words are kept and not acted upon.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ComponentType {
    /// A backend.
    Service,
    /// A front end with an address of its own.
    WebApplication,
    /// Runs by the clock.
    ScheduledTask,
    /// A proxy for an API.
    API,
    /// v0.3 word without meaning there.
    ManualTask,
    /// v0.3 word without meaning there.
    Webhook,
    /// v0.3's word for API.
    APIProxy,
    /// v0.3 word without meaning there.
    TestRunner,
    /// v0.3 word without meaning there.
    EventHandler,
}

impl ComponentType {
    /// The word manifests use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "Service",
            Self::WebApplication => "WebApplication",
            Self::ScheduledTask => "ScheduledTask",
            Self::API => "API",
            Self::ManualTask => "ManualTask",
            Self::Webhook => "Webhook",
            Self::APIProxy => "APIProxy",
            Self::TestRunner => "TestRunner",
            Self::EventHandler => "EventHandler",
        }
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Service => "Service",
            Self::WebApplication => "Web application",
            Self::ScheduledTask => "Scheduled task",
            Self::API | Self::APIProxy => "API",
            Self::ManualTask => "Manual task",
            Self::Webhook => "Webhook",
            Self::TestRunner => "Test runner",
            Self::EventHandler => "Event handler",
        }
    }

    /// The kind of its per-type declaration, for the types that have one.
    pub fn declaration(self) -> Option<Kind> {
        match self {
            Self::Service => Some(Kind::Service),
            Self::WebApplication => Some(Kind::WebApplication),
            Self::ScheduledTask => Some(Kind::ScheduledTask),
            Self::API | Self::APIProxy => Some(Kind::API),
            _ => None,
        }
    }

    /// The kind of its class, for the types that have one.
    pub fn class(self) -> Option<Kind> {
        match self {
            Self::Service => Some(Kind::ServiceClass),
            Self::WebApplication => Some(Kind::WebApplicationClass),
            Self::ScheduledTask => Some(Kind::ScheduledTaskClass),
            Self::API | Self::APIProxy => Some(Kind::APIClass),
            _ => None,
        }
    }

    /// The kind of its binding, for the types that have one.
    pub fn binding(self) -> Option<Kind> {
        match self {
            Self::Service => Some(Kind::ServiceBinding),
            Self::WebApplication => Some(Kind::WebApplicationBinding),
            Self::ScheduledTask => Some(Kind::ScheduledTaskBinding),
            Self::API | Self::APIProxy => Some(Kind::APIBinding),
            _ => None,
        }
    }
}

impl std::fmt::Display for ComponentType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a component is built from source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildSpec {
    /// Where the source is.
    pub repository: Repository,
    /// What builds it.
    pub template_ref: TemplateRef,
}

/// Where source is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Repository {
    /// The git address.
    pub url: String,
    /// What of it.
    pub revision: Branch,
    /// Path of the application in the repository.
    pub app_path: String,
}

/// A branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Branch {
    /// Its name.
    pub branch: String,
}

/// The template that builds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateRef {
    /// Its name.
    #[schemars(length(min = 1))]
    pub name: String,
    /// The engine, such as `argo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// Further parameters.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value, always text.
    pub value: String,
}
