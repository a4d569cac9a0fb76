//! Container image references: registry, path, tag, digest.

use super::format::Wrong;

/// Checks an image reference as container runtimes read it.
pub fn check(text: &str) -> Result<(), Wrong> {
    let wrong = |message: &str, remedy: &str| {
        Err(Wrong {
            message: message.into(),
            remedy: remedy.into(),
        })
    };
    if text.is_empty() {
        return wrong(
            "is empty",
            "Name the image, such as `registry.acme.io/apps/orders:1.4.0`",
        );
    }
    if text.contains("://") {
        return wrong(
            "has a scheme",
            "Leave out `https://`: `registry.acme.io/apps/orders:1.4.0`",
        );
    }
    if text.chars().any(char::is_whitespace) {
        return wrong("has a space in it", "Take the space away");
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return wrong(
            "has a digest that isn't one",
            "Write `@sha256:` and 64 hexadecimal digits",
        );
    }
    let (name, tag) = split_tag(rest);
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return wrong(
            "has a tag that isn't one",
            "A tag has letters, digits, `_`, `.` and `-`, at most 128 of them, such as `:1.4.0`",
        );
    }
    if name.len() > 255 {
        return wrong("has a name of more than 255 characters", "Shorten it");
    }
    let (registry, path) = split_registry(name);
    if registry.is_some_and(|registry| !is_registry(registry)) {
        return wrong(
            "has a registry that isn't a host name",
            "Write a host and maybe a port, such as `registry.acme.io:5000/…`",
        );
    }
    if !path.split('/').all(is_component) {
        return wrong(
            "isn't an image",
            "Use lower-case letters, digits, `.`, `_`, `-` and `/`, then maybe `:tag`, such as `registry.acme.io/apps/orders:1.4.0`",
        );
    }
    Ok(())
}

fn split_tag(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        // A colon before a slash is a registry's port.
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (text, None),
    }
}

fn split_registry(name: &str) -> (Option<&str>, &str) {
    match name.split_once('/') {
        Some((first, rest))
            if first.contains(['.', ':'])
                || first == "localhost"
                || first.contains(|c: char| c.is_ascii_uppercase()) =>
        {
            (Some(first), rest)
        }
        _ => (None, name),
    }
}

fn is_registry(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else {
            return false;
        };
        return address.parse::<std::net::Ipv6Addr>().is_ok() && (port.is_empty() || is_port(port));
    }
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    host.split('.').all(part) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':')
        .is_some_and(|port| port.parse::<u16>().is_ok())
}

/// Letters and digits, with `.`, `_`, `__` or dashes between them.
fn is_component(text: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut separator = String::new();
    if !text.starts_with(alphanumeric) || !text.ends_with(alphanumeric) {
        return false;
    }
    for c in text.chars() {
        if alphanumeric(c) {
            let fine = matches!(separator.as_str(), "" | "." | "_" | "__")
                || separator.chars().all(|c| c == '-');
            if !fine {
                return false;
            }
            separator.clear();
        } else if matches!(c, '.' | '_' | '-') {
            separator.push(c);
        } else {
            return false;
        }
    }
    true
}

fn is_tag(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && !text.starts_with(['.', '-'])
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

fn is_digest(text: &str) -> bool {
    match text.split_once(':') {
        Some(("sha256", hex)) => hex.len() == 64 && lower_hex(hex),
        Some(("sha512", hex)) => hex.len() == 128 && lower_hex(hex),
        _ => false,
    }
}

fn lower_hex(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
}
