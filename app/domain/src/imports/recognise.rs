//! What columns may be whose names say nothing, or that have none: their values are tried against what is known. What is
//! found is a guess that somebody checks.

use std::borrow::Cow;

use super::kind::ImportDeclaration;
use super::mapping::{ColumnMatch, Mapping, MatchedBy};
use super::value;

/// How many different values of a column are tried.
const TRIED: usize = 200;

/// The first different values of a column that no name has matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnValues {
    /// The column, from 0.
    pub column: usize,
    /// Its values.
    pub values: Vec<String>,
}

/// What a column may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised {
    /// The column, from 0.
    pub column: usize,
    /// The slug of its field.
    pub field: &'static str,
    /// Whether so many of its values are known that a name which only suggests the field is right.
    pub is_sure: bool,
}

fn is_free(column: &ColumnMatch) -> bool {
    *column == ColumnMatch::UNKNOWN
}

impl Mapping {
    /// The values of the columns that nothing has matched, if the rows cannot be read without them.
    pub fn to_recognise(&self, kind: &ImportDeclaration, rows: &[Vec<String>]) -> Vec<ColumnValues> {
        let is_key = |column: &ColumnMatch| column.is_guessed() && column.is(kind.key);
        if self.missing(kind).is_empty() && !self.columns().iter().any(is_key) {
            return Vec::new();
        }
        let free = self.columns().iter().enumerate().filter(|(_, column)| is_free(column) || is_key(column));
        let columns = free.map(|(column, _)| {
            let mut values: Vec<String> = Vec::new();
            for cell in rows.iter().filter_map(|row| row.get(column)) {
                let meant = value::meant(cell);
                let text = value::code(&meant).map_or_else(|_| meant.to_string(), Cow::into_owned);
                if values.len() < TRIED && !value::is_no_code(&text) && !values.contains(&text) {
                    values.push(text);
                }
            }
            ColumnValues { column, values }
        });
        columns.filter(|column| !column.values.is_empty()).collect()
    }

    /// The mapping with what was recognised, as guesses. What a column is by its name stays.
    #[must_use]
    pub fn recognised(self, kind: &ImportDeclaration, found: &[Recognised]) -> Self {
        let mut columns: Vec<ColumnMatch> = self.columns().to_vec();
        for Recognised { column, field, is_sure } in found {
            let guessed = columns.get_mut(*column).filter(|of| of.is_guessed() && of.is(field));
            if let (Some(guessed), Some(field), true) = (guessed, kind.field(field), *is_sure) {
                *guessed = ColumnMatch::of(Some(field), MatchedBy::Name);
                continue;
            }
            let is_taken = columns.iter().any(|of| of.is(field) || of.could_be(field));
            let matched = columns.get_mut(*column).filter(|of| is_free(of) && !is_taken);
            if let (Some(matched), Some(field)) = (matched, kind.field(field)) {
                *matched = ColumnMatch::of(Some(field), MatchedBy::Guess);
            }
        }
        Self::try_from(columns).unwrap_or(self)
    }
}
