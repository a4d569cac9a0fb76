//! What was found: as a list on the search page, and as options in the palette.

use leptos::prelude::*;
use model::{
    access::{Thing, Verb, Viewer, may},
    identity::Identity,
    kind::Kind,
    path, search,
    view::{Hit, SearchView},
};

use super::{icon, things};

/// The sign of a kind.
pub fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Project => "cell",
        Kind::Component => "cube",
        Kind::Environment => "layers",
        Kind::DataPlane | Kind::BuildPlane => "server",
        Kind::DeploymentPipeline => "git",
        Kind::ConfigurationGroup => "sliders",
        kind if kind.is_class() => "stencil",
        _ => "doc",
    }
}

/// A kind's things in words.
pub fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Project => "Projects",
        Kind::Component => "Components",
        Kind::Environment => "Environments",
        Kind::DataPlane => "Planes",
        Kind::BuildPlane => "Build planes",
        Kind::DeploymentPipeline => "Pipelines",
        Kind::ConfigurationGroup => "Configuration",
        Kind::ServiceClass => "Classes of services",
        Kind::WebApplicationClass => "Classes of web applications",
        Kind::ScheduledTaskClass => "Classes of scheduled tasks",
        Kind::APIClass => "Classes of APIs",
        Kind::EndpointClass => "Classes of endpoints",
        _ => "Others",
    }
}

/// A text with what was typed of it marked.
pub fn marked(text: &str, terms: &[String]) -> AnyView {
    let pieces: Vec<AnyView> = search::marked(text, terms)
        .into_iter()
        .map(|(text, typed)| {
            if typed {
                view! { <mark>{text}</mark> }.into_any()
            } else {
                text.into_any()
            }
        })
        .collect();
    pieces.into_any()
}

/// Where something is, in a few words: its project, and what it was found by.
pub fn whereabouts(hit: &Hit) -> String {
    let mut words = Vec::new();
    if !hit.title.eq_ignore_ascii_case(&hit.identity.name) {
        words.push(hit.identity.name.clone());
    }
    if !hit.identity.project.is_empty() {
        words.push(hit.identity.project.clone());
    }
    if !hit.said.is_empty() {
        words.push(hit.said.clone());
    }
    words.join(" · ")
}

/// Something that can be done or gone to.
struct Choice {
    sign: &'static str,
    words: String,
    says: String,
    /// `None` when the viewer may not; `says` tells why.
    address: Option<String>,
}

/// What can be done with a component, by the words that people type for it.
const DEEDS: [(&str, &str, &str); 5] = [
    ("logs", "Logs of", "term"),
    ("runtime", "What runs of", "server"),
    ("releases", "Releases of", "ship"),
    ("history", "History of", "book"),
    ("definition", "Manifests of", "doc"),
];

/// The deeds that some of the words mean, and the words that are left.
pub fn deeds(text: &str) -> (Vec<&'static str>, String) {
    let means = |term: &str| {
        let term = term.to_lowercase();
        let deeds = DEEDS.iter().filter(|(tab, words, _)| {
            let word = words.to_lowercase();
            term.chars().count() > 1 && (tab.starts_with(&term) || word.starts_with(&term))
        });
        deeds.map(|(tab, ..)| *tab).collect::<Vec<_>>()
    };
    let (mut meant, mut left) = (Vec::new(), Vec::new());
    for term in text.split_whitespace() {
        match means(term) {
            tabs if tabs.is_empty() => left.push(term),
            tabs => meant.extend(tabs),
        }
    }
    (meant, left.join(" "))
}

/// What the palette is asked.
pub struct Palette<'a> {
    /// Who asks.
    pub viewer: &'a Viewer,
    /// What was typed.
    pub text: &'a str,
    /// The path of the page that it is asked on.
    pub at: &'a str,
    /// What fits all that was typed.
    pub found: &'a SearchView,
    /// What fits the words that mean no deed.
    pub subjects: &'a SearchView,
    /// What the viewer keeps at hand, shown while nothing is typed.
    pub kept: &'a [Identity],
}

impl Palette<'_> {
    /// The project and component that the page is about.
    fn place(&self) -> (Option<String>, Option<String>) {
        let mut parts = self.at.split('/').skip(1);
        let decode = |part: &str| part.replace("%20", " ");
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("projects"), Some(project), Some("components"), Some(component))
                if component != "new" =>
            {
                (Some(decode(project)), Some(decode(component)))
            }
            (Some("projects"), Some(project), ..) if project != "new" && !project.is_empty() => {
                (Some(decode(project)), None)
            }
            _ => (None, None),
        }
    }

    fn allowed(&self, kind: Kind, project: &str, address: String) -> (Option<String>, String) {
        let thing = Thing::in_project(kind, &self.viewer.organization, project);
        match may(self.viewer, Verb::Apply, &thing) {
            Ok(_) => (Some(address), String::new()),
            Err(refusal) => (None, refusal.why),
        }
    }

    /// Whether all that was typed begins some word of this text.
    fn fits(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        search::terms(self.text).iter().all(|term| {
            let mut words = text.split(|letter: char| !letter.is_alphanumeric());
            words.any(|word| word.starts_with(term.as_str()))
        })
    }

    /// Actions come before places.
    fn actions(&self) -> Vec<Choice> {
        let (project, component) = self.place();
        let mut choices = Vec::new();
        let (meant, left) = deeds(self.text);
        let here = component.filter(|_| left.is_empty() && !meant.is_empty());
        let here = here.zip(project.clone());
        let subjects = self.subjects.groups.iter().flat_map(|group| &group.hits);
        let subjects = subjects
            .map(|hit| &hit.identity)
            .filter(|identity| identity.kind == Kind::Component)
            .map(|identity| (identity.name.clone(), identity.project.clone()));
        for (component, project) in here.into_iter().chain(subjects).take(3) {
            for (tab, words, sign) in DEEDS.iter().filter(|(tab, ..)| meant.contains(tab)) {
                choices.push(Choice {
                    sign,
                    words: format!("{words} {component}"),
                    says: project.clone(),
                    address: Some(path::component_tab(&project, &component, tab, "")),
                });
            }
        }
        let projects = self
            .found
            .groups
            .iter()
            .filter(|group| group.kind == Kind::Project);
        let projects = projects.flat_map(|group| &group.hits).take(2);
        let mut makes: Vec<String> = projects.map(|hit| hit.identity.name.clone()).collect();
        makes.extend(project);
        makes.dedup();
        for project in makes {
            let words = format!("New component in {project}");
            let address = path::new_component(&project);
            self.make(&mut choices, words, Kind::Component, &project, address);
        }
        let words = "New project".to_owned();
        self.make(&mut choices, words, Kind::Project, "", path::new_project());
        let words = "Apply manifests".to_owned();
        self.make(&mut choices, words, Kind::Project, "", path::apply());
        choices
    }

    fn make(
        &self,
        choices: &mut Vec<Choice>,
        words: String,
        kind: Kind,
        project: &str,
        address: String,
    ) {
        if !self.fits(&words) {
            return;
        }
        let (address, says) = self.allowed(kind, project, address);
        let sign = if words.starts_with("New") {
            "plus"
        } else {
            "ship"
        };
        choices.push(Choice {
            sign,
            words,
            says,
            address,
        });
    }

    /// Where one can go: what was found, and the portal's own places.
    fn places(&self) -> Vec<Choice> {
        let hits = self.found.groups.iter().flat_map(|group| {
            group.hits.iter().map(|hit| Choice {
                sign: sign(group.kind),
                words: hit.title.clone(),
                says: if group.kind == Kind::Component {
                    whereabouts(hit)
                } else {
                    let says = whereabouts(hit);
                    let kind = group.kind.as_str();
                    if says.is_empty() {
                        kind.to_owned()
                    } else {
                        format!("{kind} · {says}")
                    }
                },
                address: Some(things::address(&hit.identity)),
            })
        });
        let mut choices: Vec<Choice> = hits.collect();
        if self.text.trim().is_empty() {
            let kept = self.kept.iter().take(6).map(|kept| Choice {
                sign: sign(kept.kind),
                words: kept.name.clone(),
                says: if kept.project.is_empty() {
                    "favourite".to_owned()
                } else {
                    format!("favourite · {}", kept.project)
                },
                address: Some(things::address(kept)),
            });
            choices.extend(kept);
        }
        let rooms = [
            ("home", "Home", path::home(), "g h"),
            ("cell", "Projects", path::projects(), "g p"),
            ("layers", "Environments", path::environments(), "g e"),
            ("s-clock", "Waiting", path::waiting(), "g w"),
            ("server", "Planes", path::planes(), "g l"),
            ("stencil", "Classes", path::classes(), "g c"),
            ("sliders", "Configuration", path::configuration(), ""),
            ("git", "Pipelines", path::pipelines(), ""),
            ("book", "All resources", path::resource_kinds(), "g r"),
        ];
        let rooms = rooms.into_iter().filter(|(_, words, ..)| self.fits(words));
        choices.extend(rooms.map(|(sign, words, address, keys)| Choice {
            sign,
            words: words.to_owned(),
            says: keys.to_owned(),
            address: Some(address),
        }));
        choices
    }

    /// The options, in groups: what can be done, and where one can go.
    pub fn draw(&self) -> AnyView {
        let terms = search::terms(self.text);
        let mut number = 0;
        let mut group = |id: &'static str, title: &'static str, choices: Vec<Choice>| {
            if choices.is_empty() {
                return None;
            }
            let options: Vec<AnyView> = choices
                .into_iter()
                .map(|choice| {
                    number += 1;
                    option(number, choice, &terms)
                })
                .collect();
            Some(view! {
                <div role="group" aria-labelledby=id><span id=id>{title}</span>{options}</div>
            })
        };
        let (actions, places) = (self.actions(), self.places());
        let nothing = actions.is_empty() && places.is_empty();
        let nothing = nothing.then(|| view! { <p class="says">"Nothing is called so."</p> });
        let all = (!self.found.groups.is_empty()).then(|| {
            let words = format!("All that fits “{}”", self.text.trim());
            let choice = Choice {
                sign: "search",
                words,
                says: String::new(),
                address: Some(path::search(self.text.trim())),
            };
            vec![choice]
        });
        let actions = group("hits-do", "Do", actions);
        let places = group("hits-go", "Go to", places);
        let all = all.and_then(|all| group("hits-all", "Search", all));
        view! { {actions}{places}{all}{nothing} }.into_any()
    }
}

fn option(number: usize, choice: Choice, terms: &[String]) -> AnyView {
    let id = format!("hit-{number}");
    let words = marked(&choice.words, terms);
    let inside = view! {
        {icon(choice.sign)}<span>{words}</span><small>{choice.says}</small>
    };
    match choice.address {
        Some(address) => view! {
            <a role="option" id=id href=address tabindex="-1" aria-selected="false">{inside}</a>
        }
        .into_any(),
        None => view! {
            <div role="option" id=id aria-selected="false" aria-disabled="true">{inside}</div>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_words_mean_what_to_do_and_the_others_with_what() {
        assert_eq!(deeds("log check"), (vec!["logs"], "check".to_owned()));
        assert_eq!(
            deeds("checkout rel"),
            (vec!["releases"], "checkout".to_owned())
        );
        assert_eq!(deeds("l che"), (vec![], "l che".to_owned()));
        assert_eq!(deeds(""), (vec![], String::new()));
    }
}
