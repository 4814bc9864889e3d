//! The pattern a school uses to make usernames. Its text form is in [`super::template_text`].

use std::num::NonZeroU8;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::username::MAX_USERNAME;

/// The most pieces in a template.
pub const MAX_PIECES: usize = 8;
/// The longest fixed text in a template, in characters.
pub const MAX_TEXT: usize = 20;
/// The lowest maximum length a school can set: room for a letter and a number of any size.
pub const MIN_MAX_LENGTH: u8 = 10;
/// The most digits a counter can be padded to.
pub const MAX_DIGITS: u8 = 4;
/// The highest number that counting can start from.
pub const MAX_START: u16 = 9999;

/// What a username is made of, how long it may be, and what to do if it is taken.
///
/// There is no choice of case: a [`super::username::Username`] is lower case, so that nobody has to remember
/// capitals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UsernameTemplate {
    first: TemplatePiece,
    rest: Vec<(Separator, TemplatePiece)>,
    max_length: u8,
    clash: ClashRule,
}

/// A part of a username.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePiece {
    /// A name, whole or only its first letters.
    Name {
        /// Which name.
        part: NamePart,
        /// How many of its first letters; `None` for all.
        letters: Option<NonZeroU8>,
    },
    /// The first letter of the middle names; nothing for people without one.
    MiddleInitial,
    /// The year of the first day on roll.
    EntryYear(YearDigits),
    /// The admission number.
    AdmissionNumber,
    /// The next free number, counted from 1; at most one per template.
    Counter {
        /// Padded with zeros to this many digits, 1 to [`MAX_DIGITS`].
        digits: NonZeroU8,
    },
    /// The same text for everyone: lower-case letters and digits.
    Text(FixedText),
}

/// Which of a person's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamePart {
    /// Given name.
    Given,
    /// Family name, or the only name of people who have just one.
    Family,
    /// The name the person goes by, or the given name if there is none.
    Preferred,
}

/// How a year is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearDigits {
    /// 26
    Two,
    /// 2026
    Four,
}

/// The separator between two pieces. Left out beside a piece that is empty for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Separator {
    /// Nothing.
    #[default]
    None,
    /// `.`
    Dot,
    /// `-`
    Hyphen,
    /// `_`
    Underscore,
}

impl Separator {
    /// All separators, in the order pages offer them.
    pub const ALL: [Self; 4] = [Self::None, Self::Dot, Self::Hyphen, Self::Underscore];

    /// The character itself, as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Dot => ".",
            Self::Hyphen => "-",
            Self::Underscore => "_",
        }
    }
}

/// Fixed text of a template: 1 to [`MAX_TEXT`] lower-case letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedText(String);

impl FixedText {
    /// Accepts letters and digits, and makes them lower case.
    pub fn new(text: &str) -> Result<Self, TemplateError> {
        let text = text.trim().to_ascii_lowercase();
        if let Some(c) = text.chars().find(|c| !c.is_ascii_alphanumeric()) {
            return Err(TemplateError::Character(c));
        }
        if text.is_empty() || text.len() > MAX_TEXT {
            return Err(TemplateError::TextLength);
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What to do if a username is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClashRule {
    /// What to try first.
    pub settle: Settle,
    /// The first number, 0 to [`MAX_START`].
    pub start: u16,
    /// Numbers are padded with zeros to this many digits, 1 to [`MAX_DIGITS`].
    pub digits: NonZeroU8,
}

/// The three ways to resolve a clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// Add the next free number.
    Number,
    /// Take more letters of the given name, then a number.
    NextLetters,
    /// Propose the next free number for a person to accept or change.
    Ask,
}

impl Settle {
    /// All three, in the order pages offer them.
    pub const ALL: [Self; 3] = [Self::Number, Self::NextLetters, Self::Ask];

    /// The option's label on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Number => "Add the next free number",
            Self::NextLetters => "Add the next letter of the first name",
            Self::Ask => "Stop and ask me",
        }
    }
}

impl Default for ClashRule {
    /// The second person with the same username gets a 2.
    fn default() -> Self {
        Self { settle: Settle::Number, start: 2, digits: NonZeroU8::MIN }
    }
}

/// Why a template is invalid, worded for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// It has no name, admission number or counter.
    #[error("Add a name, the admission number or a counter. Without one, everyone gets the same username.")]
    NothingPersonal,
    /// It is only a counter of one digit.
    #[error("A counter on its own needs at least 2 digits, such as {{counter:4}}.")]
    TooShort,
    /// It has more than [`MAX_PIECES`] pieces.
    #[error("A username pattern can have at most {MAX_PIECES} pieces. Remove some.")]
    TooManyPieces,
    /// It has a second counter.
    #[error("A username pattern can have one counter. Remove the others.")]
    Counters,
    /// Its fixed text is empty or too long.
    #[error("Fixed text must have 1 to {MAX_TEXT} letters and numbers.")]
    TextLength,
    /// It has a character that usernames cannot contain.
    #[error(
        "Usernames cannot contain \u{201c}{0}\u{201d}. Use plain letters and numbers, with a dot, hyphen or underscore between pieces."
    )]
    Character(char),
    /// It has a separator at the start or end, or two in a row.
    #[error("Use a single dot, hyphen or underscore between two pieces.")]
    Separator,
    /// It has `{` without `}`.
    #[error("Close the piece \u{201c}{0}\u{201d} with }}.")]
    Unclosed(String),
    /// It has an unknown piece.
    #[error(
        "There is no piece {{{0}}}. Use {{given}}, {{family}}, {{preferred}}, {{middle}}, {{year}}, {{admission}} or {{counter}}, with a length as in {{given:1}}."
    )]
    UnknownPiece(String),
    /// It gives a piece a length it cannot have.
    #[error("{{{0}}} cannot have this length. {1}")]
    PieceLength(String, &'static str),
    /// It has an unknown option.
    #[error(
        "There is no option \u{201c}{0}\u{201d}. Use max=20, clash=number, clash=letters, clash=ask, from=2 or digits=1."
    )]
    UnknownOption(String),
    /// The maximum length is out of range.
    #[error("The maximum length must be {MIN_MAX_LENGTH} to {MAX_USERNAME} characters.")]
    MaxLength,
    /// The padding is out of range.
    #[error("Numbers can have 1 to {MAX_DIGITS} digits.")]
    Digits,
    /// The first number is out of range.
    #[error("Numbers can start at 0 to {MAX_START}.")]
    Start,
}

impl UsernameTemplate {
    /// The maximum length if a school sets none, in characters.
    pub const DEFAULT_MAX_LENGTH: u8 = 20;

    /// Builds a template. Adjacent fixed texts are joined.
    pub fn new(
        first: TemplatePiece,
        rest: Vec<(Separator, TemplatePiece)>,
        max_length: u8,
        clash: ClashRule,
    ) -> Result<Self, TemplateError> {
        let (first, rest) = join_texts(first, rest)?;
        let pieces = || std::iter::once(&first).chain(rest.iter().map(|(_, piece)| piece));
        if pieces().count() > MAX_PIECES {
            return Err(TemplateError::TooManyPieces);
        }
        let counters = pieces().filter(|p| matches!(p, TemplatePiece::Counter { .. })).count();
        if counters > 1 {
            return Err(TemplateError::Counters);
        }
        if matches!(first, TemplatePiece::Counter { digits } if digits.get() < 2) && rest.is_empty() {
            return Err(TemplateError::TooShort);
        }
        let personal =
            |p: &TemplatePiece| matches!(p, TemplatePiece::Name { .. } | TemplatePiece::AdmissionNumber);
        if counters == 0 && !pieces().any(personal) {
            return Err(TemplateError::NothingPersonal);
        }
        if !(MIN_MAX_LENGTH..=u8::try_from(MAX_USERNAME).unwrap_or(u8::MAX)).contains(&max_length) {
            return Err(TemplateError::MaxLength);
        }
        let too_wide = |digits: NonZeroU8| digits.get() > MAX_DIGITS;
        if too_wide(clash.digits)
            || pieces().any(|p| matches!(p, TemplatePiece::Counter { digits } if too_wide(*digits)))
        {
            return Err(TemplateError::Digits);
        }
        if clash.start > MAX_START {
            return Err(TemplateError::Start);
        }
        Ok(Self { first, rest, max_length, clash })
    }

    /// The pieces, each with the separator before it; the first has none.
    pub fn pieces(&self) -> impl Iterator<Item = (Separator, &TemplatePiece)> {
        std::iter::once((Separator::None, &self.first))
            .chain(self.rest.iter().map(|(separator, piece)| (*separator, piece)))
    }

    /// The maximum length of its usernames, in characters.
    pub fn max_length(&self) -> u8 {
        self.max_length
    }

    /// What to do if a username is taken.
    pub fn clash(&self) -> ClashRule {
        self.clash
    }

    /// The digits of its counter, if it has one.
    pub fn counter(&self) -> Option<NonZeroU8> {
        self.pieces().find_map(|(_, piece)| match piece {
            TemplatePiece::Counter { digits } => Some(*digits),
            _ => None,
        })
    }
}

impl Default for UsernameTemplate {
    /// First initial, dot, family name, at most 20 characters, next free number.
    fn default() -> Self {
        let initial = TemplatePiece::Name { part: NamePart::Given, letters: Some(NonZeroU8::MIN) };
        let family = TemplatePiece::Name { part: NamePart::Family, letters: None };
        Self {
            first: initial,
            rest: vec![(Separator::Dot, family)],
            max_length: Self::DEFAULT_MAX_LENGTH,
            clash: ClashRule::default(),
        }
    }
}

type Pieces = (TemplatePiece, Vec<(Separator, TemplatePiece)>);

fn join_texts(first: TemplatePiece, rest: Vec<(Separator, TemplatePiece)>) -> Result<Pieces, TemplateError> {
    let mut joined: Vec<(Separator, TemplatePiece)> = vec![(Separator::None, first.clone())];
    for (separator, piece) in rest {
        match (joined.last_mut(), separator, piece) {
            (Some((_, TemplatePiece::Text(before))), Separator::None, TemplatePiece::Text(text)) => {
                *before = FixedText::new(&format!("{}{}", before.0, text.0))?;
            }
            (_, separator, piece) => joined.push((separator, piece)),
        }
    }
    let mut pieces = joined.into_iter();
    let first = pieces.next().map_or(first, |(_, piece)| piece);
    Ok((first, pieces.collect()))
}
