//! The fields of a student, and their names in school systems and in lists made by hand, in nine languages.

use super::people::{
    ALSO_STATUS, DATE_OF_BIRTH, EMAIL, FAMILY_NAME, FAMILY_NAME_FIRST, FULL_NAME, GIVEN_NAME, LANGUAGE,
    MIDDLE_NAME, NAME_PREFIX, OTHERS, PHONE, PREFERRED_NAME, SECOND_FAMILY_NAME, STATUS, STUDENT_OR_NOT,
    WORK_EMAIL,
};
use crate::imports::kind::ImportField;
use crate::imports::names::{Fits, HeaderNames};

/// The names of the number that identifies a student.
#[rustfmt::skip]
pub(crate) const ADMISSION_NUMBER_NAMES: HeaderNames = HeaderNames {
    strong: &[
        "admissionnumber", "admissionno", "admissionsnumber", "admissionsno", "admissionnum", "admno", "admnno", "admnnumber",
        "admnumber", "admnum", "adminno", "adminnumber", "adno", "adnumber", "admissionid", "admissionnr", "accessionno", "accessionnumber",
        "numerwksiedzeuczniow", "numeroexpediente", "رقمالقيد",
    ],
    // SIMS, Arbor, Bromcom, PowerSchool, Infinite Campus, Aeries and Synergy, Moodle, Apple School Manager, Compass, KAMAR.
    usual: &[
        "studentnumber", "studentno", "studentnum", "studentid", "studentcode", "pupilid", "pupilnumber", "pupilno", "pupilcode",
        "learnerid", "learnernumber", "learnerreferencenumber", "lrn", "localid", "studentlocalid", "localstudentid", "mispupilid",
        "misid", "sisid", "sisuserid", "sisnumber", "sisno", "permid", "permno", "permnumber", "permanentid", "idno", "personnumber", "idnumber", "registrationnumber", "registrationno",
        "regno", "regnumber", "grno", "officialcode", "schooluid", "uniqueuserid", "arborstudentid", "compassid", "sussiid", "stuid",
        "schulernummer", "schuelernummer", "schulernr", "schuelernr", "schulerid", "schuelerid", "matrikelnummer",
        "matricola", "numerodimatricola", "nmatricola", "idalunno", "codicealunno", "numerodealuno", "numeroaluno", "numeroprocesso", "nprocesso", "noprocesso",
        "numeroeleve", "neleve", "noeleve", "numerodeleleve", "identifianteleve", "identifiantunique", "ideleve", "matricule", "numerointerne",
        "numerodealumno", "numeroalumno", "nalumno", "noalumno", "idalumno", "matricula", "numerodematricula", "expediente", "nexpediente",
        "noexpediente", "nodeexpediente", "ndeexpediente", "numerodeexpediente", "nomatricula", "nodematricula", "ndematricula",
        "numeromatricula", "nodealumno", "ndealumno", "numdealumno", "numalumno", "numexpediente", "nummatricula", "nodealuno",
        "ndealuno", "nodeprocesso", "ndeprocesso", "numerodeprocesso", "nodematricola", "nodeleleve", "ndeleleve", "nodossier",
        "legajo", "leerlingnummer", "leerlingnr", "llnr", "leerlingid", "stamnummer", "stamnr",
        "numerucznia", "nrucznia", "iducznia", "numerlegitymacji", "nrlegitymacji",
        "رقمالطالب", "الرقمالاكاديمي", "رقمالتسجيل", "رقمالتلميذ",
    ],
    // Google Workspace, Canvas, Skyward, iSAMS, Veracross and Blackbaud.
    weak: &["identifier", "employeeid", "userid", "otherid", "schoolcode", "schoolid", "hostid", "veracrossid", "personpk", "schlusselextern", "idnr"],
    maybe: &["id", "personid", "upn", "sourcedid", "rollnumber", "rollno", "admission", "externalid", "ine", "candidatenumber", "username", "sisusername", "numerinewidencyjny"],
};
/// The number that identifies a student.
pub const ADMISSION_NUMBER: ImportField = ImportField {
    // "School code" is a student's in iSAMS, and the school's elsewhere.
    fits: Fits::Different,
    ..ImportField::text("admission_number", "Admission number", "004512", &[])
        .known_as(ADMISSION_NUMBER_NAMES)
};
/// Year group.
#[rustfmt::skip]
pub const YEAR_GROUP: ImportField = ImportField {
    fits: Fits::NotSchoolYears,
    ..ImportField::text("year_group", "Year group", "9", &[]).known_as(HeaderNames {
        strong: &[
            "yeargroup", "yeargrp", "yrgroup", "yrgrp", "ncyear", "nationalcurriculumyear", "curriculumyear", "currentyeargroup",
            "yeartaughtin", "yearlevel", "gradelevel", "currentgradelevel", "currentgrade",
            "jahrgangsstufe", "jahrgang", "klassenstufe", "schulstufe", "niveau", "niveauscolaire", "leerjaar", "jaarlaag", "poziomklasy",
            "الصفالدراسي", "المستوىالدراسي",
        ],
        usual: &["gradecode", "yearofstudy", "stufe", "grado", "poziom", "الصف", "المستوى"],
        weak: &["year", "yr", "grade", "grades", "currentyear"],
        maybe: &["curso", "nivel", "standard", "std"],
    })
};
/// Registration group.
#[rustfmt::skip]
pub const REGISTRATION_GROUP: ImportField =
    ImportField::text("registration_group", "Registration group", "9B", &[]).known_as(HeaderNames {
        strong: &[
            "registrationgroup", "reggroup", "reggrp", "registrationform", "currentregistrationform", "registrationclass",
            "formgroup", "formclass", "tutorgroup", "tutorgrp", "homeroom", "homegroup", "rollclass", "rollgroup",
            "stamklas", "stamgroep", "basisgroep",
        ],
        usual: &[
            "reg", "registration", "form", "class", "classname", "klasse", "classe", "division", "clase", "grupo", "klas", "klasa",
            "turma", "oddzial", "الفصل", "القسم",
        ],
        weak: &[],
        maybe: &["tutor", "section", "seccion", "sezione", "groupe"],
    });
/// First day on roll.
#[rustfmt::skip]
pub const START_DATE: ImportField = ImportField {
    fits: Fits::Dates,
    ..ImportField::dates("start_date", "Start date", "2026-09-01", &[]).known_as(HeaderNames {
        strong: &[
            "startdate", "admissiondate", "dateofadmission", "doa", "entrydate", "enrolmentdate", "enrollmentdate", "enroldate",
            "datejoined", "joindate", "joiningdate", "dateofjoining", "onrollfrom", "dateofentry", "enrolledfrom", "enrolmentstart",
            "enrolmentstartdate", "enrollmentstartdate", "begindate", "registrationdate",
            "eintrittsdatum", "aufnahmedatum", "zugangsdatum", "dateentree", "datedentree", "dateinscription", "datedinscription",
            "dateadmission", "fechadealta", "fechaalta", "fechadeingreso", "fechaingreso", "inschrijfdatum", "instroomdatum",
            "begindatum", "dataprzyjecia", "datarozpoczecia", "تاريخالالتحاق", "تاريخالتسجيل",
        ],
        usual: &["startson", "joinedon", "admittedon", "enrolledon"],
        weak: &["start", "starts", "joined", "enrolled", "admitted", "begin", "eintritt", "zugang", "entree", "alta"],
        maybe: &[],
    })
};
/// Last day on roll.
#[rustfmt::skip]
pub const END_DATE: ImportField = ImportField {
    fits: Fits::Dates,
    ..ImportField::dates("end_date", "End date", "2030-07-19", &[]).known_as(HeaderNames {
        strong: &[
            "enddate", "leavingdate", "dateofleaving", "dol", "leavedate", "dateleft", "exitdate", "withdrawaldate", "withdrawdate",
            "onrollto", "enrolledto", "enrolmentend", "enrolmentenddate", "enrollmentenddate", "leaverdate", "lastday",
            "austrittsdatum", "abgangsdatum", "entlassdatum", "datesortie", "datedesortie", "fechadebaja", "fechabaja",
            "uitschrijfdatum", "einddatum", "dataodejscia", "datazakonczenia", "dataukonczenia", "تاريخالمغادره", "تاريخالمغادرة",
        ],
        usual: &[
            "endson", "lefton", "leaveson", "withdrawnon", "exitedon",
            "withdrawndate", "datewithdrawn", "dateofwithdrawal", "withdrawndt", "withdrawaldt", "leftdate", "leaversdate",
            "dateofleave", "leavingschooldate", "dateleftschool", "exiteddate", "dateexited", "dateofexit", "departuredate",
            "dateofdeparture", "offrolldate", "dateoffroll", "removaldate", "removeddate", "dateremoved", "deregistrationdate",
            "unenrolmentdate", "unenrollmentdate", "dateunenrolled", "terminationdate", "transferoutdate", "transferredoutdate",
            "dropdate", "droppeddate", "dropoutdate", "dateended", "endeddate", "enddt", "enrolmentended", "enrollmentended",
            "lastdayonroll", "lastdayofschool", "lastdayofenrolment", "lastdayofenrollment", "lastdateonroll",
            "abmeldedatum", "abmeldung", "abgemeldetam",
            "entlassungsdatum", "datederadiation", "dateradiation", "datededepart", "datedepart", "fechaderetiro", "fecharetiro",
            "fechadeegreso", "fechaegreso", "fechadesalida", "fechasalida", "datadiritiro", "dataritiro", "datadesaida", "datasaida",
            "uitstroomdatum", "datumuitschrijving", "vertrekdatum", "dataskreslenia",
        ],
        weak: &[
            "end", "ends", "left", "leaving", "leaves", "leaver", "withdrawn", "withdrawal", "exit", "exited", "departure", "austritt", "abgang", "sortie", "baja",
        ],
        maybe: &[],
    })
};

/// All fields, in the order of menus and the template.
pub(super) const FIELDS: &[ImportField] = &[
    ADMISSION_NUMBER,
    GIVEN_NAME,
    MIDDLE_NAME,
    FAMILY_NAME,
    PREFERRED_NAME,
    NAME_PREFIX,
    SECOND_FAMILY_NAME,
    FULL_NAME_OF_STUDENT,
    FAMILY_NAME_FIRST,
    DATE_OF_BIRTH,
    LANGUAGE,
    EMAIL.also(WORK_EMAIL),
    PHONE,
    YEAR_GROUP,
    REGISTRATION_GROUP,
    START_DATE,
    END_DATE,
    STUDENT_OR_NOT,
    STATUS,
    ALSO_STATUS,
];

/// What stands before a name in files of students.
#[rustfmt::skip]
pub(super) const SUBJECTS: &[&str] = &[
    "student", "students", "pupil", "pupils", "learner", "learners", "child", "childs", "children", "childrens", "schuler", "schueler", "eleve", "alumno",
    "leerling", "uczen", "alunno", "studente", "allievo", "aluno", "estudante",
];

/// A column that is only called "Student" has their names, or says whether someone is one.
const FULL_NAME_OF_STUDENT: ImportField = FULL_NAME.known_as(HeaderNames {
    maybe: &[
        "student", "pupil", "learner", "child", "schuler", "schueler", "eleve", "alumno", "alunno", "aluno",
        "leerling", "uczen",
    ],
    ..FULL_NAME.names
});

/// Parts of names that suggest a field if the whole name is not a usual one. The first match wins.
#[rustfmt::skip]
pub(super) const HINTS: &[(&str, &str)] = &[
    ("email", EMAIL.slug),
    ("courriel", EMAIL.slug),
    ("correo", EMAIL.slug),
    ("dateofbirth", DATE_OF_BIRTH.slug),
    ("birthdate", DATE_OF_BIRTH.slug),
    ("birthday", DATE_OF_BIRTH.slug),
    ("dob", DATE_OF_BIRTH.slug),
    ("geburtsdatum", DATE_OF_BIRTH.slug),
    ("naissance", DATE_OF_BIRTH.slug),
    ("nacimiento", DATE_OF_BIRTH.slug),
    ("geboortedatum", DATE_OF_BIRTH.slug),
    ("urodzenia", DATE_OF_BIRTH.slug),
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
    ("vorname", GIVEN_NAME.slug),
    ("prenom", GIVEN_NAME.slug),
    ("voornaam", GIVEN_NAME.slug),
    ("surname", FAMILY_NAME.slug),
    ("lastname", FAMILY_NAME.slug),
    ("familyname", FAMILY_NAME.slug),
    ("nachname", FAMILY_NAME.slug),
    ("cognome", FAMILY_NAME.slug),
    ("sobrenome", FAMILY_NAME.slug),
    ("apelido", FAMILY_NAME.slug),
    ("apellido", FAMILY_NAME.slug),
    ("achternaam", FAMILY_NAME.slug),
    ("nazwisko", FAMILY_NAME.slug),
    ("mobile", PHONE.slug),
    ("phone", PHONE.slug),
    ("telefon", PHONE.slug),
    ("yeargroup", YEAR_GROUP.slug),
    ("gradelevel", YEAR_GROUP.slug),
    ("grade", YEAR_GROUP.slug),
    ("tutorgroup", REGISTRATION_GROUP.slug),
    ("reggroup", REGISTRATION_GROUP.slug),
    ("registration", REGISTRATION_GROUP.slug),
    ("homeroom", REGISTRATION_GROUP.slug),
    ("language", LANGUAGE.slug),
    ("sourcedid", ADMISSION_NUMBER.slug),
    ("upn", ADMISSION_NUMBER.slug),
];

/// Words that show that a column is about someone other than the student, or only looks like a field.
pub(super) const NOT_THE_STUDENT: &[&[&str]] =
    &[OTHERS, &["staff", "average", "predicted", "target", "gpa", "ssid", "uln", "nsn", "nhs", "exam"]];

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
