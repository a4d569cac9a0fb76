//! What the `format`s of the schemas accept: each checked by a function, each mistake with a remedy.

use std::time::Duration;

/// What is wrong with a text, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}. {remedy}")]
pub struct Wrong {
    /// What is wrong; follows the value, as in "`A_b` isn't a name".
    pub message: String,
    /// What to do.
    pub remedy: String,
}

fn wrong(message: impl Into<String>, remedy: impl Into<String>) -> Wrong {
    Wrong {
        message: message.into(),
        remedy: remedy.into(),
    }
}

/// Checks a text against a format of the schemas. Formats nobody knows here accept everything.
pub fn check(format: &str, text: &str) -> Result<(), Wrong> {
    match format {
        "object-name" => object_name(text),
        "label-name" => label_name(text),
        "quantity" => quantity(text),
        "duration" => duration(text).map(drop),
        "window" => window(text).map(drop),
        "cron" => crate::schedule::parse(text).map(drop).map_err(|message| {
            wrong(
                message,
                "Write minute, hour, day of month, month and day of week, such as `30 2 * * *`",
            )
        }),
        "cidr" => network(text).map(drop),
        "env-name" => env_name(text),
        "image" => super::image::check(text),
        "http-url" => http_url(text).map(drop),
        "host" => host(text),
        _ => Ok(()),
    }
}

/// What a format wants, in a few words: "a duration such as `5m`".
pub fn wanted(format: &str) -> Option<&'static str> {
    Some(match format {
        "object-name" => "a name of lower-case letters, digits, `-` and `.`",
        "label-name" => "a name of lower-case letters, digits and `-`",
        "quantity" => "a quantity such as `100m` or `64Mi`",
        "duration" => "a duration such as `30s`, `5m` or `1h30m`",
        "window" => "a time such as `10s`, `1m`, `1h` or `1d`",
        "cron" => "a cron expression such as `30 2 * * *`",
        "cidr" => "a network such as `10.0.0.0/8`",
        "env-name" => "a variable's name such as `LOG_LEVEL`",
        "image" => "an image such as `registry.acme.io/apps/orders:1.4.0`",
        "http-url" => "an address such as `https://acme.io`",
        "host" => "a host name such as `apps.acme.io`",
        _ => return None,
    })
}

/// A DNS-1123 label: at most 63 lower-case letters, digits and `-`, a letter or digit at both ends.
pub fn label_name(text: &str) -> Result<(), Wrong> {
    const RULE: &str =
        "Use lower-case letters, digits and `-`, beginning and ending with a letter or digit";
    if text.is_empty() {
        return Err(wrong("is empty", "Give it a name"));
    }
    if text.len() > 63 {
        return Err(wrong(
            format!("has {} characters; at most 63 are possible", text.len()),
            "Shorten it",
        ));
    }
    if is_label(text) {
        return Ok(());
    }
    Err(wrong("isn't a valid name", with_example(RULE, text, false)))
}

/// A DNS-1123 subdomain: labels with dots between them, at most 253 characters.
pub fn object_name(text: &str) -> Result<(), Wrong> {
    const RULE: &str =
        "Use lower-case letters, digits, `-` and `.`, beginning and ending with a letter or digit";
    if text.is_empty() {
        return Err(wrong("is empty", "Give the name"));
    }
    if text.len() > 253 {
        return Err(wrong(
            format!("has {} characters; at most 253 are possible", text.len()),
            "Shorten it",
        ));
    }
    if text.split('.').all(is_part) {
        return Ok(());
    }
    Err(wrong("isn't a valid name", with_example(RULE, text, true)))
}

fn is_label(text: &str) -> bool {
    text.len() <= 63 && is_part(text)
}

fn is_part(text: &str) -> bool {
    let good = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.first().copied().is_some_and(good)
        && bytes.last().copied().is_some_and(good)
        && bytes.iter().all(|c| good(*c) || *c == b'-')
}

fn with_example(rule: &str, text: &str, dots: bool) -> String {
    let cleaned: String = text
        .trim()
        .chars()
        .map(|c| match c {
            'a'..='z' | '0'..='9' | '-' => c,
            '.' if dots => c,
            'A'..='Z' => c.to_ascii_lowercase(),
            _ => '-',
        })
        .collect();
    let cleaned = cleaned.trim_matches(['-', '.']);
    let valid = if dots {
        cleaned.split('.').all(is_part)
    } else {
        is_label(cleaned)
    };
    if valid {
        format!("{rule}, such as `{cleaned}`")
    } else {
        rule.to_owned()
    }
}

/// A Kubernetes quantity that isn't negative.
pub fn quantity(text: &str) -> Result<(), Wrong> {
    let digits = text.trim_start_matches('+');
    let end = digits
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(digits.len());
    let (number, suffix) = digits.split_at(end);
    let number_ok = number.contains(|c: char| c.is_ascii_digit())
        && number.matches('.').count() <= 1
        && text.len() - digits.len() <= 1;
    let exponent = |suffix: &str| {
        suffix.strip_prefix(['e', 'E']).is_some_and(|rest| {
            let rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
            !rest.is_empty() && rest.len() <= 3 && rest.chars().all(|c| c.is_ascii_digit())
        })
    };
    let suffix_ok = matches!(
        suffix,
        "" | "n"
            | "u"
            | "m"
            | "k"
            | "M"
            | "G"
            | "T"
            | "P"
            | "E"
            | "Ki"
            | "Mi"
            | "Gi"
            | "Ti"
            | "Pi"
            | "Ei"
    ) || exponent(suffix);
    if number_ok && suffix_ok {
        return Ok(());
    }
    if text.starts_with('-') {
        return Err(wrong("is a negative quantity", "Write zero or more"));
    }
    let remedy = match suffix {
        "MB" | "mb" | "Mb" | "MiB" | "mi" if number_ok => format!("Write `{number}Mi` (or `{number}M` for powers of ten)"),
        "GB" | "gb" | "Gb" | "GiB" | "gi" | "g" if number_ok => format!("Write `{number}Gi` (or `{number}G` for powers of ten)"),
        "K" | "KB" | "kb" | "KiB" | "ki" if number_ok => format!("Write `{number}Ki` (or `{number}k` for powers of ten)"),
        _ => "Write a number with a unit: `m` for thousandths of a processor, `Ki`, `Mi`, `Gi` for memory, such as `100m` or `64Mi`".into(),
    };
    Err(wrong("isn't a quantity", remedy))
}

const SECOND: u128 = 1_000_000_000;
const UNITS: &[(&str, u128)] = &[
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3600 * SECOND),
];

/// A duration of numbers with the units ms, s, m, h.
pub fn duration(text: &str) -> Result<Duration, Wrong> {
    parts(text, UNITS).ok_or_else(|| {
        let remedy = match text
            .strip_suffix('d')
            .and_then(|days| days.parse::<u32>().ok())
        {
            Some(days) => format!("Days aren't known here; write `{}h`", u64::from(days) * 24),
            None if text.chars().all(|c| c.is_ascii_digit()) && !text.is_empty() => {
                format!("Add the unit: `{text}s`, `{text}m` or `{text}h`")
            }
            None => "Write numbers with the units ms, s, m, h, such as `30s` or `1h30m`".into(),
        };
        wrong("isn't a duration", remedy)
    })
}

/// A duration that knows days as well, as rate limits have it; never zero.
pub fn window(text: &str) -> Result<Duration, Wrong> {
    let mut units = UNITS.to_vec();
    units.push(("d", 86_400 * SECOND));
    match parts(text, &units) {
        Some(Duration::ZERO) => Err(wrong(
            "is no time at all",
            "Write more than zero, such as `1m`",
        )),
        Some(duration) => Ok(duration),
        None => Err(wrong(
            "isn't a time",
            "Write a number with the unit s, m, h or d, such as `10s`, `1m` or `1d`",
        )),
    }
}

fn parts(text: &str, units: &[(&str, u128)]) -> Option<Duration> {
    let mut rest = text;
    let mut nanoseconds: u128 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u128 = rest[..end].parse::<u64>().ok()?.into();
        let unit = &rest[end..];
        let unit_end = unit
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(unit.len());
        let factor = units.iter().find(|(name, _)| *name == &unit[..unit_end])?.1;
        nanoseconds = nanoseconds.checked_add(number.checked_mul(factor)?)?;
        rest = &unit[unit_end..];
    }
    let seconds = u64::try_from(nanoseconds / SECOND).ok()?;
    let rest = u32::try_from(nanoseconds % SECOND).ok()?;
    // A hundred years is where people stop meaning what they wrote.
    (seconds <= 3_155_760_000).then(|| Duration::new(seconds, rest))
}

/// An IP network.
pub fn network(text: &str) -> Result<ipnet::IpNet, Wrong> {
    text.parse::<ipnet::IpNet>()
        .map_err(|_| match text.parse::<std::net::IpAddr>() {
            Ok(address) => {
                let bits = if address.is_ipv4() { 32 } else { 128 };
                wrong(
                    "is an address, not a network",
                    format!("Write `{text}/{bits}` for this one address"),
                )
            }
            Err(_) => wrong(
                "isn't a network",
                "Write an address and a prefix length, such as `10.0.0.0/8`",
            ),
        })
}

/// An environment variable's name as every supported Kubernetes accepts it.
pub fn env_name(text: &str) -> Result<(), Wrong> {
    let first = text.chars().next();
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if first.is_some_and(|c| !c.is_ascii_digit()) && text.chars().all(good) {
        return Ok(());
    }
    if first.is_none() {
        return Err(wrong("is empty", "Give the variable's name"));
    }
    Err(wrong(
        "isn't a variable's name",
        "Use letters, digits, `_`, `-` and `.`, not beginning with a digit, such as `LOG_LEVEL`",
    ))
}

/// An absolute http or https address.
pub fn http_url(text: &str) -> Result<url::Url, Wrong> {
    let remedy = || {
        if text.contains("://") {
            "Write an address that begins with `https://` or `http://`".to_owned()
        } else {
            format!(
                "Write the whole address, such as `https://{}`",
                text.trim_start_matches('/')
            )
        }
    };
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err(wrong("isn't an http address", remedy())),
    }
}

/// A DNS host name or a prefix of one.
pub fn host(text: &str) -> Result<(), Wrong> {
    if text.len() <= 253 && text.split('.').all(is_label) {
        return Ok(());
    }
    let remedy = match text.split_once("://") {
        Some((_, rest)) => {
            let bare = rest.split(['/', ':']).next().unwrap_or_default();
            format!("Write the host name alone: `{bare}`")
        }
        None if text.contains(':') => "Write the host name without a port".into(),
        None => "Use lower-case letters, digits and `-`, with dots between the parts, such as `apps.acme.io`".into(),
    };
    Err(wrong("isn't a host name", remedy))
}
