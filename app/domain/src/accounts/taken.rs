//! Taken usernames, and who has them. A username belongs permanently to the person it was made for.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Who has a username.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenBy {
    /// A student or staff member of this school: name and group, such as "Tomasz Wilczarek, 10B".
    Person(String),
    /// Someone at another school of the organisation, who must not be named to this school.
    Elsewhere,
    /// A student who has left.
    Leaver,
    /// Someone who had it before: their username changed, or their account was removed. Never named, since a
    /// former username can tell a former name.
    Past,
    /// Someone whom the actor may not be told of: a restriction hides them, or they have no place at a school.
    Unnamed,
    /// Another student in the same plan: name and group.
    Plan(String),
}

impl fmt::Display for TakenBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(who) | Self::Plan(who) => f.write_str(who),
            Self::Elsewhere => f.write_str("someone at another school"),
            Self::Leaver => f.write_str("a leaver"),
            Self::Past => f.write_str("someone who had it before"),
            Self::Unnamed => f.write_str("someone else"),
        }
    }
}

/// Taken usernames of an organisation, as far as a plan needs them; sent as pairs of username and holder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(String, TakenBy)>", into = "Vec<(String, TakenBy)>")]
pub struct TakenUsernames(HashMap<String, TakenBy>);

impl TakenUsernames {
    /// Returns who has `username`.
    pub fn holder(&self, username: &str) -> Option<&TakenBy> {
        self.0.get(username)
    }

    /// The number of taken usernames.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no username is taken.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<(String, TakenBy)> for TakenUsernames {
    fn extend<I: IntoIterator<Item = (String, TakenBy)>>(&mut self, pairs: I) {
        self.0.extend(pairs);
    }
}

impl FromIterator<(String, TakenBy)> for TakenUsernames {
    fn from_iter<I: IntoIterator<Item = (String, TakenBy)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl From<Vec<(String, TakenBy)>> for TakenUsernames {
    fn from(pairs: Vec<(String, TakenBy)>) -> Self {
        pairs.into_iter().collect()
    }
}

impl From<TakenUsernames> for Vec<(String, TakenBy)> {
    fn from(taken: TakenUsernames) -> Self {
        taken.0.into_iter().collect()
    }
}

/// The common part of all numbered forms of a username: the username without digits and hyphens at the end. The
/// column `username_stem`.
pub fn stem(username: &str) -> &str {
    username.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-')
}

/// The common part of all usernames with a number inside: the stem without its digits; `None` if it has none. The
/// column `username_around`.
pub fn around(username: &str) -> Option<String> {
    let stem = stem(username);
    let bare: String = stem.chars().filter(|c| !c.is_ascii_digit()).collect();
    (bare.len() < stem.len()).then_some(bare)
}
