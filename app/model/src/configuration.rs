//! Which value a configuration key has in an environment, and where that comes from. Pure.
//!
//! Environment beats environment group beats a value for all; never by the order of a list. What is
//! rendered and what the matrix shows both ask [`chosen`].

use serde::{Deserialize, Serialize};

use crate::kind::configuration::{Configuration, ConfigurationGroupSpec, ConfigurationValue};

/// For whom a value is given, from the widest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Level {
    /// For all of the organization.
    Global,
    /// For the environments of a group.
    Group(String),
    /// For one environment.
    Environment(String),
}

impl Level {
    /// For whom a value is given; `None` when it is for an environment and a group at once.
    pub fn of(value: &ConfigurationValue) -> Option<Self> {
        match (&value.environment, &value.environment_group_ref) {
            (None, None) => Some(Self::Global),
            (None, Some(group)) => Some(Self::Group(group.0.clone())),
            (Some(environment), None) => Some(Self::Environment(environment.0.clone())),
            (Some(_), Some(_)) => None,
        }
    }
}

/// What is given: a text, or where a secret is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Given {
    /// Plain text.
    Plain(String),
    /// The path of a secret in Vault.
    Vault(String),
}

impl Given {
    /// What a value gives; `None` when it gives both or nothing.
    pub fn of(value: &ConfigurationValue) -> Option<Self> {
        match (&value.value, &value.vault_key) {
            (Some(text), None) => Some(Self::Plain(text.clone())),
            (None, Some(path)) => Some(Self::Vault(path.clone())),
            _ => None,
        }
    }

    /// The text or the path.
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Vault(text) => text,
        }
    }
}

/// A key's value in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cell {
    /// The environment.
    pub environment: String,
    /// The value, with where it comes from; `None` when there is none.
    pub value: Option<(Level, Given)>,
    /// Why it can't be told which value it is; empty when it can.
    pub clash: String,
}

/// Why it can't be told which value a key has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clash {
    /// A value is for an environment and for a group at once.
    Both,
    /// A value names a group that isn't declared.
    NoGroup(String),
    /// Two groups hold the environment.
    Groups(String, String),
    /// Two values are of one rank.
    Rank,
}

impl Clash {
    /// In words, for an environment.
    pub fn says(&self, environment: &str) -> String {
        match self {
            Self::Both => "a value is for an environment and for a group at once".into(),
            Self::NoGroup(name) => format!("there is no environment group {name}"),
            Self::Groups(first, second) => {
                format!("groups {first} and {second} both hold {environment}")
            }
            Self::Rank => format!("there are two values of one rank for {environment}"),
        }
    }
}

/// The value that wins in an environment, `None` when none is for it.
///
/// # Errors
/// When it can't be told.
pub fn chosen<'a>(
    group: &ConfigurationGroupSpec,
    configuration: &'a Configuration,
    environment: &str,
) -> Result<Option<&'a ConfigurationValue>, Clash> {
    let mut own = Vec::new();
    let mut grouped: Vec<(&str, &ConfigurationValue)> = Vec::new();
    let mut general = Vec::new();
    for value in &configuration.values {
        match (&value.environment, &value.environment_group_ref) {
            (Some(_), Some(_)) => return Err(Clash::Both),
            (Some(name), None) if name.as_str() == environment => own.push(value),
            (Some(_), None) => {}
            (None, Some(name)) => {
                let declared = group.environment_groups.iter().find(|g| g.name == *name);
                let Some(declared) = declared else {
                    return Err(Clash::NoGroup(name.0.clone()));
                };
                let mut members = declared.environments.iter();
                if members.any(|member| member.as_str() == environment) {
                    grouped.push((name.as_str(), value));
                }
            }
            (None, None) => general.push(value),
        }
    }
    if let [(first, _), (second, _), ..] = grouped[..] {
        return Err(Clash::Groups(first.to_owned(), second.to_owned()));
    }
    if own.len() > 1 || (own.is_empty() && grouped.is_empty() && general.len() > 1) {
        return Err(Clash::Rank);
    }
    let grouped = grouped.first().map(|(_, value)| *value);
    let own = own.first().copied();
    Ok(own.or(grouped).or(general.first().copied()))
}

/// A key's cell in an environment.
pub fn cell(
    group: &ConfigurationGroupSpec,
    configuration: &Configuration,
    environment: &str,
) -> Cell {
    let (value, clash) = match chosen(group, configuration, environment) {
        Ok(found) => {
            let found = found.and_then(|value| Some((Level::of(value)?, Given::of(value)?)));
            (found, String::new())
        }
        Err(clash) => (None, clash.says(environment)),
    };
    Cell {
        environment: environment.to_owned(),
        value,
        clash,
    }
}

/// What is given for a key at one level.
pub fn given(configuration: &Configuration, level: &Level) -> Option<Given> {
    let mut values = configuration.values.iter();
    let value = values.find(|value| Level::of(value).as_ref() == Some(level))?;
    Given::of(value)
}

/// One step of the way that a value takes to an environment: a level, and what is given there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The level.
    pub level: Level,
    /// What is given there.
    pub given: Option<Given>,
    /// Whether this is what the environment gets.
    pub wins: bool,
}

/// The way that a value takes to an environment: from the widest level to its own.
pub fn trace(
    group: &ConfigurationGroupSpec,
    configuration: &Configuration,
    environment: &str,
) -> Vec<Step> {
    let holding = group.environment_groups.iter().filter(|declared| {
        let mut members = declared.environments.iter();
        members.any(|member| member.as_str() == environment)
    });
    let winner = cell(group, configuration, environment).value;
    std::iter::once(Level::Global)
        .chain(holding.map(|declared| Level::Group(declared.name.0.clone())))
        .chain([Level::Environment(environment.to_owned())])
        .map(|level| Step {
            given: given(configuration, &level),
            wins: winner.as_ref().is_some_and(|(won, _)| *won == level),
            level,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn group(values: serde_json::Value) -> ConfigurationGroupSpec {
        serde_json::from_value(json!({
            "environmentGroups": [
                {"name": "lower", "environments": ["dev", "qa"]},
                {"name": "all", "environments": ["dev", "prod"]},
            ],
            "configurations": [{"key": "K", "values": values}],
        }))
        .expect("a group")
    }

    fn value(values: serde_json::Value, environment: &str) -> Option<(Level, Given)> {
        let group = group(values);
        cell(&group, &group.configurations[0], environment).value
    }

    #[test]
    fn environment_beats_group_beats_global_whatever_their_order() {
        let values = [
            json!({"environment": "dev", "value": "own"}),
            json!({"environmentGroupRef": "lower", "value": "grouped"}),
            json!({"vaultKey": "secret/k"}),
        ];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]] {
            let values = json!(order.map(|at| values[at].clone()));
            let own = Given::Plain("own".into());
            assert_eq!(
                value(values.clone(), "dev"),
                Some((Level::Environment("dev".into()), own))
            );
            let grouped = Given::Plain("grouped".into());
            assert_eq!(
                value(values.clone(), "qa"),
                Some((Level::Group("lower".into()), grouped))
            );
            let general = Given::Vault("secret/k".into());
            assert_eq!(value(values, "prod"), Some((Level::Global, general)));
        }
    }

    #[test]
    fn the_way_of_a_value_names_every_level() {
        let group =
            group(json!([{"value": "8s"}, {"environmentGroupRef": "lower", "value": "12s"}]));
        let steps = trace(&group, &group.configurations[0], "qa");
        let told: Vec<(&Level, Option<&str>, bool)> = steps
            .iter()
            .map(|step| (&step.level, step.given.as_ref().map(Given::text), step.wins))
            .collect();
        assert_eq!(
            told,
            [
                (&Level::Global, Some("8s"), false),
                (&Level::Group("lower".into()), Some("12s"), true),
                (&Level::Environment("qa".into()), None, false),
            ]
        );
    }

    #[test]
    fn what_cannot_be_told_is_said() {
        let group = group(json!([
            {"environmentGroupRef": "lower", "value": "a"},
            {"environmentGroupRef": "all", "value": "b"},
        ]));
        let found = cell(&group, &group.configurations[0], "dev");
        assert_eq!(found.value, None);
        assert_eq!(found.clash, "groups lower and all both hold dev");
    }
}
