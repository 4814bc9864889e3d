//! The fields of a student, and their names in school systems: exports of SIMS, Arbor, Bromcom,
//! `PowerSchool`, Infinite Campus and OneRoster, and lists made by hand.

use super::people::{
    DATE_OF_BIRTH, EMAIL, FAMILY_NAME, FULL_NAME, GIVEN_NAME, LANGUAGE, MIDDLE_NAME, PHONE, PREFERRED_NAME,
};
use crate::imports::kind::ImportField;

/// The number that identifies a student.
#[rustfmt::skip]
pub const ADMISSION_NUMBER: ImportField = ImportField::text(
    "admission_number",
    "Admission number",
    "004512",
    &[
        "admissionnumber", "admissionno", "admissionsnumber", "admissionnum", "admno", "admnumber",
        "adno", "adnumber", "admission", "studentnumber", "studentno", "studentid", "pupilid",
        "pupilnumber", "pupilno", "studentcode", "pupilcode", "identifier", "localid", "studentlocalid",
        "mispupilid", "misid", "rollnumber", "rollno", "registrationnumber",
    ],
);
/// Year group.
#[rustfmt::skip]
pub const YEAR_GROUP: ImportField = ImportField::text(
    "year_group",
    "Year group",
    "9",
    &[
        "yeargroup", "year", "yr", "yeargrp", "yrgroup", "ncyear", "nationalcurriculumyear", "grade",
        "grades", "gradelevel", "yearlevel", "currentyear", "currentyeargroup", "yeartaughtin",
        "curriculumyear",
    ],
);
/// Registration group.
#[rustfmt::skip]
pub const REGISTRATION_GROUP: ImportField = ImportField::text(
    "registration_group",
    "Registration group",
    "9B",
    &[
        "registrationgroup", "reggroup", "reg", "reggrp", "registration", "registrationform", "form",
        "formgroup", "tutorgroup", "tutor", "tutorgrp", "class", "homeroom", "homegroup",
        "currentregistrationform", "registrationclass", "formclass",
    ],
);
/// First day on roll.
#[rustfmt::skip]
pub const START_DATE: ImportField = ImportField::dates(
    "start_date",
    "Start date",
    "2026-09-01",
    &[
        "startdate", "start", "startson", "starts", "admissiondate", "dateofadmission", "doa",
        "entrydate", "enrolmentdate", "enrollmentdate", "enroldate", "datejoined", "joined", "joindate",
        "onrollfrom", "dateofentry", "enrolledfrom", "enrolmentstart", "enrolmentstartdate",
        "begindate",
    ],
);
/// Last day on roll.
#[rustfmt::skip]
pub const END_DATE: ImportField = ImportField::dates(
    "end_date",
    "End date",
    "2030-07-19",
    &[
        "enddate", "end", "endson", "ends", "leavingdate", "dateofleaving", "dol", "leavedate",
        "dateleft", "left", "exitdate", "withdrawaldate", "onrollto", "enrolledto", "enrolmentend",
        "enrolmentenddate", "leaverdate", "lastday",
    ],
);

/// All fields, in the order of menus and the template.
pub(super) const FIELDS: &[ImportField] = &[
    ADMISSION_NUMBER,
    GIVEN_NAME.also(&["studentfirstname", "pupilforename", "pupilfirstname", "studentforename"]),
    MIDDLE_NAME.also(&["studentmiddlename"]),
    FAMILY_NAME.also(&["studentlastname", "studentsurname", "pupilsurname", "pupillastname"]),
    PREFERRED_NAME,
    FULL_NAME.also(&["studentname", "pupilname", "student", "pupil"]),
    DATE_OF_BIRTH.also(&["studentdob", "pupildob"]),
    LANGUAGE,
    EMAIL.also(&["studentemail", "pupilemail", "studentemailaddress", "pupilemailaddress"]),
    PHONE.also(&["studentphone", "studentmobile", "pupilmobile"]),
    YEAR_GROUP,
    REGISTRATION_GROUP,
    START_DATE,
    END_DATE,
];

/// Parts of names that suggest a field if the whole name is not a usual one. The first match wins.
pub(super) const HINTS: &[(&str, &str)] = &[
    ("email", EMAIL.slug),
    ("dateofbirth", DATE_OF_BIRTH.slug),
    ("birth", DATE_OF_BIRTH.slug),
    ("dob", DATE_OF_BIRTH.slug),
    ("admissiondate", START_DATE.slug),
    ("leavingdate", END_DATE.slug),
    ("startdate", START_DATE.slug),
    ("enddate", END_DATE.slug),
    ("admission", ADMISSION_NUMBER.slug),
    ("admno", ADMISSION_NUMBER.slug),
    ("studentid", ADMISSION_NUMBER.slug),
    ("studentnumber", ADMISSION_NUMBER.slug),
    ("preferred", PREFERRED_NAME.slug),
    ("knownas", PREFERRED_NAME.slug),
    ("middle", MIDDLE_NAME.slug),
    ("forename", GIVEN_NAME.slug),
    ("firstname", GIVEN_NAME.slug),
    ("givenname", GIVEN_NAME.slug),
    ("surname", FAMILY_NAME.slug),
    ("lastname", FAMILY_NAME.slug),
    ("familyname", FAMILY_NAME.slug),
    ("mobile", PHONE.slug),
    ("phone", PHONE.slug),
    ("yeargroup", YEAR_GROUP.slug),
    ("grade", YEAR_GROUP.slug),
    ("tutorgroup", REGISTRATION_GROUP.slug),
    ("reggroup", REGISTRATION_GROUP.slug),
    ("registration", REGISTRATION_GROUP.slug),
    ("homeroom", REGISTRATION_GROUP.slug),
    ("language", LANGUAGE.slug),
    ("sourcedid", ADMISSION_NUMBER.slug),
    ("upn", ADMISSION_NUMBER.slug),
];

/// Words that show that a column is about someone else, or only looks like a field.
#[rustfmt::skip]
pub(super) const NOT_THE_STUDENT: &[&str] = &[
    "parent", "guardian", "mother", "father", "carer", "contact", "emergency", "doctor", "teacher",
    "staff", "sibling", "agent", "preferredsurname", "preferredlastname", "preferredfamilyname",
    "former", "previous", "modified", "created", "status", "time", "enabled",
];

#[cfg(test)]
mod tests {
    use super::super::STUDENTS;
    use super::*;

    fn usual(header: &str) -> Option<&'static str> {
        STUDENTS.usual(header).map(|field| field.slug)
    }

    #[test]
    fn names_of_many_systems_are_known_in_any_spelling() {
        for (header, field) in [
            ("Adm No", ADMISSION_NUMBER),
            ("ADMISSION_NUMBER", ADMISSION_NUMBER),
            ("Student_Number", ADMISSION_NUMBER),
            ("Forename", GIVEN_NAME),
            ("givenName", GIVEN_NAME),
            ("Legal Surname", FAMILY_NAME),
            ("Preferred Forename", PREFERRED_NAME),
            ("D.O.B.", DATE_OF_BIRTH),
            ("date of birth", DATE_OF_BIRTH),
            ("Student Email", EMAIL),
            ("E-mail", EMAIL),
            ("Tutor Group", REGISTRATION_GROUP),
            ("Reg", REGISTRATION_GROUP),
            ("Form", REGISTRATION_GROUP),
            ("Grade_Level", YEAR_GROUP),
            ("DOA", START_DATE),
            ("Leaving date", END_DATE),
        ] {
            assert_eq!(usual(header), Some(field.slug), "{header}");
        }
    }

    #[test]
    fn columns_about_other_people_are_left_alone() {
        for header in ["Parent email", "Guardian 1 Surname", "Emergency contact phone", "Preferred Surname"] {
            assert_eq!(usual(header), None, "{header}");
            assert_eq!(STUDENTS.hinted(header), None, "{header}");
        }
        assert_eq!(STUDENTS.hinted("Student e-mail (school)").map(|field| field.slug), Some(EMAIL.slug));
    }
}
