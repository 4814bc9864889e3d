//! The fields of a person, and their names in other systems.

use crate::imports::kind::{FieldRequirement, ImportField};

/// Given name.
pub const GIVEN_NAME: ImportField = ImportField::text(
    "given_name",
    "Given name",
    "Adaeze",
    &[
        "givenname",
        "givennames",
        "given",
        "firstname",
        "first",
        "firstnames",
        "forename",
        "forenames",
        "legalforename",
        "legalfirstname",
        "legalgivenname",
        "fname",
    ],
);
/// Middle names.
pub const MIDDLE_NAME: ImportField = ImportField::text(
    "middle_name",
    "Middle name",
    "Ngozi",
    &[
        "middlename",
        "middlenames",
        "middle",
        "secondname",
        "secondnames",
        "legalmiddlename",
        "legalmiddlenames",
        "othernames",
    ],
);
/// Family name.
pub const FAMILY_NAME: ImportField = ImportField::text(
    "family_name",
    "Family name",
    "Okoronta",
    &[
        "familyname",
        "family",
        "surname",
        "lastname",
        "last",
        "legalsurname",
        "legallastname",
        "legalfamilyname",
        "lname",
    ],
);
/// The name a person goes by.
pub const PREFERRED_NAME: ImportField = ImportField::text(
    "preferred_name",
    "Preferred name",
    "Ada",
    &[
        "preferredname",
        "preferredfirstname",
        "preferredforename",
        "preferredgivenname",
        "preferred",
        "knownas",
        "chosenname",
        "chosenforename",
        "nickname",
        "callname",
        "goesby",
    ],
);
/// Given and family names in one column: "Okoronta, Adaeze" or "Adaeze Okoronta".
pub const FULL_NAME: ImportField = ImportField {
    parts: &[GIVEN_NAME.slug, FAMILY_NAME.slug],
    ..ImportField::text(
        "full_name",
        "Full name",
        "Okoronta, Adaeze",
        &["fullname", "name", "displayname", "legalname"],
    )
};
/// Date of birth.
pub const DATE_OF_BIRTH: ImportField = ImportField::dates(
    "date_of_birth",
    "Date of birth",
    "2012-04-03",
    &["dateofbirth", "dob", "birthdate", "birthday", "born", "bornon"],
);
/// Language of messages.
pub const LANGUAGE: ImportField = ImportField::text(
    "language",
    "Language",
    "Polish",
    &[
        "language",
        "preferredlanguage",
        "lang",
        "languagecode",
        "messagelanguage",
        "contactlanguage",
        "locale",
    ],
);
/// Email address.
pub const EMAIL: ImportField = ImportField::text(
    "email",
    "Email",
    "name@school.example",
    &[
        "email",
        "emailaddress",
        "schoolemail",
        "schoolemailaddress",
        "mail",
        "primaryemail",
        "mainemail",
        "workemail",
    ],
);
/// Phone number.
pub const PHONE: ImportField = ImportField::text(
    "phone",
    "Phone",
    "+44 7700 900118",
    &[
        "phone",
        "phonenumber",
        "telephone",
        "telephonenumber",
        "mobile",
        "mobilenumber",
        "mobilephone",
        "tel",
        "sms",
        "cell",
        "cellphone",
        "primaryphone",
    ],
);

/// Requires a name.
pub const NEEDS_NAME: FieldRequirement = FieldRequirement {
    any_of: &[GIVEN_NAME.slug, FAMILY_NAME.slug, FULL_NAME.slug],
    message: "Choose the column with the given name, family name or full name.",
};

/// The name of a person in the log.
pub const NAMING: &[&[&str]] = &[&[FULL_NAME.slug], &[GIVEN_NAME.slug, FAMILY_NAME.slug]];
