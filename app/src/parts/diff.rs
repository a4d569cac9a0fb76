//! Before and after of a text. One markup: side by side where there is room, else unified.

use leptos::prelude::*;
use similar::{ChangeTag, DiffOp, TextDiff};

use super::{icon, yaml::escape};

/// Unchanged lines that stay in view around a change.
const AROUND: usize = 3;

/// A text's difference under a line that names it.
pub fn diff(id: &str, kind: &str, name: &str, open: bool, before: &str, after: &str) -> AnyView {
    let lines = Lines::of(before, after);
    let (added, removed) = (lines.added, lines.removed);
    view! {
        <details class="diff" id=id.to_owned() open=open>
            <summary>
                {icon("right")}<span class="kind">{kind.to_owned()}</span><b>{name.to_owned()}</b>
                <span class="size">
                    <span class="plus">{format!("+{added}")}</span>
                    <span class="minus">{format!("−{removed}")}</span>
                </span>
            </summary>
            <table class="lines-table">
                <colgroup><col/><col/><col/><col/></colgroup>
                <thead class="sr">
                    <tr>
                        <th scope="col">"Line before"</th><th scope="col">"Before"</th>
                        <th scope="col">"Line after"</th><th scope="col">"After"</th>
                    </tr>
                </thead>
                <tbody inner_html=lines.html></tbody>
            </table>
        </details>
    }
    .into_any()
}

/// Rows of a difference, already as HTML: thousands of them cost one string.
struct Lines {
    html: String,
    added: usize,
    removed: usize,
}

impl Lines {
    fn of(before: &str, after: &str) -> Self {
        let mut lines = Self {
            html: String::new(),
            added: 0,
            removed: 0,
        };
        let diff = TextDiff::from_lines(before, after);
        let old: Vec<&str> = before.lines().collect();
        let new: Vec<&str> = after.lines().collect();
        let mut seen = 0;
        for group in diff.grouped_ops(AROUND) {
            if let Some(first) = group.first() {
                lines.skip(first.old_range().start.saturating_sub(seen));
            }
            for op in &group {
                lines.take(*op, &old, &new);
                seen = op.old_range().end;
            }
        }
        lines.skip(old.len().saturating_sub(seen));
        lines
    }

    fn skip(&mut self, count: usize) {
        if count > 0 {
            let noun = if count == 1 { "line" } else { "lines" };
            self.html.push_str(&format!(
                "<tr data-op=\"fold\"><td colspan=\"4\">⋯ {count} {noun} unchanged</td></tr>"
            ));
        }
    }

    fn take(&mut self, op: DiffOp, old: &[&str], new: &[&str]) {
        let (from, to) = (op.old_range(), op.new_range());
        if let DiffOp::Equal { .. } = op {
            for (a, b) in from.zip(to) {
                self.row("same", Some((a, escape(old[a]))), Some((b, escape(new[b]))));
            }
            return;
        }
        self.removed += from.len();
        self.added += to.len();
        // Lines that took each other's place stand beside each other, with their words marked.
        for at in 0..from.len().max(to.len()) {
            let a = from.clone().nth(at);
            let b = to.clone().nth(at);
            match (a, b) {
                (Some(a), Some(b)) => {
                    let (x, y) = words(old[a], new[b]);
                    self.row("chg", Some((a, x)), Some((b, y)));
                }
                (Some(a), None) => self.row("del", Some((a, escape(old[a]))), None),
                (None, b) => self.row("add", None, b.map(|b| (b, escape(new[b])))),
            }
        }
    }

    fn row(&mut self, op: &str, old: Option<(usize, String)>, new: Option<(usize, String)>) {
        let cells = |side: Option<(usize, String)>, class: &str| match side {
            Some((number, text)) => format!(
                "<td class=\"no{class}\">{}</td><td class=\"code{class}\">{text}</td>",
                number + 1
            ),
            None => "<td class=\"no\"></td><td class=\"code\"></td>".to_owned(),
        };
        let same = op == "same";
        let left = cells(old, if same { "" } else { " old" });
        let right = cells(new, if same { "" } else { " new" });
        self.html
            .push_str(&format!("<tr data-op=\"{op}\">{left}{right}</tr>"));
    }
}

/// Two lines with the words that differ marked.
fn words(old: &str, new: &str) -> (String, String) {
    let diff = TextDiff::from_words(old, new);
    let (mut left, mut right) = (String::new(), String::new());
    for change in diff.iter_all_changes() {
        let text = escape(change.value());
        match change.tag() {
            ChangeTag::Equal => {
                left.push_str(&text);
                right.push_str(&text);
            }
            ChangeTag::Delete => left.push_str(&format!("<del>{text}</del>")),
            ChangeTag::Insert => right.push_str(&format!("<ins>{text}</ins>")),
        }
    }
    (left, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_words_are_marked_and_markup_stays_text() {
        let (old, new) = words("image: <a> 1.0", "image: <a> 1.1");
        assert_eq!(old, "image: &lt;a&gt; <del>1.0</del>");
        assert_eq!(new, "image: &lt;a&gt; <ins>1.1</ins>");
    }

    #[test]
    fn what_is_far_from_a_change_is_folded() {
        let before: String = (0..20).map(|n| format!("line {n}\n")).collect();
        let after = before.replace("line 10", "line ten");
        let lines = Lines::of(&before, &after);
        assert_eq!((lines.added, lines.removed), (1, 1));
        assert!(
            lines
                .html
                .starts_with("<tr data-op=\"fold\"><td colspan=\"4\">⋯ 7 lines")
        );
        assert!(lines.html.ends_with("⋯ 6 lines unchanged</td></tr>"));
    }
}
