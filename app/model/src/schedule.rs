//! Cron expressions as Kubernetes' CronJobs read them: in words, and when they run next.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::{Timestamp, tz::TimeZone};

const NICKNAMES: &[(&str, &str)] = &[
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// Parses what a CronJob accepts: five fields, or a nickname such as `@daily`.
pub(crate) fn parse(cron: &str) -> Result<Cron, String> {
    let text = cron.trim();
    if text.is_empty() {
        return Err("is empty".into());
    }
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Err("names a time zone, which belongs into `timeZone`".into());
    }
    let text = match text.strip_prefix('@') {
        Some(_) => NICKNAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, fields)| *fields)
            .ok_or_else(|| format!("isn't a cron expression: `{text}` isn't known"))?,
        None => text,
    };
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != 5 {
        return Err(format!(
            "has {} fields where a cron expression has 5",
            fields.len()
        ));
    }
    plain(&fields)?;
    CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build()
        // `?` is Kubernetes' other word for `*`.
        .parse(&text.replace('?', "*"))
        .map_err(|error| format!("isn't a cron expression: {error}"))
}

/// Refuses what croner knows and Kubernetes doesn't: `L`, `W`, `#`, `+`, Sunday as 7.
fn plain(fields: &[&str]) -> Result<(), String> {
    const MONTHS: &[&str] = &[
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ];
    const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    for (index, field) in fields.iter().enumerate() {
        let words = match index {
            3 => MONTHS,
            4 => DAYS,
            _ => &[],
        };
        for piece in field.split([',', '-', '/']) {
            let upper = piece.to_ascii_uppercase();
            let number = !piece.is_empty() && piece.chars().all(|c| c.is_ascii_digit());
            if !(number || matches!(piece, "*" | "?") || words.contains(&upper.as_str())) {
                return Err(format!(
                    "isn't a cron expression: `{field}` isn't known there"
                ));
            }
        }
        let days = field
            .split(',')
            .map(|part| part.split('/').next().unwrap_or_default());
        if index == 4 && days.flat_map(|part| part.split('-')).any(|day| day == "7") {
            return Err("has the weekday 7, and Sunday is 0 for Kubernetes".into());
        }
    }
    Ok(())
}

/// The time zone of a name; UTC without one, as the controllers of most clusters have it.
pub(crate) fn zone(name: Option<&str>) -> Result<TimeZone, String> {
    match name {
        None | Some("") => Ok(TimeZone::UTC),
        Some(name) => {
            TimeZone::get(name).map_err(|_| format!("the time zone `{name}` isn't known"))
        }
    }
}

/// A cron expression in words, such as "At 2:30 AM".
///
/// # Errors
/// What is wrong with the expression.
pub fn words(cron: &str) -> Result<String, String> {
    let told = parse(cron)?.describe();
    let told = told.trim_end_matches('.');
    Ok(match told.strip_prefix("At every ") {
        Some(rest) => format!("Every {rest}"),
        None => told.to_owned(),
    })
}

/// The next runs after `now_micros`, at most `count` of them.
///
/// # Errors
/// What is wrong with the expression or the zone.
pub fn next(
    cron: &str,
    zone: Option<&str>,
    now_micros: i64,
    count: usize,
) -> Result<Vec<i64>, String> {
    let schedule = parse(cron)?;
    let zone = self::zone(zone)?;
    let now = Timestamp::from_microsecond(now_micros).map_err(|error| error.to_string())?;
    let mut at = now.to_zoned(zone);
    let mut runs = Vec::new();
    while runs.len() < count {
        // An expression such as `0 0 30 2 *` never runs.
        let Ok(run) = schedule.find_next_occurrence(&at, false) else {
            break;
        };
        runs.push(run.timestamp().as_microsecond());
        at = run;
    }
    Ok(runs)
}
