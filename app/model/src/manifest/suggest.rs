//! "Did you mean": the nearest of the words that would be right.

/// The nearest word, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = plain(word);
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::osa_distance(&plain, &self::plain(candidate)),
                candidate,
            )
        })
        .filter(|(distance, candidate)| near(*distance, &plain, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A third of the word may be wrong; a word that begins alike may lack its end.
fn near(distance: usize, word: &str, candidate: &str) -> bool {
    let allowed = (word.chars().count().max(candidate.chars().count()) / 3).clamp(1, 4);
    let candidate = plain(candidate);
    distance <= allowed
        || (word.len() >= 4 && candidate.starts_with(word))
        || (candidate.len() >= 4 && word.starts_with(&candidate))
}

fn plain(word: &str) -> String {
    word.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// `a`, `b` or `c`.
pub(crate) fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
