//! What is said about an export of a whole school: the parts of it that have no place here, and what is odd about it.

use super::note::Note;

/// Classes that are no homerooms.
pub const CLASSES: &str = "export_classes";
/// Enrolments in them.
pub const ENROLLMENTS: &str = "export_enrollments";
/// Enrolments in homerooms, in a list of teaching groups.
pub const HOMEROOM_ENROLLMENTS: &str = "export_homeroom_enrollments";
/// Enrolments of people whom the list is not about.
pub const OTHER_ROLES: &str = "export_other_roles";
/// Enrolments of people or in classes that the export does not have, or that are of another school.
pub const OTHER_ENROLLMENTS: &str = "export_other_enrollments";
/// Enrolments that are marked for deletion.
pub const DELETED_ENROLLMENTS: &str = "export_deleted_enrollments";
/// A file that is not read.
pub const UNREAD: &str = "export_unread";
/// The export does not say what it has.
pub const NO_MANIFEST: &str = "export_without_manifest";
/// A file that the export says it does not have.
pub const ABSENT: &str = "export_absent";
/// A file with changes only.
pub const DELTA: &str = "export_delta";
/// Rows of a whole file with a status or a date.
pub const BULK_WITH_STATUS: &str = "export_bulk_with_status";
/// Rows of a file with changes that do not say what has changed.
pub const DELTA_WITHOUT_STATUS: &str = "export_delta_without_status";
/// Adults whom students name, and who are not in the export.
pub const AGENTS_UNKNOWN: &str = "export_agents_unknown";
/// Links between two students, or of somebody to themselves.
pub const STUDENT_LINKS: &str = "export_student_links";
/// An adult who names somebody who is not in the export. Said of the adult's row.
pub const AGENT_UNKNOWN: &str = "agent_unknown";

/// Puts such a note into words.
pub fn words(note: &Note) -> String {
    let (file, rows) = (note.get("file"), note.get("rows"));
    match note.code.as_ref() {
        CLASSES => format!(
            "classes.csv has {rows} classes that are not homerooms. They are teaching groups, and come with a list of these."
        ),
        ENROLLMENTS => format!(
            "enrollments.csv has {rows} enrolments in classes that are not homerooms. They come with a list of teaching groups; here the earliest first day counts for students whose role has no dates."
        ),
        HOMEROOM_ENROLLMENTS => format!(
            "{rows} enrolments are in homerooms. Those are registration groups, which come with the students."
        ),
        OTHER_ROLES => format!(
            "{rows} enrolments have another role. Students come with \u{201c}Teaching groups\u{201d}, teachers with \u{201c}Tutors\u{201d}; aides and others are left out."
        ),
        DELETED_ENROLLMENTS => format!(
            "{rows} enrolments are marked for deletion. They are left out, and take nobody out of a group: an export that gives them a last day ends them."
        ),
        OTHER_ENROLLMENTS => format!(
            "{rows} enrolments name a person or a class that the export does not have, or that is of another school. They are left out."
        ),
        UNREAD => format!("{file} has {rows} rows. They are not stored: Greencap has no place for them."),
        NO_MANIFEST => {
            "The export has no manifest.csv, so nothing says whether it has everything.".to_owned()
        }
        ABSENT => format!("manifest.csv says that {file} is absent, but it is there. It was read."),
        DELTA => format!(
            "{file} has only what has changed. What it does not have stays as it is; a link to a student who is not named any more does not end."
        ),
        BULK_WITH_STATUS => format!(
            "{file} is a whole file, in which status and dateLastModified must be empty. {rows} rows have them."
        ),
        DELTA_WITHOUT_STATUS => {
            format!(
                "{file} has only what has changed, but {rows} rows don\u{2019}t have a status and a date."
            )
        }
        AGENTS_UNKNOWN => format!(
            "Students name {rows} adults in agentSourcedIds who are not in users.csv: {}. These links are not imported.",
            note.get("ids")
        ),
        STUDENT_LINKS => format!(
            "{rows} links are between two students or of somebody to themselves. They are not imported: an adult must be no student."
        ),
        AGENT_UNKNOWN => format!(
            "agentSourcedIds names {}, who is not in users.csv. That link is not imported.",
            super::words::quote(note.get("value"))
        ),
        // From a newer version of Greencap.
        code => code.to_owned(),
    }
}
