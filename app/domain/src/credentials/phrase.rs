//! A password made for someone: common words, then four digits. It works once, to choose a password of one's own.
//!
//! Words are in lower case, and digits are from 2 to 9, so no character can be taken for another. Two lists of words:
//! short ones for readers, and ones with a picture for young children. Where the lists are from is in decision 0023.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::fold::typed_code;

/// Short, common words. Sorted; none begins with another, so that a phrase without gaps reads in one way only.
static WORDS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("phrase/words.txt").lines().collect());

/// Words with their picture. Sorted; none begins with another.
static PICTURES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    include_str!("phrase/pictures.txt").lines().filter_map(|line| line.split_once(' ')).collect()
});

/// Digits that are not mistaken for a letter, and no letter for them.
const DIGITS: &[u8; 8] = b"23456789";

/// The number of digits at the end.
const DIGITS_AT_END: usize = 4;

/// No word of either list is longer.
const LONGEST: usize = 8;

/// Which words a phrase is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhraseKind {
    /// Five short words.
    #[default]
    Words,
    /// Six words, each with its picture, for children who are learning to read.
    Pictures,
}

impl PhraseKind {
    /// Both, in the order of a form.
    pub const ALL: [Self; 2] = [Self::Words, Self::Pictures];

    /// Its name in forms and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Pictures => "pictures",
        }
    }

    /// The kind with this name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// How many words a phrase has.
    pub fn words(self) -> usize {
        match self {
            Self::Words => 5,
            Self::Pictures => 6,
        }
    }

    fn list_length(self) -> usize {
        match self {
            Self::Words => WORDS.len(),
            Self::Pictures => PICTURES.len(),
        }
    }

    fn word(self, at: usize) -> &'static str {
        match self {
            Self::Words => WORDS[at],
            Self::Pictures => PICTURES[at].0,
        }
    }

    /// The place of a word in its list.
    fn place(self, word: &str) -> Option<usize> {
        match self {
            Self::Words => WORDS.binary_search(&word).ok(),
            Self::Pictures => PICTURES.binary_search_by_key(&word, |(word, _)| word).ok(),
        }
    }

    /// How many bits of chance are in a phrase.
    #[expect(clippy::cast_precision_loss, reason = "the lists have hundreds of words")]
    pub fn bits(self) -> f64 {
        self.words() as f64 * (self.list_length() as f64).log2()
            + DIGITS_AT_END as f64 * (DIGITS.len() as f64).log2()
    }
}

/// A password made for someone.
#[derive(Clone, PartialEq, Eq)]
pub struct Phrase {
    kind: PhraseKind,
    words: Vec<&'static str>,
    digits: [u8; DIGITS_AT_END],
}

/// Text that cannot be such a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is not a password on a card")]
pub struct PhraseError;

impl Phrase {
    /// Makes a phrase from random bytes. `fill` fills as many as it is given; every phrase is equally likely.
    pub fn make(kind: PhraseKind, fill: &mut dyn FnMut(&mut [u8])) -> Self {
        let words = (0..kind.words()).map(|_| kind.word(below(kind.list_length(), fill))).collect();
        let mut digits = [0; DIGITS_AT_END];
        for digit in &mut digits {
            *digit = DIGITS[below(DIGITS.len(), fill)];
        }
        Self { kind, words, digits }
    }

    /// Which words it is made of.
    pub fn kind(&self) -> PhraseKind {
        self.kind
    }

    /// Its words, each with its picture if it has one.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        self.words.iter().map(|word| {
            let place = Some(self.kind).filter(|kind| *kind == PhraseKind::Pictures);
            (*word, place.and_then(|kind| kind.place(word)).map(|at| PICTURES[at].1))
        })
    }

    /// Its digits, as text.
    pub fn digits(&self) -> String {
        self.digits.iter().copied().map(char::from).collect()
    }

    /// The words and digits without anything between them, for hashing.
    pub fn canonical(&self) -> String {
        let mut text = self.words.concat();
        text.push_str(&self.digits());
        text
    }
}

/// A number below `most`, each equally likely: values at the end that would favour small ones are drawn again.
fn below(most: usize, fill: &mut dyn FnMut(&mut [u8])) -> usize {
    let even = usize::from(u16::MAX) / most * most;
    loop {
        let mut bytes = [0; 2];
        fill(&mut bytes);
        let drawn = usize::from(u16::from_be_bytes(bytes));
        if drawn < even {
            return drawn % most;
        }
    }
}

impl FromStr for Phrase {
    type Err = PhraseError;

    /// Reads what someone typed: in any case, with any separators or none.
    fn from_str(text: &str) -> Result<Self, PhraseError> {
        let plain: String = typed_code(text).chars().filter(|c| !is_separator(*c)).collect();
        let plain = plain.to_ascii_lowercase();
        let letters = plain.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits: [u8; DIGITS_AT_END] =
            plain.as_bytes()[letters.len()..].try_into().map_err(|_| PhraseError)?;
        if !digits.iter().all(|digit| DIGITS.contains(digit)) || !letters.is_ascii() {
            return Err(PhraseError);
        }
        PhraseKind::ALL
            .into_iter()
            .find_map(|kind| words_of(kind, letters).map(|words| Self { kind, words, digits }))
            .ok_or(PhraseError)
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | ',' | ';' | ':' | '/' | '+' | '\'' | '\u{b7}')
}

/// Takes letters apart into as many words as a phrase of this kind has. No word begins with another, so that there is
/// only one way.
fn words_of(kind: PhraseKind, letters: &str) -> Option<Vec<&'static str>> {
    let (mut words, mut rest) = (Vec::with_capacity(kind.words()), letters);
    while !rest.is_empty() && words.len() < kind.words() {
        let (length, at) =
            (1..=LONGEST.min(rest.len())).find_map(|length| Some((length, kind.place(&rest[..length])?)))?;
        words.push(kind.word(at));
        rest = &rest[length..];
    }
    (rest.is_empty() && words.len() == kind.words()).then_some(words)
}

/// As cards and lists show it: words and digits with hyphens between them.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.words.join("-"), self.digits())
    }
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phrase(..)")
    }
}

#[cfg(test)]
mod tests;
