//! One stream a page. When something changed, the page is fetched again and what differs is put in place.

use std::{cell::Cell, rc::Rc};

use js_sys::futures::JsFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, DomParser, Element, Event, EventSource, HtmlElement, HtmlInputElement, RequestInit,
    Response, SupportedType,
};

use super::{all, by_id, document, later, listen, now, window};

/// Changes that come this close together are one, in milliseconds.
const DEBOUNCE: i32 = 120;
/// The shortest time from one fetch to the next, in milliseconds.
const PAUSE: i32 = 1_000;

/// What is under way.
#[derive(Default)]
struct State {
    /// Something changed since the last fetch began.
    due: Cell<bool>,
    /// A fetch is planned or runs, or rests.
    busy: Cell<bool>,
}

/// Opens the stream and listens.
pub fn keep_fresh(topics: &str, address: &str) {
    let topics = js_sys::encode_uri_component(topics);
    let Ok(source) = EventSource::new(&format!("{address}?topics={}", String::from(topics))) else {
        return;
    };
    let state = Rc::new(State::default());
    let dropped = Rc::new(Cell::new(false));
    {
        let (state, dropped) = (state.clone(), dropped.clone());
        listen(&source, "open", move |_: Event| {
            say("live", "live");
            // Between the drop and now something may have changed that nobody will tell again.
            if dropped.replace(false) {
                changed(&state);
            }
        });
    }
    listen(&source, "error", move |_: Event| {
        if !dropped.replace(true) {
            say("stale", &format!("as of {}, reconnecting", now()));
        }
    });
    {
        let state = state.clone();
        listen(&source, "change", move |_: Event| changed(&state));
    }
    listen(&document(), "visibilitychange", move |_: Event| {
        if !document().hidden() && state.due.get() {
            changed(&state);
        }
    });
    // A page that is left gives its stream back at once.
    listen(&window(), "pagehide", move |_: Event| source.close());
    listen(&window(), "pageshow", |event: Event| {
        let kept = js_sys::Reflect::get(&event, &JsValue::from_str("persisted"));
        if kept.is_ok_and(|kept| kept.is_truthy()) {
            let _ = window().location().reload();
        }
    });
}

fn say(tone: &str, words: &str) {
    if let Some(element) = by_id("live") {
        element.set_text_content(Some(words));
        let _ = element.set_attribute("data-tone", tone);
    }
}

fn changed(state: &Rc<State>) {
    state.due.set(true);
    if state.busy.get() || document().hidden() {
        return;
    }
    state.busy.set(true);
    let state = state.clone();
    later(DEBOUNCE, move || {
        leptos::task::spawn_local(async move {
            state.due.set(false);
            match refresh().await {
                Ok(true) => {}
                // Somebody is choosing from a menu in it: that part comes a little later.
                Ok(false) => state.due.set(true),
                Err(_) => say("stale", &format!("as of {}, could not refresh", now())),
            }
            later(PAUSE, move || {
                state.busy.set(false);
                if state.due.get() {
                    changed(&state);
                }
            });
        });
    });
}

/// Fetches this page, and puts in place what differs. Tells whether nothing was left for later.
async fn refresh() -> Result<bool, JsValue> {
    let address = window().location().href()?;
    let init = RequestInit::new();
    let headers = web_sys::Headers::new()?;
    headers.set("X-Troupe-Part", "live")?;
    init.set_headers(&headers);
    let response = JsFuture::from(window().fetch_with_str_and_init(&address, &init)).await?;
    let response: Response = response.dyn_into()?;
    if response.redirected() {
        // The session has ended: the page that comes instead says so.
        window().location().reload()?;
        return Ok(true);
    }
    let text = JsFuture::from(response.text()?).await?;
    let text = text.as_string().unwrap_or_default();
    let fresh = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    if build(&fresh) != build(&document()) {
        window().location().reload()?;
        return Ok(true);
    }
    document().set_title(&fresh.title());
    let mut whole = true;
    for new in all(&fresh, "[data-live]") {
        whole &= place(&new)?;
    }
    say("live", "live");
    Ok(whole)
}

fn build(page: &Document) -> Option<String> {
    let meta = page.query_selector("meta[name=troupe-build]").ok()??;
    meta.get_attribute("content")
}

/// Puts one part in place if it differs; what is open stays open, what has focus keeps it, and what is
/// ticked stays so. A part with an open menu stays as it is, which the answer tells.
pub(super) fn place(new: &Element) -> Result<bool, JsValue> {
    let name = new.get_attribute("data-live").unwrap_or_default();
    let Some(old) = document().query_selector(&format!("[data-live=\"{name}\"]"))? else {
        return Ok(true);
    };
    keep_folds(&old, new)?;
    let html = new.outer_html();
    if html == old.outer_html() {
        return Ok(true);
    }
    if old.query_selector(":popover-open")?.is_some() {
        return Ok(false);
    }
    let ticked = ticked(&old);
    let focus = focused_in(&old);
    let scroll = scrolled(&old);
    old.set_outer_html(&html);
    let Some(placed) = document().query_selector(&format!("[data-live=\"{name}\"]"))? else {
        return Ok(true);
    };
    for input in boxes(&placed) {
        if ticked.contains(&(input.name(), input.value())) {
            input.set_checked(true);
        }
    }
    for (at, left, top) in scroll {
        if let Some(element) = scrollers(&placed).get(at) {
            element.set_scroll_left(left);
            element.set_scroll_top(top);
        }
    }
    if let Some(selector) = focus
        && let Some(element) = placed.query_selector(&selector)?
        && let Ok(element) = element.dyn_into::<HtmlElement>()
    {
        element.focus()?;
    }
    Ok(true)
}

fn boxes(part: &Element) -> Vec<HtmlInputElement> {
    let Ok(list) = part.query_selector_all("input[type=checkbox]") else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|at| list.get(at)?.dyn_into().ok())
        .collect()
}

/// The boxes that are ticked, by name and value.
fn ticked(part: &Element) -> Vec<(String, String)> {
    let boxes = boxes(part).into_iter().filter(HtmlInputElement::checked);
    boxes.map(|input| (input.name(), input.value())).collect()
}

fn keep_folds(old: &Element, new: &Element) -> Result<(), JsValue> {
    let folds = new.query_selector_all("details[id]")?;
    for at in 0..folds.length() {
        let Some(fold) = folds
            .get(at)
            .and_then(|node| node.dyn_into::<Element>().ok())
        else {
            continue;
        };
        let selector = format!("details[id=\"{}\"]", fold.id());
        if let Some(was) = old.query_selector(&selector)? {
            if was.has_attribute("open") {
                fold.set_attribute("open", "")?;
            } else {
                fold.remove_attribute("open")?;
            }
        }
    }
    Ok(())
}

/// A selector that finds the focused element again, if it stands in here.
fn focused_in(part: &Element) -> Option<String> {
    let active = document().active_element()?;
    if !part.contains(Some(&active)) {
        return None;
    }
    let tag = active.tag_name().to_ascii_lowercase();
    for name in ["id", "href", "name"] {
        if let Some(value) = active.get_attribute(name) {
            return Some(format!("{tag}[{name}=\"{}\"]", value.replace('"', "\\\"")));
        }
    }
    let fold = active
        .parent_element()
        .filter(|parent| parent.tag_name() == "DETAILS")?;
    Some(format!("details[id=\"{}\"] > summary", fold.id()))
}

fn scrollers(part: &Element) -> Vec<Element> {
    let Ok(list) = part.query_selector_all(".boxed, .log, .yaml, .scroll") else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|at| list.get(at)?.dyn_into().ok())
        .collect()
}

/// How far each of its boxes was scrolled.
fn scrolled(part: &Element) -> Vec<(usize, i32, i32)> {
    let all = scrollers(part).into_iter().enumerate();
    all.map(|(at, element)| (at, element.scroll_left(), element.scroll_top()))
        .filter(|(_, left, top)| *left != 0 || *top != 0)
        .collect()
}
