//! Which column of a file holds which field.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::kind::{ImportDeclaration, ImportField, header_key};
use super::matching;
use crate::fields::FieldErrors;

/// The slug of a field, as it is sent over the wire and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldSlug(Cow<'static, str>);

impl FieldSlug {
    /// What a form sends for a column that someone must still decide on.
    pub const UNDECIDED: Self = Self(Cow::Borrowed("?"));

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&ImportField> for FieldSlug {
    fn from(field: &ImportField) -> Self {
        Self(Cow::Borrowed(field.slug))
    }
}

/// Why a column cannot be chosen any more.
const NOT_KEPT: &str = "The values of this column are not kept, so it can\u{2019}t be imported. Choose the file again to import it.";

/// Why a column can never be chosen under its name.
const SECRET: &str = "The name of this column is that of a password, a right or an ID number, so its values are never kept. If it is something else, give the column another name in the file and choose the file again.";

/// Why a column of Greencap is no data.
const REASONS: &str =
    "This column says what was wrong with rows that were sent back, so it can\u{2019}t be imported.";

/// How a column was matched to its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// Its header is one of the field's usual names.
    Name,
    /// Its header suggests the field. Someone should check it.
    Guess,
    /// Other columns could be the same field, so someone must choose one of them.
    Contested,
    /// Someone chose it.
    Hand,
    /// Someone chose it for the previous file of this kind.
    LastTime,
}

/// Why a column is not imported, if it is not by choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// It may hold secrets. Its cells are never kept.
    Secret,
    /// It is about someone else, or only looks like a field.
    Others,
    /// A full name, whose parts have columns of their own.
    InParts,
    /// It is about an adult beyond those that a row can have.
    Beyond,
    /// Greencap has added it to the rows that went back to their sender.
    Reason,
    /// Its cells are no longer kept, because the column was not imported when the rows were checked.
    NotKept,
}

/// The match of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMatch {
    /// The field; `None` if the column is not imported.
    pub field: Option<FieldSlug>,
    /// How it was matched.
    pub by: MatchedBy,
    /// The field that its name suggests, if another column already has it or has the same claim to it.
    pub rival: Option<FieldSlug>,
    /// Why it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<LeftOut>,
}

impl ColumnMatch {
    pub(super) const UNKNOWN: Self = Self { field: None, by: MatchedBy::Name, rival: None, why: None };

    pub(crate) fn of(field: Option<&ImportField>, by: MatchedBy) -> Self {
        Self { field: field.map(FieldSlug::from), by, ..Self::UNKNOWN }
    }

    /// A column that is left out for this reason.
    pub(super) fn left_out(why: LeftOut) -> Self {
        Self { why: Some(why), ..Self::UNKNOWN }
    }

    /// A column that could be this field, if others could be too, or another one has it already.
    pub(crate) fn rival(field: &ImportField, by: MatchedBy) -> Self {
        Self { rival: Some(FieldSlug::from(field)), by, ..Self::UNKNOWN }
    }

    /// The field that it could be, if someone must choose between it and other columns.
    pub fn undecided(&self) -> Option<&FieldSlug> {
        let is_open = matches!(self.by, MatchedBy::Contested | MatchedBy::Guess) && self.field.is_none();
        self.rival.as_ref().filter(|_| is_open)
    }

    /// Whether it has a field that someone should check.
    pub fn is_guessed(&self) -> bool {
        self.by == MatchedBy::Guess && self.field.is_some()
    }

    pub(super) fn could_be(&self, slug: &str) -> bool {
        self.undecided().is_some_and(|rival| rival.as_str() == slug)
    }

    /// Whether its cells are gone, so that it cannot be imported.
    pub fn is_gone(&self) -> bool {
        self.why_gone().is_some()
    }

    /// Why it cannot be imported, if its cells are gone.
    pub fn why_gone(&self) -> Option<&'static str> {
        match self.why? {
            LeftOut::Secret => Some(SECRET),
            LeftOut::NotKept => Some(NOT_KEPT),
            LeftOut::Reason => Some(REASONS),
            LeftOut::Others | LeftOut::InParts | LeftOut::Beyond => None,
        }
    }

    pub(super) fn is(&self, slug: &str) -> bool {
        self.field.as_ref().is_some_and(|field| field.as_str() == slug)
    }
}

/// The columns of a file in order, each with its field. Every field occurs at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<ColumnMatch>", into = "Vec<ColumnMatch>")]
pub struct Mapping(Vec<ColumnMatch>);

impl TryFrom<Vec<ColumnMatch>> for Mapping {
    type Error = String;
    fn try_from(columns: Vec<ColumnMatch>) -> Result<Self, Self::Error> {
        let fields: Vec<&FieldSlug> = columns.iter().filter_map(|column| column.field.as_ref()).collect();
        match fields.iter().enumerate().find(|(at, field)| fields[..*at].contains(field)) {
            Some((_, field)) => Err(format!("two columns go to {}", field.as_str())),
            None => Ok(Self(columns)),
        }
    }
}

impl From<Mapping> for Vec<ColumnMatch> {
    fn from(mapping: Mapping) -> Self {
        mapping.0
    }
}

/// The columns of the previous file of the same kind and school, with their matches; or of the same file, read in
/// another way.
#[derive(Debug, Clone, Copy)]
pub struct LastTime<'a> {
    /// Its headers.
    pub headers: &'a [String],
    /// Its mapping.
    pub mapping: &'a Mapping,
    /// Whether it is the same file, so that the second of two columns with one name is still the second.
    pub is_same_file: bool,
}

impl LastTime<'_> {
    /// Returns the match that someone chose for the column with the name of this one; `None` if the name stands
    /// several times. `keys` are the folded headers of the file.
    pub(super) fn chosen(&self, keys: &[String], at: usize) -> Option<&ColumnMatch> {
        let key = &keys[at];
        let columns = self.headers.iter().zip(&self.mapping.0);
        let named: Vec<&ColumnMatch> =
            columns.filter(|(name, _)| header_key(name) == *key).map(|(_, column)| column).collect();
        let count = keys.iter().filter(|of| *of == key).count();
        let before = keys[..at].iter().filter(|of| *of == key).count();
        let is_clear = if self.is_same_file {
            named.len() == count
        } else {
            named.len() == 1 && count == 1 && !key.is_empty()
        };
        let column = named.get(before).filter(|_| is_clear)?;
        matches!(column.by, MatchedBy::Hand | MatchedBy::LastTime).then_some(*column)
    }
}

impl Mapping {
    /// Matches columns by their headers alone.
    pub fn automatic(kind: &ImportDeclaration, headers: &[String], last: Option<LastTime<'_>>) -> Self {
        Self::matched(kind, headers, &[], last.as_slice())
    }

    /// Matches columns by their headers and first rows: by the choices made before, the first of which count most, then
    /// by names, the strongest first, then by hints. The order of the columns does not matter.
    pub fn matched(
        kind: &ImportDeclaration,
        headers: &[String],
        rows: &[Vec<String>],
        earlier: &[LastTime<'_>],
    ) -> Self {
        Self(matching::automatic(kind, headers, rows, earlier))
    }

    /// Applies a form's choice for every column. Columns left as matched by name stay so; a guess that is
    /// kept counts as chosen, because someone has checked it. Errors are keyed by [`Self::form_field`].
    pub fn chosen(
        &self,
        kind: &ImportDeclaration,
        choices: &[Option<FieldSlug>],
    ) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut columns = Vec::with_capacity(self.0.len());
        for (at, before) in self.0.iter().enumerate() {
            let choice = choices.get(at).cloned().flatten();
            let field = choice.as_ref().and_then(|slug| kind.field(slug.as_str()));
            if choice == Some(FieldSlug::UNDECIDED) {
                let label = before.rival.as_ref().map_or("this field", |slug| kind.label(slug.as_str()));
                let is_alone =
                    self.0.iter().filter(|column| column.undecided() == before.undecided()).count() == 1;
                let question = if is_alone {
                    format!("This column could be {label}. Choose what it is, or do not import it.")
                } else {
                    format!(
                        "Several columns could be {label}. Choose the one to import, and leave out the others."
                    )
                };
                errors.push(&Self::form_field(at), question);
            } else if choice.is_some() && field.is_none() {
                errors.push(&Self::form_field(at), "Choose one of the fields in the list.");
            } else if let Some(why) = before.why_gone().filter(|_| field.is_some()) {
                errors.push(&Self::form_field(at), why);
            }
            if let (Some(field), Some(first)) =
                (field, choices[..at.min(choices.len())].iter().position(|c| c.is_some() && *c == choice))
            {
                errors.push(
                    &Self::form_field(at),
                    format!(
                        "Column {} is already {}. Choose another field for one of them.",
                        first + 1,
                        field.label
                    ),
                );
            }
            columns.push(if choice == before.field && before.by == MatchedBy::Name {
                before.clone()
            } else {
                ColumnMatch {
                    why: before.why.filter(|_| before.is_gone()),
                    ..ColumnMatch::of(field, MatchedBy::Hand)
                }
            });
        }
        if errors.is_empty() { Ok(Self(columns)) } else { Err(errors) }
    }

    /// Matches a column to a field, removing the field from any other column. Columns that could have been the
    /// field are left out.
    pub fn assign(&mut self, column: usize, field: &ImportField) {
        self.release(field);
        if let Some(chosen) = self.0.get_mut(column) {
            *chosen = ColumnMatch { why: chosen.why, ..ColumnMatch::of(Some(field), MatchedBy::Hand) };
        }
    }

    /// Removes a field from its column, and settles that no column has it.
    pub fn release(&mut self, field: &ImportField) {
        for column in self.0.iter_mut().filter(|column| column.is(field.slug) || column.could_be(field.slug))
        {
            *column = ColumnMatch::of(None, MatchedBy::Hand);
        }
    }

    /// Leaves out every column that was only guessed.
    #[must_use]
    pub fn without_guesses(&self) -> Self {
        let without = |column: &ColumnMatch| match column.by {
            MatchedBy::Guess => {
                let rival = column.field.clone().or_else(|| column.rival.clone());
                ColumnMatch { rival, ..ColumnMatch::UNKNOWN }
            }
            _ => column.clone(),
        };
        Self(self.0.iter().map(without).collect())
    }

    /// The fields that several columns could be, each with these columns. Someone must choose.
    pub fn contested(&self) -> Vec<(&FieldSlug, Vec<usize>)> {
        let mut fields: Vec<(&FieldSlug, Vec<usize>)> = Vec::new();
        for (at, column) in self.0.iter().enumerate() {
            let Some(rival) = column.undecided() else { continue };
            match fields.iter_mut().find(|(field, _)| *field == rival) {
                Some((_, columns)) => columns.push(at),
                None => fields.push((rival, vec![at])),
            }
        }
        fields
    }

    /// Why the rows cannot be read yet: required fields without a column, and fields that several columns could
    /// be.
    pub fn open_questions(&self, kind: &ImportDeclaration, headers: &[String]) -> FieldErrors {
        let mut errors = FieldErrors::default();
        let contested = self.contested();
        for (slug, columns) in &contested {
            let names: Vec<String> = columns
                .iter()
                .map(|at| {
                    format!(
                        "\u{201c}{}\u{201d} (column {})",
                        headers.get(*at).map_or("", String::as_str),
                        at + 1
                    )
                })
                .collect();
            let label = kind.label(slug.as_str());
            let last = columns.last().map(|at| Self::form_field(*at)).unwrap_or_default();
            let choose = if names.len() == 1 { "Choose it, or leave it out" } else { "Choose one of them" };
            errors.push(&last, format!("{label} could be {}. {choose}.", names.join(" or ")));
        }
        let is_open = |slug: &str| contested.iter().any(|(field, _)| field.as_str() == slug);
        for message in kind.missing(|slug| self.column_of(slug).is_some() || is_open(slug)) {
            errors.push("columns", message);
        }
        errors
    }

    /// The name of a column's form field.
    pub fn form_field(column: usize) -> String {
        format!("column-{column}")
    }

    /// The columns, in the order of the file.
    pub fn columns(&self) -> &[ColumnMatch] {
        &self.0
    }

    /// The column that holds a field.
    pub fn column_of(&self, slug: &str) -> Option<usize> {
        self.0.iter().position(|column| column.is(slug))
    }

    /// The name in a row, as written in the file, for the log.
    pub fn name_in(&self, kind: &ImportDeclaration, cells: &[String]) -> String {
        let cell =
            |slug: &str| self.column_of(slug).and_then(|at| cells.get(at)).map_or("", |cell| cell.trim());
        let texts = |group: &&[&str]| {
            let parts: Vec<&str> =
                group.iter().map(|slug| cell(slug)).filter(|part| !part.is_empty()).collect();
            parts.join(" ")
        };
        kind.naming.iter().map(texts).find(|name| !name.is_empty()).unwrap_or_default()
    }

    /// Whether any match should be checked before it is used.
    pub fn has_guesses(&self) -> bool {
        self.0.iter().any(|column| column.by == MatchedBy::Guess)
    }

    /// The messages of unmet requirements.
    pub fn missing(&self, kind: &ImportDeclaration) -> Vec<&'static str> {
        kind.missing(|slug| self.column_of(slug).is_some())
    }
}

#[cfg(test)]
mod tests;
