//! The browser as the server sees it: nothing to wake.

pub fn copy(_of: &str, _done: impl Fn() + 'static) {}
pub fn edit(_of: &str, _fields: &str, _wrong: &str) {}
pub fn follow(_address: &str, _after: &str) {}
pub fn keep_fresh(_topics: &str, _address: &str) {}
pub fn keep_preview() {}
pub fn keep_time() {}
pub fn mark_pending() {}
pub fn suggest() {}
pub fn take_keys() {}
