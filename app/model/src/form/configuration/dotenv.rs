//! Reads what people keep in `.env` files: `KEY=value`, comments, quotes.

/// Lines that can't be read: their numbers, and why.
pub type Wrong = Vec<(usize, String)>;

/// What a file says, in its order; or every line that can't be read, with its number and why.
///
/// # Errors
/// The lines.
pub fn read(text: &str) -> Result<Vec<(String, String)>, Wrong> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut wrong = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let line = line.trim_start();
        if line.trim_end().is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((key, rest)) = line.split_once('=') else {
            wrong.push((at + 1, "has no =: write KEY=value".to_owned()));
            continue;
        };
        let key = key.trim();
        if key.is_empty() || key.contains(char::is_whitespace) {
            wrong.push((at + 1, "has no key before the =".to_owned()));
            continue;
        }
        let mut value = rest.trim_start().to_owned();
        let quote = value
            .chars()
            .next()
            .filter(|first| matches!(first, '"' | '\''));
        if let Some(quote) = quote {
            // A quoted text may go on over lines.
            while end(&value, quote).is_none() {
                let Some((_, more)) = lines.next() else { break };
                value.push('\n');
                value.push_str(more);
            }
            let Some(end) = end(&value, quote) else {
                wrong.push((at + 1, format!("opens {quote} and never closes it")));
                continue;
            };
            value = unquoted(&value[1..end], quote);
        } else {
            let comment = value.find(" #").or(value.starts_with('#').then_some(0));
            value.truncate(comment.unwrap_or(value.len()));
            value.truncate(value.trim_end().len());
        }
        match pairs.iter_mut().find(|(known, _)| known == key) {
            // As a shell has it: the last one counts.
            Some((_, old)) => *old = value,
            None => pairs.push((key.to_owned(), value)),
        }
    }
    if wrong.is_empty() {
        Ok(pairs)
    } else {
        Err(wrong)
    }
}

/// Where a quoted text ends, its first character being the quote.
fn end(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().skip(1).find_map(|(at, c)| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped && quote == '"';
        ends.then_some(at)
    })
}

fn unquoted(text: &str, quote: char) -> String {
    if quote == '\'' {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(other @ ('"' | '\\' | '$')) => out.push(other),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_quotes_and_comments_are_read() {
        let text = "# a file\nA=1\nexport B = two words # more\r\nC=\"x \\\"y\\\"\\n#z\"\nD='a\\nb'\nE=\n\n  F=#none\nG=a#b\nH=\"one\ntwo\"\nA=2";
        let found = read(text).expect("reads");
        let told: Vec<(&str, &str)> = found
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("A", "2"),
                ("B", "two words"),
                ("C", "x \"y\"\n#z"),
                ("D", "a\\nb"),
                ("E", ""),
                ("F", ""),
                ("G", "a#b"),
                ("H", "one\ntwo"),
            ]
        );
    }

    #[test]
    fn every_line_that_cannot_be_read_is_told() {
        let wrong = read("ok=1\nnonsense\n=x\nA B=1\nC=\"open\nD=2").expect_err("wrong");
        let lines: Vec<usize> = wrong.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 4, 5]);
    }
}
