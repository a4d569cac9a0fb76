//! Where a caret stands in YAML: the path of the mapping that it types into. Pure, read by
//! indentation alone, so that half-typed text has one too.

/// A line that holds a key: where its dash and its key stand, and the key.
fn read(line: &str) -> Option<(Option<usize>, usize, &str)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let rest = &line[indent..];
    let bare = rest.trim_start_matches("- ").trim_start_matches(' ');
    let dash = rest.starts_with("- ").then_some(indent);
    let at = line.len() - bare.len();
    if bare.is_empty() || bare.starts_with('#') {
        return None;
    }
    let key = bare.split(':').next().unwrap_or(bare);
    Some((dash, at, key.trim().trim_matches(['"', '\''])))
}

/// The path above the caret, such as `spec.deploymentTemplate`, and the word that it ends; `None`
/// where a value is typed and no key.
pub fn place(text: &str, caret: usize) -> Option<(String, String)> {
    let head = text.get(..caret)?;
    let (above, line) = head.rsplit_once('\n').unwrap_or(("", head));
    if line.contains(": ") || line.trim_end().ends_with(':') || line.contains('#') {
        return None;
    }
    let bare = line.trim_start_matches([' ', '-']);
    let mut need = match line.find('-') {
        Some(dash) if line[..dash].trim().is_empty() && line[dash..].starts_with("- ") => dash + 1,
        _ => line.len() - bare.len(),
    };
    let mut path: Vec<&str> = Vec::new();
    for line in above.lines().rev() {
        let Some((dash, at, key)) = read(line) else {
            continue;
        };
        if at < need {
            path.push(key);
            need = dash.map_or(at, |dash| dash + 1);
        } else if let Some(dash) = dash.filter(|dash| *dash < need) {
            // A list may stand as deep as the key that holds it.
            need = dash + 1;
        }
    }
    path.reverse();
    Some((path.join("."), bare.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::place;

    fn at(text: &str) -> Option<(String, String)> {
        let caret = text.find('|').unwrap_or(text.len());
        place(&text.replacen('|', "", 1), caret)
    }

    fn told(path: &str, word: &str) -> Option<(String, String)> {
        Some((path.to_owned(), word.to_owned()))
    }

    #[test]
    fn the_path_is_read_from_indentation() {
        let class = "kind: X\nspec:\n  deploymentTemplate:\n    replicas: 1\n    template:\n      spec:\n        containers:\n          - name: main\n            resources:\n              limits: {}\n";
        assert_eq!(at(&format!("{class}|")), told("", ""));
        assert_eq!(at(&format!("{class}  se|")), told("spec", "se"));
        assert_eq!(
            at(&format!("{class}    stra|")),
            told("spec.deploymentTemplate", "stra")
        );
        let containers = "spec.deploymentTemplate.template.spec.containers";
        assert_eq!(
            at(&format!("{class}            liv|")),
            told(containers, "liv")
        );
        assert_eq!(
            at(&format!("{class}          - na|")),
            told(containers, "na")
        );
        assert_eq!(
            at(&format!("{class}              re|")),
            told(&format!("{containers}.resources"), "re")
        );
        assert_eq!(at(&format!("{class}      # no|")), None);
        assert_eq!(at("spec:\n  replicas: |1"), None);
    }

    #[test]
    fn a_list_may_stand_as_deep_as_its_key() {
        let text = "spec:\n  ports:\n  - name: a\n    port: 1\n  - name: b\n    |";
        assert_eq!(at(text), told("spec.ports", ""));
        assert_eq!(at("spec:\n  ports:\n  - na|"), told("spec.ports", "na"));
    }
}
