//! Which column is which field of which adult.

use super::super::CONTACTS;
use crate::imports::kind::ImportDeclaration;
use crate::imports::mapping::Mapping;

/// The fields of these columns.
pub(super) fn fields(headers: &[&str]) -> Vec<String> {
    let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
    let mapping = Mapping::automatic(&CONTACTS, &headers, None);
    let field = |column: &crate::imports::mapping::ColumnMatch| {
        column.field.as_ref().map_or("", |field| field.as_str()).to_owned()
    };
    mapping.columns().iter().map(field).collect()
}

/// The fields of the columns of a whole header.
pub(super) fn fields_of(kind: &'static ImportDeclaration, header: &str, separator: char) -> Vec<String> {
    let headers: Vec<String> = header.split(separator).map(|name| name.trim().to_owned()).collect();
    let mapping = Mapping::automatic(kind, &headers, None);
    let field = |column: &crate::imports::mapping::ColumnMatch| {
        column.field.as_ref().map_or("", |field| field.as_str()).to_owned()
    };
    mapping.columns().iter().map(field).collect()
}

// C16
#[test]
fn groups_of_columns_are_told_by_a_number_or_a_word_for_a_parent() {
    for (header, field) in [
        ("Guardian 1 First Name", "given_name"),
        ("Guardian First Name", "given_name"),
        ("Guardian 2 Email", "email_2"),
        ("Email 2", "email_2"),
        ("Contact1Email", "email"),
        ("Contact3LastName", "family_name_3"),
        ("Parent 4 Mobile", "mobile_4"),
        ("Mother Email", "mother_email"),
        ("mother_phone", "mother_phone"),
        ("Mother", "mother_full_name"),
        ("Father's first name", "father_given_name"),
        ("Guardian 2", "full_name_2"),
        ("emergency1", "emergency_full_name"),
        ("Guardian 12 Language", "language_12"),
    ] {
        assert_eq!(fields(&["Student ID", header])[1], field, "{header}");
    }
}

#[test]
fn the_layouts_of_other_systems_are_known() {
    // ParentMail
    assert_eq!(
        fields(&[
            "StudentForename",
            "StudentSurname",
            "StudentID",
            "Relationship",
            "Title",
            "ContactForename",
            "ContactSurname",
            "ContactID",
            "PrimaryEmail",
            "MobileNumber",
            "Postcode",
            "Priority",
        ]),
        [
            "child_given_name",
            "child_family_name",
            "child_number",
            "relationship",
            "title",
            "given_name",
            "family_name",
            "adult_key",
            "email",
            "mobile",
            "postcode",
            "priority",
        ]
    );
    // msm.io
    assert_eq!(
        fields(&[
            "Student (Legacy ID)",
            "Guardian (Legacy ID)",
            "Relationship type",
            "emergency contact",
            "has access"
        ]),
        ["child_number", "adult_key", "relationship", "emergency", "access"]
    );
    // The usual list of a school.
    assert_eq!(
        fields(&["child_id", "guardian_name", "email", "phone", "relationship"]),
        ["child_number", "full_name", "email", "phone", "relationship"]
    );
    // Relationships of School Data Sync.
    assert_eq!(
        fields(&["userSourcedId", "relationshipUserSourcedId", "relationshipRole"]),
        ["child_number", "adult_key", "relationship"]
    );
}

#[test]
fn names_that_stand_twice_are_the_students_and_behind_the_key_the_adults() {
    let sims = ["Student ID", "Forename", "Surname", "Parent ID", "Priority", "Title", "Forename", "Surname"];
    assert_eq!(
        fields(&sims),
        [
            "child_number",
            "child_given_name",
            "child_family_name",
            "adult_key",
            "priority",
            "title",
            "given_name",
            "family_name",
        ]
    );
}

#[test]
fn passwords_are_never_a_field() {
    assert_eq!(fields(&["Student ID", "Guardian password", "Parent PIN"])[1..], ["", ""]);
}
