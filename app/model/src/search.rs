//! What things are found by: the words that stand for them, and the words that people type.
//!
//! A word is written from each of its parts on (`checkout-api` also as `api`), so that whoever types
//! the beginning of any part finds it. Pure; the store keeps the words, and looks for them.

use serde_json::Value;

use crate::{identity::Identity, kind::Kind};

/// Changes when words are made in another way, so that stored ones are made anew.
pub const RULES: &str = "1";

/// More words than this aren't looked for.
const TERMS: usize = 4;
/// The longest word that is kept or looked for, in characters.
const LONGEST: usize = 80;

/// What of a thing a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// Its name, from the start.
    Name,
    /// A part of its name.
    Part,
    /// What people call it.
    Title,
    /// Whose it is: its project, or the owner or team that its labels name.
    Owner,
    /// An image that it runs.
    Image,
    /// A host that it is reached by.
    Host,
}

impl Found {
    /// All, the best first.
    pub const ALL: [Self; 6] = [
        Self::Name,
        Self::Part,
        Self::Title,
        Self::Owner,
        Self::Image,
        Self::Host,
    ];

    /// The better, the lower.
    pub fn rank(self) -> i64 {
        match self {
            Self::Name => 0,
            Self::Part => 1,
            Self::Title => 2,
            Self::Owner => 3,
            Self::Image => 4,
            Self::Host => 5,
        }
    }

    /// Reads what [`Found::rank`] gave.
    pub fn ranked(rank: i64) -> Self {
        let found = Self::ALL.into_iter().find(|found| found.rank() == rank);
        found.unwrap_or(Self::Host)
    }
}

/// A word that something is found by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// In lower case.
    pub word: String,
    /// What of the thing it is.
    pub found: Found,
    /// The whole that it is a part of, where the thing's name doesn't say it.
    pub said: String,
}

/// The kinds that are found: what has a page that people go to.
pub const KINDS: &[Kind] = &[
    Kind::Project,
    Kind::Component,
    Kind::Environment,
    Kind::DeploymentPipeline,
    Kind::DataPlane,
    Kind::BuildPlane,
    Kind::ServiceClass,
    Kind::WebApplicationClass,
    Kind::ScheduledTaskClass,
    Kind::APIClass,
    Kind::EndpointClass,
    Kind::ConfigurationGroup,
];

/// The thing that a resource's words lead to: itself, or the component that it is a part of.
pub fn leads_to(identity: &Identity) -> Option<Identity> {
    if KINDS.contains(&identity.kind) {
        return Some(identity.clone());
    }
    (identity.kind == Kind::Workload).then(|| {
        let (organization, project) = (&identity.organization, &identity.project);
        Identity::in_project(Kind::Component, organization, project, &identity.component)
    })
}

/// A resource as words are made of it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What it is.
    pub identity: &'a Identity,
    /// What people call it.
    pub title: &'a str,
    /// Its labels and annotations.
    pub labels: &'a [(&'a str, &'a str)],
    /// As declared.
    pub spec: &'a Value,
}

/// The words of a resource. A workload says its component's images; other parts say nothing.
pub fn words(subject: Subject<'_>) -> Vec<Word> {
    let who = subject.identity;
    let mut words = Vec::new();
    if who.kind == Kind::Workload {
        let containers = subject.spec["containers"].as_object().into_iter().flatten();
        for (_, container) in containers {
            if let Some(image) = container["image"].as_str() {
                words.extend(image_words(image));
            }
        }
    } else if KINDS.contains(&who.kind) {
        for (at, word) in suffixes(&who.name).into_iter().enumerate() {
            let found = if at == 0 { Found::Name } else { Found::Part };
            words.push(Word {
                word,
                found,
                said: String::new(),
            });
        }
        if !subject.title.eq_ignore_ascii_case(&who.name) {
            words.extend(parts_of(subject.title, Found::Title, ""));
        }
        if !who.project.is_empty() {
            words.extend(parts_of(&who.project, Found::Owner, ""));
        }
        let owners = subject.labels.iter().filter(|(key, _)| {
            let key = key.rsplit('/').next().unwrap_or(key);
            matches!(key, "owner" | "owners" | "team" | "maintainer" | "contact")
        });
        for (_, owner) in owners {
            words.extend(parts_of(owner, Found::Owner, owner));
        }
    }
    words.sort();
    words.dedup_by(|a, b| a.word == b.word && a.found == b.found);
    words
}

/// The words of the hosts that a component is reached by in an environment.
pub fn host_words<'a>(hosts: impl Iterator<Item = &'a str>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for host in hosts.filter(|host| !host.is_empty()) {
        words.push(Word {
            word: clipped(&host.to_lowercase()),
            found: Found::Host,
            said: host.to_owned(),
        });
    }
    words.sort();
    words.dedup();
    words
}

/// An image is found by its whole name and by what follows each slash; a digest says nothing.
fn image_words(image: &str) -> Vec<Word> {
    let name = image.split('@').next().unwrap_or(image).to_lowercase();
    let starts = name.match_indices('/').map(|(at, _)| at + 1);
    let words = std::iter::once(0).chain(starts).map(|at| Word {
        word: clipped(&name[at..]),
        found: Found::Image,
        said: image.to_owned(),
    });
    words.collect()
}

fn parts_of(text: &str, found: Found, said: &str) -> Vec<Word> {
    let words = suffixes(text).into_iter().map(|word| Word {
        word,
        found,
        said: said.to_owned(),
    });
    words.collect()
}

/// The text in lower case, and what of it begins at each of its parts.
fn suffixes(text: &str) -> Vec<String> {
    let text = clipped(&text.trim().to_lowercase());
    let mut inside = false;
    let mut found = Vec::new();
    for (at, letter) in text.char_indices() {
        if letter.is_alphanumeric() && !inside {
            found.push(text[at..].to_owned());
        }
        inside = letter.is_alphanumeric();
    }
    found
}

fn clipped(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// The words that somebody typed, in lower case; the longest first, since few things have it.
pub fn terms(text: &str) -> Vec<String> {
    let mut terms: Vec<String> = text
        .split_whitespace()
        .map(|term| clipped(&term.to_lowercase()))
        .map(|term| term.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
        .filter(|term| !term.is_empty())
        .collect();
    terms.sort_by_key(|term| std::cmp::Reverse(term.chars().count()));
    terms.dedup();
    terms.truncate(TERMS);
    terms
}

/// The first text after all that begin with this one.
pub fn after(term: &str) -> String {
    format!("{term}\u{10ffff}")
}

/// A text in pieces, each with whether somebody typed it.
pub fn marked(text: &str, terms: &[String]) -> Vec<(String, bool)> {
    let lower = text.to_lowercase();
    // Letters that grow in lower case would put marks astray.
    if lower.len() != text.len() {
        return vec![(text.to_owned(), false)];
    }
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for term in terms {
        let found = lower.match_indices(term.as_str()).find(|(at, _)| {
            let before = lower[..*at].chars().next_back();
            before.is_none_or(|letter| !letter.is_alphanumeric())
        });
        if let Some((at, _)) = found {
            spans.push((at, at + term.len()));
        }
    }
    spans.sort_unstable();
    let (mut pieces, mut done) = (Vec::new(), 0);
    for (start, end) in spans {
        if start < done || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            continue;
        }
        if start > done {
            pieces.push((text[done..start].to_owned(), false));
        }
        pieces.push((text[start..end].to_owned(), true));
        done = end;
    }
    if done < text.len() {
        pieces.push((text[done..].to_owned(), false));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(identity: &Identity, title: &str, spec: &Value) -> Vec<String> {
        let subject = Subject {
            identity,
            title,
            labels: &[("acme.io/team", "Team Blue")],
            spec,
        };
        words(subject).into_iter().map(|word| word.word).collect()
    }

    #[test]
    fn a_component_is_found_by_the_parts_of_its_name_its_title_its_project_and_its_team() {
        let cart = Identity::in_project(Kind::Component, "acme", "web-shop", "cart-api");
        let found = of(&cart, "Cart (new)", &json!({}));
        for word in ["cart-api", "api", "cart (new)", "web-shop", "shop", "blue"] {
            assert!(
                found.iter().any(|known| known.starts_with(word)),
                "{word}: {found:?}"
            );
        }
    }

    #[test]
    fn a_workload_leads_to_its_component_by_its_images() {
        let workload = Identity::in_component(Kind::Workload, "acme", "shop", "cart", "cart");
        let spec = json!({"containers": {"main": {"image": "ghcr.io/acme/Cart:1.2@sha256:ab"}}});
        assert_eq!(
            of(&workload, "cart", &spec),
            ["acme/cart:1.2", "cart:1.2", "ghcr.io/acme/cart:1.2"]
        );
        let target = leads_to(&workload).expect("a component");
        assert_eq!(target.to_string(), "Component shop/cart");
        let binding = Identity::in_component(Kind::ServiceBinding, "acme", "shop", "cart", "cart");
        assert_eq!(leads_to(&binding), None);
        assert_eq!(of(&binding, "cart", &spec), Vec::<String>::new());
    }

    #[test]
    fn what_is_typed_is_cut_into_words_the_longest_first() {
        assert_eq!(terms("  Pay  check-out, "), ["check-out", "pay"]);
        assert_eq!(terms("- ’ "), Vec::<String>::new());
        assert_eq!(terms("a b c d e").len(), 4);
    }

    #[test]
    fn what_was_typed_is_marked_where_a_part_begins() {
        let terms = terms("ch prom");
        let marked = marked("Promote checkout", &terms);
        let marks: Vec<&str> = marked
            .iter()
            .filter(|(_, mark)| *mark)
            .map(|(text, _)| text.as_str())
            .collect();
        assert_eq!(marks, ["Prom", "ch"]);
        let whole: String = marked.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(whole, "Promote checkout");
        assert_eq!(
            super::marked("İstanbul", &terms),
            [("İstanbul".to_owned(), false)]
        );
    }
}
