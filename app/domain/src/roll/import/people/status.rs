//! Columns of people that decide: whether someone is there now, and who they are.

use crate::imports::deciding::{Deciding, Meaning, YesNo};

#[rustfmt::skip]
const CURRENT: &[&str] = &[
    "current", "active", "enrolled", "enroled", "onroll", "registered", "attending", "admitted", "present", "returning", "live",
    "fulltime", "parttime", "employed", "permanent", "temporary", "aktiv", "aktuell", "eingeschrieben", "actif", "inscrit",
    "inscrite", "scolarise", "activo", "activa", "matriculado", "matriculada", "alta", "actief", "ingeschreven", "aktywny", "aktywna",
    "uczeszcza", "نشط", "منتظم", "مقيد",
];
#[rustfmt::skip]
const LEFT: &[&str] = &[
    "left", "leaver", "leavers", "hasleft", "inactive", "withdrawn", "withdrew", "transferred", "transferredout", "transferout",
    "graduated", "graduate", "dropped", "droppedout", "expelled", "excluded", "offroll", "archived", "exited", "ended", "former",
    "alumni", "alumnus", "alumna", "terminated", "resigned", "retired", "deceased", "unenrolled", "notenrolled", "inaktiv", "abgegangen",
    "ausgetreten", "entlassen", "abgemeldet", "sorti", "sortie", "parti", "partie", "radie", "inactif", "baja", "inactivo", "inactiva",
    "egresado", "egresada", "retirado", "uitgeschreven", "vertrokken", "inactief", "odszedl", "odeszla", "absolwent", "skreslony",
    "nieaktywny", "منسحب", "متخرج", "منقول",
];
#[rustfmt::skip]
const NOT_YET: &[&str] = &[
    "applicant", "applicants", "applied", "application", "prospective", "prospect", "enquiry", "enquirer", "inquiry", "lead", "offer",
    "offered", "offermade", "accepted", "waitinglist", "waitlist", "waitlisted", "preadmission", "preenrolled", "preenrolment",
    "preregistered", "pending", "future", "deferred", "declined", "rejected", "cancelled", "canceled", "tobedeleted", "deleted",
    "disabled", "suspended", "bewerber", "bewerberin", "angemeldet", "warteliste", "candidat", "candidate", "preinscrit", "solicitante",
    "aspirante", "preinscrito", "aangemeld", "kandidat", "متقدم", "مرشح",
];

#[rustfmt::skip]
const STATUS: Deciding = Deciding {
    headers: &[
        "status", "studentstatus", "pupilstatus", "enrollstatus", "enrolstatus", "enrolmentstatus", "enrollmentstatus", "rollstatus",
        "registrationstatus", "admissionstatus", "accountstatus", "currentstatus", "employmentstatus", "staffstatus", "left", "leaver",
        "isleaver", "hasleft", "leaving", "active", "isactive", "current", "iscurrent", "currentstudent", "currentpupil", "onroll", "isonroll", "enrolled",
        "isenrolled", "enabled", "enableduser", "isenabled", "inactive", "isinactive", "withdrawn", "applicant", "isapplicant",
        "archived", "isarchived", "deleted", "isdeleted", "suspended", "issuspended", "disabled", "isdisabled", "schulerstatus", "statut", "estadoalumno",
        "الحاله", "الحالة", "memberstatus", "membershipstatus", "statusofstudent",
    ],
    loose_headers: &[
        "state", "studentstate", "enrolment", "enrollment", "enrolmentstate", "enrollmentstate", "membership", "type", "studenttype",
        "pupiltype", "learnertype", "typeofstudent", "category", "studentcategory", "pupilcategory", "enrolmenttype", "enrollmenttype",
        "employment", "zustand", "situation", "situacion", "situacao", "estado", "stato", "stan", "toestand", "kategorie", "categorie",
        "categoria", "kategoria", "inschrijving", "inscription", "matricula",
    ],
    words: &[(Meaning::Current, CURRENT), (Meaning::Left, LEFT), (Meaning::Skip, NOT_YET)],
    other_words: &[],
    yes_no: &[
        YesNo {
            headers: &["left", "leaver", "isleaver", "hasleft", "inactive", "isinactive", "withdrawn", "archived", "isarchived"],
            yes: Meaning::Left,
            no: Meaning::Current,
            empty_is_no: true,
        },
        YesNo {
            headers: &["active", "isactive", "current", "iscurrent", "currentstudent", "currentpupil", "onroll", "isonroll", "enrolled", "isenrolled"],
            yes: Meaning::Current,
            no: Meaning::Left,
            empty_is_no: false,
        },
        YesNo {
            headers: &["enabled", "enableduser", "isenabled"],
            yes: Meaning::Current,
            no: Meaning::Skip,
            empty_is_no: false,
        },
        YesNo {
            headers: &[
                "applicant", "isapplicant", "deleted", "isdeleted", "suspended", "issuspended", "disabled", "isdisabled",
            ],
            yes: Meaning::Skip,
            no: Meaning::Current,
            empty_is_no: true,
        },
    ],
    // PowerSchool: Students.Enroll_Status.
    codes: &[(
        "enrollstatus",
        &[
            ("0", Meaning::Current),
            ("-1", Meaning::Skip),
            ("1", Meaning::Left),
            ("2", Meaning::Left),
            ("3", Meaning::Left),
            ("4", Meaning::Skip),
        ],
    )],
    is_private: false,
};

#[rustfmt::skip]
const ROLE_HEADERS: &[&str] = &[
    "role", "roles", "userrole", "userroles", "usertype", "typeofuser", "accounttype", "persontype", "membertype", "primaryrole", "roletype",
    "rolle", "rollen", "benutzertyp", "benutzerrolle", "personentyp", "profil", "typeutilisateur", "tipo", "tipodeusuario", "rol",
    "gebruikerstype", "rola", "typuzytkownika", "الدور",
];
#[rustfmt::skip]
const LOOSE_ROLE_HEADERS: &[&str] = &[
    "type", "category", "position", "stafforstudent", "studentorstaff", "staffstudent", "studentstaff", "pupilorstaff", "stafforpupil",
    "staffpupil", "pupilstaff", "studentorteacher", "teacherorstudent", "studentteacher", "teacherstudent", "pupilorteacher",
    "person", "member", "membership", "kind", "kindofperson", "persontype", "typeofperson", "occupation", "designation", "function", "group",
    "affiliation", "primaryaffiliation", "jobtitle", "job", "title", "usercategory", "userkind", "typ", "art", "funktion", "kategorie",
    "typedepersonne", "fonction", "categorie", "funcion", "cargo", "categoria", "funzione", "soort", "functie", "kategoria", "funkcja",
    "stanowisko", "student", "pupil", "learner",
];
#[rustfmt::skip]
const STUDENTS: &[&str] = &[
    "student", "students", "pupil", "pupils", "learner", "learners", "child", "schuler", "schuelerin", "schulerin", "schueler", "eleve",
    "eleves", "etudiant", "etudiante", "alumno", "alumna", "alumnos", "estudiante", "leerling", "leerlingen", "uczen", "uczennica",
    "طالب", "طالبه", "طالبة", "تلميذ",
];
#[rustfmt::skip]
const STAFF: &[&str] = &[
    "teacher", "teachers", "staff", "tutor", "aide", "principal", "headteacher", "counselor", "counsellor", "proctor", "faculty",
    "teachingassistant", "ta", "supportstaff", "siteadministrator", "districtadministrator", "lehrer", "lehrerin", "lehrkraft",
    "professeur", "enseignant", "enseignante", "personnel", "docente", "profesor", "profesora", "maestro", "maestra", "docent",
    "leraar", "medewerker", "nauczyciel", "nauczycielka", "معلم", "معلمه", "معلمة", "مدرس",
];
#[rustfmt::skip]
const OTHER_PEOPLE: &[&str] = &[
    "parent", "parents", "guardian", "guardians", "carer", "mother", "father", "relative", "contact", "governor", "governors", "visitor",
    "guest", "applicant", "alumni", "alumnus", "eltern", "mutter", "vater", "padre", "madre", "pere", "mere", "ouder", "rodzic", "ولي",
];
/// Words for what someone may do, rather than who they are.
#[rustfmt::skip]
const RIGHTS: &[&str] =
    &["admin", "administrator", "administrators", "superuser", "manager", "systemadministrator", "employee", "user", "owner", "editor", "viewer"];

const STUDENT_ROLE: Deciding = Deciding {
    headers: ROLE_HEADERS,
    loose_headers: LOOSE_ROLE_HEADERS,
    words: &[(Meaning::Current, STUDENTS), (Meaning::Skip, STAFF), (Meaning::Skip, OTHER_PEOPLE)],
    other_words: &[(Meaning::Skip, RIGHTS), (Meaning::Left, LEFT)],
    yes_no: &[],
    codes: &[],
    is_private: true,
};

/// In a list of staff, roles say what people may do unless it also has students or parents.
const STAFF_ROLE: Deciding = Deciding {
    headers: ROLE_HEADERS,
    loose_headers: LOOSE_ROLE_HEADERS,
    words: &[(Meaning::Skip, STUDENTS), (Meaning::Skip, OTHER_PEOPLE)],
    other_words: &[(Meaning::Current, STAFF), (Meaning::Current, RIGHTS), (Meaning::Left, LEFT)],
    yes_no: &[],
    codes: &[],
    is_private: true,
};

/// Browsers never read values.
const fn on_servers(deciding: &'static Deciding) -> &'static Deciding {
    if cfg!(target_arch = "wasm32") { &Deciding::NONE } else { deciding }
}

pub(super) const ON_ROLL: &Deciding = on_servers(&STATUS);
pub(super) const WHO_STUDENTS: &Deciding = on_servers(&STUDENT_ROLE);
pub(super) const WHO_STAFF: &Deciding = on_servers(&STAFF_ROLE);
