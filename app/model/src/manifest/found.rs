//! A fault before it knows its file, and a cursor that rules walk a spec with.

use serde_json::Value;

use super::step::{Step, path};

/// A fault at a path of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Where.
    pub steps: Vec<Step>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl Found {
    /// A fault.
    pub fn new(steps: Vec<Step>, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            steps,
            message: message.into(),
            remedy: remedy.into(),
        }
    }
}

/// A value and its path.
#[derive(Debug, Clone)]
pub(crate) struct At<'a> {
    /// The value.
    pub value: &'a Value,
    /// Its path.
    pub steps: Vec<Step>,
}

impl<'a> At<'a> {
    /// The spec.
    pub fn spec(value: &'a Value) -> Self {
        Self {
            value,
            steps: vec![Step::Key("spec".into())],
        }
    }

    /// What stands under a key.
    pub fn get(&self, key: &str) -> Option<At<'a>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(At {
            value,
            steps: self.below(Step::Key(key.into())),
        })
    }

    /// What stands under several keys.
    pub fn at(&self, keys: &[&str]) -> Option<At<'a>> {
        keys.iter().try_fold(self.clone(), |at, key| at.get(key))
    }

    /// The text under a key.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// The entries of the list under a key; none if it isn't one.
    pub fn list(&self, key: &str) -> Vec<At<'a>> {
        let Some(list) = self.get(key) else {
            return Vec::new();
        };
        list.items()
    }

    /// The entries of a list.
    pub fn items(&self) -> Vec<At<'a>> {
        let items = self.value.as_array().map(Vec::as_slice).unwrap_or_default();
        items
            .iter()
            .enumerate()
            .map(|(index, value)| At {
                value,
                steps: self.below(Step::Index(index)),
            })
            .collect()
    }

    /// The entries of the mapping under a key, with their names.
    pub fn map(&self, key: &str) -> Vec<(&'a str, At<'a>)> {
        self.get(key).map(|map| map.entries()).unwrap_or_default()
    }

    /// The entries of a mapping, with their names.
    pub fn entries(&self) -> Vec<(&'a str, At<'a>)> {
        let Some(map) = self.value.as_object() else {
            return Vec::new();
        };
        map.iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| {
                (
                    key.as_str(),
                    At {
                        value,
                        steps: self.below(Step::Key(key.clone())),
                    },
                )
            })
            .collect()
    }

    /// Where it is, in words.
    pub fn path(&self) -> String {
        path(&self.steps)
    }

    /// A fault here.
    pub fn fault(&self, message: impl Into<String>, remedy: impl Into<String>) -> Found {
        Found::new(self.steps.clone(), message, remedy)
    }

    /// A fault at a key below, whether it is there or not.
    pub fn fault_at(
        &self,
        key: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Found {
        Found::new(self.below(Step::Key(key.into())), message, remedy)
    }

    fn below(&self, step: Step) -> Vec<Step> {
        let mut steps = self.steps.clone();
        steps.push(step);
        steps
    }
}
