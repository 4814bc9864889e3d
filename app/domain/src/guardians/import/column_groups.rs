//! The groups of columns behind the first: further adults of a row, told by a number or a word.

use super::fields::{
    ACCESS, ADDRESS, BASE, CHILD, EMAIL, FAMILY, FAMILY_FIRST, FULL_NAME, GIVEN, HOME_PHONE, KEY, LANGUAGE,
    LIVES_WITH, MOBILE, PHONE, PICKUP, POSTCODE, PRIORITY, RELATIONSHIP, RESPONSIBILITY, TITLE, WORK_PHONE,
};
use crate::imports::groups::ColumnGroups;
use crate::imports::kind::ImportField;

/// The fields of a further group.
macro_rules! group {
    ($group:literal, $label:literal, $before:literal, $after:literal) => {
        [
            KEY.in_group($group, concat!($before, "adult_key", $after), concat!($label, ": adult key")),
            RELATIONSHIP.in_group(
                $group,
                concat!($before, "relationship", $after),
                concat!($label, ": relationship"),
            ),
            TITLE.in_group($group, concat!($before, "title", $after), concat!($label, ": title")),
            GIVEN.in_group($group, concat!($before, "given_name", $after), concat!($label, ": given name")),
            FAMILY.in_group(
                $group,
                concat!($before, "family_name", $after),
                concat!($label, ": family name"),
            ),
            FULL_NAME.in_group($group, concat!($before, "full_name", $after), concat!($label, ": full name")),
            FAMILY_FIRST.in_group(
                $group,
                concat!($before, "family_name_first", $after),
                concat!($label, ": full name, family name first"),
            ),
            EMAIL.in_group($group, concat!($before, "email", $after), concat!($label, ": email")),
            MOBILE.in_group($group, concat!($before, "mobile", $after), concat!($label, ": mobile")),
            PHONE.in_group($group, concat!($before, "phone", $after), concat!($label, ": phone")),
            HOME_PHONE.in_group(
                $group,
                concat!($before, "home_phone", $after),
                concat!($label, ": home phone"),
            ),
            WORK_PHONE.in_group(
                $group,
                concat!($before, "work_phone", $after),
                concat!($label, ": work phone"),
            ),
            LANGUAGE.in_group($group, concat!($before, "language", $after), concat!($label, ": language")),
            PRIORITY.in_group($group, concat!($before, "priority", $after), concat!($label, ": priority")),
            RESPONSIBILITY.in_group(
                $group,
                concat!($before, "parental_responsibility", $after),
                concat!($label, ": parental responsibility"),
            ),
            LIVES_WITH.in_group(
                $group,
                concat!($before, "lives_with", $after),
                concat!($label, ": lives with"),
            ),
            PICKUP.in_group($group, concat!($before, "pickup", $after), concat!($label, ": may pick up")),
            ACCESS.in_group($group, concat!($before, "access", $after), concat!($label, ": may have access")),
            ADDRESS.in_group(
                $group,
                concat!($before, "postal_address", $after),
                concat!($label, ": address"),
            ),
            POSTCODE.in_group($group, concat!($before, "postcode", $after), concat!($label, ": postcode")),
        ]
    };
}

/// The number of fields in a further group.
const IN_GROUP: usize = 20;

/// The fields of the groups behind the first.
const FURTHER: &[[ImportField; IN_GROUP]] = &[
    group!(2, "Guardian 2", "", "_2"),
    group!(3, "Guardian 3", "", "_3"),
    group!(4, "Guardian 4", "", "_4"),
    group!(5, "Guardian 5", "", "_5"),
    group!(6, "Guardian 6", "", "_6"),
    group!(7, "Guardian 7", "", "_7"),
    group!(8, "Guardian 8", "", "_8"),
    group!(9, "Guardian 9", "", "_9"),
    group!(10, "Guardian 10", "", "_10"),
    group!(11, "Guardian 11", "", "_11"),
    group!(12, "Guardian 12", "", "_12"),
    group!(21, "Mother", "mother_", ""),
    group!(22, "Father", "father_", ""),
    group!(23, "Emergency", "emergency_", ""),
];

/// The group of "Mother".
pub const MOTHER: u8 = 21;
/// The group of "Father".
pub const FATHER: u8 = 22;
/// The group of "Emergency 1".
pub const URGENT: u8 = 23;

/// The groups of columns of files about guardians.
#[rustfmt::skip]
pub const GROUPS: ColumnGroups = ColumnGroups {
    numbered: 12,
    named: &[
        (&["mother", "mothers", "mum", "mums", "mom", "moms", "mutter", "madre", "matka", "matki", "mere", "moeder", "mae", "maman", "الام"], MOTHER, "mother"),
        (&["father", "fathers", "dad", "dads", "vater", "padre", "ojciec", "ojca", "pere", "vader", "pai", "papa", "الاب"], FATHER, "father"),
        (&["emergency", "emergencies", "notfall"], URGENT, "emergency"),
    ],
    fillers: SUBJECTS,
    // The end of "Schüler:in" says nothing either.
    noise: &["person", "in"],
    alone: &[
        "guardian", "parent", "carer", "relative", "responsable", "opiekun", "rodzic", "ouder", "verzorger", "erziehungsberechtigter", "elternteil",
        "genitore", "familiar", "apoderado", "acudiente",
    ],
    not_in: &["student", "students", "pupil", "pupils", "child", "learner", "step", "grand", "stepmother", "stepfather", "tongue", "maiden"],
    others: &[
        "student", "students", "pupil", "pupils", "child", "children", "learner", "learners", "schuler", "schulerin", "schueler", "kind", "kindes", "eleve", "eleves",
        "enfant", "alumno", "alumna", "alumnos", "estudiante", "alunno", "alunna", "alunni", "studente", "aluno", "aluna", "educando", "leerling", "leerlingen",
        "uczen", "ucznia", "uczniow", "dziecka",
    ],
    keys: &[
        "id", "ids", "no", "nr", "number", "numbers", "nummer", "num", "numero", "code", "codes", "key", "ref", "reference", "identifier", "identifiers",
        "externalid", "external", "kennzahl", "schlussel", "codice", "codicefiscale", "matricola", "matricule", "matricula", "legajo", "dni",
        "username", "usernames", "login", "logins",
    ],
    repeated: &[
        ("given_name", "child_given_name"),
        ("family_name", "child_family_name"),
        ("full_name", "child_name"),
        ("email", "child_email"),
    ],
    behind: "adult_key",
    further: &[
        ("email", &["other_email"]),
        ("mobile", &["phone", "other_phone"]),
        ("phone", &["other_phone"]),
    ],
    whole: "full_name",
};

/// The same of links, in which a row has one adult.
pub(super) const OF_LINKS: ColumnGroups = ColumnGroups {
    named: GROUPS.named,
    fillers: GROUPS.fillers,
    noise: GROUPS.noise,
    others: GROUPS.others,
    keys: GROUPS.keys,
    behind: GROUPS.behind,
    ..ColumnGroups::NONE
};

/// The same of accounts, in which a row is about one person.
pub(super) const OF_ACCOUNTS: ColumnGroups =
    ColumnGroups { alone: GROUPS.alone, whole: GROUPS.whole, ..ColumnGroups::NONE };

/// What stands before the name of an adult's column.
#[rustfmt::skip]
pub const SUBJECTS: &[&str] = &[
    "guardian", "guardians", "parent", "parents", "contact", "contacts", "carer", "carers", "adult", "relative", "observer", "personcontact",
    "erziehungsberechtigte", "erziehungsberechtigten", "erziehungsberechtigter", "eltern", "elternteil", "sorgeberechtigter", "kontakt", "kontaktes", "tutorlegal", "tutor",
    "opiekun", "opiekuna", "rodzic", "rodzica", "responsable", "ouder", "ouders", "verzorger", "genitore", "genitori", "tutore", "familiar", "apoderado", "acudiente",
    "encarregado", "guardianprofile", "guardianprofilename", "parentcarer", "ouderverzorger",
];

/// The number of all fields.
const COUNT: usize = BASE.len() + FURTHER.len() * IN_GROUP;

#[expect(clippy::large_stack_arrays, reason = "it is made by the compiler")]
const fn joined() -> [ImportField; COUNT] {
    let mut all = [CHILD; COUNT];
    let mut at = 0;
    while at < BASE.len() {
        all[at] = BASE[at];
        at += 1;
    }
    let mut of = 0;
    while of < COUNT - BASE.len() {
        all[at + of] = FURTHER[of / IN_GROUP][of % IN_GROUP];
        of += 1;
    }
    all
}

/// All fields of a list of contacts, in the order of menus.
pub const CONTACT_FIELDS: &[ImportField] = &joined();
