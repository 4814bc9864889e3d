//! A text that has another one as its first or last words: a full name and a family name.

use crate::fold::fold;

/// The words of a text with their positions in it.
pub fn positions(text: &str) -> Vec<(usize, &str)> {
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(|word| (start(word), word)).collect()
}

/// What a text has besides a part at its start or end, in any spelling; `None` if it does not have that part, or
/// nothing else.
pub fn without<'a>(whole: &'a str, part: &str) -> Option<&'a str> {
    let part = fold(part);
    let words = positions(whole);
    let mut halves = words.iter().skip(1).map(|(at, _)| whole.split_at(*at));
    halves.find_map(|(before, after)| {
        let rest = match (fold(before) == part, fold(after) == part) {
            (true, _) => after,
            (_, true) => before,
            _ => return None,
        };
        Some(rest.trim_matches(|c: char| c == ',' || c.is_whitespace())).filter(|rest| !rest.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_known_leaves_exactly_the_other() {
        for (full, known, rest) in [
            ("Jan van den Berg", "van den Berg", Some("Jan")),
            ("BERG, Jan", "Berg", Some("Jan")),
            ("Ada Lovelace", "Ada", Some("Lovelace")),
            ("Ada", "Lovelace", None),
            ("Lovelace", "Lovelace", None),
            ("Lovelace, ", "Lovelace", None),
        ] {
            assert_eq!(without(full, known), rest, "{full}");
        }
    }
}
