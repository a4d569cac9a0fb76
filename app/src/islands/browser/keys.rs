//! Keys that are pressed outside of fields.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement, KeyboardEvent};

use super::{by_id, document, later, listen, window};

/// How long after `g` its second key counts, in milliseconds.
const PATIENCE: i32 = 1_200;

/// Listens on the whole page.
pub fn take_keys() {
    let going = Rc::new(Cell::new(false));
    listen(&document(), "keydown", move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || typing(&event) {
            return;
        }
        let key = event.key();
        if going.replace(false) {
            if let Some(address) = destination(&key) {
                event.prevent_default();
                let _ = window().location().assign(address);
            }
            return;
        }
        match key.as_str() {
            "/" => {
                event.prevent_default();
                // The palette listens for this.
                if let Ok(wanted) = Event::new("troupe:search") {
                    let _ = document().dispatch_event(&wanted);
                }
            }
            "g" => {
                going.set(true);
                let going = going.clone();
                later(PATIENCE, move || going.set(false));
            }
            "?" => show_keys(),
            _ => {}
        }
    });
}

fn destination(key: &str) -> Option<&'static str> {
    Some(match key {
        "h" => "/",
        "p" => "/projects",
        "e" => "/environments",
        "w" => "/waiting",
        "l" => "/planes",
        "c" => "/classes",
        "r" => "/resources",
        "a" => "/apply",
        _ => return None,
    })
}

fn typing(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.closest("dialog[open]").ok().flatten().is_some()
    })
}

fn show_keys() {
    let dialog = by_id("keys").and_then(|element| element.dyn_into::<HtmlDialogElement>().ok());
    if let Some(dialog) = dialog {
        let _ = dialog.show_modal();
    }
}
