//! Appends the lines of a stream to the log on the page.

use std::{cell::RefCell, rc::Rc};

use web_sys::{Element, Event, EventSource, HtmlElement, MessageEvent};

use super::{by_id, document, listen};
use crate::islands::line::level;

/// The oldest lines go when there are more.
const MOST: u32 = 5_000;
/// So near to the end counts as at the end, in pixels.
const NEAR: i32 = 24;

/// Wires the buttons; the stream is opened when somebody asks for it, after the last line known.
pub fn follow(address: &str, after: &str) {
    let (Some(log), Some(button)) = (by_id("log"), by_id("log-follow")) else {
        return;
    };
    let address = address.to_owned();
    let stream: Rc<RefCell<Option<EventSource>>> = Rc::default();
    let last = Rc::new(RefCell::new(after.to_owned()));
    let pressed = button.clone();
    let own = log.clone();
    listen(&button, "click", move |_: Event| {
        let mut stream = stream.borrow_mut();
        match stream.take() {
            Some(open) => {
                open.close();
                show(&pressed, "false", "Follow", "paused");
            }
            None => {
                *stream = open(&address, &last, &own);
                show(&pressed, "true", "Pause", "following");
            }
        }
    });
    if let Some(wrap) = by_id("log-wrap") {
        let button = wrap.clone();
        listen(&wrap, "click", move |_: Event| {
            let wrapped = log.has_attribute("data-nowrap");
            let _ = log.toggle_attribute("data-nowrap");
            let _ = button.set_attribute("aria-pressed", if wrapped { "true" } else { "false" });
        });
    }
}

fn show(button: &HtmlElement, pressed: &str, word: &str, state: &str) {
    let _ = button.set_attribute("aria-pressed", pressed);
    button.set_text_content(Some(word));
    say(state);
}

fn say(state: &str) {
    if let Some(element) = by_id("log-state") {
        element.set_text_content(Some(state));
    }
}

fn open(address: &str, last: &Rc<RefCell<String>>, log: &HtmlElement) -> Option<EventSource> {
    let after = js_sys::encode_uri_component(&last.borrow());
    let source = EventSource::new(&format!("{address}&after={after}")).ok()?;
    let last = last.clone();
    let target = log.clone();
    listen(&source, "message", move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            append(&target, &text);
        }
        let mark = event.last_event_id();
        if !mark.is_empty() {
            last.replace(mark);
        }
    });
    // The stream goes on after the last line on the page, and after a drop after the last it sent.
    listen(&source, "open", |_: Event| say("following"));
    listen(&source, "error", |_: Event| say("reconnecting"));
    let ended = source.clone();
    listen(&source, "end", move |_: Event| {
        ended.close();
        say("the container has ended");
    });
    Some(source)
}

fn append(log: &Element, text: &str) {
    let at_end = log.scroll_height() - log.scroll_top() - log.client_height() < NEAR;
    if let Ok(Some(nothing)) = log.query_selector("[data-nothing]") {
        nothing.remove();
    }
    for line in text.lines() {
        let Ok(row) = document().create_element("li") else {
            return;
        };
        row.set_text_content(Some(line));
        if let Some(level) = level(line) {
            let _ = row.set_attribute("data-level", level);
        }
        let _ = log.append_child(&row);
    }
    while log.child_element_count() > MOST {
        match log.first_element_child() {
            Some(first) => first.remove(),
            None => break,
        }
    }
    if at_end {
        log.set_scroll_top(log.scroll_height());
    }
}
