//! Column names of public files and generators, as their owners write them.

use super::super::ADULTS;
use super::headers::{fields, fields_of};

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

// itslearning, "Nutzerimport der Erziehungsberechtigten"; IServ, "Eltern in die IServ-Benutzerverwaltung importieren".
#[test]
fn the_id_of_parents_is_never_that_of_the_student() {
    assert_eq!(
        fields(&[
            "Kind-Nr.",
            "Eltern: ID",
            "Eltern: Vorname",
            "Eltern: Nachname",
            "Eltern: ID 2",
            "Eltern: Vorname 2"
        ]),
        ["child_number", "adult_key", "given_name", "family_name", "adult_key_2", "given_name_2"]
    );
    assert_eq!(
        fields(&["Nachname", "Vorname", "Kind-ID", "Stra\u{df}e", "PLZ", "Telefon", "E-Mail"]),
        ["family_name", "given_name", "child_number", "address_line_1", "postcode", "phone", "email"]
    );
}

// WebUntis, "Administrative Vorbereitungen f\u{fc}r die Selbstregistrierung" and its report of legal guardians.
#[test]
fn contacts_of_untis_are_told_from_their_students() {
    assert_eq!(
        fields(&[
            "Klasse",
            "Sch\u{fc}lerkennzahl",
            "Familienname",
            "Vorname",
            "Name des Kontaktes",
            "E-Mail Adresse"
        ])[1..],
        ["child_number", "child_family_name", "child_given_name", "full_name", "email"]
    );
    let of_report =
        fields(&["id", "foreName", "longName", "email", "mobile", "studentShortName", "studentExternalId"]);
    assert_eq!(of_report[..4], ["", "given_name", "family_name", "email"]);
    assert_eq!(of_report[6], "child_number");
}

// Zermelo, "Ouders importeren"; Madisoft Nuvola, "Tutori/genitori: preparazione file Excel".
#[test]
fn words_for_students_and_parents_are_known_in_dutch_and_italian() {
    assert_eq!(
        fields(&["Code", "Achternaam", "Email", "Leerlingcodes"])[1..],
        ["family_name", "email", "child_number"]
    );
    assert_eq!(
        fields(&[
            "CODICE FISCALE ALUNNO *",
            "CELLULARE",
            "EMAIL TUTORE",
            "RUOLO DEL TUTORE *",
            "COGNOME TUTORE *",
            "NOME TUTORE *",
        ]),
        ["child_number", "mobile", "email", "relationship", "family_name", "given_name"]
    );
}

// GAM-team/GAM issue 1663: what `gam print guardians` writes.
#[test]
fn the_columns_of_a_profile_are_those_of_the_guardian() {
    let header = "studentEmail,studentId,invitedEmailAddress,guardianId,guardianProfile.id,guardianProfile.name.givenName,\
                  guardianProfile.name.familyName,guardianProfile.name.fullName,guardianProfile.emailAddress";
    let headers: Vec<&str> = header.split(',').collect();
    assert_eq!(
        fields(&headers),
        ["child_email", "child_number", "", "adult_key", "", "given_name", "family_name", "", "email"]
    );
}

// frappe/education, data export of Student with the rows of its table of guardians.
#[test]
fn names_beside_those_of_a_table_of_guardians_are_the_students() {
    let fields =
        fields(&["ID", "First Name", "Last Name", "Guardian Name (Guardians)", "Relation (Guardians)"]);
    assert_eq!(
        fields,
        ["child_number", "child_given_name", "child_family_name", "full_name", "relationship"]
    );
}

// PowerSchool SIS, "Import contacts"; EPS Learning, "Coach Digital Compass import parents".
#[test]
fn marks_of_required_columns_and_names_of_phones_are_known() {
    assert_eq!(
        fields(&[
            "Contact ID",
            "Phone Number As Entered",
            "Student Number",
            "Contact Priority Order",
            "School Pick Up"
        ]),
        ["adult_key", "phone", "child_number", "priority", "pickup"]
    );
    assert_eq!(
        fields_of(&ADULTS, "Username (R),First Name,Last Name,Email Address (R),Student Usernames (R)", ',')
            [..4],
        ["logon", "given_name", "family_name", "email"]
    );
    // Linewize, "Formatting your Community CSV parent upload".
    assert_eq!(
        fields(&["StudentUsername", "ParentFirstName", "ParentLastName", "ParentEmail"]),
        ["child_number", "given_name", "family_name", "email"]
    );
}

// SchoolBooking, "Importing data: file requirements"; Madisoft Nuvola, which has a second number.
#[test]
fn a_second_address_is_that_of_the_same_person_unless_another_is_named() {
    assert_eq!(
        fields(&[
            "Student ID",
            "Parent ID",
            "(Contact) Home Email",
            "Main Telephone",
            "Primary Email",
            "Mobile number"
        ])[2..],
        ["other_email", "phone", "email", "mobile"]
    );
    assert_eq!(
        fields(&["Student ID", "COGNOME TUTORE", "NOME TUTORE", "CELLULARE", "CELLULARE 2"])[3..],
        ["mobile", "phone"]
    );
    assert_eq!(fields(&["Student ID", "First name", "Email", "Email 2"])[2..], ["email", "other_email"]);
    assert_eq!(fields(&["Student ID", "First name", "Email", "Parent 2 Email"])[2..], ["email", "email_2"]);
    assert_eq!(
        fields(&["Student ID", "Name", "Email", "Name 2", "Email 2"])[3..],
        ["full_name_2", "email_2"]
    );
}

// IRIS ParentMail, "Importing data".
#[test]
fn an_address_in_many_parts_is_one() {
    assert_eq!(
        fields(&[
            "StudentID",
            "ContactSurname",
            "HouseName",
            "HouseNumber",
            "Street",
            "District",
            "Town",
            "Postcode"
        ])[2..],
        ["house_name", "house_number", "address_line_1", "address_line_3", "town", "postcode"]
    );
}
