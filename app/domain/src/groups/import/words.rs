//! The wording of notes about memberships.

use super::GROUP_MISSING;
use super::course::{COURSE_KEPT, COURSE_NEW, COURSE_UNKNOWN};
use super::plan::{ENDED_ALREADY, ENDS_BEFORE, GROUP_NEW, OVER, STUDENT_UNKNOWN, TWICE};
use crate::imports::note::Note;
use crate::imports::words::quote;

/// What is said of the name of a group, in every list that has one.
pub(super) fn group_words(note: &Note) -> Option<String> {
    Some(match note.code.as_ref() {
        GROUP_MISSING => "The row has no group. Add its name.".to_owned(),
        "group_name_too_long" => {
            format!("{} is too long for a name. Use at most 80 characters.", quote(note.get("value")))
        }
        _ => return None,
    })
}

/// Puts a note into words; `None` for a note of another kind.
pub(super) fn words(note: &Note) -> Option<String> {
    let value = || quote(note.get("value"));
    Some(match note.code.as_ref() {
        STUDENT_UNKNOWN => format!(
            "No student of this school has the admission number {}. Import the roll first, or correct the number.",
            value()
        ),
        GROUP_NEW => format!("The group {} is new and is created.", value()),
        "course_code_too_long" => {
            format!("{} is too long for the code of a course. Use at most 20 characters.", value())
        }
        COURSE_NEW => format!("The course {} is new and is created.", value()),
        COURSE_UNKNOWN => format!(
            "The school has no course {}, and the file has no code and name to create it. The group is created without it.",
            value()
        ),
        COURSE_KEPT => format!("The group {} keeps the courses that it has here.", value()),
        TWICE => format!("The same student and group as in row {}.", note.get("row")),
        ENDED_ALREADY => "The last day is before the first day, so there is nothing to add.".to_owned(),
        OVER => "The last day is over, and there is no such open group. Nothing is added.".to_owned(),
        ENDS_BEFORE => format!(
            "The last day is before the first day in the group, {}. Correct one of them.",
            note.get("starts")
        ),
        _ => return group_words(note),
    })
}
