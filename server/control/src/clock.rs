//! The one place where time and ids come from. Everything else takes them as values.

use model::moment::Moment;

/// The time now.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that everything else takes"
)]
pub fn now() -> Moment {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let micros = elapsed.map_or(0, |elapsed| elapsed.as_micros());
    Moment(i64::try_from(micros).unwrap_or(i64::MAX))
}

/// A moment as Kubernetes writes it, to the microsecond.
pub fn text(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros)
        .map_or_else(|_| micros.to_string(), |at| at.to_string())
}

/// A new id: UUIDv7, so that ids sort by the time they were made.
#[expect(clippy::disallowed_methods, reason = "this is where ids come from")]
pub fn id() -> String {
    uuid::Uuid::now_v7().to_string()
}
