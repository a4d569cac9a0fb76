//! Where a line stands in a log, so that one can go on after it: nothing lost, nothing twice.
//!
//! Planes number no lines, and put a time before each. Two lines may have one time; a line's mark
//! is therefore its time and how many of that time came before it: `2026-03-12T14:20:00.5Z/1`.

use crate::view::LogLine;

/// Gives lines their marks, and leaves out those up to the one that is known.
#[derive(Debug, Clone, Default)]
pub struct Marker {
    /// The last time seen, and how many lines had it.
    last: (String, u32),
    /// The mark that is known.
    after: Option<(String, u32)>,
}

impl Marker {
    /// Goes on after a mark; with an empty or garbled one, from the start.
    pub fn after(mark: &str) -> Self {
        Self {
            after: parse(mark),
            ..Self::default()
        }
    }

    /// The time from which lines must be asked for, if there is one.
    pub fn since(&self) -> Option<&str> {
        self.after.as_ref().map(|(at, _)| at.as_str())
    }

    /// Reads a line with its time before it; `None` for one that is known already.
    pub fn take(&mut self, line: &str) -> Option<LogLine> {
        let stamped = line.split_once(' ').unwrap_or((line, ""));
        let (at, text) = match stamped {
            (at, text) if is_time(at) => (at, text),
            // The rest of a line that was too long for one piece.
            _ => ("", line),
        };
        if !at.is_empty() {
            if self.last.0 == at {
                self.last.1 += 1;
            } else {
                self.last = (at.to_owned(), 0);
            }
        }
        if let Some((known, count)) = &self.after {
            let (now, number) = (self.last.0.as_str(), self.last.1);
            if !later((now, number), (known, *count)) {
                return None;
            }
        }
        Some(LogLine {
            mark: if self.last.0.is_empty() {
                String::new()
            } else {
                format!("{}/{}", self.last.0, self.last.1)
            },
            at: at.to_owned(),
            text: text.to_owned(),
        })
    }
}

fn parse(mark: &str) -> Option<(String, u32)> {
    let (at, count) = mark.split_once('/')?;
    is_time(at).then_some((at.to_owned(), count.parse().ok()?))
}

fn is_time(text: &str) -> bool {
    text.len() >= 20 && text.parse::<jiff::Timestamp>().is_ok()
}

fn later(one: (&str, u32), other: (&str, u32)) -> bool {
    match (one.0.parse::<jiff::Timestamp>(), other.0.parse()) {
        (Ok(at), Ok(known)) => (at, one.1) > (known, other.1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: [&str; 5] = [
        "2026-03-12T14:20:00.100Z one",
        "2026-03-12T14:20:00.100Z two",
        "2026-03-12T14:20:00.100Z two",
        "2026-03-12T14:20:01Z ",
        "2026-03-12T14:20:01.000000001Z five",
    ];

    fn read(after: &str) -> Vec<LogLine> {
        let mut marker = Marker::after(after);
        LOG.iter().filter_map(|line| marker.take(line)).collect()
    }

    #[test]
    fn one_can_go_on_after_any_line() {
        let all = read("");
        assert_eq!(all.len(), 5);
        assert_eq!(all[1].mark, "2026-03-12T14:20:00.100Z/1");
        assert_eq!(all[3].text, "");
        for (at, line) in all.iter().enumerate() {
            assert_eq!(read(&line.mark), all[at + 1..], "after {}", line.mark);
        }
    }

    #[test]
    fn lines_without_a_time_are_shown_and_garbled_marks_are_no_marks() {
        let line = Marker::default().take("no time here").expect("it is new");
        assert_eq!(
            (line.mark.as_str(), line.text.as_str()),
            ("", "no time here")
        );
        for mark in [
            "x",
            "x/1",
            "2026-03-12T14:20:00Z",
            "2026-03-12T14:20:00Z/x",
            "/",
        ] {
            assert_eq!(read(mark).len(), 5, "{mark}");
            assert_eq!(Marker::after(mark).since(), None);
        }
    }
}
