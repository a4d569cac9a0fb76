//! What holds in one environment: what the class gives, what the artifact says, what is set here, and
//! what comes of it, side by side.

use leptos::prelude::*;

use super::icon;

/// One setting.
pub struct Row {
    /// What it is.
    pub label: String,
    /// What the class gives.
    pub class: String,
    /// What the artifact says.
    pub artifact: String,
    /// What is set here: a field, or words.
    pub here: AnyView,
    /// What holds.
    pub result: String,
    /// Whether what holds is set here.
    pub own: bool,
    /// Who keeps it from being set here; empty when nobody does.
    pub locked: String,
}

/// The settings of one thing. `about` is the id of its heading.
pub fn table(about: &str, rows: Vec<Row>) -> AnyView {
    let rows: Vec<AnyView> = rows.into_iter().map(row).collect();
    view! {
        <div class="boxed" tabindex="0" role="group" aria-labelledby=about.to_owned()>
            <table class="table compare">
                <thead><tr>
                    <th scope="col">"Setting"</th><th scope="col">"Class"</th>
                    <th scope="col">"Artifact"</th><th scope="col">"Here"</th>
                    <th scope="col">"Holds"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(row: Row) -> AnyView {
    let locked = (!row.locked.is_empty()).then(|| {
        view! { <p class="why">{icon("lock")}<span>{row.locked.clone()}</span></p> }
    });
    let held = row.own.then_some("override");
    view! {
        <tr>
            <th scope="row">{row.label}</th>
            <td data-label="Class">{value(&row.class)}</td>
            <td data-label="Artifact">{value(&row.artifact)}</td>
            <td data-label="Here">{row.here}{locked}</td>
            <td data-label="Holds" data-from=held>{value(&row.result)}</td>
        </tr>
    }
    .into_any()
}

/// A value, or that there is none.
fn value(text: &str) -> AnyView {
    if text.is_empty() {
        return view! { <span class="quiet">"–"</span> }.into_any();
    }
    view! { <code>{text.to_owned()}</code> }.into_any()
}
