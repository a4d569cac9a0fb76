//! Where in the form a path of a manifest was typed.

use super::{class_field, connections, containers, endpoints};
use crate::{form::Fields, kind::component::ComponentType};

/// The field for a kind and a path in its manifest, such as `spec.containers.main.env[2].key`.
pub fn place(
    fields: &Fields,
    component_type: Option<ComponentType>,
    kind: &str,
    path: &str,
) -> Option<String> {
    let steps = steps(path);
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    if let ["metadata", "name", ..] = steps.as_slice() {
        return Some("name".into());
    }
    match (kind, steps.as_slice()) {
        ("Component", ["spec", rest @ ..]) => component(fields, rest),
        ("Workload", ["spec", "containers", name, rest @ ..]) => container(fields, name, rest),
        ("Workload", ["spec", "endpoints", name, rest @ ..]) => {
            let index = index(&endpoints::rows(fields), name)?;
            let field = match rest {
                ["type", ..] => "type",
                ["port", ..] => "port",
                ["schema", "type", ..] => "schema_type",
                ["schema", ..] => "schema",
                _ => "name",
            };
            Some(format!("endpoint.{index}.{field}"))
        }
        ("Workload", ["spec", "connections", name, rest @ ..]) => connection(fields, name, rest),
        ("ScheduledTaskBinding", ["spec", "overrides", "schedule", ..]) => Some("schedule".into()),
        (_, ["spec", "className", ..]) => component_type.map(class_field),
        ("Service", ["spec", "apis", name, rest @ ..]) => {
            let index = index(&endpoints::rows(fields), name)?;
            let field = match rest {
                ["className", ..] => "api_class",
                ["rest", "backend", "port", ..] => "port",
                ["rest", "backend", "basePath", ..] => "base_path",
                _ => "seen",
            };
            Some(format!("endpoint.{index}.{field}"))
        }
        ("API", ["spec", rest @ ..]) => Some(
            match rest {
                ["environmentName", ..] => "api_environment",
                ["type", ..] => "api_type",
                ["rest", "backend", "basePath", ..] => "api_base_path",
                ["rest", "exposeLevels", ..] => "api_seen",
                ["rest", ..] => "api_port",
                _ => return None,
            }
            .into(),
        ),
        _ => None,
    }
}

fn component(fields: &Fields, rest: &[&str]) -> Option<String> {
    let field = match rest {
        ["type", ..] => "type",
        ["build", "repository", "url", ..] => "repository",
        ["build", "repository", "revision", ..] => "branch",
        ["build", "repository", "appPath", ..] => "app_path",
        ["build", "templateRef", "engine", ..] => "engine",
        ["build", "templateRef", "parameters", at, rest @ ..] => {
            let says = |row: &Fields| !row.text("name").is_empty() || !row.text("value").is_empty();
            let index = nth(fields, "parameter", at, says)?;
            let field = if let ["value", ..] = rest {
                "value"
            } else {
                "name"
            };
            return Some(format!("parameter.{index}.{field}"));
        }
        ["build", "repository", ..] => "repository",
        ["build", "templateRef", ..] => "template",
        ["build", ..] => "repository",
        _ => return None,
    };
    Some(field.into())
}

fn container(fields: &Fields, name: &str, rest: &[&str]) -> Option<String> {
    let index = index(&containers::rows(fields), name)?;
    let prefix = format!("container.{index}");
    Some(match rest {
        ["image", ..] => format!("{prefix}.image"),
        ["command", ..] => format!("{prefix}.command"),
        ["args", ..] => format!("{prefix}.args"),
        ["env", at, rest @ ..] => {
            let row = fields.under(&prefix);
            let at = nth(&row, "env", at, |row| !containers::is_empty(row))?;
            let prefix = format!("{prefix}.env.{at}");
            let typed = match row.text(&format!("env.{at}.from")) {
                "configuration" | "secret" => "ref",
                "text" => "text",
                _ => "value",
            };
            match rest {
                ["value" | "valueFrom", ..] => format!("{prefix}.{typed}"),
                _ => format!("{prefix}.key"),
            }
        }
        _ => format!("{prefix}.name"),
    })
}

fn connection(fields: &Fields, name: &str, rest: &[&str]) -> Option<String> {
    let index = index(&connections::rows(fields), name)?;
    let prefix = format!("connection.{index}");
    Some(match rest {
        ["inject", "env", at, rest @ ..] => {
            let row = fields.under(&prefix);
            let says = |row: &Fields| !row.text("name").is_empty() || !row.text("value").is_empty();
            let at = nth(&row, "inject", at, says)?;
            let field = if let ["value", ..] = rest {
                "value"
            } else {
                "name"
            };
            format!("{prefix}.inject.{at}.{field}")
        }
        ["params", ..] => format!("{prefix}.to"),
        _ => format!("{prefix}.name"),
    })
}

fn index(rows: &[(usize, String, Fields)], name: &str) -> Option<usize> {
    let found = rows.iter().find(|(_, own, _)| own == name);
    found.map(|(index, _, _)| *index)
}

/// The index of the row that became the entry at that place of a list.
fn nth(fields: &Fields, list: &str, at: &str, says: impl Fn(&Fields) -> bool) -> Option<usize> {
    let at: usize = at.parse().ok()?;
    let indexes = fields.indexes(list).into_iter();
    indexes
        .filter(|index| says(&fields.under(&format!("{list}.{index}"))))
        .nth(at)
}

/// The steps of a path: keys, and places in lists as numbers.
fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let step;
        (step, rest) = if let Some(quoted) = rest.strip_prefix("[\"") {
            quoted.split_once("\"]").unwrap_or((quoted, ""))
        } else if let Some(number) = rest.strip_prefix('[') {
            number.split_once(']').unwrap_or((number, ""))
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            rest.split_at(end)
        };
        steps.push(step.to_owned());
    }
    steps
}
