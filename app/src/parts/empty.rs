//! Nothing here yet: one sentence, one button, one example.

use leptos::prelude::*;

use super::icon;

/// Says what would stand here and how it gets here; small, within a band.
pub fn nothing(sign: &'static str, sentence: &str, next: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="nothing">
            {icon(sign)}<p>{sentence.to_owned()}</p><div class="acts">{next.into_any()}</div>
        </div>
    }
    .into_any()
}
