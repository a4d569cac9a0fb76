//! Resource quantities: parsed, compared, and put into the form in which a real server gives them back.

/// A quantity in thousandths, and whether it was written with a binary suffix.
pub(crate) fn parse(text: &str) -> Option<(i128, bool)> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-')))
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (factor, binary): (i128, bool) = match suffix {
        "" => (1000, false),
        "m" => (1, false),
        "k" => (1_000_000, false),
        "M" => (1_000_000_000, false),
        "G" => (1_000_000_000_000, false),
        "T" => (1_000_000_000_000_000, false),
        "P" => (1_000_000_000_000_000_000, false),
        "Ki" => (1000 << 10, true),
        "Mi" => (1000 << 20, true),
        "Gi" => (1000 << 30, true),
        "Ti" => (1000 << 40, true),
        "Pi" => (1000 << 50, true),
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if part.len() > 9 || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let negative = whole.starts_with('-');
    let whole: i128 = if matches!(whole, "" | "-" | "+") {
        0
    } else {
        whole.parse().ok()?
    };
    let scale = 10_i128.pow(u32::try_from(part.len()).ok()?);
    let part: i128 = if part.is_empty() {
        0
    } else {
        part.parse().ok()?
    };
    let digits = whole.abs() * scale + part;
    let value = digits * factor / scale;
    Some((if negative { -value } else { value }, binary))
}

/// The canonical form: no fraction, the largest suffix that keeps it whole.
pub(crate) fn canonical(text: &str) -> Option<String> {
    let (thousandths, binary) = parse(text)?;
    if thousandths == 0 {
        return Some("0".into());
    }
    let steps: &[(&str, i128)] = if binary {
        &[
            ("Pi", 1000 << 50),
            ("Ti", 1000 << 40),
            ("Gi", 1000 << 30),
            ("Mi", 1000 << 20),
            ("Ki", 1000 << 10),
            ("", 1000),
        ]
    } else {
        &[
            ("P", 1_000_000_000_000_000_000),
            ("T", 1_000_000_000_000_000),
            ("G", 1_000_000_000_000),
            ("M", 1_000_000_000),
            ("k", 1_000_000),
            ("", 1000),
        ]
    };
    for (suffix, unit) in steps {
        if thousandths % unit == 0 {
            return Some(format!("{}{suffix}", thousandths / unit));
        }
    }
    Some(format!("{thousandths}m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_mean_the_same_become_the_same() {
        for (from, to) in [
            ("1000m", "1"),
            ("0.5", "500m"),
            ("1024Mi", "1Gi"),
            ("100M", "100M"),
            ("1.5Gi", "1536Mi"),
            ("0", "0"),
        ] {
            assert_eq!(canonical(from).as_deref(), Some(to), "{from}");
        }
        assert_eq!(canonical("ten"), None);
        assert_eq!(canonical("1Q"), None);
    }
}
