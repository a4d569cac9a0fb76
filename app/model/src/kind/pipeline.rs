//! Which environment may follow which.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::ObjectName;

/// The promotion graph (`openchoreo.md` 1.5): a DAG, checked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeploymentPipelineSpec {
    /// The edges, grouped by where they begin.
    #[serde(default)]
    pub promotion_paths: Vec<PromotionPath>,
}

/// The edges that begin at one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PromotionPath {
    /// Where they begin.
    pub source_environment_ref: ObjectName,
    /// Where they lead.
    pub target_environment_refs: Vec<TargetEnvironment>,
}

/// The end of an edge, with its gates.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TargetEnvironment {
    /// The environment.
    pub name: ObjectName,
    /// Whether somebody must approve.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub requires_approval: bool,
    /// v0.3's second name for the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_manual_approval_required: bool,
}

impl DeploymentPipelineSpec {
    /// All environments it names, roots first, in an order that follows the edges; what no edge
    /// orders stands in order of appearance. A cycle (which validation refuses) ends the list early.
    pub fn environments(&self) -> Vec<String> {
        let mut names: Vec<&str> = Vec::new();
        for path in &self.promotion_paths {
            let targets = path.target_environment_refs.iter().map(|t| t.name.as_str());
            for name in std::iter::once(path.source_environment_ref.as_str()).chain(targets) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let mut ordered: Vec<&str> = Vec::new();
        while ordered.len() < names.len() {
            let ready: Vec<&str> = names
                .iter()
                .copied()
                .filter(|name| !ordered.contains(name))
                .filter(|name| {
                    self.sources(name)
                        .iter()
                        .all(|source| ordered.contains(source))
                })
                .collect();
            if ready.is_empty() {
                break;
            }
            ordered.extend(ready);
        }
        ordered.into_iter().map(str::to_owned).collect()
    }

    /// The environments that no edge leads to: where new artifacts go first.
    pub fn roots(&self) -> Vec<String> {
        self.environments()
            .into_iter()
            .filter(|name| self.sources(name).is_empty())
            .collect()
    }

    /// Where one environment's artifacts come from.
    pub fn sources(&self, environment: &str) -> Vec<&str> {
        self.promotion_paths
            .iter()
            .filter(|path| {
                path.target_environment_refs
                    .iter()
                    .any(|t| t.name.as_str() == environment)
            })
            .map(|path| path.source_environment_ref.as_str())
            .collect()
    }
}
