//! Troupe.
fn main() {}
