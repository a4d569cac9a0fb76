//! Joins the style sheet: every file of `style/`, once, in the order in which layers are declared.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::workspace::files;

/// The order of the sheet. A name that ends with a slash is a folder, in alphabetical order.
const ORDER: [&str; 7] = [
    "layers.css",
    "tokens.css",
    "reset.css",
    "base.css",
    "layout.css",
    "parts/",
    "states.css",
];

/// Reads the sheet; a file that the order does not know is an error, never left out.
pub fn join(folder: &Path) -> Result<String> {
    let mut sheet = String::new();
    let mut taken = BTreeSet::new();
    for name in ORDER {
        let paths = if name.ends_with('/') {
            files(&folder.join(name))?
        } else {
            vec![folder.join(name)]
        };
        for path in paths {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("the style sheet needs {}", path.display()))?;
            sheet.push_str(text.trim_end());
            sheet.push('\n');
            taken.insert(path);
        }
    }
    let forgotten: Vec<PathBuf> = files(folder)?
        .into_iter()
        .filter(|path| !taken.contains(path))
        .collect();
    ensure!(
        forgotten.is_empty(),
        "{forgotten:?} would never be served: name it in ORDER of app/bundle/src/style.rs, or move \
         it to style/parts/"
    );
    Ok(sheet)
}

/// Drops comments, indentation and empty lines.
pub fn slim(css: &str) -> String {
    let bare = without_comments(css);
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(String::with_capacity(bare.len()), |mut out, line| {
        out.push_str(line);
        out.push('\n');
        out
    })
}

/// A comment becomes nothing, unless it stands in a quoted text.
fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut quote = None;
    let mut letters = css.chars().peekable();
    while let Some(letter) = letters.next() {
        match quote {
            Some(_) if letter == '\\' => {
                out.push(letter);
                out.extend(letters.next());
                continue;
            }
            Some(mark) if letter == mark => quote = None,
            None if letter == '/' && letters.peek() == Some(&'*') => {
                letters.next();
                while let Some(inside) = letters.next() {
                    if inside == '*' && letters.next_if_eq(&'/').is_some() {
                        break;
                    }
                }
                continue;
            }
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            _ => {}
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_style_folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("parts")).expect("a new folder");
        for name in ORDER.iter().filter(|name| !name.ends_with('/')) {
            fs::write(folder.path().join(name), format!("{name}\n")).expect("a new file");
        }
        for name in ["b.css", "a.css"] {
            fs::write(folder.path().join("parts").join(name), name).expect("a new file");
        }
        folder
    }

    #[test]
    fn parts_stand_between_layout_and_states() {
        let folder = a_style_folder();
        let sheet = join(folder.path()).expect("all files are there");
        assert!(
            sheet.ends_with("layout.css\na.css\nb.css\nstates.css\n"),
            "{sheet}"
        );
    }

    #[test]
    fn a_file_outside_the_order_is_refused() {
        let folder = a_style_folder();
        fs::write(folder.path().join("extra.css"), "").expect("a new file");
        let error = join(folder.path()).expect_err("extra.css has no place");
        assert!(error.to_string().contains("extra.css"), "{error}");
    }

    #[test]
    fn slim_keeps_what_is_quoted() {
        let css = "/* why */\n.a {\n  content: \"/* kept \\\" */\";  /* gone */\n}\n";
        assert_eq!(slim(css), ".a {\ncontent: \"/* kept \\\" */\";\n}\n");
    }
}
