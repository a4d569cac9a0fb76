//! What islands do in the browser, on the elements that the server drew.
//!
//! Everything here lives as long as the page, so closures are given to it and not taken back.

mod clock;
mod draft;
mod editor;
mod keys;
mod live;
mod log;
mod suggest;

pub use clock::keep_time;
pub use draft::keep_preview;
pub use editor::edit;
pub use keys::take_keys;
pub use live::keep_fresh;
pub use log::follow;
pub use suggest::suggest;

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, Window};

/// There is one: this is a page.
fn window() -> Window {
    web_sys::window().expect("islands run in a page")
}

fn document() -> Document {
    window().document().expect("a page has a document")
}

fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// All elements that fit a selector, in the order of the page.
fn all(root: &Document, selector: &str) -> Vec<Element> {
    let Ok(list) = root.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|at| list.get(at)?.dyn_into().ok())
        .collect()
}

fn listen<E: JsCast + 'static>(target: &EventTarget, name: &str, mut act: impl FnMut(E) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| act(event.unchecked_into()));
    // A listener that can't be added leaves the page as it was: it works without.
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Does it once, so many milliseconds from now.
fn later(milliseconds: i32, act: impl FnOnce() + 'static) {
    let closure = Closure::once_into_js(act);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(
        closure.unchecked_ref(),
        milliseconds,
    );
}

/// Does it again and again.
fn every(milliseconds: i32, act: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(act);
    let _ = window().set_interval_with_callback_and_timeout_and_arguments_0(
        closure.as_ref().unchecked_ref(),
        milliseconds,
    );
    closure.forget();
}

/// The hour and minute of the viewer's own clock.
fn now() -> String {
    let date = js_sys::Date::new_0();
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// Copies the text of an element, then says so.
pub fn copy(of: &str, done: impl Fn() + 'static) {
    let Some(text) = by_id(of).and_then(|element| element.text_content()) else {
        return;
    };
    let promise = window().navigator().clipboard().write_text(&text);
    leptos::task::spawn_local(async move {
        if js_sys::futures::JsFuture::from(promise).await.is_ok() {
            done();
        }
    });
}

/// Marks what was pressed to send a form; taken back when the page is shown again from memory.
pub fn mark_pending() {
    listen(&document(), "submit", |event: Event| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let Some(form) = form else { return };
        if form.has_attribute("data-sent") {
            event.prevent_default();
            return;
        }
        if form.get_attribute("method").as_deref() == Some("dialog") {
            return;
        }
        let _ = form.set_attribute("data-sent", "");
        let pressed = js_sys::Reflect::get(&event, &JsValue::from_str("submitter"));
        if let Some(button) = pressed
            .ok()
            .and_then(|value| value.dyn_into::<Element>().ok())
        {
            let _ = button.set_attribute("aria-busy", "true");
        }
    });
    listen(&window(), "pageshow", |_: Event| {
        for form in all(&document(), "form[data-sent]") {
            let _ = form.remove_attribute("data-sent");
        }
        for button in all(&document(), "button[aria-busy]") {
            let _ = button.remove_attribute("aria-busy");
        }
    });
}
