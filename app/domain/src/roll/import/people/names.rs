//! The names of a person's fields: in English, in the systems that schools use, and in German, French,
//! Spanish, Italian, Portuguese, Dutch, Polish and Arabic.

use crate::imports::kind::HeaderPair;
use crate::imports::names::HeaderNames;

#[rustfmt::skip]
pub(crate) const GIVEN_NAME: HeaderNames = HeaderNames {
    strong: &[
        "givenname", "givennames", "firstname", "firstnames", "forename", "forenames",
        "vorname", "vornamen", "prenom", "prenoms", "premierprenom", "nombres", "primernombre", "nombredepila",
        "primeironome", "nomeproprio", "nomedibattesimo",
        "voornaam", "voornamen", "imie", "imiona", "pierwszeimie", "الاسمالاول", "الاسمالشخصي",
    ],
    usual: &["namefirst", "legalforename", "legalfirstname", "legalgivenname", "legalgivennames", "officialfirstname", "christianname"],
    weak: &["given", "first", "firstmiddle", "firstandmiddle", "firstmiddlename", "firstandmiddlename"],
    maybe: &["fname", "gname"],
};
#[rustfmt::skip]
pub(super) const MIDDLE_NAME: HeaderNames = HeaderNames {
    strong: &[
        "middlename", "middlenames", "secondname", "secondnames", "othernames",
        "zweitername", "weiterevornamen", "deuxiemeprenom", "autresprenoms", "segundonombre", "drugieimie",
        "اسمالاوسط", "الاسمالاوسط",
    ],
    usual: &["legalmiddlename", "legalmiddlenames"],
    weak: &["middle"],
    maybe: &["mname"],
};
#[rustfmt::skip]
pub(crate) const FAMILY_NAME: HeaderNames = HeaderNames {
    strong: &[
        "familyname", "surname", "lastname", "surnames", "lastnames", "familynames",
        "nachname", "familienname", "zuname", "nomdefamille", "nomfamille", "nomusage", "nomdusage",
        "cognome", "cognomi", "sobrenome", "sobrenomes", "apelido", "apelidos",
        "apellido", "apellidos", "achternaam", "familienaam", "nazwisko",
        "اسمالعايله", "اسمالعايلة", "الاسمالعايلي", "اللقب", "النسب",
    ],
    usual: &[
        "namelast", "legalsurname", "legallastname", "legalfamilyname", "sname",
        "primerapellido", "apellido1", "1apellido", "apellidopaterno",
    ],
    weak: &["family", "last"],
    maybe: &["lname"],
};
pub(super) const NAME_PREFIX: HeaderNames = HeaderNames {
    strong: &[
        "familynameprefix",
        "tussenvoegsel",
        "tussenvoegsels",
        "voorvoegsel",
        "voorvoegsels",
        "tussenv",
        "tussenvgsl",
        "tvg",
        "voorv",
        "namensvorsatz",
        "namensprafix",
    ],
    ..HeaderNames::NONE
};
pub(super) const SECOND_FAMILY_NAME: HeaderNames = HeaderNames {
    strong: &["secondfamilyname", "segundoapellido", "apellido2", "2apellido", "apellidomaterno"],
    ..HeaderNames::NONE
};
#[rustfmt::skip]
pub(super) const PREFERRED_NAME: HeaderNames = HeaderNames {
    strong: &[
        "preferredname", "preferredfirstname", "preferredforename", "preferredgivenname", "preferredfirst",
        "knownas", "chosenname", "chosenforename", "chosenfirstname", "nickname", "callname", "callingname", "goesby",
        "usualname", "usedname",
        "rufname", "prenomusuel", "prenomdusage", "roepnaam", "nombrepreferido",
    ],
    usual: &[],
    weak: &["preferred", "known"],
    maybe: &[],
};
#[rustfmt::skip]
pub(crate) const FULL_NAME: HeaderNames = HeaderNames {
    strong: &[
        "fullname", "displayname", "legalname", "fullnames", "completename", "legalfullname",
        "vollstandigername", "vollername", "anzeigename", "nomcomplet", "prenomnom", "prenometnom", "nombrecompleto",
        "nomecompleto", "nomecognome", "nomeecognome", "nominativo",
        "nombreyapellidos", "nombreapellidos", "volledigenaam", "imieinazwisko", "pelneimie",
        "الاسمالكامل", "الاسمبالكامل", "اسمالطالبالكامل",
    ],
    usual: &["اسمالطالب", "اسمالتلميذ"],
    // Beside the family name each of them is the given name, and beside the given name the family name.
    weak: &["name", "names", "nom", "nombre", "nome", "naam", "nazwa", "الاسم"],
    maybe: &[],
};
#[rustfmt::skip]
pub(crate) const FAMILY_NAME_FIRST: HeaderNames = HeaderNames {
    strong: &[
        "familynamefirst", "fullnamefamilynamefirst", "sortablename", "sortname", "listname", "lastfirst", "lastfirstmiddle", "surnameforename", "surnamefirstname", "lastnamefirstname", "nachnamevorname", "namevorname", "nomprenom", "nometprenom", "nomprenoms",
        "nometprenoms", "cognomenome", "cognomeenome", "namelastnamefirstname", "namelastnamefirstnamemiddlename", "namelastfirst",
        "namelastfirstmiddle", "apellidosynombre", "apellidosynombres", "apellidosnombre", "naamvoornaam",
    ],
    usual: &[],
    weak: &[],
    maybe: &[],
};
#[rustfmt::skip]
pub(super) const DATE_OF_BIRTH: HeaderNames = HeaderNames {
    strong: &[
        "dateofbirth", "dob", "birthdate", "birthday", "bornon", "birthdt",
        "geburtsdatum", "geburtstag", "gebdatum", "gebdat", "gebam", "geborenam",
        "datedenaissance", "datenaissance", "naissance", "neele", "nele",
        "datadinascita", "datanascita", "natoil", "datadenascimento", "datanascimento",
        "fechadenacimiento", "fechanacimiento", "fechanac", "fnacimiento",
        "geboortedatum", "dataurodzenia", "تاريخالميلاد", "تاريخالولاده", "تاريخالولادة", "تاريخالازدياد",
    ],
    usual: &["born", "geboren", "geb", "geboortedag"],
    weak: &[],
    maybe: &[],
};
#[rustfmt::skip]
pub(super) const LANGUAGE: HeaderNames = HeaderNames {
    strong: &[
        "preferredlanguage", "messagelanguage", "contactlanguage", "correspondencelanguage", "languagecode",
        "korrespondenzsprache", "languecorrespondance",
    ],
    usual: &["language", "lang", "locale", "sprache", "langue", "idioma", "taal", "jezyk", "اللغه", "اللغة"],
    weak: &[],
    maybe: &["homelanguage", "firstlanguage", "languageathome", "muttersprache", "languematernelle", "thuistaal"],
};
/// Names of an email address at work, for lists in which it is the usual one.
pub const WORK_EMAIL: &[&str] = &["workemail", "emailwork"];
#[rustfmt::skip]
pub(crate) const EMAIL: HeaderNames = HeaderNames {
    strong: &[],
    usual: &[
        "email", "emailaddress", "emails", "mail", "mailaddress", "schoolemail", "schoolemailaddress", "primaryemail",
        "mainemail", "emailschool", "eaddress", "emailid",
        "emailadresse", "mailadresse", "schulemail", "schulmail", "courriel", "adressemail", "adresseemail",
        "indirizzoemail", "postaelettronica", "emailistituzionale", "correioeletronico", "enderecodeemail",
        "adressecourriel", "adresseelectronique", "mel", "correo", "correoelectronico", "direcciondecorreo",
        "emailadres", "mailadres", "schoolmail", "adresemail", "adrespocztyelektronicznej",
        "البريدالالكتروني", "الايميل", "بريدالكتروني",
    ],
    weak: &[],
    maybe: &[],
};
/// Names of the login of another system.
#[rustfmt::skip]
pub(crate) const USERNAME: HeaderNames = HeaderNames {
    strong: &[
        "logon", "login", "logonid", "loginid", "loginname", "logonname", "username", "guardianapplicationuser", "userid", "benutzername",
        "anmeldename", "nomutilisateur", "nombredeusuario", "usuario", "gebruikersnaam", "nazwauzytkownika", "loginintheothersystem",
    ],
    ..HeaderNames::NONE
};
#[rustfmt::skip]
pub(super) const PHONE: HeaderNames = HeaderNames {
    strong: &[
        "mobile", "mobilenumber", "mobilephone", "mobileno", "cell", "cellphone", "cellnumber", "cellno", "sms",
        "cellulare", "numerodicellulare", "telemovel", "telefonecelular",
        "handy", "handynummer", "mobil", "mobiltelefon", "mobilnummer", "portable", "telephoneportable", "telportable",
        "movil", "celular", "telefonomovil", "mobiel", "mobieletelefoon", "gsm", "telefonkomorkowy", "komorka",
        "الجوال", "رقمالجوال", "المحمول", "رقمالموبايل",
    ],
    usual: &[
        "phone", "phonenumber", "phoneno", "telephone", "telephonenumber", "tel", "telno", "primaryphone",
        "telefone", "numerodetelefone", "numeroditelefono",
        "telefon", "telefonnummer", "numerodetelephone", "telefono", "numerodetelefono",
        "telefoon", "telefoonnummer", "numertelefonu", "nrtelefonu", "الهاتف", "رقمالهاتف",
    ],
    weak: &[],
    maybe: &[],
};

/// Words beside "email" or "phone" that don't say that it is someone else's.
#[rustfmt::skip]
pub(super) const PLAIN_FOR_ADDRESSES: &[&str] = &[
    "email", "e", "mail", "emails", "address", "addresses", "addr", "id", "courriel", "correo", "electronico", "electronique", "adresse",
    "adres", "direccion", "indirizzo", "endereco", "posta", "elettronica", "mobile", "phone", "telephone", "telefon", "telefono", "telefone", "telefoon",
    "tel", "cell", "sms", "number", "num", "no", "nr", "nummer", "numero", "numer", "smart", "komorkowy",
    "of", "the", "de", "del", "dell", "della", "des", "du", "der", "van", "di", "do", "da", "l", "d", "for", "and", "or",
    "school", "schule", "schul", "ecole", "scolaire", "escuela", "escolar", "scuola", "scolastica", "scolastico", "escola", "szkolny",
    "szkoly", "college", "academy", "uni", "university", "institution", "institutional", "academic", "official", "organisation", "organization",
    "work", "business", "personal", "private", "privat", "prive", "own", "individual", "primary", "main", "default",
    "preferred", "current", "new", "user", "login", "signin", "signon", "account", "google", "gmail", "workspace", "gsuite", "microsoft",
    "ms", "office365", "o365", "m365", "outlook", "teams", "apple", "icloud", "managed", "internal", "external", "direct", "unique", "full", "required", "optional",
];

/// Short names, which mean a part of a name only beside each other.
#[rustfmt::skip]
pub const PAIRS: &[HeaderPair] = &[
    [("fname", "given_name"), ("lname", "family_name")],
    [("gname", "given_name"), ("sname", "family_name")],
    [("fname", "given_name"), ("sname", "family_name")],
    [("fname", "given_name"), ("surname", "family_name")],
    [("fname", "given_name"), ("lastname", "family_name")],
    [("givenname", "given_name"), ("sn", "family_name")],
    [("tv", "family_name_prefix"), ("achternaam", "family_name")],
    [("tv", "family_name_prefix"), ("voornaam", "given_name")],
];

/// Words that show that a column is about someone else, such as a parent, a teacher or a payer, or is about
/// a detail without holding it. They are searched in headers of all six languages.
#[rustfmt::skip]
pub const OTHERS: &[&str] = &[
    // Family and people to call.
    "parent", "guardian", "mother", "father", "mum", "mums", "mom", "moms", "mam", "mummy", "dad", "dads", "daddy", "carer",
    "caregiver", "stepmother", "grandparent", "grandmother", "grandfather", "aunt", "uncle", "sibling", "brother", "sister",
    "spouse", "husband", "wife", "partner", "nok", "kin", "nextofkin", "contact", "contacts", "emergency", "household", "payer",
    "payor", "billing", "invoice", "landlord", "host", "agent", "sponsor", "employer", "relative", "relation", "family1", "family2",
    "familyemail", "familymail", "familyphone", "familymobile", "familytel", "p1", "p2", "g1", "g2", "pg1", "pg2",
    "grandma", "grandmom", "granny", "grannie", "grandad", "granddad", "grandpa", "nan", "nana", "nanna", "nanny", "childminder", "aupair",
    "oma", "opa", "tante", "onkel", "oncle", "geschwister", "mamie", "papi", "papy", "grandmere", "grandpere", "abuela", "abuelo", "tia", "tio",
    "hermano", "hermana", "hermanos", "mama", "papa", "nonna", "nonno", "zia", "zio", "fratello", "sorella", "irmao", "irma",
    "frere", "soeur", "broer", "zus", "babcia", "babci", "dziadek", "dziadka", "ciocia", "wujek", "siostra",
    "famille", "famiglia", "rodzina", "rodziny",
    "mutter", "vater", "eltern", "erziehungsberechtigt", "sorgeberechtigt", "notfall", "ansprechpartner", "zahler",
    "mere", "pere", "responsable", "tuteur", "tutrice", "representant", "urgence", "payeur",
    "genitore", "genitori", "tutore", "affidatario", "encarregado", "mae", "pai",
    "madre", "padre", "apoderado", "acudiente", "representante", "emergencia", "pagador",
    "moeder", "vader", "ouder", "verzorger", "noodcontact", "betaler",
    "matka", "matki", "ojciec", "ojca", "rodzic", "opiekun", "platnik",
    "ولي", "الام", "الاب", "والد", "الطوارئ", "الطواري",
    // People who work with them.
    "teacher", "tutor", "head", "headteacher", "principal", "counselor", "counsellor", "advisor", "adviser", "mentor", "coach",
    "senco", "senda", "hoy", "hod", "hoh", "hoys", "dsl", "slt", "housemaster", "housemistress", "houseparent", "boardinghouse", "matron", "registrar",
    "bursar", "warden", "chaplain", "secretary", "proctor", "pastoral", "safeguarding", "caseworker",
    "jahrgangsleitung", "schulleitung", "sekretariat", "secretariat", "secretaria", "directeur", "directrice", "dyrektor",
    "sekretariaat", "schoolleider", "preside", "segreteria", "keyworker", "supervisor", "manager", "social", "doctor", "gp", "nurse", "dentist", "therapist", "worker",
    "lehrer", "lehrkraft", "klassenleitung", "professeur", "enseignant", "profesor", "docent", "leerkracht",
    "wychowawca", "nauczyciel", "المعلم", "المرشد",
    // About a detail.
    "consent", "optin", "optout", "opted", "permission", "permitted", "allow", "verified", "valid", "validated", "confirmed", "bounced",
    "type", "kind", "status", "flag", "count", "format", "domain", "signature", "template", "sent", "received",
    "place", "country", "city", "town", "certificate", "nationality", "initial", "initials", "phonetic", "pronunciation",
    "former", "previous", "maiden", "birthname", "geburtsname", "modified", "created", "updated", "changed", "time", "enabled",
    "preferredsurname", "preferredlastname", "preferredfamilyname", "einwilligung", "consentement", "consentimiento", "toestemming", "zgoda",
    "state", "national",
];
