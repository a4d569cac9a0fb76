//! What a pod was told to do: words of the annotation `troupe.dev/simulate`, or of an image tag after `--`.

use crate::value::{read_duration, text};
use serde_json::Value;

/// What one container does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    pub pull: bool,
    pub config: bool,
    /// Exit code of a crash.
    pub crash: Option<i64>,
    pub oom: bool,
    pub never_ready: bool,
    /// Ready this long after the start.
    pub ready: Option<i64>,
    pub unschedulable: bool,
    pub job_fail: bool,
    /// A job's container ends after this long.
    pub done: Option<i64>,
}

impl Rules {
    /// Reads words like `crash=3,ready=10s`. What isn't known is no rule.
    pub(crate) fn parse(words: &str) -> Self {
        let mut out = Self::default();
        words.split([',', ' ']).for_each(|w| out.take(w, '='));
        out
    }

    /// Reads the tag of an image: `shop/cart:v2--crash.3--ready.10s`.
    pub(crate) fn of_image(image: &str) -> Self {
        let mut out = Self::default();
        let tag = image
            .rsplit('/')
            .next()
            .and_then(|last| last.split_once(':'))
            .map_or("", |(_, tag)| tag);
        tag.split("--").skip(1).for_each(|w| out.take(w, '.'));
        out
    }

    fn take(&mut self, word: &str, separator: char) {
        let (name, value) = word
            .trim()
            .split_once(separator)
            .unwrap_or((word.trim(), ""));
        match name {
            "pull" => self.pull = true,
            "config" => self.config = true,
            "crash" => self.crash = Some(value.parse().unwrap_or(1)),
            "oom" => self.oom = true,
            "never-ready" => self.never_ready = true,
            "ready" if value == "never" => self.never_ready = true,
            "ready" => self.ready = read_duration(value),
            "unschedulable" | "unsched" => self.unschedulable = true,
            "job-fail" => self.job_fail = true,
            "done" => self.done = read_duration(value),
            _ => {}
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            pull: self.pull || other.pull,
            config: self.config || other.config,
            crash: self.crash.or(other.crash),
            oom: self.oom || other.oom,
            never_ready: self.never_ready || other.never_ready,
            ready: self.ready.or(other.ready),
            unschedulable: self.unschedulable || other.unschedulable,
            job_fail: self.job_fail || other.job_fail,
            done: self.done.or(other.done),
        }
    }
}

/// The rules of each app container: words in the annotation are about the first one, words in a tag about their own.
pub(crate) fn of_pod(spec: &Value, words: &str) -> Vec<Rules> {
    crate::value::items(&spec["containers"])
        .iter()
        .enumerate()
        .map(|(i, container)| {
            let own = Rules::of_image(text(&container["image"]));
            let told = Rules::parse(words);
            if i == 0 { told.and(own) } else { own }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_from_annotations_and_tags() {
        let a = Rules::parse("crash=3, ready=10s");
        assert_eq!((a.crash, a.ready), (Some(3), Some(10_000_000)));
        assert_eq!(
            Rules::of_image("host:5000/shop/cart:v2--crash.3--ready.10s"),
            a
        );
        assert_eq!(
            Rules::of_image("host:5000/shop/cart--crash"),
            Rules::default()
        );
        assert!(Rules::parse("never-ready").never_ready);
    }
}
