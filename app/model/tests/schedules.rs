//! Schedules in words, and their next runs where clocks are turned.

use model::schedule::{next, words};

fn runs(cron: &str, zone: Option<&str>, from: &str, count: usize) -> Vec<String> {
    let from: jiff::Timestamp = from.parse().expect("a time");
    next(cron, zone, from.as_microsecond(), count)
        .expect("a schedule")
        .into_iter()
        .map(|at| {
            jiff::Timestamp::from_microsecond(at)
                .expect("a time")
                .to_string()
        })
        .collect()
}

#[test]
fn words_are_readable() {
    assert_eq!(words("*/5 * * * *").as_deref(), Ok("Every 5 minutes"));
    assert!(words("30 2 * * *").expect("a schedule").contains("2:30"));
    assert!(words("@daily").expect("a schedule").contains("00:00"));
    assert!(
        words("0 9 * * MON-FRI")
            .expect("a schedule")
            .contains("Monday")
    );
}

#[test]
fn what_kubernetes_refuses_is_refused() {
    for (cron, why) in [
        ("", "empty"),
        ("* * * *", "4 fields"),
        ("* * * * * *", "6 fields"),
        ("60 * * * *", "cron"),
        ("0 0 L * *", "L"),
        ("0 0 15W * *", "15W"),
        ("0 0 * * 1#2", "1#2"),
        ("0 0 * * 7", "Sunday is 0"),
        ("@every 5m", "@every"),
        ("TZ=Europe/Berlin 0 0 * * *", "timeZone"),
        ("0 0 * JANUARY *", "JANUARY"),
    ] {
        let error = words(cron).expect_err(cron);
        assert!(error.contains(why), "{cron}: {error}");
    }
    assert!(next("* * * * *", Some("Europe/Nowhere"), 0, 1).is_err());
}

#[test]
fn next_runs_in_utc_and_elsewhere() {
    assert_eq!(
        runs("0 2 * * *", None, "2026-01-31T02:00:00Z", 2),
        ["2026-02-01T02:00:00Z", "2026-02-02T02:00:00Z"]
    );
    assert_eq!(
        runs(
            "0 2 * * 1-5",
            Some("America/New_York"),
            "2026-01-02T12:00:00Z",
            2
        ),
        ["2026-01-05T07:00:00Z", "2026-01-06T07:00:00Z"]
    );
    // The last of February, and never.
    assert_eq!(
        runs("0 0 29 2 *", None, "2026-01-01T00:00:00Z", 1),
        ["2028-02-29T00:00:00Z"]
    );
    assert!(runs("0 0 30 2 *", None, "2026-01-01T00:00:00Z", 1).is_empty());
}

#[test]
fn next_runs_where_clocks_are_turned() {
    // Berlin jumps from 2:00 to 3:00 on 29 March 2026, and back from 3:00 to 2:00 on 25 October.
    let noon = |date: &str| format!("{date}T12:00:00Z");
    assert_eq!(
        runs("0 12 * * *", Some("Europe/Berlin"), &noon("2026-03-27"), 3),
        [
            "2026-03-28T11:00:00Z",
            "2026-03-29T10:00:00Z",
            "2026-03-30T10:00:00Z"
        ]
    );
    // 2:30 comes twice in October; a job of fixed time runs once.
    let october = runs("30 2 * * *", Some("Europe/Berlin"), &noon("2026-10-24"), 2);
    assert_eq!(october, ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    // Each hour is each hour: nothing lost, nothing twice.
    let hourly = runs(
        "0 * * * *",
        Some("Europe/Berlin"),
        "2026-10-24T23:30:00Z",
        4,
    );
    assert_eq!(
        hourly,
        [
            "2026-10-25T00:00:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T02:00:00Z",
            "2026-10-25T03:00:00Z"
        ]
    );
    let march = runs("30 2 * * *", Some("Europe/Berlin"), &noon("2026-03-28"), 1);
    assert!(
        march[0].starts_with("2026-03-29") || march[0].starts_with("2026-03-30"),
        "{march:?}"
    );
}
