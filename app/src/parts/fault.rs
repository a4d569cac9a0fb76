//! What is wrong with what was sent: where, what, and what to do.

use leptos::prelude::*;
use model::problem::FieldFault;

use super::{count, icon};

/// All faults at once, in the order of the input.
pub fn faults(faults: &[FieldFault]) -> AnyView {
    let rows: Vec<AnyView> = faults.iter().map(fault).collect();
    let number = i64::try_from(faults.len()).unwrap_or(i64::MAX);
    view! {
        <section class="summary" aria-labelledby="faults" role="alert">
            <h2 id="faults">{format!("Nothing was changed: {}", count(number, "fault"))}</h2>
            <ol class="faults">{rows}</ol>
        </section>
    }
    .into_any()
}

fn fault(fault: &FieldFault) -> AnyView {
    let mut place = vec![];
    if !fault.file.is_empty() {
        place.push(fault.file.clone());
    }
    if fault.document > 0 {
        place.push(format!("document {}", fault.document));
    }
    if fault.line > 0 {
        place.push(format!("line {}", fault.line));
    }
    let place = (!place.is_empty()).then(|| view! { <small>{place.join(", ")}</small> });
    let path = fault.path.clone();
    let path = (!path.is_empty()).then(|| view! { <code>{path}</code> });
    let remedy = fault.remedy.clone();
    let remedy = (!remedy.is_empty()).then(|| view! { <p class="says">{remedy}</p> });
    view! {
        <li>
            {icon("s-bad")}
            <div><p>{path}" "<b>{fault.message.clone()}</b></p>{remedy}{place}</div>
        </li>
    }
    .into_any()
}
