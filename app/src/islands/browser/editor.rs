//! Line numbers beside a text, and the fields that may stand where the caret is.

use std::{cell::RefCell, rc::Rc};

use js_sys::futures::JsFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    DomParser, Element, Event, EventInit, HtmlTextAreaElement, KeyboardEvent, Response,
    SupportedType,
};

use super::{super::caret, all, by_id, document, later, listen, window};

/// A caret that rests so long is looked at, in milliseconds.
const REST: i32 = 250;
/// So many fields are offered at once.
const OFFERED: usize = 40;

struct Editing {
    area: HtmlTextAreaElement,
    gutter: Element,
    offer: Element,
    fields: String,
    wrong: Vec<usize>,
    /// The path whose fields are at hand, and the fields: name and what they are.
    known: RefCell<(String, Vec<(String, String)>)>,
}

/// Numbers the lines of a textarea, and offers fields.
pub fn edit(of: &str, fields: &str, wrong: &str) {
    let Some(area) = by_id(of).and_then(|it| it.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
    let Ok(editing) = Editing::around(area, fields, wrong) else {
        return;
    };
    let editing = Rc::new(editing);
    editing.number();
    let on = |name: &'static str, act: fn(&Rc<Editing>)| {
        let editing = editing.clone();
        listen(&editing.area.clone(), name, move |_: Event| act(&editing));
    };
    on("scroll", |it| it.scroll());
    on("input", |it| {
        it.number();
        look(it);
    });
    on("click", look);
    on("keyup", look);
    let to_offer = editing.clone();
    listen(&editing.area, "keydown", move |event: KeyboardEvent| {
        if event.ctrl_key() && event.key() == " " {
            event.prevent_default();
            to_offer.enter();
        }
    });
    let chosen = editing.clone();
    listen(&editing.offer, "click", move |event: Event| {
        let button = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let button = button.and_then(|it| it.closest("button").ok().flatten());
        if let Some(name) = button.and_then(|it| it.get_attribute("value")) {
            chosen.take(&name);
        }
    });
    let left = editing.clone();
    listen(&editing.offer, "keydown", move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            let _ = left.area.focus();
        }
    });
}

/// Looks where the caret is, once it rests.
fn look(editing: &Rc<Editing>) {
    let before = editing.caret();
    let editing = editing.clone();
    later(REST, move || {
        if editing.caret() != before {
            return;
        }
        leptos::task::spawn_local(async move {
            // What can't be asked is not offered.
            if editing.refresh().await.is_err() {
                editing.offer.set_inner_html("");
            }
        });
    });
}

impl Editing {
    /// Puts the textarea between its numbers and what is offered.
    fn around(area: HtmlTextAreaElement, fields: &str, wrong: &str) -> Result<Self, JsValue> {
        let make = |tag: &str, class: &str| {
            let element = document().create_element(tag)?;
            element.set_class_name(class);
            Ok::<_, JsValue>(element)
        };
        let (coded, gutter, offer) = (
            make("div", "coded")?,
            make("pre", "gutter")?,
            make("div", "offer")?,
        );
        gutter.set_attribute("aria-hidden", "true")?;
        offer.set_attribute("role", "group")?;
        offer.set_attribute("aria-label", "Fields that may stand here")?;
        area.insert_adjacent_element("beforebegin", &coded)?;
        coded.append_child(&gutter)?;
        coded.append_child(&area)?;
        coded.insert_adjacent_element("afterend", &offer)?;
        Ok(Self {
            area,
            gutter,
            offer,
            fields: fields.to_owned(),
            wrong: wrong.split(',').filter_map(|it| it.parse().ok()).collect(),
            known: RefCell::default(),
        })
    }

    fn number(&self) {
        let lines = self.area.value().split('\n').count();
        let mut html = String::with_capacity(lines * 4);
        for line in 1..=lines {
            if self.wrong.contains(&line) {
                html.push_str("<b>");
                html.push_str(&line.to_string());
                html.push_str("</b>\n");
            } else {
                html.push_str(&line.to_string());
                html.push('\n');
            }
        }
        self.gutter.set_inner_html(&html);
        self.scroll();
    }

    fn scroll(&self) {
        self.gutter.set_scroll_top(self.area.scroll_top());
    }

    /// The caret in bytes of the text; the browser counts in UTF-16.
    fn caret(&self) -> Option<usize> {
        let at = usize::try_from(self.area.selection_start().ok()??).ok()?;
        let text: Vec<u16> = self.area.value().encode_utf16().take(at).collect();
        Some(String::from_utf16_lossy(&text).len())
    }

    async fn refresh(&self) -> Result<(), JsValue> {
        let text = self.area.value();
        let place = self.caret().and_then(|caret| caret::place(&text, caret));
        let Some((path, word)) = place.filter(|(path, _)| path.starts_with("spec")) else {
            self.offer.set_inner_html("");
            return Ok(());
        };
        if self.known.borrow().0 != path {
            let found = self.ask(&path).await?;
            *self.known.borrow_mut() = (path, found);
        }
        self.show(&word);
        Ok(())
    }

    /// Reads the page of fields: what people can read there, the editor can.
    async fn ask(&self, path: &str) -> Result<Vec<(String, String)>, JsValue> {
        let path = js_sys::encode_uri_component(path);
        let address = format!("{}{}", self.fields, String::from(path));
        let response = JsFuture::from(window().fetch_with_str(&address)).await?;
        let response: Response = response.dyn_into()?;
        if !response.ok() {
            return Ok(Vec::new());
        }
        let text = JsFuture::from(response.text()?).await?;
        let text = text.as_string().unwrap_or_default();
        let page = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
        let rows = all(&page, "tbody tr").into_iter().map(|row| {
            let said = |selector: &str| {
                let cell = row.query_selector(selector).ok().flatten();
                cell.and_then(|cell| cell.text_content())
                    .unwrap_or_default()
            };
            let help = said("td:last-child");
            let help = if help.is_empty() { said("td") } else { help };
            (said("code"), help)
        });
        Ok(rows.collect())
    }

    fn show(&self, word: &str) {
        self.offer.set_inner_html("");
        let known = self.known.borrow();
        let fits = known
            .1
            .iter()
            .filter(|(name, _)| name.to_lowercase().starts_with(&word.to_lowercase()));
        for (name, help) in fits.take(OFFERED) {
            let Ok(button) = document().create_element("button") else {
                return;
            };
            for (key, value) in [
                ("type", "button"),
                ("class", "chip"),
                ("value", name),
                ("title", help),
            ] {
                let _ = button.set_attribute(key, value);
            }
            button.set_text_content(Some(name));
            let _ = self.offer.append_child(&button);
        }
    }

    /// Goes to the first field that is offered.
    fn enter(&self) {
        let first = self.offer.first_element_child();
        if let Some(first) = first.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = first.focus();
        }
    }

    /// Puts a field where the caret is, in the place of the word that it ends.
    fn take(&self, name: &str) {
        let text = self.area.value();
        let Some(caret) = self.caret() else { return };
        let Some((_, word)) = caret::place(&text, caret) else {
            return;
        };
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(0);
        let end = units(&text[..caret]);
        let start = end - units(&word);
        let put = format!("{name}: ");
        let _ = self
            .area
            .set_range_text_with_start_and_end(&put, start, end);
        let after = start + units(&put);
        let _ = self.area.set_selection_range(after, after);
        let _ = self.area.focus();
        let bubbles = EventInit::new();
        bubbles.set_bubbles(true);
        if let Ok(event) = Event::new_with_event_init_dict("input", &bubbles) {
            let _ = self.area.dispatch_event(&event);
        }
    }
}
