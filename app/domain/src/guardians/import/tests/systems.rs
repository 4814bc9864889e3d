//! The columns of ten lists as other systems have them.

use super::super::{ADULTS, CONTACTS};
use super::headers::fields_of;

#[test]
fn the_educators_of_schild_nrw_are_two_people_in_a_row() {
    let header = "Nachname|Vorname|Geburtsdatum|Erzieherart|Anrede 1.Person|Titel 1.Person|Nachname 1.Person|Vorname 1.Person|Anrede 2.Person|\
                  Titel 2.Person|Nachname 2.Person|Vorname 2.Person|Stra\u{df}e|PLZ|Ort|Ortsteil|E-Mail|Anschreiben";
    assert_eq!(
        fields_of(&CONTACTS, header, '|'),
        [
            "child_family_name",
            "child_given_name",
            "child_date_of_birth",
            "relationship",
            "title",
            "",
            "family_name",
            "given_name",
            "title_2",
            "",
            "family_name_2",
            "given_name_2",
            "address_line_1",
            "postcode",
            "town",
            "",
            "email",
            "",
        ]
    );
    let header = "nachname,vorname,geburtsdatum,erzieherart,anrede1,titel1,nachname1,vorname1,email1,anrede2,titel2,nachname2,vorname2,email2";
    assert_eq!(
        fields_of(&CONTACTS, header, ','),
        [
            "child_family_name",
            "child_given_name",
            "child_date_of_birth",
            "relationship",
            "title",
            "",
            "family_name",
            "given_name",
            "email",
            "title_2",
            "",
            "family_name_2",
            "given_name_2",
            "email_2",
        ]
    );
}

#[test]
fn the_families_of_gepi_are_read_by_their_keys() {
    let header = "Classe;Nom;Prenom;Sexe;Naissance;login_ele;ele_id;Responsable;Tel_pers;Tel_port;Tel_prof;Email;Adresse;login_resp;pers_id";
    let fields = fields_of(&CONTACTS, header, ';');
    assert_eq!(fields[6], "child_number");
    assert_eq!(fields[7..13], ["full_name", "home_phone", "mobile", "work_phone", "email", "postal_address"]);
    assert_eq!(fields[14], "adult_key");
}

#[test]
fn a_guardian_among_the_columns_of_a_student_is_the_adult() {
    let header = "admission_code,surname,other_names,gender,date_of_birth,class,guardian_name,guardian_relationship,guardian_phone,\
                  guardian_email,guardian_address,ghana_digital_address,opening_balance_ghs";
    assert_eq!(
        fields_of(&CONTACTS, header, ','),
        [
            "child_number",
            "child_family_name",
            "",
            "",
            "child_date_of_birth",
            "",
            "full_name",
            "relationship",
            "phone",
            "email",
            "postal_address",
            "",
            "",
        ]
    );
    let header = "student_name,class,section,roll_no,gender,group,blood_group,religion,admission_number,registration_no,address,\
                  guardian_name,guardian_phone,guardian_email,guardian_relation";
    let fields = fields_of(&CONTACTS, header, ',');
    assert_eq!((fields[0].as_str(), fields[8].as_str()), ("child_name", "child_number"));
    assert_eq!(fields[11..], ["full_name", "phone", "email", "relationship"]);
    let header = "student_name,gender,date_of_birth,program,academic_year,guardian_name,guardian_email,guardian_mobile,blood_group,address";
    let fields = fields_of(&CONTACTS, header, ',');
    assert_eq!((fields[0].as_str(), fields[2].as_str()), ("child_name", "child_date_of_birth"));
    assert_eq!(fields[5..8], ["full_name", "email", "mobile"]);
}

#[test]
fn a_father_and_a_mother_beside_a_student_are_not_the_student() {
    let header = "class,section,student_roll_no,exam_register_no,firstname,middlename,lastname,email,father_firstname,father_middlename,\
                  father_lastname,father_phone,father_email,mother_firstname,mother_middlename,mother_lastname,mother_phone,mother_email";
    assert_eq!(
        fields_of(&CONTACTS, header, ','),
        [
            "",
            "",
            "child_number",
            "",
            "child_given_name",
            "",
            "child_family_name",
            "child_email",
            "father_given_name",
            "",
            "father_family_name",
            "father_phone",
            "father_email",
            "mother_given_name",
            "",
            "mother_family_name",
            "mother_phone",
            "mother_email",
        ]
    );
    let header = "admission_no,roll_number,date_of_birth,mother_tongue,father_name,father_phone,father_email,father_occupation,mother_name,\
                  mother_phone,mother_email,mother_occupation,guardian_name,guardian_phone,guardian_relation";
    let fields = fields_of(&CONTACTS, header, ',');
    assert_eq!(fields[0], "child_number");
    assert_eq!(fields[3..8], ["", "father_full_name", "father_phone", "father_email", ""]);
    assert_eq!(fields[8..12], ["mother_full_name", "mother_phone", "mother_email", ""]);
    assert_eq!(fields[12..], ["full_name", "phone", "relationship"]);
}

#[test]
fn contacts_of_clever_are_read() {
    let header = "contact_id,student_id,first_name,last_name,type,phone,relationship,phone_type,email";
    assert_eq!(
        fields_of(&CONTACTS, header, ','),
        ["adult_key", "child_number", "given_name", "family_name", "", "phone", "relationship", "", "email"]
    );
}

#[test]
fn a_list_of_parents_with_keys_of_several_systems_takes_the_one_of_the_school() {
    let header = "SisId,FirstName,LastName,PreferredName,DateOfBirth,ParentEmail,SecondarySisId,TertiarySisId,UpiId,WondeId";
    let fields = fields_of(&ADULTS, header, ',');
    assert_eq!(fields[..3], ["adult_key", "given_name", "family_name"]);
    assert_eq!(fields[5], "email");
    assert_eq!(fields[6..], ["", "", "", ""]);
}

#[test]
fn french_parents_with_the_name_of_the_child_are_told_from_it() {
    let header =
        "Matricule;Nom;Pr\u{e9}nom;T\u{e9}l\u{e9}phone;Email;Nom enfant;Pr\u{e9}nom enfant;Nom de la classe";
    let fields = fields_of(&CONTACTS, header, ';');
    assert_eq!(
        fields[1..7],
        ["family_name", "given_name", "phone", "email", "child_family_name", "child_given_name"]
    );
}
