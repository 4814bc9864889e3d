//! Notes about rows: codes with parameters. [`super::words`] and the kinds put them into sentences.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::held::HeldRow;
use super::kind::ImportField;
use super::outcome::RowOutcome;
use crate::operations::facts::{FactsWriter, Sink, Tag};

/// A note about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// A stable code, for tests, automation and finding the sentence.
    pub code: Cow<'static, str>,
    /// The sentence's parameters.
    #[serde(default, skip_serializing_if = "NoteParameters::is_empty")]
    pub with: NoteParameters,
}

/// The parameters of a sentence, in the order of their names. They are a list and not a map, which would keep room for
/// eleven: most notes have one or two, and a file has a hundred thousand notes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteParameters(Vec<(Cow<'static, str>, String)>);

impl NoteParameters {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_ref().cmp(name))
    }

    fn put(&mut self, name: &'static str, value: String) {
        match self.place(name) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => {
                self.0.reserve_exact(1);
                self.0.insert(at, (Cow::Borrowed(name), value));
            }
        }
    }
}

impl Serialize for NoteParameters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for NoteParameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let by_name = BTreeMap::<Cow<'static, str>, String>::deserialize(deserializer)?;
        Ok(Self(by_name.into_iter().collect()))
    }
}

/// The code for a value that stays, because somebody has changed it by hand.
pub const KEPT: &str = "kept";

/// The code for a link between people that ends.
pub const LINK_ENDED: &str = "link_ended";

/// The code for a field whose value changes.
pub const CHANGED: &str = "changed";

impl Note {
    /// Creates a note without parameters.
    pub fn new(code: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), with: NoteParameters::default() }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.with.put(name, value.to_string());
        self
    }

    /// Adds a cell's value, shortened, because the file has all of it.
    #[must_use]
    pub fn quoting(self, cell: &str) -> Self {
        const SHOWN: usize = 60;
        let mut shown: String = cell.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
        if cell.chars().count() > SHOWN {
            shown.push('\u{2026}');
        }
        self.with("value", shown)
    }

    /// A field whose value changes. An empty text means no value. Dates are in ISO 8601.
    pub fn changed(field: &ImportField, old: impl ToString, new: impl ToString) -> Self {
        Self::new(CHANGED).with("field", field.slug).with("old", old).with("new", new)
    }

    /// Returns a parameter, or an empty string if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.with.place(name).map_or("", |at| &self.with.0[at].1)
    }

    /// The field that was left out because its cell cannot be read, for a note that says so.
    pub fn left_out(&self) -> Option<&str> {
        (!self.get("why").is_empty()).then(|| self.get("field"))
    }

    /// Whether it says that a record ends, or earlier than before, until `soon`. `ends` is the field with its last day.
    pub fn is_ending(&self, ends: &str, soon: NaiveDate) -> bool {
        let is_sooner = || {
            let new = self.day("new").filter(|new| *new <= soon);
            new.is_some_and(|new| self.day("old").is_none_or(|old| new < old))
        };
        self.code == LINK_ENDED || self.code == CHANGED && self.get("field") == ends && is_sooner()
    }

    /// Returns a parameter that is a date.
    pub fn day(&self, name: &str) -> Option<NaiveDate> {
        self.get(name).parse().ok()
    }
}

const SAYS: Tag = Tag::new(1);
const WITH: Tag = Tag::new(2);
const NAME: Tag = Tag::new(1);
const VALUE: Tag = Tag::new(2);

impl Note {
    /// Adds the note to a plan's facts.
    pub fn facts(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.text(SAYS, &self.code).list(WITH, &self.with.0, |(name, value), fields| {
            fields.text(NAME, name).text(VALUE, value);
        });
    }
}

/// The result for a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict<W> {
    /// The outcome.
    pub outcome: RowOutcome,
    /// A stable code for the reason.
    pub code: Cow<'static, str>,
    /// Notes about the row.
    pub notes: Vec<Note>,
    /// What to write, if anything.
    pub write: Option<W>,
    /// What has to be decided, if the row is held back.
    pub held: Option<Box<HeldRow>>,
}

impl<W> Verdict<W> {
    /// A row that writes nothing, with one note.
    pub fn told(outcome: RowOutcome, note: Note) -> Self {
        Self { outcome, code: note.code.clone(), notes: vec![note], write: None, held: None }
    }

    /// A row that changes nothing: not even what was changed by hand, or nothing but the address that is held back.
    pub fn unchanged(notes: Vec<Note>, held: Option<Box<HeldRow>>) -> Self {
        let (outcome, code) = match &held {
            None if notes.iter().any(|note| note.code == KEPT) => (RowOutcome::Kept, KEPT),
            None => (RowOutcome::Unchanged, "no_difference"),
            Some(held) => (RowOutcome::Held, held.reason.slug()),
        };
        Self { outcome, code: code.into(), notes, write: None, held }
    }

    /// A row that is held back.
    pub fn held(row: HeldRow) -> Self {
        Self {
            outcome: RowOutcome::Held,
            code: row.reason.slug().into(),
            notes: Vec::new(),
            write: None,
            held: Some(Box::new(row)),
        }
    }

    /// A row with a problem.
    pub fn rejected(problem: Note) -> Self {
        Self::told(RowOutcome::Rejected, problem)
    }
}
