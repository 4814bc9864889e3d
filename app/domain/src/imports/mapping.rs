//! Which column of a file holds which field.

use serde::{Deserialize, Serialize};

use super::dates::{DateOrder, parse_date};
use super::field::StudentField;
use crate::fields::FieldErrors;

/// How a column came to its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// Its header is a usual name of the field.
    Name,
    /// Its header hints at the field; someone should look.
    Guess,
    /// Someone chose.
    Hand,
}

/// What one column goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMatch {
    /// The field, or nothing: the column is not imported.
    pub field: Option<StudentField>,
    /// How that came about.
    pub by: MatchedBy,
    /// The field that its name belongs to, which another column holds already.
    pub rival: Option<StudentField>,
}

impl ColumnMatch {
    const UNKNOWN: Self = Self { field: None, by: MatchedBy::Name, rival: None };
}

/// The columns of a file, in their order, each with its field. No field stands twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<ColumnMatch>", into = "Vec<ColumnMatch>")]
pub struct Mapping(Vec<ColumnMatch>);

impl TryFrom<Vec<ColumnMatch>> for Mapping {
    type Error = String;
    fn try_from(columns: Vec<ColumnMatch>) -> Result<Self, Self::Error> {
        let fields: Vec<StudentField> = columns.iter().filter_map(|column| column.field).collect();
        match fields.iter().enumerate().find(|(at, field)| fields[..*at].contains(field)) {
            Some((_, field)) => Err(format!("two columns go to {}", field.slug())),
            None => Ok(Self(columns)),
        }
    }
}

impl From<Mapping> for Vec<ColumnMatch> {
    fn from(mapping: Mapping) -> Self {
        mapping.0
    }
}

/// What a mapping still lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// No column with admission numbers.
    AdmissionNumber,
    /// No column with a given, family or full name.
    Name,
}

impl Missing {
    /// A sentence that says what to do.
    pub fn message(self) -> &'static str {
        match self {
            Self::AdmissionNumber => {
                "Choose the column with the admission number: it tells one student from another."
            }
            Self::Name => "Choose the column with the given name, the family name or the full name.",
        }
    }
}

impl Mapping {
    /// Matches columns by their headers: usual names first, hints for what is left. Of two columns with one meaning
    /// the first is taken.
    pub fn automatic(headers: &[String]) -> Self {
        let mut columns = vec![ColumnMatch::UNKNOWN; headers.len()];
        let mut taken: Vec<StudentField> = Vec::new();
        for (column, header) in columns.iter_mut().zip(headers) {
            match StudentField::usual(header) {
                Some(field) if taken.contains(&field) => column.rival = Some(field),
                Some(field) => {
                    taken.push(field);
                    column.field = Some(field);
                }
                None => {}
            }
        }
        for (column, header) in columns.iter_mut().zip(headers) {
            if column.field.is_some() || column.rival.is_some() {
                continue;
            }
            if let Some(field) = StudentField::hinted(header).filter(|field| !taken.contains(field)) {
                taken.push(field);
                *column = ColumnMatch { field: Some(field), by: MatchedBy::Guess, rival: None };
            }
        }
        let parted = [StudentField::GivenName, StudentField::FamilyName].iter().any(|f| taken.contains(f));
        if parted {
            // Two truths about one name would fight.
            for column in columns.iter_mut().filter(|c| c.field == Some(StudentField::FullName)) {
                *column = ColumnMatch::UNKNOWN;
            }
        }
        Self(columns)
    }

    /// Takes a choice for every column, as a form sends it. Columns whose field stays as it was found by name keep
    /// that; what was a guess counts as chosen, since someone has looked at it. Errors are named by
    /// [`Self::form_field`].
    pub fn chosen(&self, choices: &[Option<StudentField>]) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut columns = Vec::with_capacity(self.0.len());
        for (at, before) in self.0.iter().enumerate() {
            let field = choices.get(at).copied().flatten();
            if let (Some(field), Some(first)) =
                (field, choices[..at.min(choices.len())].iter().position(|c| field.is_some() && *c == field))
            {
                errors.push(
                    &Self::form_field(at),
                    format!(
                        "Column {} goes to {} already. Choose another field for one of the two.",
                        first + 1,
                        field.label()
                    ),
                );
            }
            columns.push(if field == before.field && before.by == MatchedBy::Name {
                *before
            } else {
                ColumnMatch { field, by: MatchedBy::Hand, rival: None }
            });
        }
        if errors.is_empty() { Ok(Self(columns)) } else { Err(errors) }
    }

    /// Sends one column to a field, taking the field from any other column; or to none.
    pub fn assign(&mut self, column: usize, field: StudentField) {
        for other in self.0.iter_mut().filter(|c| c.field == Some(field)) {
            *other = ColumnMatch { field: None, by: MatchedBy::Hand, rival: None };
        }
        if let Some(chosen) = self.0.get_mut(column) {
            *chosen = ColumnMatch { field: Some(field), by: MatchedBy::Hand, rival: None };
        }
    }

    /// Leaves a field out.
    pub fn release(&mut self, field: StudentField) {
        for column in self.0.iter_mut().filter(|c| c.field == Some(field)) {
            *column = ColumnMatch { field: None, by: MatchedBy::Hand, rival: None };
        }
    }

    /// The name of a column's form field.
    pub fn form_field(column: usize) -> String {
        format!("column-{column}")
    }

    /// The columns, in the file's order.
    pub fn columns(&self) -> &[ColumnMatch] {
        &self.0
    }

    /// The column that holds a field.
    pub fn column_of(&self, field: StudentField) -> Option<usize> {
        self.0.iter().position(|column| column.field == Some(field))
    }

    /// The name that a row gives, as it stands in the file, for the log.
    pub fn name_in(&self, cells: &[String]) -> String {
        let cell = |field| self.column_of(field).and_then(|at| cells.get(at)).map_or("", |cell| cell.trim());
        let parts = match cell(StudentField::FullName) {
            "" => [cell(StudentField::GivenName), cell(StudentField::FamilyName)],
            full => [full, ""],
        };
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Whether someone should look at it before it is used.
    pub fn has_guesses(&self) -> bool {
        self.0.iter().any(|column| column.by == MatchedBy::Guess)
    }

    /// What it lacks before rows can be read.
    pub fn missing(&self) -> Vec<Missing> {
        let has = |fields: &[StudentField]| fields.iter().any(|field| self.column_of(*field).is_some());
        let mut missing = Vec::new();
        if !has(&[StudentField::AdmissionNumber]) {
            missing.push(Missing::AdmissionNumber);
        }
        if !has(&[StudentField::GivenName, StudentField::FamilyName, StudentField::FullName]) {
            missing.push(Missing::Name);
        }
        missing
    }
}

/// How many rows at the top of a file may be titles above the header.
pub const HEADER_SEARCH: usize = 10;

/// Which of the first rows is the header: the first with two usual names, else the first row at all. `None` when that
/// row holds values and no names, and so no header is there.
pub fn header_row(rows: &[Vec<String>]) -> Option<usize> {
    let known = |row: &&Vec<String>| row.iter().filter(|cell| StudentField::usual(cell).is_some()).count();
    if let Some(at) = rows.iter().take(HEADER_SEARCH).position(|row| known(&row) >= 2) {
        return Some(at);
    }
    let first = rows.first()?;
    let is_value = |cell: &String| {
        cell.contains('@')
            || (cell.len() >= 3 && cell.bytes().all(|b| b.is_ascii_digit()))
            || parse_date(cell, DateOrder::DayFirst).is_ok()
    };
    (known(&first) > 0 || !first.iter().any(is_value)).then_some(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn headers(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn usual_names_are_matched_in_any_order_and_hints_are_guesses() {
        let mapping =
            Mapping::automatic(&headers(&["Surname", "Notes", "Forename", "Pupil e-mail (home)", "ADM NO"]));
        let fields: Vec<_> = mapping.columns().iter().map(|c| (c.field, c.by)).collect();
        assert_eq!(fields[0], (Some(StudentField::FamilyName), MatchedBy::Name));
        assert_eq!(fields[1].0, None);
        assert_eq!(fields[3], (Some(StudentField::Email), MatchedBy::Guess));
        assert_eq!(mapping.column_of(StudentField::AdmissionNumber), Some(4));
        assert!(mapping.has_guesses() && mapping.missing().is_empty());
    }

    #[test]
    fn of_two_columns_with_one_meaning_the_first_is_taken_and_the_other_says_so() {
        let mapping = Mapping::automatic(&headers(&["Email", "Email", "__proto__"]));
        assert_eq!(mapping.columns()[0].field, Some(StudentField::Email));
        assert_eq!(
            (mapping.columns()[1].field, mapping.columns()[1].rival),
            (None, Some(StudentField::Email))
        );
        assert_eq!(mapping.missing(), [Missing::AdmissionNumber, Missing::Name]);
    }

    #[test]
    fn a_column_chosen_twice_is_an_error_at_the_second() {
        let mapping = Mapping::automatic(&headers(&["a", "b"]));
        let errors = mapping.chosen(&[Some(StudentField::Email), Some(StudentField::Email)]).unwrap_err();
        assert!(errors.of("column-1").is_some() && errors.of("column-0").is_none());
    }

    #[test]
    fn a_guess_that_was_looked_at_is_no_guess() {
        let mapping = Mapping::automatic(&headers(&["UPN", "Name"]));
        let choices: Vec<_> = mapping.columns().iter().map(|c| c.field).collect();
        assert!(mapping.has_guesses() && !mapping.chosen(&choices).unwrap().has_guesses());
    }

    #[test]
    fn titles_above_the_header_are_passed_over() {
        let rows = [
            headers(&["Student list 2026"]),
            headers(&["Adm No", "Forename", "x"]),
            headers(&["1", "Ada", ""]),
        ];
        assert_eq!(header_row(&rows), Some(1));
        assert_eq!(header_row(&[headers(&["004512", "Ada", "ada@school.example"])]), None);
        assert_eq!(header_row(&[headers(&["Kennung", "Vorname"])]), Some(0));
    }

    proptest! {
        #[test]
        fn no_field_is_ever_matched_twice(names in proptest::collection::vec("(Email|UPN|Name|Forename|E-mail|DOB|Birth day|x|[a-z ]{0,8})", 0..30)) {
            let mapping = Mapping::automatic(&names);
            let columns: Vec<ColumnMatch> = mapping.clone().into();
            prop_assert_eq!(columns.len(), names.len());
            prop_assert_eq!(Mapping::try_from(columns), Ok(mapping));
        }

        #[test]
        fn assigning_takes_the_field_from_the_other_column(first in 0usize..4, second in 0usize..4) {
            let mut mapping = Mapping::automatic(&headers(&["a", "b", "c", "d"]));
            mapping.assign(first, StudentField::Phone);
            mapping.assign(second, StudentField::Phone);
            prop_assert_eq!(mapping.column_of(StudentField::Phone), Some(second));
        }
    }
}
