//! What is said about a row: codes with parameters. [`super::words`] and the kinds put them into sentences.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::kind::Field;
use super::outcome::Outcome;
use crate::operations::facts::{Fields, Sink, Tag};

/// One thing that is said about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// A stable word, for tests, for automation and for whatever finds the sentence.
    pub code: Cow<'static, str>,
    /// What the sentence needs, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<Cow<'static, str>, String>,
}

/// A value of a field differs.
pub const CHANGED: &str = "changed";

impl Note {
    /// A note without parameters.
    pub fn new(code: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), with: BTreeMap::new() }
    }

    /// With a parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.with.insert(Cow::Borrowed(name), value.to_string());
        self
    }

    /// With a value that a cell held, shortened, since the whole cell is in the file.
    #[must_use]
    pub fn quoting(self, cell: &str) -> Self {
        const SHOWN: usize = 60;
        let mut shown: String = cell.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
        if cell.chars().count() > SHOWN {
            shown.push('\u{2026}');
        }
        self.with("value", shown)
    }

    /// A field whose value differs; an empty text is none. Days are written as in ISO 8601.
    pub fn changed(field: &Field, old: impl ToString, new: impl ToString) -> Self {
        Self::new(CHANGED).with("field", field.slug).with("old", old).with("new", new)
    }

    /// A parameter; empty where it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.with.get(name).map_or("", String::as_str)
    }

    /// A parameter that is a day.
    pub fn day(&self, name: &str) -> Option<NaiveDate> {
        self.get(name).parse().ok()
    }
}

const SAYS: Tag = Tag::new(1);
const WITH: Tag = Tag::new(2);
const NAME: Tag = Tag::new(1);
const VALUE: Tag = Tag::new(2);

impl Note {
    /// What a plan says in it.
    pub fn facts(&self, fields: &mut Fields<'_, impl Sink>) {
        fields.text(SAYS, &self.code).list(WITH, &self.with, |(name, value), fields| {
            fields.text(NAME, name).text(VALUE, value);
        });
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict<W> {
    /// Its outcome.
    pub outcome: Outcome,
    /// A stable word for the reason.
    pub code: Cow<'static, str>,
    /// What is said about it.
    pub notes: Vec<Note>,
    /// What is to be written, if anything.
    pub write: Option<W>,
}

impl<W> Verdict<W> {
    /// One that writes nothing and says one thing.
    pub fn told(outcome: Outcome, note: Note) -> Self {
        Self { outcome, code: note.code.clone(), notes: vec![note], write: None }
    }

    /// Something is wrong with the row.
    pub fn rejected(problem: Note) -> Self {
        Self::told(Outcome::Rejected, problem)
    }
}
