//! What a test of a plane found: as chips, or step by step.

use leptos::prelude::*;
use model::{
    moment::Moment,
    view::{PlaneTest, TestOutcome, TestStep},
};

use super::{icon, moment, state};

fn look(outcome: TestOutcome) -> (&'static str, &'static str, &'static str) {
    match outcome {
        TestOutcome::Passed => ("passed", "s-ok", "works"),
        TestOutcome::Failed => ("failed", "s-bad", "doesn't work"),
        TestOutcome::Lacking => ("degraded", "s-warn", "isn't there"),
        TestOutcome::Skipped => ("none", "s-none", "wasn't tried"),
    }
}

/// How long a step took, as people say it.
fn took(step: &TestStep) -> String {
    match step.took_us {
        0 => String::new(),
        us @ 1..1_000 => format!("{us} µs"),
        us @ 1_000..10_000_000 => format!("{} ms", us / 1_000),
        us => format!("{} s", us / 1_000_000),
    }
}

/// One chip a step.
pub fn chips(test: &PlaneTest) -> AnyView {
    let chips: Vec<AnyView> = test
        .steps
        .iter()
        .map(|step| {
            let (tone, shape, word) = look(step.outcome);
            let words = format!("{}: {}", step.name, step.says);
            view! {
                <li class="chip" data-state=tone title=words>
                    {icon(shape)}{step.name.to_lowercase()}<span class="sr">" "{word}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ul class="chips" aria-label="Tests">{chips}</ul> }.into_any()
}

/// All that a test found, with when and by whom where it is kept.
pub fn steps(now: Moment, test: &PlaneTest) -> AnyView {
    let rows: Vec<AnyView> = test
        .steps
        .iter()
        .map(|step| {
            let (tone, shape, word) = look(step.outcome);
            view! {
                <li data-state=tone>
                    {icon(shape)}
                    <div>
                        <b>{step.name.clone()}<span class="sr">" "{word}</span></b>
                        <p class="says">{sentence(&step.says)}</p>
                    </div>
                    <span class="quiet">{took(step)}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    let verdict = if test.passed {
        state::named("passed", "s-ok", "Troupe can work with this plane")
    } else {
        state::named("failed", "s-bad", "Troupe can't work with this plane yet")
    };
    let made = (!test.id.is_empty()).then(|| {
        view! { <span class="quiet">"tested "{moment::ago(now, test.at)}" by "{test.by.clone()}</span> }
    });
    view! {
        <div class="stack" data-gap="small">
            <p class="row">{verdict}{made}</p>
            <ol class="list" data-fit="">{rows}</ol>
        </div>
    }
    .into_any()
}

/// Words as a sentence: a capital first, a stop last.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let rest = letters.as_str();
    let stop = if text.ends_with(['.', '!', '?']) || text.is_empty() {
        ""
    } else {
        "."
    };
    format!("{first}{rest}{stop}")
}
