//! Column names of public files and generators, as their owners write them.

use super::headers::fields;

#[test]
fn children_are_named_beside_their_guardians() {
    assert_eq!(
        fields(&[
            "Child First Name",
            "Surname",
            "DOB",
            "Sex",
            "Guardian 1 First Name",
            "Guardian 1 Last Name",
            "Guardian 1 Relationship"
        ])[..3],
        ["child_given_name", "child_family_name", "child_date_of_birth"]
    );
    // A template of admissions.
    assert_eq!(
        fields(&["Admission Number", "Date of Birth", "Father Name", "Mother Name", "Guardian Name"]),
        ["child_number", "child_date_of_birth", "father_full_name", "mother_full_name", "full_name"]
    );
    assert_eq!(
        fields(&[
            "Roll No",
            "Student Name",
            "Class",
            "Section",
            "Father Name",
            "Mother Name",
            "Parent Phone"
        ])[1..],
        ["child_name", "", "", "father_full_name", "mother_full_name", "phone"]
    );
}

#[test]
fn numbered_guardians_are_found_with_a_slash_and_more_than_twelve_are_said() {
    assert_eq!(
        fields(&[
            "Parent / Guardian 1 Cell Phone",
            "Parent / Guardian 1 Email",
            "Parent / Guardian 1 First Name",
            "Parent / Guardian 2 Last Name",
            "Guardian 2 Mobile Phone Number",
        ]),
        ["mobile", "email", "given_name", "family_name_2", "mobile_2"]
    );
    assert_eq!(
        fields(&["parent1_first_name", "parent1_email", "parent2_mobile_phone", "Guardian1_sname"]),
        ["given_name", "email", "mobile_2", "family_name"]
    );
    assert_eq!(
        fields(&["Student ID", "Guardian 12 email", "Guardian 13 email"]),
        ["child_number", "email_12", ""]
    );
}

#[test]
fn observers_and_relationships_are_links() {
    assert_eq!(fields(&["observer_id", "student_id", "status"])[..2], ["adult_key", "child_number"]);
    assert_eq!(
        fields(&["userSourcedId", "relationshipUserSourcedId", "relationshipRole"]),
        ["child_number", "adult_key", "relationship"]
    );
}
