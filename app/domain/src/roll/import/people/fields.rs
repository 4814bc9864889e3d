//! The fields of a person. Their names in other systems are in [`super::names`].

use super::{names, status};
use crate::imports::kind::{FieldRequirement, ImportField};

/// Given name.
pub const GIVEN_NAME: ImportField =
    ImportField::text("given_name", "Given name", "Adaeze", &[]).known_as(names::GIVEN_NAME);
/// Middle names.
pub const MIDDLE_NAME: ImportField =
    ImportField::text("middle_name", "Middle name", "Ngozi", &[]).known_as(names::MIDDLE_NAME);
/// Family name.
pub const FAMILY_NAME: ImportField =
    ImportField::text("family_name", "Family name", "Okoronta", &[]).known_as(names::FAMILY_NAME);
/// Words before the family name in a column of their own, as in Dutch systems: "van den".
pub const NAME_PREFIX: ImportField = ImportField {
    in_template: false,
    ..ImportField::text("family_name_prefix", "Family name prefix", "van den", &[])
        .known_as(names::NAME_PREFIX)
};
/// A second family name in a column of its own, as in Spanish systems.
pub const SECOND_FAMILY_NAME: ImportField = ImportField {
    in_template: false,
    ..ImportField::text("second_family_name", "Second family name", "Garc\u{ed}a", &[])
        .known_as(names::SECOND_FAMILY_NAME)
};
/// The name a person goes by.
pub const PREFERRED_NAME: ImportField = ImportField {
    stands_for: Some(GIVEN_NAME.slug),
    ..ImportField::text("preferred_name", "Preferred name", "Ada", &[]).known_as(names::PREFERRED_NAME)
};
/// Given and family names in one column: "Okoronta, Adaeze" or "Adaeze Okoronta".
pub const FULL_NAME: ImportField = ImportField {
    parts: &[GIVEN_NAME.slug, FAMILY_NAME.slug],
    ..ImportField::text("full_name", "Full name", "Okoronta, Adaeze", &[]).known_as(names::FULL_NAME)
};
/// Family and given names in one column, in this order, with or without a comma: "Okoronta Adaeze".
pub const FAMILY_NAME_FIRST: ImportField = ImportField {
    parts: &[FAMILY_NAME.slug, GIVEN_NAME.slug],
    ..ImportField::text("family_name_first", "Full name, family name first", "Okoronta Adaeze", &[])
        .known_as(names::FAMILY_NAME_FIRST)
};
/// Date of birth.
pub const DATE_OF_BIRTH: ImportField =
    ImportField::dates("date_of_birth", "Date of birth", "2012-04-03", &[]).known_as(names::DATE_OF_BIRTH);
/// Language of messages.
pub const LANGUAGE: ImportField =
    ImportField::text("language", "Language", "Polish", &[]).known_as(names::LANGUAGE);
/// Email address.
pub const EMAIL: ImportField = ImportField::text("email", "Email", "name@school.example", &[])
    .known_as(names::EMAIL)
    .plainly(names::PLAIN_FOR_ADDRESSES);
/// Phone number.
pub const PHONE: ImportField = ImportField::text("phone", "Phone", "+44 7700 900118", &[])
    .known_as(names::PHONE)
    .plainly(names::PLAIN_FOR_ADDRESSES);

/// Whether someone is there now.
pub const STATUS: ImportField = ImportField::decides(
    "status",
    "Current or left",
    "Current",
    &["currentorleft", "status"],
    status::ON_ROLL,
);
/// The same in a second column, such as `deleted` beside `suspended`: a row counts if both say so.
pub const ALSO_STATUS: ImportField = ImportField::decides(
    "also_status",
    "Current or left, second column",
    "Current",
    &["currentorleftsecondcolumn", "alsostatus"],
    status::ON_ROLL,
);
/// Who someone is, in files of students.
pub const STUDENT_OR_NOT: ImportField =
    ImportField::decides("who", "Student or not", "Student", &["studentornot", "who"], status::WHO_STUDENTS);
/// Who someone is, in files of staff.
pub const STAFF_OR_NOT: ImportField =
    ImportField::decides("who", "Staff or not", "Teacher", &["staffornot", "who"], status::WHO_STAFF);

/// Requires a name.
pub const NEEDS_NAME: FieldRequirement = FieldRequirement {
    any_of: &[GIVEN_NAME.slug, FAMILY_NAME.slug, FULL_NAME.slug, FAMILY_NAME_FIRST.slug],
    message: "Choose the column with the given name, family name or full name.",
};

/// Expects both parts of a name.
pub const EXPECTS_NAMES: &[FieldRequirement] = &[
    FieldRequirement {
        any_of: &[FAMILY_NAME.slug, FULL_NAME.slug, FAMILY_NAME_FIRST.slug],
        message: "No column has the family name. New people would have none; people you already have keep theirs. If a \
                  column has it, match that column to Family name, or to Full name if it has whole names.",
    },
    FieldRequirement {
        any_of: &[GIVEN_NAME.slug, FULL_NAME.slug, FAMILY_NAME_FIRST.slug],
        message: "No column has the given name. New people would have none; people you already have keep theirs. If a \
                  column has it, match that column to Given name, or to Full name if it has whole names.",
    },
];

/// The name of a person in the log.
pub const NAMING: &[&[&str]] =
    &[&[FULL_NAME.slug], &[FAMILY_NAME_FIRST.slug], &[GIVEN_NAME.slug, NAME_PREFIX.slug, FAMILY_NAME.slug]];
