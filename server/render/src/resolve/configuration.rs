//! The value of a configuration key in one environment.
//!
//! Environment beats environment group beats a value for all. Never by the order of a list, as in
//! v0.3: two values of one rank are a fault.

use std::collections::BTreeMap;

use model::{
    configuration::{Clash, chosen},
    identity::Identity,
    kind::{
        Kind,
        configuration::{Configuration, ConfigurationGroupSpec, ConfigurationValue},
        workload::KeyRef,
    },
    name::{GENERAL, Join, plane_name},
};

use crate::{
    fault::{RenderFault, Troubles, suggest},
    input::Source,
    resolve::BindingFacts,
    world::World,
};

/// Follows references to configuration groups, and collects the values that were used.
pub(crate) struct Settings<'a> {
    world: &'a World,
    binding: &'a BindingFacts,
    /// The values by their key in the ConfigMap.
    pub values: BTreeMap<String, String>,
}

impl<'a> Settings<'a> {
    pub fn new(world: &'a World, binding: &'a BindingFacts) -> Self {
        Self {
            world,
            binding,
            values: BTreeMap::new(),
        }
    }

    /// Where a variable that names a key gets its value; `None` after a trouble was noted.
    pub fn source(
        &mut self,
        reference: &KeyRef,
        object: &str,
        field: &str,
        troubles: &mut Troubles,
    ) -> Option<Source> {
        let field = format!("{field}.valueFrom.configurationGroupRef");
        let identity = Identity::in_organization(
            Kind::ConfigurationGroup,
            &self.binding.organization,
            reference.name.as_str(),
        );
        let reason = format!("{object} takes {} from it in {field}", reference.key);
        let group: ConfigurationGroupSpec = match self.world.read(&identity, reason) {
            Ok(group) => group,
            Err(waiting) => {
                troubles.wait(waiting);
                return None;
            }
        };
        let found = self
            .in_scope(&group)
            .map_err(|(message, remedy)| {
                RenderFault::new(object, format!("{field}.name"), message, remedy)
            })
            .and_then(|()| self.value(&group, &identity, reference, object, &field));
        match found {
            Ok(value) => {
                let key = setting_key(reference.name.as_str(), &reference.key);
                self.values.insert(key.clone(), value);
                Some(Source::Setting(key))
            }
            Err(fault) => {
                troubles.fault(fault);
                None
            }
        }
    }

    /// Whether the group may be used here.
    fn in_scope(&self, group: &ConfigurationGroupSpec) -> Result<(), (String, String)> {
        let here = [
            ("project", &self.binding.project),
            ("component", &self.binding.component),
        ];
        for (word, name) in here {
            if let Some(wanted) = group.scope.get(word)
                && wanted != name
            {
                return Err((
                    format!("the group is for {word} {wanted} alone"),
                    format!("Use another group, or widen its spec.scope.{word}"),
                ));
            }
        }
        Ok(())
    }

    fn value(
        &self,
        group: &ConfigurationGroupSpec,
        identity: &Identity,
        reference: &KeyRef,
        object: &str,
        field: &str,
    ) -> Result<String, RenderFault> {
        let key = &reference.key;
        let Some(configuration) = group.configurations.iter().find(|c| c.key == *key) else {
            let keys = group.configurations.iter().map(|c| c.key.as_str());
            let message = format!("{identity} has no key {key}");
            return Err(RenderFault::new(
                object,
                format!("{field}.key"),
                message,
                suggest(key, keys),
            ));
        };
        let at = format!("spec.configurations.{key}");
        let environment = &self.binding.environment;
        let value = choose(group, configuration, environment).map_err(|(message, remedy)| {
            RenderFault::new(identity.to_string(), &at, message, remedy)
        })?;
        match value {
            Some(ConfigurationValue {
                value: Some(value),
                vault_key: None,
                ..
            }) => Ok(value.clone()),
            Some(ConfigurationValue {
                value: None,
                vault_key: Some(_),
                ..
            }) => Err(RenderFault::new(
                identity.to_string(),
                at,
                format!(
                    "key {key} comes from Vault in {environment}, and secrets from Vault aren't resolved yet"
                ),
                "Put the value into a Kubernetes Secret on the plane and name it with secretRef",
            )),
            Some(ConfigurationValue {
                value: Some(_),
                vault_key: Some(_),
                ..
            }) => Err(RenderFault::new(
                identity.to_string(),
                at,
                format!("the value for {environment} is both plain and from Vault"),
                "Keep one of value and vaultKey",
            )),
            _ => Err(RenderFault::new(
                identity.to_string(),
                at,
                format!(
                    "key {key} has no value for environment {environment}, which {object} needs"
                ),
                format!("Add a value for {environment}, for a group that holds it, or one for all"),
            )),
        }
    }
}

/// The value that wins in an environment, `None` when none is for it; or what is wrong, and what to do.
fn choose<'a>(
    group: &ConfigurationGroupSpec,
    configuration: &'a Configuration,
    environment: &str,
) -> Result<Option<&'a ConfigurationValue>, (String, String)> {
    chosen(group, configuration, environment).map_err(|clash| {
        let remedy = match &clash {
            Clash::Both => "Keep one of environment and environmentGroupRef".into(),
            Clash::NoGroup(name) => {
                let known = group.environment_groups.iter().map(|g| g.name.as_str());
                suggest(name, known)
            }
            Clash::Groups(..) => "Take the environment out of one, or the value of one away".into(),
            Clash::Rank => "Keep one of them".into(),
        };
        (clash.says(environment), remedy)
    })
}

/// The key in the ConfigMap. A group's name holds no `_`, so the first one divides; what
/// Kubernetes doesn't take in a key is replaced, and a hash keeps it distinct.
fn setting_key(group: &str, key: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let plain = format!("{group}_{key}");
    if plain.len() <= GENERAL && plain.chars().all(fits) {
        plain
    } else {
        plane_name(GENERAL, &[group, key], Join::Unambiguous)
    }
}
