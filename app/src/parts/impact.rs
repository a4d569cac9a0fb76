//! What a version of a class would do to those who use it, if they took it.

use leptos::prelude::*;
use model::{
    path,
    view::{ImpactRow, ImpactView, Outcome},
};

use super::{count, diff, fold, state};

/// The tone, the sign and the word of an outcome.
fn look(outcome: Outcome) -> (&'static str, &'static str, &'static str) {
    match outcome {
        Outcome::Breaks => ("failed", "s-bad", "Breaks"),
        Outcome::Changes => ("changed", "s-drift", "Changes"),
        Outcome::Same => ("healthy", "s-ok", "Same"),
    }
}

/// The figures, what changes for whom in words, and the differences.
pub fn impact(view: &ImpactView) -> AnyView {
    let version = view.version;
    let components = view.components();
    if components == 0 {
        return view! {
            <section class="band" aria-labelledby="impact">
                <header><h2 id="impact">{format!("What v{version} would do")}</h2></header>
                <p class="says">"No component uses this class yet, so that nothing could change."</p>
            </section>
        }
        .into_any();
    }
    let places: Vec<String> = view
        .environments
        .iter()
        .map(|(environment, count)| format!("{count} in {environment}"))
        .collect();
    let shown = view.rows.per_page.min(view.rows.total);
    let part = if view.rows.total > view.rows.per_page {
        format!(
            "The first {shown} of {components} components, rendered with it against what should run"
        )
    } else {
        "Each rendered with it, against what should run".to_owned()
    };
    let figures: Vec<AnyView> = [
        ("would change", "changed", view.count(Outcome::Changes)),
        ("would break", "failed", view.count(Outcome::Breaks)),
        ("would stay the same", "healthy", view.count(Outcome::Same)),
    ]
    .into_iter()
    .map(|(words, tone, number)| {
        let tone = (number > 0 && tone == "failed").then_some(tone);
        view! { <div class="stat" data-state=tone><dt>{words}</dt><dd>{number}</dd></div> }
            .into_any()
    })
    .collect();
    let rows: Vec<AnyView> = alike(&view.rows.items).iter().map(row).collect();
    let diffs: Vec<AnyView> = view.rows.items.iter().flat_map(diffs).collect();
    let number = i64::try_from(diffs.len()).unwrap_or(i64::MAX);
    let diffs = (number > 0).then(|| {
        fold(
            "impact-diffs",
            &format!("{}, line by line", count(number, "object")),
            false,
            view! { <div class="stack" data-gap="small">{diffs}</div> },
        )
    });
    view! {
        <section class="band" aria-labelledby="impact">
            <header>
                <h2 id="impact">{format!("What v{version} would do")}</h2><p>{part}</p>
            </header>
            <dl class="stats">
                <div class="stat"><dt>"use this class"</dt><dd>{count(components, "component")}</dd></div>
                {figures}
            </dl>
            <p class="says">
                {format!("They run {}. Publishing moves none of them: each takes the version when it is rolled out to it, or when something of its own changes.", places.join(", "))}
            </p>
            <div class="boxed" tabindex="0" role="group" aria-labelledby="impact">
                <table class="table" data-slim="">
                    <thead><tr>
                        <th scope="col">"Components"</th><th scope="col">"Comes to"</th>
                        <th scope="col">"In plain words"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {diffs}
        </section>
    }
    .into_any()
}

/// Releases that come to the same, in the order of how bad that is.
fn alike(rows: &[ImpactRow]) -> Vec<Vec<&ImpactRow>> {
    let mut groups: Vec<Vec<&ImpactRow>> = Vec::new();
    for row in rows {
        let same = |group: &&mut Vec<&ImpactRow>| {
            group
                .first()
                .is_some_and(|first| first.outcome == row.outcome && first.words == row.words)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups.sort_by_key(|group| group.first().map(|first| first.outcome));
    groups
}

fn row(group: &Vec<&ImpactRow>) -> AnyView {
    let Some(first) = group.first() else {
        return ().into_any();
    };
    let (tone, sign, word) = look(first.outcome);
    let words: Vec<AnyView> = first
        .words
        .iter()
        .map(|words| view! { <li>{words.clone()}</li> }.into_any())
        .collect();
    let places: Vec<AnyView> = group
        .iter()
        .map(|row| {
            let has = row.version.map(|version| format!(", has v{version}"));
            view! {
                <li>
                    <a href=path::component(&row.project, &row.component) title=row.project.clone()>{row.component.clone()}</a>
                    " "<span class="quiet">{row.environment.clone()}{has}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <tr>
            <td><ul class="lines">{places}</ul></td>
            <td class="fit">{state::named(tone, sign, word)}</td>
            <td><ul class="lines">{words}</ul></td>
        </tr>
    }
    .into_any()
}

fn diffs(row: &ImpactRow) -> Vec<AnyView> {
    let place = format!("{} in {}", row.component, row.environment);
    row.diff
        .iter()
        .map(|object| {
            let id = format!(
                "impact-{}-{}-{}-{}-{}",
                row.project, row.component, row.environment, object.kind, object.name
            );
            let name = format!("{} of {place}", object.name);
            diff::diff(
                &id,
                &object.kind,
                &name,
                false,
                &object.before,
                &object.after,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_to_the_same_is_told_once_and_the_worst_first() {
        let row = |component: &str, outcome, words: &str| ImpactRow {
            component: component.into(),
            outcome,
            words: vec![words.into()],
            ..ImpactRow::default()
        };
        let rows = [
            row("a", Outcome::Changes, "x"),
            row("b", Outcome::Breaks, "y"),
            row("c", Outcome::Changes, "x"),
            row("d", Outcome::Changes, "z"),
        ];
        let names: Vec<Vec<&str>> = alike(&rows)
            .into_iter()
            .map(|group| group.iter().map(|row| row.component.as_str()).collect())
            .collect();
        assert_eq!(names, [vec!["b"], vec!["a", "c"], vec!["d"]]);
    }
}
