//! What can't be written down as manifests at all: rows without a name, and two of one name.

use std::collections::BTreeMap;

use super::{connections, containers, endpoints, has_workload};
use crate::{form::Fields, kind::component::ComponentType, problem::FieldFault};

/// What is wrong before there are manifests to look at, each with the field as its path.
pub fn check(fields: &Fields, component_type: Option<ComponentType>) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if fields.text("name").is_empty() {
        faults.push(fault(
            "name",
            "The component has no name".into(),
            "Give it one, such as cart",
        ));
    }
    let Some(component_type) = component_type else {
        faults.push(fault(
            "type",
            "Nothing says what it is".into(),
            "Choose one of the types",
        ));
        return faults;
    };
    if has_workload(component_type) {
        let lists = [
            ("container", containers::rows(fields)),
            ("endpoint", endpoints::rows(fields)),
            ("connection", connections::rows(fields)),
        ];
        for (list, rows) in lists {
            names(list, &rows, &mut faults);
        }
    }
    faults
}

/// Rows become entries by name: each needs one, and one of its own.
fn names(list: &str, rows: &[(usize, String, Fields)], faults: &mut Vec<FieldFault>) {
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, name, _) in rows {
        let field = format!("{list}.{index}.name");
        if name.is_empty() {
            let message = format!("This {list} has no name");
            faults.push(fault(&field, message, "Give it one, or remove the row"));
        } else if taken.insert(name, *index).is_some() {
            let message = format!("Another {list} is called {name} as well");
            faults.push(fault(&field, message, "Give each a name of its own"));
        }
    }
}

fn fault(path: &str, message: String, remedy: &str) -> FieldFault {
    FieldFault {
        path: path.into(),
        message,
        remedy: remedy.into(),
        ..FieldFault::default()
    }
}
