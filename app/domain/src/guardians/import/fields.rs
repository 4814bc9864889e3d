//! The fields of files about guardians, with the names that other systems use for them.
//!
//! What is said of an adult is a group of columns, so that one row can have several adults. The first group has the
//! names; the others are told by their number, or by "Mother" and "Father".

use super::lists::GONE;
use crate::imports::kind::ImportField;
use crate::imports::names::{Fits, HeaderNames};
use crate::roll::import::people;

/// A field of the first group.
const fn of_adult(field: ImportField) -> ImportField {
    ImportField { group: 1, stands_for: None, plain_words: &[], ..field }
}

const fn text(slug: &'static str, label: &'static str, example: &'static str) -> ImportField {
    of_adult(ImportField::text(slug, label, example, &[]))
}

/// The number of the child, or of several in one cell.
#[rustfmt::skip]
pub const CHILD: ImportField = ImportField { fits: Fits::Codes, ..ImportField::text("child_number", "Student\u{2019}s number", "004512", &[]) }.known_as(HeaderNames {
    strong: &[
        "studentnumber", "childnumber", "studentid", "studentno", "studentnum", "studentkey", "studentlegacyid", "studentidentifier", "studentidentifiers",
        "studentids", "studentsisid", "studentlocalid", "studentadmissionnumber", "studentadmissionno", "admissioncode", "eleid", "pupilid", "pupilno", "pupilnumber", "pupilkey", "pupilupn",
        "studentupn", "learnerid", "learnernumber", "childid", "childno", "childkey", "childrenids", "admissionnumber", "admissionno", "admno", "admnumber", "upn",
        "localid", "familychild", "tuteeidnumber", "tutee", "schulernummer", "schulernr", "schulerid", "numeroalumno", "idalumno", "matricula",
        "numereleve", "numeroeleve", "ideleve", "iducznia", "numerucznia", "nrucznia", "leerlingnummer", "usersourcedid",
    ],
    usual: &["student", "students", "pupil", "pupils", "child", "children", "learner", "admission", "sisidofthestudent", "adm"],
    weak: &["id", "studentcode", "ssid", "perm", "permno"],
    maybe: &["sisid", "sourcedid", "number", "no", "studentrollno", "rollno", "rollnumber"],
});
/// The email address of the child.
pub const CHILD_EMAIL: ImportField = optional(ImportField::text(
    "child_email",
    "Student\u{2019}s email",
    "",
    &["studentemail", "childemail", "pupilemail", "studentemailaddress", "learneremail"],
));
/// The child's given name.
#[rustfmt::skip]
pub const CHILD_GIVEN: ImportField = optional(ImportField::text("child_given_name", "Student\u{2019}s given name", "", &[
    "studentgivenname", "childgivenname", "studentforename", "studentfirstname", "childforename", "childfirstname", "pupilforename", "pupilfirstname",
    "learnerforename", "learnerfirstname", "studentlegalforename", "prenomenfant", "prenomeleve", "prenomdelenfant", "prenomdeleleve",
    "vornameschuler", "vornamekind", "schulervorname", "vornamedesschulers", "nombrealumno", "nombredelalumno", "imieucznia", "imiedziecka",
]));
/// The child's family name.
#[rustfmt::skip]
pub const CHILD_FAMILY: ImportField = optional(ImportField::text("child_family_name", "Student\u{2019}s family name", "", &[
    "studentfamilyname", "childfamilyname", "studentsurname", "studentlastname", "childsurname", "childlastname", "pupilsurname", "pupillastname",
    "learnersurname", "learnerlastname", "studentlegalsurname", "nomenfant", "nomeleve", "nomdelenfant", "nomdeleleve", "nachnameschuler",
    "nachnamekind", "schulernachname", "nachnamedesschulers", "apellidosalumno", "apellidosdelalumno", "nazwiskoucznia", "nazwiskodziecka",
]));
/// The child's whole name.
pub const CHILD_NAME: ImportField = optional(ImportField::text(
    "child_name",
    "Student\u{2019}s full name",
    "",
    &[
        "studentfullname",
        "childname",
        "studentname",
        "pupilname",
        "learnername",
        "childsname",
        "studentsname",
    ],
));
/// The child's date of birth.
#[rustfmt::skip]
pub const CHILD_BORN: ImportField = optional(ImportField {
    fits: Fits::Dates,
    ..ImportField::dates("child_date_of_birth", "Student\u{2019}s date of birth", "2012-04-03", &[
        "studentdateofbirth", "childdateofbirth", "studentdob", "childdob", "pupildob", "pupildateofbirth", "dob", "dateofbirth", "birthdate",
        "geburtsdatum", "fechadenacimiento", "datadeurodzenia", "dataurodzenia", "datedenaissance",
    ])
});
/// What another system calls the adult.
#[rustfmt::skip]
pub const KEY: ImportField = text("adult_key", "Adult\u{2019}s key", "P-2041").known_as(HeaderNames {
    strong: &[
        "adultkey", "guardianid", "guardianno", "guardiannumber", "guardianlegacyid", "guardiankey", "guardiansisid", "parentid", "parentno", "parentnumber",
        "parentlegacyid", "parentkey", "contactid", "contactno", "contactnumber", "contactkey", "contactsisid", "contactidentifier", "carerid", "adultid",
        "relativeid", "personcontactid", "observerid", "tutoridnumber", "familyadult", "familymember", "relationshipusersourcedid", "persid",
    ],
    ..HeaderNames::NONE
});
/// What the adult is to the child, in any language.
#[rustfmt::skip]
pub const RELATIONSHIP: ImportField = text("relationship", "Relationship", "Mother").known_as(HeaderNames {
    strong: &[
        "relationship", "relationshiptype", "relationshiptopupil", "relationshiptostudent", "relationshiptochild", "relationtostudent", "relationtochild",
        "contactrelationship", "relationshiprole", "guardianrelationship", "parentrelationship", "verwandtschaft", "beziehung", "parentesco", "pokrewienstwo",
        "lienparente", "verwantschap", "erzieherart", "ruolodeltutore", "ruolotutore", "gradodiparentela", "parentela",
    ],
    usual: &["relation", "relationtype", "relacion", "relacja", "contacttype", "guardiantype"],
    weak: &[],
    maybe: &[],
});
/// Mr, Dr.
pub const TITLE: ImportField = text("title", "Title", "Dr").known_as(HeaderNames {
    strong: &["title", "anrede", "salutation", "tratamiento", "tytul", "honorific"],
    ..HeaderNames::NONE
});
/// Given name.
pub const GIVEN: ImportField = of_adult(people::GIVEN_NAME);
/// Middle names.
pub const MIDDLE: ImportField = optional(of_adult(people::MIDDLE_NAME));
/// Family name.
pub const FAMILY: ImportField = of_adult(people::FAMILY_NAME);
/// The whole name.
pub const FULL_NAME: ImportField = of_adult(people::FULL_NAME);
/// The whole name with the family name first.
pub const FAMILY_FIRST: ImportField =
    ImportField { in_template: false, ..of_adult(people::FAMILY_NAME_FIRST) };
/// Email address.
pub const EMAIL: ImportField = of_adult(people::EMAIL).also(&[
    "homeemail",
    "emailhome",
    "privateemail",
    "personalemail",
    "emailaddress1",
]);
/// Mobile number.
#[rustfmt::skip]
pub const MOBILE: ImportField = text("mobile", "Mobile", "+44 7700 900118").known_as(HeaderNames {
    strong: &[
        "mobile", "mobilenumber", "mobilephone", "mobilephonenumber", "mobileno", "cell", "cellphone", "cellphonenumber", "cellnumber", "cellno", "sms", "handy", "handynummer", "mobil",
        "mobilnummer", "mobiltelefon", "movil", "celular", "telefonomovil", "portable", "gsm", "telefonkomorkowy", "komorka", "telport", "telephoneportable", "mobiel", "cellulare", "telemovel",
        "الجوال", "رقمالجوال",
    ],
    ..HeaderNames::NONE
});
/// Another phone number, which is used if there is no mobile number.
#[rustfmt::skip]
pub const PHONE: ImportField = text("phone", "Phone", "").known_as(HeaderNames {
    strong: &[
        "phone", "phonenumber", "phoneno", "telephone", "telephonenumber", "tel", "telno", "maintelephone", "contacttelephone",
        "primaryphone", "mainphone", "phonenumberasentered", "dayphone", "telefon", "telefonnummer", "telefono", "numerodetelefono", "telefone", "telefoon", "numertelefonu",
        "الهاتف", "رقمالهاتف",
    ],
    ..HeaderNames::NONE
});
/// An email address at work, beside the usual one.
pub const WORK_EMAIL: ImportField = optional(text("work_email", "Work email", "").known_as(HeaderNames {
    strong: &["workemail", "emailwork", "businessemail", "officeemail"],
    ..HeaderNames::NONE
}));
/// An email address beside the usual one, of which the file does not say what it is.
pub const OTHER_EMAIL: ImportField =
    optional(text("other_email", "Another email", "").known_as(HeaderNames {
        strong: &[
            "emailaddress2",
            "secondaryemail",
            "alternateemail",
            "alternativeemail",
            "otheremail",
            "anotheremail",
            "contacthomeemail",
        ],
        ..HeaderNames::NONE
    }));
/// A phone number beside the usual ones, of which the file does not say what it is.
pub const OTHER_PHONE: ImportField =
    optional(text("other_phone", "Another phone", "").known_as(HeaderNames {
        strong: &["secondaryphone", "alternatephone", "alternativephone", "otherphone", "anotherphone"],
        ..HeaderNames::NONE
    }));
/// A phone number at home.
pub const HOME_PHONE: ImportField = optional(text("home_phone", "Home phone", "").known_as(HeaderNames {
    strong: &[
        "homephone",
        "hometelephone",
        "phonehome",
        "homephonenumber",
        "homenumber",
        "telephonehome",
        "hometel",
        "telefonprivat",
        "festnetz",
        "landline",
        "telpers",
        "telephonepersonnel",
    ],
    ..HeaderNames::NONE
}));
/// A phone number at work.
pub const WORK_PHONE: ImportField = optional(text("work_phone", "Work phone", "").known_as(HeaderNames {
    strong: &[
        "workphone",
        "worktelephone",
        "phonework",
        "workphonenumber",
        "worknumber",
        "telephonework",
        "worktel",
        "businessphone",
        "officephone",
        "telefondienstlich",
        "telefongeschaftlich",
        "telprof",
        "telephoneprofessionnel",
    ],
    ..HeaderNames::NONE
}));
/// Language of messages.
pub const LANGUAGE: ImportField = of_adult(people::LANGUAGE);
/// Whom to call first.
#[rustfmt::skip]
pub const PRIORITY: ImportField = text("priority", "Priority", "1").known_as(HeaderNames {
    strong: &["priority", "contactpriority", "contactpriorityorder", "ordinamento", "contactorder", "callorder", "priorityorder", "prioritat", "prioridad", "priorytet", "priorite", "prioriteit"],
    ..HeaderNames::NONE
});
/// Whether they have parental responsibility.
#[rustfmt::skip]
pub const RESPONSIBILITY: ImportField = text("parental_responsibility", "Parental responsibility", "Yes").known_as(HeaderNames {
    strong: &[
        "parentalresponsibility", "haspr", "pr", "hasparentalresponsibility", "legalresponsibility", "custody", "hascustody", "legalguardian", "sorgerecht",
        "sorgeberechtigt", "patriapotestad", "wladzarodzicielska", "autoriteparentale",
    ],
    ..HeaderNames::NONE
});
/// Whether the child lives with them.
#[rustfmt::skip]
pub const LIVES_WITH: ImportField = text("lives_with", "Lives with", "Yes").known_as(HeaderNames {
    strong: &[
        "liveswith", "liveswithpupil", "liveswithstudent", "liveswithchild", "resideswith", "pupilliveswith", "studentliveswith", "samehousehold", "wohntbei",
        "viveconelalumno", "mieszkaz",
    ],
    ..HeaderNames::NONE
});
/// Whether they are called when something happens.
#[rustfmt::skip]
pub const EMERGENCY: ImportField = text("emergency", "Emergency contact", "Yes").known_as(HeaderNames {
    strong: &["emergency", "emergencycontact", "isemergencycontact", "callinemergency", "notfallkontakt", "contactodeemergencia", "kontaktalarmowy"],
    ..HeaderNames::NONE
});
/// Whether they may collect the child.
#[rustfmt::skip]
pub const PICKUP: ImportField = text("pickup", "May pick up", "Yes").known_as(HeaderNames {
    strong: &["pickup", "schoolpickup", "maypickup", "maycollectthechild", "maycollect", "cancollect", "pickuprights", "pickupallowed", "abholberechtigt", "puederecoger"],
    ..HeaderNames::NONE
});
/// Whether they pay invoices.
#[rustfmt::skip]
pub const PAYER: ImportField = text("payer", "Pays invoices", "No").known_as(HeaderNames {
    strong: &["payer", "paysinvoices", "invoicepayer", "billpayer", "billing", "feepayer", "rechnungsempfanger", "pagador", "platnik"],
    ..HeaderNames::NONE
});
/// Whether the other system gives them access. No is taken over; yes opens nothing.
#[rustfmt::skip]
pub const ACCESS: ImportField = text("access", "May have access", "Yes").known_as(HeaderNames {
    strong: &["mayhaveaccess", "access", "hasaccess", "childdataaccess", "portalaccess", "hasportalaccess", "allowportal"],
    ..HeaderNames::NONE
});
/// The whole postal address.
#[rustfmt::skip]
pub const ADDRESS: ImportField = text("postal_address", "Address", "12 Mill Lane, Ashby").known_as(HeaderNames {
    strong: &[
        "address", "homeaddress", "postaladdress", "mailingaddress", "fulladdress", "adresse", "anschrift", "direccion", "domicilio", "adres", "indirizzo",
        "endereco", "العنوان",
    ],
    ..HeaderNames::NONE
});
/// The name of the house.
pub const HOUSE_NAME: ImportField = optional(
    text("house_name", "House name", "")
        .known_as(HeaderNames { strong: &["housename"], ..HeaderNames::NONE }),
);
/// The number of the house, which stands before the street.
pub const HOUSE_NUMBER: ImportField =
    optional(text("house_number", "House number", "").known_as(HeaderNames {
        strong: &["housenumber", "houseno", "hausnummer", "huisnummer"],
        ..HeaderNames::NONE
    }));
/// The first line of the address.
#[rustfmt::skip]
pub const LINE_1: ImportField = optional(text("address_line_1", "Address line 1", "").known_as(HeaderNames {
    strong: &["addressline1", "address1", "street", "streetaddress", "strasse", "calle", "ulica", "rue"],
    ..HeaderNames::NONE
}));
/// The second line.
pub const LINE_2: ImportField = optional(
    text("address_line_2", "Address line 2", "")
        .known_as(HeaderNames { strong: &["addressline2", "address2"], ..HeaderNames::NONE }),
);
/// The third line.
pub const LINE_3: ImportField =
    optional(text("address_line_3", "Address line 3", "").known_as(HeaderNames {
        strong: &["addressline3", "address3", "locality", "district"],
        ..HeaderNames::NONE
    }));
/// The town.
pub const TOWN: ImportField = optional(text("town", "Town", "").known_as(HeaderNames {
    strong: &["town", "city", "addresstown", "ort", "stadt", "ciudad", "localidad", "miasto", "ville"],
    ..HeaderNames::NONE
}));
/// The postcode.
#[rustfmt::skip]
pub const POSTCODE: ImportField = text("postcode", "Postcode", "LE65 1AB").known_as(HeaderNames {
    strong: &["postcode", "postalcode", "zip", "zipcode", "plz", "postleitzahl", "codigopostal", "kodpocztowy", "codepostal"],
    ..HeaderNames::NONE
});
/// The first day of the relationship.
pub const START: ImportField = ImportField {
    fits: Fits::Dates,
    in_template: false,
    ..of_adult(ImportField::dates(
        "start_date",
        "Start date",
        "2026-09-01",
        &["startdate", "startson", "relationshipstart", "validfrom"],
    ))
};
/// The last day of the relationship.
pub const END: ImportField = ImportField {
    fits: Fits::Dates,
    in_template: false,
    ..of_adult(ImportField::dates(
        "end_date",
        "End date",
        "2027-07-31",
        &["enddate", "endson", "relationshipend", "validto", "validuntil"],
    ))
};

pub(super) const fn optional(field: ImportField) -> ImportField {
    ImportField { in_template: false, ..field }
}

/// Parts of names that suggest a field if the whole name is not a usual one.
#[rustfmt::skip]
pub const HINTS: &[(&str, &str)] = &[
    ("email", EMAIL.slug), ("courriel", EMAIL.slug), ("correo", EMAIL.slug), ("mobile", MOBILE.slug), ("phone", PHONE.slug),
    ("studentid", CHILD.slug), ("pupilid", CHILD.slug), ("admission", CHILD.slug), ("relation", RELATIONSHIP.slug), ("forename", GIVEN.slug),
    ("firstname", GIVEN.slug), ("surname", FAMILY.slug), ("lastname", FAMILY.slug), ("liveswith", LIVES_WITH.slug),
    ("responsibility", RESPONSIBILITY.slug), ("language", LANGUAGE.slug), ("postcode", POSTCODE.slug),
];

/// Words that show that a column only looks like a field.
pub const NOT_ABOUT: &[&[&str]] =
    &[&["student", "pupil", "child", "staff", "teacher", "school", "tutorgroup", "doctor", "type"]];

/// The fields of a row and of its first adult.
pub(super) const BASE: [ImportField; 43] = [
    CHILD,
    KEY,
    RELATIONSHIP,
    TITLE,
    GIVEN,
    MIDDLE,
    FAMILY,
    FULL_NAME,
    FAMILY_FIRST,
    WORK_EMAIL,
    EMAIL,
    OTHER_EMAIL,
    MOBILE,
    PHONE,
    HOME_PHONE,
    WORK_PHONE,
    OTHER_PHONE,
    LANGUAGE,
    PRIORITY,
    RESPONSIBILITY,
    LIVES_WITH,
    EMERGENCY,
    PICKUP,
    PAYER,
    ACCESS,
    ADDRESS,
    HOUSE_NAME,
    HOUSE_NUMBER,
    LINE_1,
    LINE_2,
    LINE_3,
    TOWN,
    POSTCODE,
    START,
    END,
    CHILD_EMAIL,
    CHILD_GIVEN,
    CHILD_FAMILY,
    CHILD_NAME,
    CHILD_BORN,
    people::STATUS,
    people::ALSO_STATUS,
    GONE,
];
