//! A person's name in letters that usernames allow.
//!
//! Parts are made on the server, which has the tables of all scripts, and cross the wire ready for use, so
//! that the browser can make usernames without those tables.

use any_ascii::any_ascii_char;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The most letters kept of one part: more than a username can have ([`super::username::MAX_USERNAME`]), and
/// few enough that a position fits in a byte.
const MAX_LETTERS: usize = 64;

/// How a letter of a [`RomanPart`] differs from the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterChange {
    /// There was a hyphen between two letters.
    Hyphen,
    /// There was an apostrophe between two letters.
    Apostrophe,
    /// There was a space between two letters.
    Space,
    /// There was another symbol between two letters.
    Sign,
    /// The letter had an accent, or is a Latin letter other than A to Z.
    Accent,
    /// The letter is from another script.
    Script,
}

impl LetterChange {
    /// Whether this is about something left out between two letters, rather than about a letter.
    pub(super) fn is_gap(self) -> bool {
        matches!(self, Self::Hyphen | Self::Apostrophe | Self::Space | Self::Sign)
    }
}

/// A range of changed letters: from `start` up to, but not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedLetters {
    /// Index of the first letter.
    pub start: u8,
    /// Index after the last letter.
    pub end: u8,
    /// How they changed.
    pub change: LetterChange,
}

/// Part of a name in lower-case Latin letters and digits, with the changes made to it. Boxed slices save
/// memory: a plan of 100,000 people has 500,000 parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RomanPart {
    #[serde(rename = "t")]
    text: Box<str>,
    #[serde(rename = "c", default, skip_serializing_if = "<[_]>::is_empty")]
    changes: Box<[ChangedLetters]>,
}

/// A part being built.
#[derive(Default)]
struct Letters {
    text: String,
    changes: Vec<ChangedLetters>,
}

impl RomanPart {
    /// Romanises `written`. The letters are those of [`crate::fold::romanise`] without its spaces, at most
    /// 64.
    pub fn new(written: &str) -> Self {
        let mut part = Letters::default();
        let mut gap = None;
        for c in written.nfc() {
            if let Some(found) = gap_of(c) {
                gap = gap.or(Some(found));
                continue;
            }
            let latin = any_ascii_char(c);
            let letters = latin.chars().filter(char::is_ascii_alphanumeric).map(|l| l.to_ascii_lowercase());
            let start = part.text.len();
            part.text.extend(letters);
            let end = part.text.len();
            if start == end {
                // A character of another script, or a combining mark without a letter.
                if !latin.is_empty() && c.is_ascii() {
                    gap = gap.or(Some(LetterChange::Sign));
                }
                continue;
            }
            if start > 0
                && let Some(gap) = gap
            {
                part.change(start - 1, start + 1, gap);
            }
            gap = None;
            if !c.is_ascii() {
                part.change(
                    start,
                    end,
                    if is_latin(c) { LetterChange::Accent } else { LetterChange::Script },
                );
            }
            if end >= MAX_LETTERS {
                break;
            }
        }
        part.text.truncate(MAX_LETTERS);
        Self { text: part.text.into(), changes: part.changes.into() }
    }

    /// The letters and digits.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The changes, in order.
    pub fn changes(&self) -> &[ChangedLetters] {
        &self.changes
    }
}

impl Letters {
    fn change(&mut self, start: usize, end: usize, change: LetterChange) {
        let clamp = |at: usize| u8::try_from(at.min(MAX_LETTERS)).unwrap_or(u8::MAX);
        let (start, end) = (clamp(start), clamp(end));
        match self.changes.last_mut() {
            // Adjacent changes of the same kind are one range.
            Some(last) if last.change == change && last.end == start && !change.is_gap() => last.end = end,
            _ => self.changes.push(ChangedLetters { start, end, change }),
        }
    }
}

/// Returns the kind of gap a character makes; `None` if it is, or may be, a letter.
fn gap_of(c: char) -> Option<LetterChange> {
    match c {
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => Some(LetterChange::Hyphen),
        '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{02BB}' => Some(LetterChange::Apostrophe),
        c if c.is_whitespace() => Some(LetterChange::Space),
        _ => None,
    }
}

/// Whether a letter is in the Latin script: blocks Latin-1 Supplement to Latin Extended-B, IPA, Latin
/// Extended Additional, C and D, alphabetic presentation and full-width forms (Unicode, `Blocks.txt`).
fn is_latin(c: char) -> bool {
    matches!(c, '\u{AA}'..='\u{2AF}' | '\u{1E00}'..='\u{1EFF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}'
        | '\u{FB00}'..='\u{FB06}' | '\u{FF10}'..='\u{FF5A}')
}

/// Everything a template can make a username from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameParts {
    /// Given name; empty for people with only a family name.
    pub given: RomanPart,
    /// Family name; empty for people with a single name.
    pub family: RomanPart,
    /// The name the person goes by; empty when it is the given name.
    pub preferred: RomanPart,
    /// Middle names.
    pub middle: RomanPart,
    /// Admission number.
    pub admission: RomanPart,
    /// The year of the first day on roll, such as 2026.
    pub entry_year: u16,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::romanise;
    use proptest::prelude::*;

    fn changed(written: &str) -> Vec<(String, LetterChange)> {
        let part = RomanPart::new(written);
        part.changes()
            .iter()
            .map(|c| (part.text()[usize::from(c.start)..usize::from(c.end)].to_owned(), c.change))
            .collect()
    }

    #[test]
    fn a_hyphen_marks_the_letters_beside_it() {
        assert_eq!(RomanPart::new("Achterberg-Doyle").text(), "achterbergdoyle");
        assert_eq!(changed("Achterberg-Doyle"), [("gd".to_owned(), LetterChange::Hyphen)]);
        assert_eq!(changed("O\u{2019}Neil"), [("on".to_owned(), LetterChange::Apostrophe)]);
    }

    #[test]
    fn accents_and_other_scripts_are_told_apart() {
        let accent = |letters: &str| (letters.to_owned(), LetterChange::Accent);
        assert_eq!(changed("Příhodová"), [accent("ri"), accent("a")]);
        assert_eq!(changed("Алексей"), [("aleksey".to_owned(), LetterChange::Script)]);
    }

    #[test]
    fn a_plain_name_changes_nowhere() {
        assert_eq!(changed("Wilczarek"), []);
    }

    proptest! {
        #[test]
        fn parts_hold_the_letters_of_the_romanised_name(written in "\\PC{0,30}") {
            let mut letters = romanise(&written).replace(' ', "");
            letters.truncate(MAX_LETTERS);
            let part = RomanPart::new(&written);
            prop_assert_eq!(part.text(), letters);
            let length = part.text().len();
            prop_assert!(part.changes().iter().all(|c| usize::from(c.end) <= length && c.start < c.end));
        }
    }
}
