//! Small, pure helpers over JSON values and times, so that the rest reads like the rules it follows.

use serde_json::Value;

/// The text of a value, or nothing.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The whole number in a value, or a default.
pub(crate) fn int(value: &Value, default: i64) -> i64 {
    value.as_i64().unwrap_or(default)
}

/// The items of a list, or none.
pub(crate) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Whether there is nothing to say here: null, or an empty list, map or text.
pub(crate) fn hollow(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(a) => a.is_empty(),
        Value::Object(o) => o.is_empty(),
        Value::String(s) => s.is_empty(),
        _ => false,
    }
}

/// Sets a field only when it has no value yet.
pub(crate) fn default_to(value: &mut Value, field: &str, default: impl Into<Value>) {
    if value.get(field).is_none_or(Value::is_null)
        && let Some(map) = value.as_object_mut()
    {
        map.insert(field.to_owned(), default.into());
    }
}

/// Takes a field away.
pub(crate) fn drop_field(value: &mut Value, field: &str) {
    if let Some(map) = value.as_object_mut() {
        map.remove(field);
    }
}

/// Takes all nulls out of maps, at any depth.
pub(crate) fn strip_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, v| !v.is_null());
            map.values_mut().for_each(strip_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(strip_nulls),
        _ => {}
    }
}

/// A Kubernetes time: RFC 3339, whole seconds.
pub(crate) fn stamp(now: i64) -> String {
    jiff::Timestamp::from_microsecond(now)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

/// A time with nanoseconds, as log lines carry it.
pub(crate) fn stamp_nanos(now: i64) -> String {
    jiff::Timestamp::from_microsecond(now)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .strftime("%Y-%m-%dT%H:%M:%S.%9fZ")
        .to_string()
}

/// A time with milliseconds, as programs print it.
pub(crate) fn stamp_millis(now: i64) -> String {
    jiff::Timestamp::from_microsecond(now)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
        .to_string()
}

/// Microseconds since the epoch of an RFC 3339 time.
pub(crate) fn parse_time(value: &Value) -> Option<i64> {
    value
        .as_str()?
        .parse::<jiff::Timestamp>()
        .ok()
        .map(jiff::Timestamp::as_microsecond)
}

/// A number that is the same for the same text on every machine (FNV-1a).
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Letters without vowels, so that generated names spell nothing.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// `len` letters out of a number.
pub(crate) fn letters(mut seed: u64, len: usize) -> String {
    let mut out = String::with_capacity(len);
    for _ in 0..len {
        seed ^= seed >> 29;
        seed = seed.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        seed ^= seed >> 32;
        out.push(char::from(
            LETTERS[usize::try_from(seed % LETTERS.len() as u64).unwrap_or_default()],
        ));
    }
    out
}

/// Canonical JSON: keys sorted, no spaces. The same value gives the same text.
pub(crate) fn canonical(value: &Value) -> String {
    fn write(value: &Value, out: &mut String) {
        match value {
            Value::Object(map) => {
                let mut keys: Vec<_> = map.keys().collect();
                keys.sort();
                out.push('{');
                for (i, key) in keys.into_iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    out.push_str(&Value::from(key.as_str()).to_string());
                    out.push(':');
                    write(&map[key], out);
                }
                out.push('}');
            }
            Value::Array(list) => {
                out.push('[');
                for (i, item) in list.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write(item, out);
                }
                out.push(']');
            }
            other => out.push_str(&other.to_string()),
        }
    }
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// `maxSurge: 25%` or `1`, of a total.
pub(crate) fn share(value: &Value, total: i64, round_up: bool) -> i64 {
    match value {
        Value::Number(n) => n.as_i64().unwrap_or_default(),
        Value::String(s) => {
            let percent: i64 = s.trim_end_matches('%').parse().unwrap_or_default();
            if round_up {
                (percent * total + 99) / 100
            } else {
                percent * total / 100
            }
        }
        _ => 0,
    }
}

/// Go's way to print a duration that people read: `1.2s`, `640ms`, `1m20s`.
pub(crate) fn go_duration(micros: i64) -> String {
    if micros < 1_000_000 {
        return format!("{}ms", micros / 1000);
    }
    let seconds = micros / 1_000_000;
    if seconds >= 60 {
        return format!("{}m{}s", seconds / 60, seconds % 60);
    }
    let millis = micros / 1000 % 1000;
    if millis == 0 {
        format!("{seconds}s")
    } else {
        format!("{seconds}.{millis:03}s")
    }
}

/// Reads `10s`, `500ms`, `2m`, `1h` as microseconds.
pub(crate) fn read_duration(text: &str) -> Option<i64> {
    let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
    let number: f64 = text[..split].parse().ok()?;
    let unit = match &text[split..] {
        "ms" => 1_000.0,
        "s" => 1_000_000.0,
        "m" => 60_000_000.0,
        "h" => 3_600_000_000.0,
        _ => return None,
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "durations of people are far below the limit"
    )]
    Some((number * unit) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_round_trip() {
        let now = 1_795_493_575_000_000;
        assert_eq!(parse_time(&json!(stamp(now))), Some(now));
        assert!(stamp_nanos(now + 1_500).ends_with(".001500000Z"));
    }

    #[test]
    fn durations_read_and_print() {
        assert_eq!(read_duration("10s"), Some(10_000_000));
        assert_eq!(read_duration("1.5s"), Some(1_500_000));
        assert_eq!(read_duration("250ms"), Some(250_000));
        assert_eq!(read_duration("10"), None);
        assert_eq!(go_duration(1_200_000), "1.200s");
        assert_eq!(go_duration(80_000_000), "1m20s");
    }

    #[test]
    fn shares_round_as_the_deployment_controller_does() {
        assert_eq!(share(&json!("25%"), 3, true), 1);
        assert_eq!(share(&json!("25%"), 3, false), 0);
        assert_eq!(share(&json!(2), 3, false), 2);
    }

    #[test]
    fn canonical_ignores_the_order_of_keys() {
        let a: Value = serde_json::from_str(r#"{"b":1,"a":[{"d":2,"c":3}]}"#).unwrap();
        assert_eq!(canonical(&a), r#"{"a":[{"c":3,"d":2}],"b":1}"#);
    }
}
