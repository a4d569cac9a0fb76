//! A form's preview is asked for whenever typing rests, and put beside the form.

use std::{cell::Cell, rc::Rc};

use js_sys::futures::JsFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    DomParser, Element, Event, FormData, HtmlFormElement, RequestInit, Response, SupportedType,
    UrlSearchParams,
};

use super::{all, copy, document, later, listen, live::place, window};

/// Typing that rests so long is asked about, in milliseconds.
const REST: i32 = 450;

/// Watches the form that has a preview.
pub fn keep_preview() {
    let form = all(&document(), "form[data-draft]").into_iter().next();
    let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    let latest = Rc::new(Cell::new(0_u32));
    let ask = {
        let form = form.clone();
        move || {
            let turn = latest.get().wrapping_add(1);
            latest.set(turn);
            let (form, latest) = (form.clone(), latest.clone());
            later(REST, move || {
                if latest.get() != turn {
                    return;
                }
                leptos::task::spawn_local(async move {
                    // A preview that fails leaves the last one; saving says what is wrong.
                    let _ = refresh(&form, || latest.get() == turn).await;
                });
            });
        }
    };
    if form.get_attribute("data-draft").as_deref() == Some("now") {
        ask();
    }
    copies();
    let again = ask.clone();
    listen(&form, "input", move |_: Event| ask());
    listen(&form, "change", move |_: Event| again());
}

/// Buttons in the preview copy what they name: they come and go, so the page listens for them.
fn copies() {
    listen(&document(), "click", |event: Event| {
        let pressed = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest("[data-copy]").ok().flatten());
        if let Some(button) = pressed {
            let of = button.get_attribute("data-copy").unwrap_or_default();
            copy(&of, move || {
                let _ = button.set_attribute("data-done", "");
                let _ = button.set_attribute("aria-label", "Copied");
            });
        }
    });
}

/// Sends what is typed, and puts in place what comes back, unless somebody went on typing.
async fn refresh(form: &HtmlFormElement, current: impl Fn() -> bool) -> Result<(), JsValue> {
    let data = FormData::new_with_form(form)?;
    data.set_with_str("intent", "preview")?;
    // Pairs and not a record: boxes of one name send it several times.
    let pairs = js_sys::Array::from(&data);
    let body = UrlSearchParams::new_with_str_sequence_sequence(&pairs)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body);
    let headers = web_sys::Headers::new()?;
    headers.set("X-Troupe-Part", "preview")?;
    init.set_headers(&headers);
    let response = JsFuture::from(window().fetch_with_str_and_init(&form.action(), &init)).await?;
    let response: Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    let text = text.as_string().unwrap_or_default();
    let fresh = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    if current() {
        for new in all(&fresh, "[data-live=preview]") {
            place(&new)?;
        }
    }
    Ok(())
}
