//! What is typed is asked about, and the list behind the field filled with what comes back.

use std::{cell::Cell, rc::Rc};

use js_sys::futures::JsFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement, HtmlInputElement, Response};

use super::{by_id, document, later, listen, window};

/// Typing that rests so long is asked about, in milliseconds.
const REST: i32 = 150;

/// Watches all fields that have such a list.
pub fn suggest() {
    let latest = Rc::new(Cell::new(0_u32));
    let ask = move |event: Event| {
        let Some((address, list)) = asked(&event) else {
            return;
        };
        let turn = latest.get().wrapping_add(1);
        latest.set(turn);
        let latest = latest.clone();
        later(REST, move || {
            if latest.get() != turn {
                return;
            }
            leptos::task::spawn_local(async move {
                // Without suggestions the field is a field.
                if let Ok(options) = fetch(&address).await
                    && latest.get() == turn
                {
                    list.set_inner_html(&options);
                }
            });
        });
    };
    listen(&document(), "input", ask.clone());
    listen(&document(), "focusin", ask);
}

/// The address to ask, and the list to fill, when the field that this happened to has one.
fn asked(event: &Event) -> Option<(String, HtmlElement)> {
    let field: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let list = by_id(&field.get_attribute("list")?)?;
    let address = list.get_attribute("data-suggest")?;
    let typed = js_sys::encode_uri_component(&field.value());
    Some((format!("{address}{}", String::from(typed)), list))
}

async fn fetch(address: &str) -> Result<String, JsValue> {
    let response = JsFuture::from(window().fetch_with_str(address)).await?;
    let response: Response = response.dyn_into()?;
    if !response.ok() || response.redirected() {
        return Err(JsValue::NULL);
    }
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or(JsValue::NULL)
}
