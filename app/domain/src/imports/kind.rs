//! The declaration of a kind of import. Its pages, template and command follow from the fields it declares.
//!
//! A kind is declared once, in its own feature, and listed in [`crate::rooms`]. [`ImportKind`] reads and
//! compares rows; `backend::imports::kind::StoredKind` does the database's part.

use std::fmt::Debug;
use std::hash::Hash;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cells::Cells;
use super::crossing::FactChange;
pub use super::field::{CellType, ImportField};
use super::groups::ColumnGroups;
use super::held::{ChoiceKind, ShownPerson};
pub use super::names::header_key;
use super::names::{
    Strength, consists_of, header_words, in_singular, is_compound, mentions, without_subject,
};
use super::note::{Note, Verdict};
pub use super::oneroster::{OneRoster, OneRosterColumn};
use super::repeats::Period;
pub use super::required::FieldRequirement;
use super::who::{Identity, Resemblance};
use crate::authorization::policy::Permission;
use crate::operations::facts::Facts;

/// Two headers that mean their fields only beside each other, such as "`FName`" and "`LName`".
pub type HeaderPair = [(&'static str, &'static str); 2];

/// The next step after importing a file of this kind.
#[derive(Debug, Clone, Copy)]
pub struct NextStep {
    /// The permission it needs. Others do not see it.
    pub permission: Permission,
    /// The page's address.
    pub href: &'static str,
    /// The button's label.
    pub label: &'static str,
    /// The button's icon.
    pub icon: &'static str,
    /// What it is for, if one row was added.
    pub for_one: &'static str,
    /// The same, if several were.
    pub for_many: &'static str,
}

/// What happens to somebody of another school who is the person of a row.
#[derive(Debug, Clone, Copy)]
pub struct HereToo {
    /// On the button: "enrol here too".
    pub button: &'static str,
    /// In a sentence: "they are enrolled here too".
    pub sentence: &'static str,
}

/// The declaration of a kind.
#[derive(Debug)]
pub struct ImportDeclaration {
    /// The name in the database, in web addresses and on the command line.
    pub slug: &'static str,
    /// The name of the list on pages.
    pub name: &'static str,
    /// The heading of its pages.
    pub title: &'static str,
    /// The sentence below the heading where a file is chosen.
    pub lead: &'static str,
    /// What one row is: "student".
    pub one: &'static str,
    /// What several rows are: "students".
    pub many: &'static str,
    /// The permission needed to import a file, at the file's school.
    pub permission: Permission,
    /// The fields, in the order of menus and the template.
    pub fields: &'static [ImportField],
    /// The field that identifies a row.
    pub key: &'static str,
    /// The field with the last day.
    pub ends: &'static str,
    /// The requirements of a file.
    pub needs: &'static [FieldRequirement],
    /// What a file usually has. Its rows can be read without, but the person is told before they are.
    pub expects: &'static [FieldRequirement],
    /// The name of a row in the log: the first of these groups of fields that has a value.
    pub naming: &'static [&'static [&'static str]],
    /// What may stand before a name: "Student email".
    pub subjects: &'static [&'static str],
    /// Headers and their fields that are matched only if both are in the file.
    pub pairs: &'static [HeaderPair],
    /// Parts of headers that suggest a field if the whole header is not a usual name. The first match wins.
    pub hints: &'static [(&'static str, &'static str)],
    /// Words that show that a column is about someone or something else. Such columns are never guessed.
    pub not_about: &'static [&'static [&'static str]],
    /// How to read it from a OneRoster export.
    pub oneroster: OneRoster,
    /// The groups of columns about further people in the same row.
    pub groups: ColumnGroups,
    /// What happens to somebody of another school who is the person of a row.
    pub here_too: HereToo,
    /// The next step after an import.
    pub next: NextStep,
    /// Puts a note of this kind into words; `None` for a note of another kind.
    pub words: fn(&Note) -> Option<String>,
}

impl ImportDeclaration {
    /// Returns the field with this slug.
    pub fn field(&self, slug: &str) -> Option<&'static ImportField> {
        self.fields.iter().find(|field| field.slug == slug)
    }

    /// Returns the label of the field with this slug.
    pub fn label(&self, slug: &str) -> &'static str {
        self.field(slug).map_or("", |field| field.label)
    }

    /// Returns the field that usually has this name, in any case and spelling.
    pub fn usual(&self, header: &str) -> Option<&'static ImportField> {
        self.named(header).map(|(field, _)| field)
    }

    /// Returns the field that has this name, and how strongly the name means it.
    pub fn named(&self, header: &str) -> Option<(&'static ImportField, Strength)> {
        let key = header_key(header);
        let exact = |key: &str| self.fields.iter().find_map(|field| Some((field, field.strength(key)?)));
        let singular = || in_singular(self.subjects, &key).find_map(|key| exact(&key));
        let first_word = header_words(header).into_iter().next();
        let about_subject = || self.about_subject(&key, first_word.as_deref());
        let compound = || {
            let mut fields = self.fields.iter();
            fields.find(|field| self.names_parts(field, &key) || self.explains_parts(field, header))
        };
        exact(&key)
            .or_else(|| self.about_other(header))
            .or_else(|| self.in_group(header))
            .or_else(singular)
            .or_else(about_subject)
            .or_else(|| compound().map(|field| (field, Strength::Strong)))
    }

    /// The field of a group of columns, such as that of "Guardian 2 email".
    fn in_group(&self, header: &str) -> Option<(&'static ImportField, Strength)> {
        let (group, rest) = self.groups.of(header)?;
        if rest.is_empty() {
            return Some((self.groups.field(self.fields, group, self.groups.whole)?, Strength::Usual));
        }
        let (field, strength) = self.named(&rest)?;
        let field = if field.slug == self.key { self.of_subject(field)? } else { field };
        Some((self.groups.field(self.fields, group, field.slug)?, strength))
    }

    /// The field of a name with the kind's subject in front, such as "Student email".
    fn about_subject(&self, key: &str, first_word: Option<&str>) -> Option<(&'static ImportField, Strength)> {
        let named = |rest: &str| {
            let mut fields = self.fields.iter();
            fields.find_map(|field| Some((field, field.names.strength(rest)?.raised())))
        };
        let rests: Vec<&str> = without_subject(self.subjects, key, first_word).collect();
        let twice =
            || rests.iter().flat_map(|rest| without_subject(self.subjects, rest, None)).find_map(named);
        let found = rests.iter().find_map(|rest| named(rest)).or_else(twice);
        found.and_then(|(field, strength)| Some((self.of_subject(field)?, strength)))
    }

    /// The field of a name that says that it is about the kind's subject. Where the key of a row is somebody else's, the
    /// "ID" of the subject is a field of its own: "Guardian ID" is never a student's number.
    fn of_subject(&self, field: &'static ImportField) -> Option<&'static ImportField> {
        match self.groups.behind {
            "" => Some(field),
            behind if field.slug == self.key => self.field(behind),
            _ => Some(field).filter(|field| field.group > 0 || self.groups.numbered == 0),
        }
    }

    /// The field of a header that says that it is about somebody else than the kind's subject: "Student email".
    fn about_other(&self, header: &str) -> Option<(&'static ImportField, Strength)> {
        let groups = &self.groups;
        let is_key = |rest: &str| groups.keys.contains(&rest);
        let key = header_key(header);
        let whole = groups.others.iter().filter_map(|other| key.strip_prefix(other));
        let rest = groups.about_other(header);
        if rest.as_deref().is_some_and(|rest| is_key(&header_key(rest))) || whole.into_iter().any(is_key) {
            return Some((self.field(self.key)?, Strength::Usual));
        }
        let rest = rest.filter(|rest| !rest.is_empty())?;
        let (field, _) = self.named(&rest)?;
        let of_other = groups.repeated.iter().find(|(slug, _)| *slug == field.slug);
        let is_other = field.group == 0 && field.deciding().is_none();
        let slug =
            of_other.map_or_else(|| is_other.then_some(field.slug), |(_, of_other)| Some(*of_other))?;
        Some((self.field(slug)?, Strength::Usual))
    }

    /// Whether a header calls a column a name and then its parts: "Name (Surname, Forename)".
    fn explains_parts(&self, field: &ImportField, header: &str) -> bool {
        let Some((name, parts)) = header.split_once(['(', '[', ':', '-', '\u{2013}']) else { return false };
        let is_whole = |name: &str| self.named(name).is_some_and(|(named, _)| !named.parts.is_empty());
        self.names_parts(field, &header_key(parts)) && is_whole(name)
    }

    /// The field that has both of two suggested parts, in their order.
    fn suggested_parts(&self, key: &str) -> Option<&'static ImportField> {
        let at = |slug: &str| {
            let hints = self.hints.iter().filter(|(_, of)| *of == slug);
            hints.filter_map(|(part, _)| key.find(part)).min()
        };
        self.fields.iter().find(|field| {
            let [first, second] = field.parts else { return false };
            at(first).zip(at(second)).is_some_and(|(first, second)| first < second)
        })
    }

    /// Whether a key names both parts of a field, in their order.
    fn names_parts(&self, field: &ImportField, key: &str) -> bool {
        let [first, second] = field.parts else { return false };
        let has = |slug: &'static str| {
            move |name: &str| {
                self.field(slug).is_some_and(|field| {
                    let mut rests = without_subject(self.subjects, name, None);
                    field.strength(name).is_some() || rests.any(|rest| field.names.strength(rest).is_some())
                })
            }
        };
        is_compound(key, has(first), has(second))
    }

    /// Returns the field that this name suggests, which a person should confirm.
    pub fn hinted(&self, header: &str) -> Option<&'static ImportField> {
        self.suggested(header).filter(|(_, about_others)| !about_others).map(|(field, _)| field)
    }

    /// Returns the field that a part of this name suggests, and whether the column is about someone or something
    /// else. Then it must not be guessed.
    pub fn suggested(&self, header: &str) -> Option<(&'static ImportField, bool)> {
        let key = header_key(header);
        if let Some(field) = self.fields.iter().find(|field| field.names.maybe.contains(&key.as_str())) {
            return Some((field, false));
        }
        let (part, slug) = self.hints.iter().find(|(part, _)| key.contains(part))?;
        // A tutor group is the student's, a tutor's email is not.
        let others = self.not_about.iter().copied().flatten().copied().filter(|word| !part.contains(word));
        let field = self.suggested_parts(&key).or_else(|| self.field(slug))?;
        Some((field, mentions(header, others)))
    }

    /// Whether a name that suggests a field has no word that could say that it is someone else's.
    pub(super) fn is_plain(&self, field: &ImportField, header: &str) -> bool {
        /// What is at home is the whole family's, unless the name says whose it is.
        const AT_HOME: [&str; 2] = ["home", "house"];
        let key = header_key(header);
        let is_about_subject = self.subjects.iter().any(|subject| key.contains(subject));
        let at_home = AT_HOME.iter().filter(|_| is_about_subject);
        let words: Vec<&str> =
            field.plain_words.iter().chain(self.subjects).chain(at_home).copied().collect();
        field.plain_words.is_empty() || consists_of(&key, &words)
    }

    /// The fields of the template.
    pub fn template(&self) -> impl Iterator<Item = &'static ImportField> {
        self.fields.iter().filter(|field| field.in_template && field.parts.is_empty())
    }

    /// A number of rows in words, such as "2 students".
    pub fn count(&self, count: u32) -> String {
        if count == 1 { format!("1 {}", self.one) } else { format!("{count} {}", self.many) }
    }
}

/// The slug of a kind, as sent over the wire; [`crate::rooms::import`] returns its declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindSlug(pub String);

/// What is decided before a row is compared with its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// The day the file was uploaded.
    pub day: NaiveDate,
    /// Whether the record gets the row's key.
    pub renumber: bool,
    /// What happens to an address that an account's messages go to; `None` if nobody has decided.
    pub address: Option<ChoiceKind>,
}

impl Decided {
    /// Nothing but the day.
    pub fn on(day: NaiveDate) -> Self {
        Self { day, renumber: false, address: None }
    }
}

/// The earlier rows about a person, and the newest.
pub struct EarlierRows<'a, K: ImportKind> {
    /// The earlier rows, in the order of the file.
    pub rows: Vec<&'a K::Row>,
    /// The newest row.
    pub newest: &'a K::Row,
    /// Its number in the file.
    pub number: u32,
    /// The stored record of the person, if they are known.
    pub current: Option<&'a K::Current>,
}

/// How a kind reads rows and what they change: pure rules, the same for a simulation and an import.
pub trait ImportKind: Send + Sync + 'static {
    /// The declaration.
    const DECLARATION: &'static ImportDeclaration;
    /// A row with only valid values. Rows with the same hash are the same.
    type Row: Debug + Clone + Hash + Send + Sync;
    /// The database's values for a row's key: those that a file can change.
    type Current: Debug + Clone + Send + Sync;
    /// What to write for one row.
    type Write: Debug + Clone + PartialEq + Facts + Send + Sync;

    /// Reads a row. Problems are added to `cells`, all at once; if there are any, the result is ignored.
    fn read(cells: &mut Cells<'_>) -> Option<Self::Row>;

    /// The row's key.
    fn key(row: &Self::Row) -> &str;

    /// Who a stored record is; `None` if there is nobody to compare rows with.
    fn identity(current: &Self::Current) -> Option<Identity<'_>>;

    /// Hashes of a row's name and of its second fact, if it has one: two rows that agree in both are about one
    /// person.
    fn person_hash(row: &Self::Row) -> (u64, Option<u64>);

    /// The hash of a stored name, as [`Self::person_hash`] has it.
    fn name_hash(current: &Self::Current) -> u64;

    /// What a row changes of the facts by which people are told apart.
    fn changes(row: &Self::Row, current: &Self::Current) -> Vec<FactChange>;

    /// How a row resembles a stored record.
    fn resemblance(row: &Self::Row, current: &Self::Current) -> Resemblance;

    /// A stored person, as a held row shows them.
    fn shown(current: &Self::Current) -> ShownPerson;

    /// The person in a row, as a held row shows them.
    fn shown_in_file(row: &Self::Row) -> ShownPerson;

    /// Returns what the row would change, given the stored record it is about.
    fn differences(
        row: &Self::Row,
        current: Option<&Self::Current>,
        decided: Decided,
    ) -> Verdict<Self::Write>;

    /// The note for a row that has the same key as row `first` but is about somebody else.
    fn same_key(first: u32) -> Note;

    /// When the enrolment or employment of a row begins and ends.
    fn period(row: &Self::Row) -> Period;

    /// How two rows of one file resemble each other.
    fn rows_resemble(one: &Self::Row, other: &Self::Row) -> Resemblance;

    /// The person in a row with what tells it from other rows about them.
    fn with_period(row: &Self::Row, shown: ShownPerson) -> ShownPerson;

    /// The record that the newest row is compared with, if the earlier rows about the person show that its stored
    /// enrolment is one of theirs.
    fn behind(
        _newest: &Self::Row,
        _current: &Self::Current,
        _earlier: &[&Self::Row],
    ) -> Option<Self::Current> {
        None
    }

    /// What the earlier rows about a person do, each in its turn. What they write is added to the verdict on the
    /// newest row, or if that writes nothing, to one of theirs.
    fn earlier(of: &EarlierRows<'_, Self>, newest: &mut Verdict<Self::Write>) -> Vec<Verdict<Self::Write>>
    where
        Self: Sized;

    /// Gives the key of somebody who has left to the person that `write` is about.
    fn free_key(write: &mut Self::Write, holder: &Self::Current, former: String);
}
