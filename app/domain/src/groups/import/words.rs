//! The wording of notes about memberships.

use super::GROUP_MISSING;
use super::plan::{ENDED_ALREADY, ENDS_BEFORE, GROUP_NEW, STUDENT_UNKNOWN, TWICE};
use crate::imports::note::Note;
use crate::imports::words::quote;

/// Puts a note into words; `None` for a note of another kind.
pub(super) fn words(note: &Note) -> Option<String> {
    let value = || quote(note.get("value"));
    Some(match note.code.as_ref() {
        GROUP_MISSING => "The row has no group. Add its name.".to_owned(),
        "group_name_too_long" => {
            format!("{} is too long for the name of a group. Use at most 80 characters.", value())
        }
        STUDENT_UNKNOWN => format!(
            "No student of this school has the admission number {}. Import the roll first, or correct the number.",
            value()
        ),
        GROUP_NEW => format!("The group {} is new and is created.", value()),
        TWICE => format!("The same student and group as in row {}.", note.get("row")),
        ENDED_ALREADY => "The last day is before the first day, so there is nothing to add.".to_owned(),
        ENDS_BEFORE => format!(
            "The last day is before the first day in the group, {}. Correct one of them.",
            note.get("starts")
        ),
        _ => return None,
    })
}
