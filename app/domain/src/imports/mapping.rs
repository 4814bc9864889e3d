//! Which column of a file holds which field.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::kind::{ImportDeclaration, ImportField, header_key};
use crate::fields::FieldErrors;

/// The slug of a field, as it is sent over the wire and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldSlug(Cow<'static, str>);

impl FieldSlug {
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

/// How a column was matched to its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// Its header is one of the field's usual names.
    Name,
    /// Its header suggests the field. Someone should check it.
    Guess,
    /// Someone chose it.
    Hand,
    /// Someone chose it for the previous file of this kind.
    LastTime,
}

/// The match of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMatch {
    /// The field; `None` if the column is not imported.
    pub field: Option<FieldSlug>,
    /// How it was matched.
    pub by: MatchedBy,
    /// The field that its name suggests, if another column already has it.
    pub rival: Option<FieldSlug>,
}

impl ColumnMatch {
    const UNKNOWN: Self = Self { field: None, by: MatchedBy::Name, rival: None };

    fn of(field: Option<&ImportField>, by: MatchedBy) -> Self {
        Self { field: field.map(FieldSlug::from), by, rival: None }
    }

    fn is(&self, slug: &str) -> bool {
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

/// The columns of the previous file of the same kind and school, with their matches.
#[derive(Debug, Clone, Copy)]
pub struct LastTime<'a> {
    /// Its headers.
    pub headers: &'a [String],
    /// Its mapping.
    pub mapping: &'a Mapping,
}

impl LastTime<'_> {
    /// Returns the match that someone chose for the column with this name; `None` if the name occurs twice.
    fn chosen(&self, header: &str) -> Option<&ColumnMatch> {
        let key = header_key(header);
        let mut named = self.headers.iter().zip(&self.mapping.0).filter(|(name, _)| header_key(name) == key);
        let (_, column) = named.next().filter(|_| !key.is_empty())?;
        let is_chosen = matches!(column.by, MatchedBy::Hand | MatchedBy::LastTime);
        (is_chosen && named.next().is_none()).then_some(column)
    }
}

impl Mapping {
    /// Matches columns by their headers: by the choice made last time, then by usual names, then by hints. If
    /// two columns match the same field, the first one gets it.
    pub fn automatic(kind: &ImportDeclaration, headers: &[String], last: Option<LastTime<'_>>) -> Self {
        let mut matching = Matching { columns: vec![None; headers.len()], taken: Vec::new() };
        let keys: Vec<String> = headers.iter().map(|header| header_key(header)).collect();
        for (at, header) in headers.iter().enumerate() {
            let stands_once = keys.iter().filter(|key| **key == keys[at]).count() == 1;
            let Some(chosen) = last.as_ref().filter(|_| stands_once).and_then(|last| last.chosen(header))
            else {
                continue;
            };
            let field = chosen.field.as_ref().and_then(|slug| kind.field(slug.as_str()));
            if field.is_none_or(|field| !matching.has(field.slug)) {
                matching.put(at, ColumnMatch::of(field, MatchedBy::LastTime));
            }
        }
        for (at, header) in headers.iter().enumerate() {
            match kind.usual(header).filter(|_| matching.is_free(at)) {
                Some(field) if matching.has(field.slug) => {
                    let rival = Some(FieldSlug::from(field));
                    matching.columns[at] = Some(ColumnMatch { rival, ..ColumnMatch::UNKNOWN });
                }
                Some(field) => matching.put(at, ColumnMatch::of(Some(field), MatchedBy::Name)),
                None => {}
            }
        }
        for (at, header) in headers.iter().enumerate() {
            if let Some(field) = kind.hinted(header).filter(|field| !matching.has(field.slug))
                && matching.is_free(at)
            {
                matching.put(at, ColumnMatch::of(Some(field), MatchedBy::Guess));
            }
        }
        // A field and its parts would contradict each other.
        for field in kind.fields {
            let in_parts = field.parts.iter().any(|part| matching.has(part));
            for column in matching.columns.iter_mut().filter(|_| in_parts) {
                if column.as_ref().is_some_and(|c| c.is(field.slug) && c.by != MatchedBy::LastTime) {
                    *column = None;
                }
            }
        }
        Self(matching.columns.into_iter().map(|column| column.unwrap_or(ColumnMatch::UNKNOWN)).collect())
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
            if choice.is_some() && field.is_none() {
                errors.push(&Self::form_field(at), "Choose one of the fields in the list.");
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
                ColumnMatch::of(field, MatchedBy::Hand)
            });
        }
        if errors.is_empty() { Ok(Self(columns)) } else { Err(errors) }
    }

    /// Matches a column to a field, removing the field from any other column.
    pub fn assign(&mut self, column: usize, field: &ImportField) {
        self.release(field);
        if let Some(chosen) = self.0.get_mut(column) {
            *chosen = ColumnMatch::of(Some(field), MatchedBy::Hand);
        }
    }

    /// Removes a field from its column.
    pub fn release(&mut self, field: &ImportField) {
        for column in self.0.iter_mut().filter(|column| column.is(field.slug)) {
            *column = ColumnMatch::of(None, MatchedBy::Hand);
        }
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

/// A mapping being built.
struct Matching {
    columns: Vec<Option<ColumnMatch>>,
    taken: Vec<FieldSlug>,
}

impl Matching {
    fn has(&self, slug: &str) -> bool {
        self.taken.iter().any(|taken| taken.as_str() == slug)
    }

    fn is_free(&self, column: usize) -> bool {
        self.columns[column].is_none()
    }

    fn put(&mut self, column: usize, to: ColumnMatch) {
        self.taken.extend(to.field.clone());
        self.columns[column] = Some(to);
    }
}

#[cfg(test)]
mod tests;
