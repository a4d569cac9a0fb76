//! Lines of a program, as it wrote them.

use leptos::prelude::*;
use model::view::LogLine;

pub use crate::islands::line::level;

/// The lines under a name.
pub fn log(name: &str, lines: &[String]) -> AnyView {
    view! {
        <ol class="log" tabindex="0" aria-label=name.to_owned()>{rows(lines)}</ol>
    }
    .into_any()
}

/// Each line with its level, and when it was written on hover; what was searched for is marked.
pub fn marked(lines: &[LogLine], search: &str) -> Vec<AnyView> {
    lines
        .iter()
        .map(|line| {
            let at = (!line.at.is_empty()).then(|| line.at.clone());
            let text = found(&line.text, search);
            view! { <li data-level=level(&line.text) title=at><span>{text}</span></li> }.into_any()
        })
        .collect()
}

/// The text with every place marked where what was searched for stands.
fn found(text: &str, search: &str) -> Vec<AnyView> {
    let plain = |text: &str| text.to_owned().into_any();
    // Lower case may be longer than the text is: then nothing is marked.
    let (low, search) = (text.to_lowercase(), search.to_lowercase());
    if search.is_empty() || low.len() != text.len() {
        return vec![plain(text)];
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, hit) in low.match_indices(&search) {
        let to = at + hit.len();
        if let (Some(before), Some(own)) = (text.get(from..at), text.get(at..to)) {
            parts.push(plain(before));
            let own = own.to_owned();
            parts.push(view! { <mark>{own}</mark> }.into_any());
            from = to;
        }
    }
    parts.push(plain(text.get(from..).unwrap_or_default()));
    parts
}

/// Each line with its level.
pub fn rows(lines: &[String]) -> Vec<AnyView> {
    lines
        .iter()
        .map(|line| view! { <li data-level=level(line)>{line.clone()}</li> }.into_any())
        .collect()
}
