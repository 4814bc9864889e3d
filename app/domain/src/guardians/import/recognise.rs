//! Which column of a file without known names says the student, the adult, and whether they belong together.

use super::actions::is_action;
use super::fields::{CHILD, CHILD_EMAIL, KEY};
use super::lists::ACTION;
use crate::imports::kind::ImportDeclaration;
use crate::imports::recognise::{ColumnValues, Recognised};

/// How many different values of a column are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnHits {
    /// The column, from 0.
    pub column: usize,
    /// The number of its values that were tried.
    pub values: usize,
    /// How many are numbers of students.
    pub students: usize,
    /// How many are email addresses of students.
    pub student_emails: usize,
    /// How many are keys, logins or email addresses of people.
    pub adults: usize,
}

/// Guesses what columns are: the one with the most known values, if at least half of them are. The student comes first,
/// so that a number which is a student's and an adult's key is the student's.
pub fn guess(kind: &ImportDeclaration, columns: &[ColumnValues], hits: &[ColumnHits]) -> Vec<Recognised> {
    type Count = fn(&ColumnHits) -> usize;
    let wanted: [(&str, Count); 3] = [
        (CHILD.slug, |hits| hits.students),
        (CHILD_EMAIL.slug, |hits| hits.student_emails),
        (KEY.slug, |hits| hits.adults),
    ];
    let mut found: Vec<Recognised> = Vec::new();
    for (slug, count) in wanted {
        let has_child = found.iter().any(|of| of.field == CHILD.slug);
        if kind.field(slug).is_none() || (slug == CHILD_EMAIL.slug && has_child) {
            continue;
        }
        let free = hits.iter().filter(|of| found.iter().all(|other| other.column != of.column));
        let likely = free.filter(|of| count(of) > 0 && count(of) * 2 >= of.values);
        // Of several that are as likely, the first.
        if let Some(best) = likely.rev().max_by_key(|of| count(of) * 1000 / of.values.max(1)) {
            let is_sure = count(best) * 5 >= best.values * 4;
            found.push(Recognised { column: best.column, field: slug, is_sure });
        }
    }
    let says_action = |of: &&ColumnValues| {
        found.iter().all(|other| other.column != of.column) && of.values.iter().all(|value| is_action(value))
    };
    if kind.field(ACTION.slug).is_some()
        && let Some(column) = columns.iter().find(says_action).map(|of| of.column)
    {
        found.push(Recognised { column, field: ACTION.slug, is_sure: false });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guardians::import::{CONTACTS, LINKS};

    fn hits(column: usize, students: usize, adults: usize) -> ColumnHits {
        ColumnHits { column, values: 10, students, student_emails: 0, adults }
    }

    #[test]
    fn the_column_with_more_numbers_of_the_roll_is_the_student() {
        let column = |column, values: &[&str]| ColumnValues {
            column,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let columns = [column(0, &["T1", "T2"]), column(1, &["A1", "A2"]), column(2, &["add", "del"])];
        let fields = |kind, hits: &[ColumnHits]| -> Vec<(usize, &str)> {
            guess(kind, &columns, hits).iter().map(|of| (of.column, of.field)).collect()
        };
        assert_eq!(
            fields(&LINKS, &[hits(0, 1, 9), hits(1, 10, 0), hits(2, 0, 0)]),
            [(1, "child_number"), (0, "adult_key"), (2, "action")]
        );
        assert_eq!(fields(&LINKS, &[hits(0, 9, 9), hits(1, 4, 0)]), [(0, "child_number"), (2, "action")]);
        assert_eq!(fields(&CONTACTS, &[hits(0, 0, 0), hits(1, 6, 0)]), [(1, "child_number")]);
        assert_eq!(fields(&CONTACTS, &[hits(0, 4, 4), hits(1, 0, 0)]), []);
    }
}
