//! Renews relative times from their machine-readable selves.

use super::{all, document, every};
use crate::islands::clock::words;

const MINUTE: i32 = 60_000;

/// Once a minute, every `<time data-form>`.
pub fn keep_time() {
    every(MINUTE, renew);
}

fn renew() {
    let now = js_sys::Date::now();
    for time in all(&document(), "time[data-form]") {
        let (Some(form), Some(stamp)) = (
            time.get_attribute("data-form"),
            time.get_attribute("datetime"),
        ) else {
            continue;
        };
        let then = js_sys::Date::parse(&stamp);
        if then.is_finite() {
            #[expect(clippy::cast_possible_truncation, reason = "seconds of this age fit")]
            let seconds = ((now - then) / 1_000.0) as i64;
            time.set_text_content(Some(&words(seconds, &form)));
        }
    }
}
