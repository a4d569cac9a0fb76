//! Lines of a program, as it wrote them.

use leptos::prelude::*;

pub use crate::islands::line::level;

/// The lines under a name.
pub fn log(name: &str, lines: &[String]) -> AnyView {
    view! {
        <ol class="log" tabindex="0" aria-label=name.to_owned()>{rows(lines)}</ol>
    }
    .into_any()
}

/// Each line with its level.
pub fn rows(lines: &[String]) -> Vec<AnyView> {
    lines
        .iter()
        .map(|line| view! { <li data-level=level(line)>{line.clone()}</li> }.into_any())
        .collect()
}
