//! The palette: what is typed is asked for, arrows choose, Enter goes. What was looked at lately is
//! remembered in this browser, and forgotten at signing out.

use std::{cell::Cell, rc::Rc};

use js_sys::futures::JsFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, HtmlDialogElement, HtmlInputElement, KeyboardEvent, Response, Storage,
};

use super::{all, by_id, document, later, listen, window};

/// Typing that rests so long is asked about, in milliseconds.
const REST: i32 = 50;
/// So many pages are remembered.
const RECENT: usize = 8;

/// What the palette works on.
struct Palette {
    dialog: HtmlDialogElement,
    field: HtmlInputElement,
    hits: Element,
    address: String,
    recent: String,
    turn: Cell<u32>,
}

/// Remembers this page, and opens when the keys are pressed.
pub fn open_palette(address: &str, viewer: &str) {
    let dialog = by_id("palette").and_then(|element| element.dyn_into().ok());
    let field = by_id("palette-field").and_then(|element| element.dyn_into().ok());
    let (Some(dialog), Some(field), Some(hits)) = (dialog, field, by_id("hits")) else {
        return;
    };
    let palette = Rc::new(Palette {
        dialog,
        field,
        hits: hits.into(),
        address: address.to_owned(),
        recent: format!("recent:{viewer}"),
        turn: Cell::new(0),
    });
    palette.remember();
    {
        let palette = palette.clone();
        listen(&document(), "keydown", move |event: KeyboardEvent| {
            let held = event.ctrl_key() || event.meta_key();
            let asked = held && !event.alt_key() && !event.shift_key() && event.key() == "k";
            if asked {
                event.prevent_default();
                palette.open();
            }
        });
    }
    {
        let palette = palette.clone();
        listen(&document(), "troupe:search", move |_: Event| palette.open());
    }
    {
        let palette = palette.clone();
        let field = palette.field.clone();
        listen(&field, "input", move |_: Event| palette.ask(REST));
    }
    {
        let palette = palette.clone();
        let field = palette.field.clone();
        listen(&field, "keydown", move |event: KeyboardEvent| {
            palette.pressed(&event);
        });
    }
    {
        let palette = palette.clone();
        let dialog = palette.dialog.clone();
        listen(&dialog, "click", move |event: Event| {
            // A click beside the dialog hits the dialog itself, and nothing in it.
            let beside = event.target().as_ref() == Some(palette.dialog.as_ref());
            if beside {
                palette.dialog.close();
            }
        });
    }
    listen(&document(), "submit", move |event: Event| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let leaves =
            form.is_some_and(|form| form.get_attribute("action").as_deref() == Some("/sign-out"));
        if let Some(storage) = storage().filter(|_| leaves) {
            let _ = storage.remove_item(&palette.recent);
        }
    });
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

impl Palette {
    fn open(self: &Rc<Self>) {
        if self.dialog.open() || self.dialog.show_modal().is_err() {
            return;
        }
        self.field.select();
        let _ = self.field.focus();
        self.ask(0);
    }

    /// The pages that were looked at lately, the newest first: titles and addresses.
    fn recent(&self) -> Vec<(String, String)> {
        let text = storage().and_then(|storage| storage.get_item(&self.recent).ok().flatten());
        let text = text.unwrap_or_default();
        let pairs = text.lines().filter_map(|line| line.split_once('\t'));
        pairs
            .map(|(title, address)| (title.to_owned(), address.to_owned()))
            .collect()
    }

    fn remember(&self) {
        let location = window().location();
        let Ok(path) = location.pathname() else {
            return;
        };
        // Problems aren't worth coming back to, and the ways to everything are at hand anyway.
        if by_id("reference").is_some() || path == "/" || path.starts_with("/search") {
            return;
        }
        let address = format!("{path}{}", location.search().unwrap_or_default());
        let title = document().title();
        let title = title.strip_suffix(" · Troupe").unwrap_or(&title);
        let title = title.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        let mut lines = vec![format!("{}\t{address}", title.replace(['\t', '\n'], " "))];
        for (title, known) in self.recent() {
            if known != address && lines.len() < RECENT {
                lines.push(format!("{title}\t{known}"));
            }
        }
        if let Some(storage) = storage() {
            // A full store forgets; nothing else depends on it.
            let _ = storage.set_item(&self.recent, &lines.join("\n"));
        }
    }

    /// Asks for what fits, when typing has rested.
    fn ask(self: &Rc<Self>, rest: i32) {
        let turn = self.turn.get().wrapping_add(1);
        self.turn.set(turn);
        let palette = self.clone();
        later(rest, move || {
            if palette.turn.get() != turn {
                return;
            }
            leptos::task::spawn_local(async move {
                if palette.fetch(turn).await.is_err() {
                    // The page that Enter leads to says what is wrong.
                    palette.hits.set_inner_html("");
                }
            });
        });
    }

    async fn fetch(&self, turn: u32) -> Result<(), JsValue> {
        let typed = self.field.value();
        let q = String::from(js_sys::encode_uri_component(&typed));
        let at = window().location().pathname()?;
        let at = String::from(js_sys::encode_uri_component(&at));
        let address = format!("{}?q={q}&at={at}", self.address);
        let response = JsFuture::from(window().fetch_with_str(&address)).await?;
        let response: Response = response.dyn_into()?;
        if !response.ok() || response.redirected() {
            return Err(JsValue::NULL);
        }
        let html = JsFuture::from(response.text()?).await?;
        if self.turn.get() != turn {
            return Ok(());
        }
        self.hits
            .set_inner_html(&html.as_string().unwrap_or_default());
        self.add_recent(&typed.trim().to_lowercase())?;
        self.choose(0);
        Ok(())
    }

    /// Puts what was looked at lately before all else, when it fits.
    fn add_recent(&self, typed: &str) -> Result<(), JsValue> {
        let here = window().location();
        let here = format!("{}{}", here.pathname()?, here.search()?);
        let fits = |title: &str| typed.is_empty() || title.to_lowercase().contains(typed);
        let most = if typed.is_empty() { 5 } else { 2 };
        let recent = self.recent().into_iter();
        let recent: Vec<(String, String)> = recent
            .filter(|(title, address)| *address != here && fits(title))
            .take(most)
            .collect();
        if recent.is_empty() {
            return Ok(());
        }
        let page = document();
        let group = page.create_element("div")?;
        group.set_attribute("role", "group")?;
        group.set_attribute("aria-labelledby", "hits-recent")?;
        let title = page.create_element("span")?;
        title.set_id("hits-recent");
        title.set_text_content(Some("Recent"));
        group.append_child(&title)?;
        for (at, (title, address)) in recent.into_iter().enumerate() {
            let option = page.create_element("a")?;
            option.set_id(&format!("recent-{at}"));
            for (name, value) in [
                ("role", "option"),
                ("href", address.as_str()),
                ("tabindex", "-1"),
                ("aria-selected", "false"),
            ] {
                option.set_attribute(name, value)?;
            }
            option.set_inner_html(
                "<svg class=\"i\" aria-hidden=\"true\"><use href=\"/icons.svg#back\"></use></svg>\
                 <span></span><small></small>",
            );
            if let Some(words) = option.query_selector("span")? {
                words.set_text_content(Some(&title));
            }
            group.append_child(&option)?;
        }
        self.hits.prepend_with_node_1(&group)?;
        Ok(())
    }

    fn options(&self) -> Vec<Element> {
        all(&document(), "#hits [role=option]:not([aria-disabled])")
    }

    /// Chooses the option at a place, and says so to those who can't see it.
    fn choose(&self, place: usize) {
        for (at, option) in self.options().iter().enumerate() {
            let chosen = at == place;
            let _ = option.set_attribute("aria-selected", if chosen { "true" } else { "false" });
            if chosen {
                let _ = self
                    .field
                    .set_attribute("aria-activedescendant", &option.id());
                option.scroll_into_view_with_bool(false);
            }
        }
        if self.options().is_empty() {
            let _ = self.field.remove_attribute("aria-activedescendant");
        }
    }

    fn chosen(&self) -> Option<usize> {
        let options = self.options();
        options
            .iter()
            .position(|option| option.get_attribute("aria-selected").as_deref() == Some("true"))
    }

    fn pressed(&self, event: &KeyboardEvent) {
        let many = self.options().len();
        let now = self.chosen();
        let next = match event.key().as_str() {
            "ArrowDown" => now.map_or(0, |now| (now + 1) % many.max(1)),
            "ArrowUp" => now.map_or(0, |now| (now + many.max(1) - 1) % many.max(1)),
            "Enter" => {
                self.go(event, now);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.choose(next);
    }

    /// Goes where the chosen option leads; without one the form is sent.
    fn go(&self, event: &KeyboardEvent, chosen: Option<usize>) {
        let option = chosen.and_then(|at| self.options().into_iter().nth(at));
        let Some(address) = option.and_then(|option| option.get_attribute("href")) else {
            return;
        };
        event.prevent_default();
        if event.ctrl_key() || event.meta_key() {
            let _ = window().open_with_url_and_target(&address, "_blank");
        } else {
            let _ = window().location().assign(&address);
        }
    }
}
