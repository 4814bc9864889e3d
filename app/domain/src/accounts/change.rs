//! How a name was changed to make a username, in words and as letters to highlight.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::parts::LetterChange;
use super::taken::TakenBy;

/// A range of characters in a username to highlight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Highlight {
    /// Index of the first character.
    pub start: u8,
    /// Index after the last character.
    pub end: u8,
}

impl Highlight {
    pub(super) fn new(range: Range<usize>) -> Self {
        // A username has at most 40 characters.
        let byte = |at: usize| u8::try_from(at).unwrap_or(u8::MAX);
        Self { start: byte(range.start), end: byte(range.end) }
    }
}

/// A change made to turn a name into a username.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsernameChange {
    /// A hyphen was left out.
    Hyphen,
    /// An apostrophe was left out.
    Apostrophe,
    /// A space was left out.
    Space,
    /// Another symbol was left out.
    Sign,
    /// Accented letters were replaced with plain letters.
    Accents,
    /// Another script was written in Latin letters.
    Script,
    /// The name has no letter that usernames allow, so the admission number was used.
    AdmissionNumberUsed,
    /// Neither the name nor the admission number has such a letter.
    NothingToUse,
    /// Shortened to this many characters.
    Shortened(u8),
    /// The person had this username before.
    TheirsAgain,
    /// The student's closed account is opened again; its username stays.
    Reopened,
    /// Letters of the given name, or a number, were added because the username was taken.
    Settled {
        /// The username that was taken.
        taken: String,
        /// Who had taken it, worded for a sentence.
        by: ClashWith,
        /// What was added.
        added: ClashResolution,
    },
}

/// The person a username clashed with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClashWith {
    /// Someone with an account, or in the same plan: name and group.
    Person(String),
    /// Someone at another school.
    Elsewhere,
    /// A leaver.
    Leaver,
    /// Someone who had it before.
    Past,
    /// Someone whom the actor may not be told of.
    Unnamed,
}

impl From<&TakenBy> for ClashWith {
    fn from(by: &TakenBy) -> Self {
        match by {
            TakenBy::Person(who) | TakenBy::Plan(who) => Self::Person(who.clone()),
            TakenBy::Elsewhere => Self::Elsewhere,
            TakenBy::Leaver => Self::Leaver,
            TakenBy::Past => Self::Past,
            TakenBy::Unnamed => Self::Unnamed,
        }
    }
}

/// What was added to resolve a clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClashResolution {
    /// A number.
    Number,
    /// More letters of the given name.
    Letters,
}

impl From<LetterChange> for UsernameChange {
    fn from(change: LetterChange) -> Self {
        match change {
            LetterChange::Hyphen => Self::Hyphen,
            LetterChange::Apostrophe => Self::Apostrophe,
            LetterChange::Space => Self::Space,
            LetterChange::Sign => Self::Sign,
            LetterChange::Accent => Self::Accents,
            LetterChange::Script => Self::Script,
        }
    }
}

impl fmt::Display for UsernameChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hyphen => f.write_str("Hyphen removed."),
            Self::Apostrophe => f.write_str("Apostrophe removed."),
            Self::Space => f.write_str("Space removed."),
            Self::Sign => f.write_str("Symbol removed."),
            Self::Accents => f.write_str("Accents removed."),
            Self::Script => f.write_str("Converted to Latin letters."),
            Self::AdmissionNumberUsed => {
                f.write_str("The name has too few Latin letters. Admission number used.")
            }
            Self::NothingToUse => f.write_str("The name has too few Latin letters. Number used."),
            Self::Shortened(to) => write!(f, "Shortened to {to} characters."),
            Self::TheirsAgain => f.write_str("A former username of the same person."),
            Self::Reopened => f.write_str("The closed account is re-opened with the same username."),
            Self::Settled { taken, by, added } => {
                match by {
                    ClashWith::Person(who) => write!(f, "Same as {who}. ")?,
                    ClashWith::Elsewhere => write!(f, "{taken} belongs to someone at another school. ")?,
                    ClashWith::Unnamed => write!(f, "{taken} belongs to someone else. ")?,
                    ClashWith::Leaver => {
                        return write!(f, "{taken} belonged to a leaver. Usernames are never reused.");
                    }
                    ClashWith::Past => {
                        return write!(f, "{taken} was used before. Usernames are never reused.");
                    }
                }
                f.write_str(match added {
                    ClashResolution::Number => "Number added.",
                    ClashResolution::Letters => "Letters added.",
                })
            }
        }
    }
}
