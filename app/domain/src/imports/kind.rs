//! What a kind of import declares: its fields, and what of the pages, the template and the command follows from them.
//!
//! A kind is declared once, in its own feature, and listed in [`crate::rooms`]. Reading a row and comparing it is
//! [`ImportKind`]; what the database has to do with it is `backend::imports::kind::StoredKind`.

use std::fmt::Debug;
use std::hash::Hash;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cells::Cells;
use super::note::{Note, Verdict};
use crate::authorization::policy::Permission;
use crate::fold::fold;
use crate::operations::facts::Facts;

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text.
    Text,
    /// Days; the order of day and month is found from the whole column.
    Dates,
}

/// A fact that a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The word in the database, in forms and on the command line.
    pub slug: &'static str,
    /// The words on pages and in the template.
    pub label: &'static str,
    /// What its cells hold.
    pub holds: Holds,
    /// A value, for people who make a file by hand.
    pub example: &'static str,
    /// The names that other systems give it, as [`header_key`] folds them.
    pub names: &'static [&'static str],
    /// More of them, in files of one kind.
    pub also: &'static [&'static str],
    /// Fields that say the same in parts. Where one of them has a column, this one is not matched by itself; and the
    /// template has the parts alone.
    pub parts: &'static [&'static str],
}

impl Field {
    /// A field of text.
    pub const fn text(
        slug: &'static str,
        label: &'static str,
        example: &'static str,
        names: &'static [&'static str],
    ) -> Self {
        Self { slug, label, holds: Holds::Text, example, names, also: &[], parts: &[] }
    }

    /// A field of days.
    pub const fn dates(
        slug: &'static str,
        label: &'static str,
        example: &'static str,
        names: &'static [&'static str],
    ) -> Self {
        Self { holds: Holds::Dates, ..Self::text(slug, label, example, names) }
    }

    /// With names that it has in files of one kind.
    #[must_use]
    pub const fn also(self, names: &'static [&'static str]) -> Self {
        Self { also: names, ..self }
    }

    /// Whether it usually has this name, as [`header_key`] folds it.
    fn is_called(&self, key: &str) -> bool {
        self.names.contains(&key) || self.also.contains(&key)
    }
}

/// What a file has to hold before its rows can be read.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// One of these fields must have a column.
    pub any_of: &'static [&'static str],
    /// What to do, in a sentence.
    pub message: &'static str,
}

/// What people do once a file of this kind is imported.
#[derive(Debug, Clone, Copy)]
pub struct NextStep {
    /// Offered to those who may do this.
    pub permission: Permission,
    /// The page.
    pub href: &'static str,
    /// The words on its button.
    pub label: &'static str,
    /// The icon on it.
    pub icon: &'static str,
    /// What it is for, when one was added.
    pub for_one: &'static str,
    /// When several were.
    pub for_many: &'static str,
}

/// A column of users in a OneRoster export (1EdTech, OneRoster 1.1 and 1.2, CSV binding).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneRosterColumn {
    /// `identifier`, else `sourcedId`.
    Identifier,
    /// `givenName`.
    GivenName,
    /// `middleName`.
    MiddleName,
    /// `familyName`.
    FamilyName,
    /// `preferredFirstName`.
    PreferredName,
    /// `email`.
    Email,
    /// `sms`, else `phone`.
    Phone,
    /// The first of `grades`.
    Grade,
    /// The title of the homeroom class.
    HomeClass,
    /// The first day, from the role or the enrollments.
    Starts,
    /// The last day, if each of them has one.
    Ends,
}

/// Which users of a OneRoster export a kind takes, and which fields their columns are.
#[derive(Debug, Clone, Copy)]
pub struct OneRoster {
    /// Values of `role`, in lower case.
    pub roles: &'static [&'static str],
    /// The columns of the table that is made.
    pub columns: &'static [(&'static str, OneRosterColumn)],
}

/// What a kind declares.
#[derive(Debug)]
pub struct Declaration {
    /// The word in the database, in addresses and on the command line.
    pub slug: &'static str,
    /// The list, as pages call it.
    pub name: &'static str,
    /// The heading of its pages.
    pub title: &'static str,
    /// The sentence under it, where a file is chosen.
    pub lead: &'static str,
    /// What one row is about: "student".
    pub one: &'static str,
    /// What several are about: "students".
    pub many: &'static str,
    /// What it takes to import one, at the school of the file.
    pub permission: Permission,
    /// Its fields, in the order of menus and of the template.
    pub fields: &'static [Field],
    /// The field that tells one row from another.
    pub key: &'static str,
    /// What a file has to hold.
    pub needs: &'static [Need],
    /// What the log calls a row: the first of these groups of fields that has a value.
    pub naming: &'static [&'static [&'static str]],
    /// Parts of headers that point to a field when the whole header is not a usual name. The first that fits wins.
    pub hints: &'static [(&'static str, &'static str)],
    /// Words that say a column is about something else; such columns are never guessed.
    pub not_about: &'static [&'static str],
    /// How it is read from a OneRoster export.
    pub oneroster: OneRoster,
    /// What people do next.
    pub next: NextStep,
    /// Puts a note of this kind into words; `None` for one of another kind.
    pub words: fn(&Note) -> Option<String>,
}

/// A header without case, accents, spaces and signs: `Legal_Surname` and "legal surname" are one.
pub fn header_key(header: &str) -> String {
    let mut key = fold(header);
    key.retain(|c| c != ' ');
    key
}

impl Declaration {
    /// The field of this slug.
    pub fn field(&self, slug: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.slug == slug)
    }

    /// The words for the field of this slug.
    pub fn label(&self, slug: &str) -> &'static str {
        self.field(slug).map_or("", |field| field.label)
    }

    /// The field that usually has this name, in any case and spelling.
    pub fn usual(&self, header: &str) -> Option<&'static Field> {
        let key = header_key(header);
        self.fields.iter().find(|field| field.is_called(&key))
    }

    /// The field that this name hints at, to be confirmed by a person.
    pub fn hinted(&self, header: &str) -> Option<&'static Field> {
        let key = header_key(header);
        if self.not_about.iter().any(|word| key.contains(word)) {
            return None;
        }
        self.hints.iter().find(|(part, _)| key.contains(part)).and_then(|(_, slug)| self.field(slug))
    }

    /// The sentences about what a file lacks, given which fields have a column.
    pub fn missing(&self, has: impl Fn(&str) -> bool) -> Vec<&'static str> {
        let lacking = self.needs.iter().filter(|need| !need.any_of.iter().any(|slug| has(slug)));
        lacking.map(|need| need.message).collect()
    }

    /// The fields of the template.
    pub fn template(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| field.parts.is_empty())
    }

    /// So many of them, in words.
    pub fn count(&self, count: u32) -> String {
        if count == 1 { format!("1 {}", self.one) } else { format!("{count} {}", self.many) }
    }

    /// Whether every file must have this field.
    pub fn is_required(&self, field: &Field) -> bool {
        self.needs.iter().any(|need| need.any_of == [field.slug])
    }
}

/// The word for a kind, as it crosses the wire; [`crate::rooms::import`] finds what it declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindSlug(pub String);

/// How a kind reads a row and what it does with it: pure rules, the same in a simulation and in an import.
pub trait ImportKind: Send + Sync + 'static {
    /// What it declares.
    const DECLARATION: &'static Declaration;
    /// What a row says, every part of it valid. Two rows that hash alike say the same.
    type Row: Debug + Clone + Hash + Send + Sync;
    /// What the database holds with the key of a row: the parts that a file can change.
    type Current: Debug + Clone + Send + Sync;
    /// What is to be written for one row.
    type Write: Debug + Clone + PartialEq + Facts + Send + Sync;

    /// Reads a row. What is wrong with it is told to `cells`, all of it at once; then the answer does not count.
    fn read(cells: &mut Cells<'_>) -> Option<Self::Row>;

    /// What tells this row from others.
    fn key(row: &Self::Row) -> &str;

    /// What the row would do, given what the database holds with its key, on `day`, the day of the file.
    fn differences(row: &Self::Row, current: Option<&Self::Current>, day: NaiveDate) -> Verdict<Self::Write>;

    /// The code and the note for a row that has the key of row `first` and says something else.
    fn same_key(first: u32) -> Note;
}
