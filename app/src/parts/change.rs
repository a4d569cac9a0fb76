//! Fields that change: path, before, after.

use leptos::prelude::*;
use model::view::FieldChange;
use serde_json::Value;

/// What is longer than this says how long it is.
const LONG: usize = 160;

fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() > LONG {
        let head: String = text.chars().take(LONG).collect();
        return format!("{head}… ({} characters)", text.chars().count());
    }
    text
}

/// A list of fields; nothing when none changes.
pub fn fields(changes: &[FieldChange]) -> Option<AnyView> {
    if changes.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = changes
        .iter()
        .map(|change| {
            let before = change
                .before
                .as_ref()
                .map(|value| view! { <del>{shown(value)}</del> });
            let after = change
                .after
                .as_ref()
                .map(|value| view! { <ins>{shown(value)}</ins> });
            view! {
                <li><code>{change.path.clone()}</code><code class="swap">{before}{after}</code></li>
            }
            .into_any()
        })
        .collect();
    Some(view! { <ul class="fields">{rows}</ul> }.into_any())
}
