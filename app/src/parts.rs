//! What pages are made of: each file one part, named like its style sheet.

pub mod acts;
pub mod change;
pub mod command;
pub mod compare;
pub mod diff;
pub mod empty;
pub mod fault;
pub mod form;
pub mod graph;
pub mod impact;
pub mod log;
pub mod matrix;
pub mod moment;
pub mod pager;
pub mod plane_test;
pub mod preview;
pub mod remedy;
pub mod stages;
pub mod state;
pub mod things;
pub mod timeline;
pub mod yaml;

use leptos::prelude::*;

/// A sign from the sprite; decoration, so a word must stand beside it.
pub fn icon(name: &'static str) -> AnyView {
    let draw = format!("<use href=\"/icons.svg#{name}\"></use>");
    view! { <svg class="i" aria-hidden="true" inner_html=draw></svg> }.into_any()
}

/// Something folded away, that keeps its state while the page refreshes because it has an id.
pub fn fold(id: &str, summary: &str, open: bool, body: impl IntoView + 'static) -> AnyView {
    view! {
        <details class="fold" id=id.to_owned() open=open>
            <summary>{icon("right")}{summary.to_owned()}</summary>
            <div>{body.into_any()}</div>
        </details>
    }
    .into_any()
}

/// Facts as terms and values; those without a value are left out.
pub fn facts(rows: Vec<(&'static str, Option<AnyView>)>) -> AnyView {
    let rows: Vec<AnyView> = rows
        .into_iter()
        .filter_map(|(term, value)| Some(view! { <dt>{term}</dt><dd>{value?}</dd> }.into_any()))
        .collect();
    view! { <dl class="facts">{rows}</dl> }.into_any()
}

/// A text as a fact, or nothing when it is empty.
pub fn said(text: &str) -> Option<AnyView> {
    (!text.is_empty()).then(|| text.to_owned().into_any())
}

/// A version as people read it.
pub fn version(text: &str) -> Option<AnyView> {
    let text = text.to_owned();
    (!text.is_empty()).then(|| view! { <span class="ver">{text}</span> }.into_any())
}

/// A content hash, short, whole on hover.
pub fn hash(text: &str) -> AnyView {
    let bare = text.strip_prefix("sha256:").unwrap_or(text);
    let short: String = bare.chars().take(8).collect();
    view! { <span class="hash" title=text.to_owned()>{short}</span> }.into_any()
}

/// How far behind the newest, or nothing.
pub fn behind(count: i64) -> Option<AnyView> {
    (count > 0).then(|| {
        view! { <span class="ahead" data-way="behind">{format!("{count} behind")}</span> }
            .into_any()
    })
}

/// "1 component", "2 components".
pub fn count(number: i64, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn nouns_agree_with_their_number() {
        assert_eq!(count(0, "component"), "0 components");
        assert_eq!(count(1, "project"), "1 project");
        assert_eq!(count(3, "entry"), "3 entries");
    }
}
