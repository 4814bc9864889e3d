//! What any list says about a person: the fields, how they are read, what they change, and the wording of
//! notes.
//!
//! A field without a column in the file is unchanged. An empty cell clears the middle or preferred name,
//! because having none is a valid value. It leaves date of birth, language, email and phone unchanged: an
//! empty cell means that the other system does not know them, and what the office has found out must not be
//! lost. An email or phone number in the file becomes the one that invitations go to; the others are kept. An
//! email address that its owner has replaced is not restored while the address they confirmed is in use: the
//! other system does not know about the change yet.

mod bracketed;
mod fields;
mod full_name;
mod lost_zero;
pub(crate) mod names;
mod status;
mod trunk;
mod untidy;
mod who;
mod write;

use std::borrow::Cow;

use chrono::{Days, NaiveDate};

pub use fields::{
    ALSO_STATUS, DATE_OF_BIRTH, EMAIL, EXPECTS_NAMES, FAMILY_NAME, FAMILY_NAME_FIRST, FULL_NAME, GIVEN_NAME,
    LANGUAGE, MIDDLE_NAME, NAME_PREFIX, NAMING, NEEDS_NAME, PHONE, PREFERRED_NAME, SECOND_FAMILY_NAME,
    STAFF_OR_NOT, STATUS, STUDENT_OR_NOT,
};
pub(crate) use full_name::split as split_full_name;
pub use lost_zero::{read_phone, repaired_phone};
pub use names::{OTHERS, PAIRS, WORK_EMAIL};
pub use who::{HAS_ACCOUNT, name_hash};
pub use write::{CurrentPerson, EditedFields, PersonDetails, PersonWrite};

use crate::imports::cells::{CellError, CellValue, Cells};
use crate::imports::held::{ChoiceKind, HeldChoice};
use crate::imports::kind::{CellType, ImportField};
use crate::imports::note::{KEPT, Note};
use crate::imports::words::{quote, short};
use crate::roll::address::{EmailAddress, EmailError, PhoneError, PhoneNumber};
use crate::roll::language::{LanguageError, LanguageTag};
use crate::roll::name::{MAX_NAME_PART, NameError, PersonName};

/// The language of people whose file does not give one.
const DEFAULT_LANGUAGE: &str = "en";

/// The highest possible age, in days: 120 years. Adults study too; an earlier date is a mistake.
const MAX_AGE_DAYS: u64 = 120 * 366;

/// A person's details in a row, with only valid values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImportedPerson {
    /// Given name.
    pub given: CellValue<String>,
    /// Middle names.
    pub middle: CellValue<String>,
    /// Family name.
    pub family: CellValue<String>,
    /// Preferred name.
    pub preferred: CellValue<String>,
    /// Date of birth.
    pub born_on: CellValue<NaiveDate>,
    /// Language. An unknown language is ignored, with a note.
    pub language: CellValue<LanguageTag>,
    /// Email address.
    pub email: CellValue<EmailAddress>,
    /// Phone number.
    pub phone: CellValue<PhoneNumber>,
}

impl CellError for EmailError {
    fn why(&self) -> &'static str {
        match self {
            Self::NoAt => "no_at",
            Self::Several => "several",
            Self::Space => "space",
            Self::Local => "local_part",
            Self::Domain => "domain",
            Self::TooLong => "too_long",
        }
    }
}

impl CellError for PhoneError {
    fn why(&self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Several => "several",
            Self::Letters => "letters",
        }
    }
}

impl CellError for LanguageError {
    fn why(&self) -> &'static str {
        "language_unknown"
    }
}

/// The code of a name that is too long.
pub(crate) const NAME_TOO_LONG: &str = "name_too_long";

/// The codes of dates of birth that cannot be right.
const BORN_IN_FUTURE: &str = "date_of_birth_future";
const BORN_LONG_AGO: &str = "date_of_birth_implausible";

/// Reads a person's details from a row.
pub fn read(cells: &mut Cells<'_>) -> Option<ImportedPerson> {
    let name = read_name(cells);
    let born_on = read_birth(cells);
    let language = match cells.known(&LANGUAGE) {
        CellValue::Value(text) => cells.or_left_out(&LANGUAGE, &text, text.parse()),
        CellValue::Empty => CellValue::Empty,
        CellValue::Nothing => CellValue::Nothing,
    };
    let email = cells.untidy(&EMAIL);
    let phone = read_phone(cells, &PHONE);
    let [given, middle, family, preferred] = name?;
    Some(ImportedPerson { given, middle, family, preferred, born_on, language, email, phone })
}

/// Reads the date of birth; one that cannot be right is left out.
fn read_birth(cells: &mut Cells<'_>) -> CellValue<NaiveDate> {
    let born_on = cells.date(&DATE_OF_BIRTH);
    let Some(born) = born_on.value().copied() else { return born_on };
    let oldest = cells.day().checked_sub_days(Days::new(MAX_AGE_DAYS)).unwrap_or(NaiveDate::MIN);
    let why = match born {
        _ if born > cells.day() => BORN_IN_FUTURE,
        _ if born < oldest => BORN_LONG_AGO,
        _ => {
            cells.note_day(&DATE_OF_BIRTH, &born_on);
            return born_on;
        }
    };
    cells.leave_out_date(&DATE_OF_BIRTH, born, why);
    CellValue::Nothing
}

fn read_name(cells: &mut Cells<'_>) -> Option<[CellValue<String>; 4]> {
    let fields = [&GIVEN_NAME, &MIDDLE_NAME, &FAMILY_NAME, &PREFERRED_NAME];
    let mut parts = fields.map(|field| cells.name(field).map(Cow::into_owned));
    let [given, _, family, preferred] = &mut parts;
    full_name::complete_family(cells, family);
    full_name::fill_in(cells, given, family, preferred);
    for at in [1, 3] {
        if parts[at].value().is_some_and(|part| part.chars().count() > MAX_NAME_PART) {
            cells.leave_out(fields[at], parts[at].value().map_or("", String::as_str), NAME_TOO_LONG);
            parts[at] = CellValue::Nothing;
        }
    }
    let text = |at: usize| parts[at].value().map_or("", String::as_str);
    match PersonName::new(text(0), text(1), text(2), text(3)) {
        Ok(name) => {
            let tidy = [name.given(), name.middle(), name.family(), name.preferred()];
            for (part, tidy) in parts.iter_mut().zip(tidy) {
                if matches!(part, CellValue::Value(_)) {
                    *part =
                        if tidy.is_empty() { CellValue::Empty } else { CellValue::Value(tidy.to_owned()) };
                }
            }
            for (part, code) in [(0, "no_given_name"), (2, "no_family_name")] {
                if parts[part] == CellValue::Empty {
                    cells.note(Note::new(code));
                }
            }
            Some(parts)
        }
        Err(NameError::Empty) => {
            cells.problem(Note::new("name_missing"));
            None
        }
        Err(NameError::TooLong) => {
            cells.problem(Note::new(NAME_TOO_LONG));
            None
        }
    }
}

impl ImportedPerson {
    /// The name after the import, from the `old` parts; `None` if it would be empty.
    pub fn name_after(&self, old: [&str; 4]) -> Option<PersonName> {
        let [given, middle, family, mut preferred] = [
            self.given.clearing(old[0]),
            self.middle.clearing(old[1]),
            self.family.clearing(old[2]),
            self.preferred.clearing(old[3]),
        ];
        // Some systems fill in the preferred name for everyone, so it means nothing. One that was stored before stays.
        if preferred == given && preferred != old[3] {
            preferred.clear();
        }
        PersonName::new(&given, &middle, &family, &preferred).ok()
    }

    /// What to write for a new person, or a problem if the row has no name.
    pub fn new_person(&self) -> Result<PersonWrite, Note> {
        let name = self.name_after([""; 4]).ok_or_else(|| Note::new("name_missing"))?;
        let details = PersonDetails {
            name,
            born_on: self.born_on.value().copied(),
            language: self.language.value().map_or(DEFAULT_LANGUAGE, LanguageTag::as_str).to_owned(),
        };
        Ok(PersonWrite {
            existing: None,
            details: Some(details),
            email: self.email.value().cloned(),
            phone: self.phone.value().cloned(),
        })
    }

    /// The details after the import, if they change, or a problem if the name would be empty.
    pub fn details_after(
        &self,
        current: &CurrentPerson,
        notes: &mut Vec<Note>,
    ) -> Result<Option<PersonDetails>, Note> {
        let old = &current.name;
        let name = self
            .name_after([old.given(), old.middle(), old.family(), old.preferred()])
            .ok_or_else(|| Note::new("name_missing"))?;
        let before = notes.len();
        for (field, old, new) in [
            (&GIVEN_NAME, old.given(), name.given()),
            (&MIDDLE_NAME, old.middle(), name.middle()),
            (&FAMILY_NAME, old.family(), name.family()),
            (&PREFERRED_NAME, old.preferred(), name.preferred()),
        ] {
            note_change(notes, field, old, new);
        }
        let born_on = self.born_on.value().copied().or(current.born_on);
        note_change_of_day(notes, &DATE_OF_BIRTH, current.born_on, born_on);
        let language =
            self.language.value().map_or(current.language.as_str(), LanguageTag::as_str).to_owned();
        note_change(notes, &LANGUAGE, &current.language, &language);
        Ok((notes.len() > before).then_some(PersonDetails { name, born_on, language }))
    }

    /// The new primary email address and phone number, if they change, or a problem if this importer may not
    /// change this person's contact details. An address that an account's messages go to changes only once
    /// someone with the permission has confirmed it.
    pub fn contacts_after(
        &self,
        current: &CurrentPerson,
        decided: Option<ChoiceKind>,
        notes: &mut Vec<Note>,
    ) -> Result<Contacts, Note> {
        let email = self.email.value().filter(|new| current.email.as_deref() != Some(new.as_str()));
        let (left, mut email) = match email {
            Some(email) if current.left_emails.contains(&email.comparable()) => (Some(email), None),
            other => (None, other),
        };
        let mut phone = self.phone.value().filter(|new| current.phone.as_deref() != Some(new.as_str()));
        if current.edited.email {
            notes.extend(email.take().map(|new| kept(&EMAIL, new.as_str())));
        }
        if current.edited.phone {
            notes.extend(phone.take().map(|new| kept(&PHONE, new.as_str())));
        }
        if current.outranks && (email.is_some() || phone.is_some()) {
            return Err(Note::new("beyond_own_rights"));
        }
        if current.own && email.is_some() {
            return Err(Note::new("own_email"));
        }
        let mut held = None;
        if let Some(new) = email.filter(|new| current.readdresses(new)) {
            match decided {
                Some(ChoiceKind::KeepAddress) => {
                    notes.push(Note::new("address_kept").with("value", new));
                    email = None;
                }
                Some(ChoiceKind::ConfirmAddress) if current.may_readdress => {}
                _ => {
                    let confirm = current.may_readdress.then_some(ChoiceKind::ConfirmAddress);
                    let choices = confirm.into_iter().chain([ChoiceKind::KeepAddress]);
                    held = Some(choices.map(HeldChoice::of).collect());
                    email = None;
                }
            }
        }
        if let Some(left) = left {
            notes.push(Note::new("email_left").with("value", left));
        }
        if let Some(email) = email {
            notes.push(Note::changed(&EMAIL, current.email.as_deref().unwrap_or_default(), email));
        }
        if let Some(phone) = phone {
            notes.push(Note::changed(&PHONE, current.phone.as_deref().unwrap_or_default(), phone.as_str()));
        }
        Ok(Contacts { email: email.cloned(), phone: phone.cloned(), held })
    }
}

/// The note that a value stays which was changed by hand, although the file has another.
fn kept(field: &ImportField, new: &str) -> Note {
    Note::new(KEPT).with("field", field.slug).quoting(new)
}

/// A person's contact details after an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contacts {
    /// The new primary email address, if it changes.
    pub email: Option<EmailAddress>,
    /// The new primary phone number, if it changes.
    pub phone: Option<PhoneNumber>,
    /// What can be decided, if the address in the file has to be confirmed first. It is not among the new ones then.
    pub held: Option<Vec<HeldChoice>>,
}

/// Adds a note if a value changes.
pub fn note_change(notes: &mut Vec<Note>, field: &ImportField, old: &str, new: &str) {
    if old != new {
        notes.push(Note::changed(field, old, new));
    }
}

/// Adds a note if a day changes.
pub fn note_change_of_day(
    notes: &mut Vec<Note>,
    field: &ImportField,
    old: Option<NaiveDate>,
    new: Option<NaiveDate>,
) {
    debug_assert_eq!(field.holds, CellType::Dates, "its words write it as a day");
    let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    note_change(notes, field, &text(old), &text(new));
}

/// The wording of notes about a person.
pub fn words(note: &Note) -> Option<String> {
    let value = || quote(note.get("value"));
    let day = || note.day("date").map(short).unwrap_or_default();
    Some(match note.code.as_ref() {
        "name_missing" => "There is no name. Enter a given name or a family name.".to_owned(),
        NAME_TOO_LONG => NameError::TooLong.to_string(),
        bracketed::BRACKET => format!("{} in the full name is not imported.", value()),
        "no_given_name" => "There is no given name. Check that this is right.".to_owned(),
        "no_family_name" => "There is no family name. Check that this is right.".to_owned(),
        BORN_IN_FUTURE => {
            format!("The date of birth, {}, is in the future. Correct it or leave it empty.", day())
        }
        BORN_LONG_AGO => {
            format!("The date of birth, {}, is more than 120 years ago. Correct it or leave it empty.", day())
        }
        // The second is of logs from before fields were left out by one rule.
        "language" | "language_unknown" => format!("The language {} was not recognised.", value()),
        "middle_name" => format!("Middle name {}: {}", value(), NameError::TooLong),
        "preferred_name" => format!("Preferred name {}: {}", value(), NameError::TooLong),
        "email" => {
            let error = EmailError::ALL.into_iter().find(|error| error.why() == note.get("why"))?;
            format!("Email {}: {error}", value())
        }
        "phone" => {
            let error = PhoneError::ALL.into_iter().find(|error| error.why() == note.get("why"))?;
            format!("Phone {}: {error}", value())
        }
        lost_zero::NO_PREFIX => format!(
            "Phone {} begins neither with a zero nor with a country code. It is kept as it is.",
            value()
        ),
        "email_left" => {
            format!("Email {} was not used: the account owner changed it and confirmed another address.", value())
        }
        "address_kept" => format!("Email {} was not used, as you decided.", value()),
        "linked_person" => match note.get("school") {
            "" => format!("Linked to {}, who is already in Greencap.", note.get("name")),
            school => format!(
                "Linked to {}, who is also at {school}: one person, with the same account.",
                note.get("name")
            ),
        },
        "near_key_known" => {
            format!("The file says {}; taken as {}.", quote(note.get("key")), quote(note.get("known")))
        }
        "beyond_own_rights" => {
            "This person has permissions that you don\u{2019}t have, so you can\u{2019}t change their contact details. Ask an administrator to import this row.".to_owned()
        }
        "own_email" => {
            "This row is about you. To change your own email address, use the menu under your name.".to_owned()
        }
        _ => return None,
    })
}
