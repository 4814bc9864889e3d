//! The fields of links, and of accounts of guardians and students.

use super::fields::{
    ACCESS, ADDRESS, CHILD, CHILD_EMAIL, EMAIL, EMERGENCY, FAMILY, FAMILY_FIRST, FULL_NAME, GIVEN,
    HOME_PHONE, HOUSE_NAME, HOUSE_NUMBER, KEY, LANGUAGE, LINE_1, LINE_2, LINE_3, MIDDLE, MOBILE, OTHER_EMAIL,
    OTHER_PHONE, PAYER, PHONE, PICKUP, POSTCODE, PRIORITY, RELATIONSHIP, TITLE, TOWN, WORK_EMAIL, WORK_PHONE,
    optional,
};
use crate::imports::deciding::{Deciding, Meaning};
use crate::imports::kind::ImportField;
use crate::imports::names::HeaderNames;
use crate::roll::import::people;

/// Whether a link is there: "active" or "deleted".
#[rustfmt::skip]
pub const ACTION: ImportField = optional(ImportField::text("action", "Active or deleted", "active", &[
    "activeordeleted", "action", "status", "state", "linkstatus",
]));
/// That the other system has an adult no longer. Only exports of a whole school say it.
pub const GONE: ImportField = optional(ImportField::text(
    "no_longer_in_the_other_system",
    "No longer in the other system",
    "",
    &["nolongerintheothersystem"],
));
/// The login name, the key or the email address of an adult who is in Greencap.
#[rustfmt::skip]
pub const ACCOUNT: ImportField = ImportField { label: "Adult\u{2019}s login or key", example: "m.varga", ..KEY }.also(&[
    "adultsloginorkey", "adultloginorkey", "logonid", "loginid", "logon", "login", "username", "guardianusername", "parentusername", "userid", "guardianemail",
    "parentemail", "guardianlogin", "parentlogin", "guardianapplicationuser", "email",
]);

/// The fields of a list of links.
pub const LINK_FIELDS: &[ImportField] =
    &[ACCOUNT, CHILD, RELATIONSHIP, ACTION, PRIORITY, EMERGENCY, PICKUP, PAYER, ACCESS, CHILD_EMAIL];

/// The login that another system has for somebody: their username here, if it can be one.
#[rustfmt::skip]
pub const LOGON: ImportField =
    ImportField { group: 1, ..ImportField::text("logon", "Login", "mvarga", &[]) }.known_as(people::names::USERNAME);

/// The student of a row about somebody else, whose own number "ID" is.
const ALSO_CHILD: ImportField = CHILD.known_as(HeaderNames {
    weak: &["studentcode", "ssid", "perm", "permno"],
    maybe: &["studentrollno", "rollno", "rollnumber"],
    ..CHILD.names
});

/// The fields of a list of accounts.
#[rustfmt::skip]
pub const ADULT_FIELDS: &[ImportField] = &[
    LOGON, TITLE, GIVEN, MIDDLE, FAMILY, FULL_NAME, FAMILY_FIRST, WORK_EMAIL, EMAIL, OTHER_EMAIL, MOBILE, PHONE, HOME_PHONE, WORK_PHONE, OTHER_PHONE, LANGUAGE, ADDRESS, HOUSE_NAME, HOUSE_NUMBER, LINE_1, LINE_2, LINE_3, TOWN, POSTCODE,
    ALSO_CHILD, CHILD_EMAIL, optional(KEY.also(&["sisid", "personid", "sourcedid", "id"])), ImportField { in_template: true, ..GUARDIAN_OR_NOT }, people::STATUS, people::ALSO_STATUS,
];

/// Who somebody is, in lists of accounts: `USER_TYPE`.
pub const GUARDIAN_OR_NOT: ImportField = ImportField::decides(
    "who",
    "Guardian or student",
    "Guardian",
    &["guardianornot", "guardianorstudent", "who"],
    if cfg!(target_arch = "wasm32") { &Deciding::NONE } else { &GUARDIAN_ROLE },
);

/// The words by which a row is about a student.
#[rustfmt::skip]
pub(super) const STUDENTS: &[&str] = &[
    "student", "students", "pupil", "pupils", "learner", "learners", "schuler", "schulerin", "schueler", "eleve", "alumno", "alumna", "estudiante",
    "leerling", "uczen", "uczennica",
];

#[rustfmt::skip]
const GUARDIAN_ROLE: Deciding = Deciding {
    headers: &["role", "roles", "userrole", "usertype", "typeofuser", "accounttype", "persontype", "rolle", "benutzertyp", "tipodeusuario", "rola"],
    loose_headers: &["type"],
    words: &[
        (Meaning::Current, &["guardian", "guardians", "parent", "parents", "carer", "mother", "father", "relative", "contact", "observer", "eltern",
            "erziehungsberechtigte", "padre", "madre", "tutor", "rodzic", "opiekun"]),
        (Meaning::Current, STUDENTS),
        (Meaning::Skip, &["teacher", "teachers", "staff", "administrator", "admin", "principal", "aide"]),
    ],
    other_words: &[],
    yes_no: &[],
    codes: &[],
    is_private: true,
};
