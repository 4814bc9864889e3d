//! The names that school systems give to columns.

use super::field::StudentField as F;

/// Names of columns in exports of SIMS, Arbor, Bromcom, `PowerSchool`, Infinite Campus and OneRoster, and in lists made
/// by hand; as [`StudentField::header_key`] folds them.
#[rustfmt::skip]
pub(super) const USUAL_NAMES: &[(F, &[&str])] = &[
    (
        F::AdmissionNumber,
        &[
            "admissionnumber", "admissionno", "admissionsnumber", "admissionnum", "admno", "admnumber",
            "adno", "adnumber", "admission", "studentnumber", "studentno", "studentid", "pupilid",
            "pupilnumber", "pupilno", "studentcode", "pupilcode", "identifier", "localid", "studentlocalid",
            "mispupilid", "misid", "rollnumber", "rollno", "registrationnumber",
        ],
    ),
    (
        F::GivenName,
        &[
            "givenname", "givennames", "given", "firstname", "first", "firstnames", "forename", "forenames",
            "legalforename", "legalfirstname", "legalgivenname", "studentfirstname", "pupilforename",
            "pupilfirstname", "studentforename", "fname",
        ],
    ),
    (
        F::MiddleName,
        &[
            "middlename", "middlenames", "middle", "secondname", "secondnames", "middlenamess",
            "legalmiddlename", "legalmiddlenames", "othernames", "studentmiddlename",
        ],
    ),
    (
        F::FamilyName,
        &[
            "familyname", "family", "surname", "lastname", "last", "legalsurname", "legallastname",
            "legalfamilyname", "studentlastname", "studentsurname", "pupilsurname", "pupillastname",
            "lname",
        ],
    ),
    (
        F::PreferredName,
        &[
            "preferredname", "preferredfirstname", "preferredforename", "preferredgivenname", "preferred",
            "knownas", "chosenname", "chosenforename", "nickname", "callname", "goesby",
        ],
    ),
    (
        F::FullName,
        &[
            "fullname", "name", "studentname", "pupilname", "student", "pupil", "displayname", "legalname",
        ],
    ),
    (
        F::DateOfBirth,
        &[
            "dateofbirth", "dob", "birthdate", "birthday", "born", "bornon", "studentdob", "pupildob",
        ],
    ),
    (
        F::Language,
        &[
            "language", "preferredlanguage", "lang", "languagecode", "messagelanguage", "contactlanguage",
            "locale",
        ],
    ),
    (
        F::Email,
        &[
            "email", "emailaddress", "studentemail", "pupilemail", "studentemailaddress",
            "pupilemailaddress", "schoolemail", "schoolemailaddress", "mail", "primaryemail", "mainemail",
            "workemail",
        ],
    ),
    (
        F::Phone,
        &[
            "phone", "phonenumber", "telephone", "telephonenumber", "mobile", "mobilenumber", "mobilephone",
            "tel", "sms", "cell", "cellphone", "studentphone", "studentmobile", "pupilmobile",
            "primaryphone",
        ],
    ),
    (
        F::YearGroup,
        &[
            "yeargroup", "year", "yr", "yeargrp", "yrgroup", "ncyear", "nationalcurriculumyear", "grade",
            "grades", "gradelevel", "yearlevel", "currentyear", "currentyeargroup", "yeartaughtin",
            "curriculumyear",
        ],
    ),
    (
        F::RegistrationGroup,
        &[
            "registrationgroup", "reggroup", "reg", "reggrp", "registration", "registrationform", "form",
            "formgroup", "tutorgroup", "tutor", "tutorgrp", "class", "homeroom", "homegroup",
            "currentregistrationform", "registrationclass", "formclass",
        ],
    ),
    (
        F::StartDate,
        &[
            "startdate", "start", "startson", "starts", "admissiondate", "dateofadmission", "doa",
            "entrydate", "enrolmentdate", "enrollmentdate", "enroldate", "datejoined", "joined", "joindate",
            "onrollfrom", "dateofentry", "enrolledfrom", "enrolmentstart", "enrolmentstartdate",
            "begindate",
        ],
    ),
    (
        F::EndDate,
        &[
            "enddate", "end", "endson", "ends", "leavingdate", "dateofleaving", "dol", "leavedate",
            "dateleft", "left", "exitdate", "withdrawaldate", "onrollto", "enrolledto", "enrolmentend",
            "enrolmentenddate", "leaverdate", "lastday",
        ],
    ),
];

/// Parts of names that point to a field when the whole name is not a usual one. The first that fits wins.
pub(super) const HINTS: &[(&str, F)] = &[
    ("email", F::Email),
    ("dateofbirth", F::DateOfBirth),
    ("birth", F::DateOfBirth),
    ("dob", F::DateOfBirth),
    ("admissiondate", F::StartDate),
    ("leavingdate", F::EndDate),
    ("startdate", F::StartDate),
    ("enddate", F::EndDate),
    ("admission", F::AdmissionNumber),
    ("admno", F::AdmissionNumber),
    ("studentid", F::AdmissionNumber),
    ("studentnumber", F::AdmissionNumber),
    ("preferred", F::PreferredName),
    ("knownas", F::PreferredName),
    ("middle", F::MiddleName),
    ("forename", F::GivenName),
    ("firstname", F::GivenName),
    ("givenname", F::GivenName),
    ("surname", F::FamilyName),
    ("lastname", F::FamilyName),
    ("familyname", F::FamilyName),
    ("mobile", F::Phone),
    ("phone", F::Phone),
    ("yeargroup", F::YearGroup),
    ("grade", F::YearGroup),
    ("tutorgroup", F::RegistrationGroup),
    ("reggroup", F::RegistrationGroup),
    ("registration", F::RegistrationGroup),
    ("homeroom", F::RegistrationGroup),
    ("language", F::Language),
    ("sourcedid", F::AdmissionNumber),
    ("upn", F::AdmissionNumber),
];

/// Words that say a column is about someone else, or about something that only looks like a field.
#[rustfmt::skip]
pub(super) const NOT_THE_STUDENT: &[&str] = &[
            "parent", "guardian", "mother", "father", "carer", "contact", "emergency", "doctor", "teacher",
            "staff", "sibling", "agent", "preferredsurname", "preferredlastname", "preferredfamilyname",
            "former", "previous", "modified", "created", "status", "time", "enabled",
        ];
