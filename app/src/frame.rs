//! What stands around a page: the rail, the bar with crumbs and search, the account's menu.

use leptos::prelude::*;
use model::{access::Viewer, health::Health, path, view::FrameView};

use crate::{
    context::{Around, Theme, csrf},
    islands::{Clock, Live, Pending, Shortcuts},
    parts::{icon, moment, state},
    screen::{Place, Screen},
    shell::document,
};

/// A page within its frame, as a whole document.
pub fn framed(around: &Around, viewer: &Viewer, frame: &FrameView, screen: Screen) -> AnyView {
    let Screen {
        title,
        place,
        crumbs,
        topics,
        body,
    } = screen;
    let live = (!topics.is_empty()).then(|| {
        view! {
            <Live
                topics=topics.join(",")
                address=path::events()
                as_of=moment::clock(around.now)
            />
        }
    });
    let inside = view! {
        <body>
            <a class="skip" href="#main">"Skip to content"</a>
            <div class="shell">
                {rail(place, frame)}
                <header class="bar">
                    <button
                        class="btn small-only" type="button" data-kind="bare" data-only="icon"
                        popovertarget="rail" aria-label="Open the menu"
                    >{icon("menu")}</button>
                    <a class="mark small-only" href=path::home()>{mark()}"Troupe"</a>
                    {trail(frame, crumbs)}
                    {live}
                    {search()}
                    {planes(frame)}
                    <button
                        class="btn" type="button" data-kind="bare" data-only="icon"
                        popovertarget="me" aria-label=format!("{}: theme and sign out", viewer.name)
                    >{face(&viewer.name)}</button>
                </header>
                <main class="page" id="main" tabindex="-1">{body}</main>
            </div>
            {account(around, viewer)}
            <Shortcuts/>
            <Clock/>
            <Pending/>
        </body>
    };
    document(around, &title, inside.into_any())
}

/// A page without a frame: the way in, and problems of people who aren't in.
pub fn door(body: AnyView) -> AnyView {
    view! {
        <body class="door">
            <main class="gate-card" id="main">
                {troupe()}
                <span class="mark">{mark()}"Troupe"</span>
                {body}
            </main>
            <footer class="door-foot"><span>"Troupe, an internal developer platform"</span></footer>
        </body>
    }
    .into_any()
}

fn rail(place: Place, frame: &FrameView) -> AnyView {
    let entry = |own: Place, address: String, name: &'static str, sign: &'static str| {
        view! {
            <li>
                <a href=address aria-current=(own == place).then_some("page")>{icon(sign)}{name}</a>
            </li>
        }
    };
    let due = (frame.waiting > 0).then(|| {
        view! { <span class="count">{frame.waiting}<span class="sr">" waiting"</span></span> }
    });
    view! {
        <nav class="rail" id="rail" popover aria-label="Main">
            <a class="mark" href=path::home()>{mark()}"Troupe"</a>
            <ul>
                {entry(Place::Home, path::home(), "Home", "home")}
                {entry(Place::Projects, path::projects(), "Projects", "cell")}
                {entry(Place::Environments, path::environments(), "Environments", "layers")}
                <li data-live="due">
                    <a
                        href=path::waiting()
                        aria-current=(place == Place::Waiting).then_some("page")
                    >{icon("s-clock")}"Waiting"{due}</a>
                </li>
            </ul>
            <div>
                <h2 id="rail-platform">"Platform"</h2>
                <ul aria-labelledby="rail-platform">
                    {entry(Place::Planes, path::planes(), "Planes", "server")}
                    {entry(Place::Classes, path::classes(), "Classes", "stencil")}
                    {entry(Place::Configuration, path::configuration(), "Configuration", "sliders")}
                    {entry(Place::Pipelines, path::pipelines(), "Pipelines", "git")}
                    {entry(Place::Resources, path::resource_kinds(), "All resources", "book")}
                </ul>
            </div>
            <ul>{entry(Place::Apply, path::apply(), "Apply manifests", "ship")}</ul>
        </nav>
    }
    .into_any()
}

fn trail(frame: &FrameView, crumbs: Vec<(String, Option<String>)>) -> AnyView {
    let steps: Vec<AnyView> = crumbs
        .into_iter()
        .map(|(name, address)| match address {
            Some(address) => view! { <li><a href=address>{name}</a></li> }.into_any(),
            None => view! { <li><span aria-current="page">{name}</span></li> }.into_any(),
        })
        .collect();
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol><li><a href=path::home()>{frame.organization.clone()}</a></li>{steps}</ol>
        </nav>
    }
    .into_any()
}

fn search() -> AnyView {
    view! {
        <form class="find" role="search" action=path::projects()>
            {icon("search")}
            <input
                type="search" name="search" id="search" placeholder="Search projects"
                aria-label="Search projects" autocomplete="off"
            />
            <kbd>"/"</kbd>
        </form>
    }
    .into_any()
}

/// Whether the planes answer, in one mark.
fn planes(frame: &FrameView) -> AnyView {
    let silent = frame.planes - frame.planes_live;
    let noun = if frame.planes == 1 { "plane" } else { "planes" };
    let (health, words) = match (frame.planes, silent) {
        (0, _) => (Health::Unknown, "No plane".to_owned()),
        (all, 0) => (Health::Healthy, format!("{all} {noun} live")),
        (all, silent) => (Health::Degraded, format!("{silent} of {all} {noun} silent")),
    };
    let words = if frame.simulated && frame.planes > 0 {
        format!("{words}, simulated")
    } else {
        words
    };
    let (tone, shape) = state::look(health);
    let title = words.clone();
    view! {
        <a href=path::planes() class="state" data-state=tone data-live="planes" title=title>
            {icon(shape)}<span class="word">{words}</span>
        </a>
    }
    .into_any()
}

fn account(around: &Around, viewer: &Viewer) -> AnyView {
    let themes: Vec<AnyView> = Theme::ALL
        .into_iter()
        .map(|theme| {
            let (name, sign) = match theme {
                Theme::Auto => ("Theme of the system", "sun"),
                Theme::Light => ("Light theme", "sun"),
                Theme::Dark => ("Dark theme", "moon"),
            };
            let chosen = theme == around.theme;
            view! {
                <button name="theme" value=theme.as_str() aria-pressed=if chosen { "true" } else { "false" }>
                    {icon(if chosen { "tick" } else { sign })}{name}
                </button>
            }
            .into_any()
        })
        .collect();
    let token = csrf(viewer).to_owned();
    view! {
        <div class="menu" id="me" popover>
            <p class="hint">"Signed in as "<b>{viewer.name.clone()}</b></p>
            <form method="post" action=path::theme()>
                <input type="hidden" name="csrf" value=token.clone()/>
                <input type="hidden" name="return_to" value=around.address.clone()/>
                {themes}
            </form>
            <form method="post" action=path::sign_out()>
                <input type="hidden" name="csrf" value=token/>
                <button>{icon("out")}"Sign out"</button>
            </form>
        </div>
    }
    .into_any()
}

fn face(name: &str) -> AnyView {
    let letter: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
    view! { <span class="face" aria-hidden="true">{letter}</span> }.into_any()
}

fn mark() -> AnyView {
    view! {
        <svg
            viewBox="0 0 20 20" aria-hidden="true"
            inner_html="<path class=\"lead\" d=\"M10 1.2 14.4 9H5.6z\"/><rect x=\"1.8\" y=\"10.6\" width=\"7.6\" height=\"7.6\" rx=\"1\"/><circle cx=\"14.4\" cy=\"14.4\" r=\"3.95\"/>"
        ></svg>
    }
    .into_any()
}

/// The troupe itself, where there is room for it.
pub fn troupe() -> AnyView {
    view! {
        <svg
            class="troupe" viewBox="0 0 112 82" aria-hidden="true"
            inner_html="<rect x=\"10\" y=\"49\" width=\"32\" height=\"32\" rx=\"3\"/><circle cx=\"58\" cy=\"65\" r=\"16\"/><path d=\"M74 81 90 49l16 32z\"/><path d=\"M28 49a15 15 0 0 1 30 0z\"/><rect x=\"62\" y=\"23\" width=\"26\" height=\"26\" rx=\"3\"/><path class=\"lead\" d=\"M75 1 87 22H63z\"/>"
        ></svg>
    }
    .into_any()
}
