//! Which columns of a list a person wants to see. The list decides the rest: its default columns, and which
//! to leave out when there is no room.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest name of a list or column.
const LONGEST: usize = 40;
/// More columns than any list has.
const MOST: usize = 40;

/// The name of a list or column in web addresses and in the database: lower-case letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// An invalid choice of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("This choice of columns is not valid. Reload the page and try again.")]
pub struct ChoiceError;

impl Slug {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Slug {
    type Error = ChoiceError;

    fn try_from(text: String) -> Result<Self, ChoiceError> {
        let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        if text.is_empty() || text.len() > LONGEST || !text.bytes().all(fits) {
            return Err(ChoiceError);
        }
        Ok(Self(text))
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person's choice of a list's columns. The list decides about columns that are not named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ColumnChoiceParts", into = "ColumnChoiceParts")]
pub struct ColumnChoice {
    shown: Vec<String>,
    hidden: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct ColumnChoiceParts {
    shown: Vec<String>,
    hidden: Vec<String>,
}

impl ColumnChoice {
    /// Creates a choice from the columns to show, with the ones to keep longest first, and the columns to
    /// hide.
    pub fn new(shown: Vec<String>, hidden: Vec<String>) -> Result<Self, ChoiceError> {
        if shown.len() + hidden.len() > MOST {
            return Err(ChoiceError);
        }
        for name in shown.iter().chain(&hidden) {
            Slug::try_from(name.clone())?;
        }
        if shown.iter().any(|name| hidden.contains(name)) {
            return Err(ChoiceError);
        }
        Ok(Self { shown, hidden })
    }

    /// The columns to show, with the ones to keep longest first.
    pub fn shown(&self) -> &[String] {
        &self.shown
    }

    /// The columns to hide.
    pub fn hidden(&self) -> &[String] {
        &self.hidden
    }

    /// The position of a column in [`Self::shown`].
    pub fn rank(&self, column: &str) -> Option<usize> {
        self.shown.iter().position(|name| name == column)
    }

    /// Whether a column is hidden.
    pub fn hides(&self, column: &str) -> bool {
        self.hidden.iter().any(|name| name == column)
    }

    /// Whether nothing is chosen, so that the list decides everything.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty() && self.hidden.is_empty()
    }

    /// Shows a column, and keeps it longer than all others.
    pub fn show(&mut self, column: &str) {
        self.forget(column);
        self.shown.insert(0, column.to_owned());
    }

    /// Hides a column.
    pub fn hide(&mut self, column: &str) {
        self.forget(column);
        self.hidden.push(column.to_owned());
    }

    fn forget(&mut self, column: &str) {
        self.shown.retain(|name| name != column);
        self.hidden.retain(|name| name != column);
    }
}

impl TryFrom<ColumnChoiceParts> for ColumnChoice {
    type Error = ChoiceError;

    fn try_from(ColumnChoiceParts { shown, hidden }: ColumnChoiceParts) -> Result<Self, ChoiceError> {
        Self::new(shown, hidden)
    }
}

impl From<ColumnChoice> for ColumnChoiceParts {
    fn from(choice: ColumnChoice) -> Self {
        Self { shown: choice.shown, hidden: choice.hidden }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shown_last_gives_way_last() {
        let mut choice = ColumnChoice::default();
        for column in ["year", "email", "year"] {
            choice.show(column);
        }
        assert_eq!(choice.shown(), ["year", "email"]);
        choice.hide("year");
        assert_eq!((choice.shown(), choice.hides("year")), (&["email".to_owned()][..], true));
        choice.show("year");
        assert_eq!((choice.rank("year"), choice.hides("year")), (Some(0), false));
    }

    #[test]
    fn a_choice_is_made_of_names_each_of_them_once() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(ColumnChoice::new(names(&["last-sign-in"]), names(&["year-10"])).is_ok());
        for bad in ["", "Year", "a b", "ä", &"x".repeat(41)] {
            assert_eq!(ColumnChoice::new(names(&[bad]), vec![]), Err(ChoiceError), "{bad}");
        }
        assert_eq!(ColumnChoice::new(names(&["year"]), names(&["year"])), Err(ChoiceError));
        assert_eq!(ColumnChoice::new(vec!["a".to_owned(); 41], vec![]), Err(ChoiceError));
    }
}
