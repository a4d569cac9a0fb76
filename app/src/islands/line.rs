//! How a line of a log is shown: by the words that loggers use for levels.

/// The level that the line names, if it names one in its first part.
pub fn level(line: &str) -> Option<&'static str> {
    let head: String = line
        .chars()
        .take(160)
        .collect::<String>()
        .to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| head.contains(word));
    if says(&["error", "fatal", "panic", "traceback", "exception"]) {
        Some("error")
    } else if says(&["warn"]) {
        Some("warn")
    } else if says(&["debug", "trace"]) {
        Some("dim")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn levels_are_read_from_plain_and_structured_lines() {
        assert_eq!(level("12:00 ERROR no such table"), Some("error"));
        assert_eq!(level(r#"{"level":"warn","msg":"slow"}"#), Some("warn"));
        assert_eq!(level("listening on :8080"), None);
    }
}
