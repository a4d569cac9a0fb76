//! An object, readable: keys lead, values follow.

use leptos::prelude::*;

use crate::islands::Copy;

/// A text as HTML shows it.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(letter),
        }
    }
    out
}

/// A manifest with a button that copies it.
pub fn yaml(id: &str, text: &str) -> AnyView {
    view! {
        <div class="copied">
            <pre class="yaml" id=id.to_owned() tabindex="0" inner_html=painted(text)></pre>
            <Copy of=id.to_owned() label="Copy the YAML".to_owned()/>
        </div>
    }
    .into_any()
}

/// The same within a part of the page that is put in place anew, where no island may stand: the
/// form's own island does the copying.
pub fn live(id: &str, text: &str) -> AnyView {
    view! {
        <div class="copied">
            <pre class="yaml" id=id.to_owned() tabindex="0" inner_html=painted(text)></pre>
            <button
                class="btn copy" type="button" data-kind="bare" data-size="small" data-only="icon"
                data-copy=id.to_owned() aria-label="Copy the YAML" title="Copy the YAML"
            >{super::icon("copy")}</button>
        </div>
    }
    .into_any()
}

/// The text with its keys marked.
fn painted(text: &str) -> String {
    let lines: Vec<String> = text
        .trim_end()
        .lines()
        .map(|line| match key(line) {
            Some((lead, name, rest)) => {
                format!("{}<b>{}</b>:{}", escape(lead), escape(name), escape(rest))
            }
            None => escape(line),
        })
        .collect();
    lines.join("\n")
}

/// What leads to a key, the key, and what follows its colon.
fn key(line: &str) -> Option<(&str, &str, &str)> {
    let start = line.find(|letter| letter != ' ' && letter != '-')?;
    let colon = line[start..].find(':')? + start;
    let name = &line[start..colon];
    let rest = &line[colon + 1..];
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./$".contains(letter);
    let is_key = !name.is_empty() && name.chars().all(plain);
    (is_key && (rest.is_empty() || rest.starts_with(' '))).then_some((&line[..start], name, rest))
}

#[cfg(test)]
mod tests {
    use super::painted;

    #[test]
    fn keys_are_marked_and_nothing_is_markup() {
        assert_eq!(
            painted("kind: Pod\n- image: a:1\n# <b>\nhttp://x: y"),
            "<b>kind</b>: Pod\n- <b>image</b>: a:1\n# &lt;b&gt;\nhttp://x: y"
        );
    }
}
