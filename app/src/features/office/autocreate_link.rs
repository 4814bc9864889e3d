//! The way from a list or record of students to the accounts of their guardians.

use domain::roll::selection::Selection;

use crate::ui::in_query::in_query;

/// The address of the rules of a simulation, for these students.
pub fn autocreate_of(students: &Selection) -> String {
    // A selection has only text and lists of text, which can always be written.
    let students = serde_json::to_string(students).unwrap_or_default();
    format!("/guardians/autocreate?students={}", in_query(&students))
}
