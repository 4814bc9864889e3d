//! The wording of notes about guardians.

use super::accounts::{LOGIN_TWICE, TWO_LOGINS};
use super::actions::ACTION_UNKNOWN;
use super::addresses::{ALSO, ERASED};
use super::changes::{DIFFERS, KEY_LEARNT};
use super::children::{CHILD_AMBIGUOUS, CHILD_UNKNOWN};
use super::column_groups::CONTACT_FIELDS;
use super::login::{
    ACCOUNT_CLOSED, ACCOUNT_LEFT_OUT, ACCOUNT_MADE, CLAIMED, LOGIN_MISSING, NO_ACCOUNT, NO_RIGHT,
    OTHER_USERNAME, STUDENT_LEFT,
};
use super::pairs::{ENDS_BEFORE, KEPT_BY_HAND, NO_ACCESS, RESPONSIBILITY_NOT_TAKEN};
use super::plan::{LINK_ENDED, LINKED, NOT_LINKED, RESTRICTED, SAME_ACCOUNT, SAME_ADULT, SELF, WITH_ROW};
use super::row::{CHILD_MISSING, EMAIL_WITHOUT_NAME, NO_ADULT, RELATION_UNKNOWN};
use super::who::{ADULT_UNKNOWN, KEY_OF_ANOTHER, KEY_TWO_NAMES, PUPIL_AS_GUARDIAN};
use crate::imports::deciding::ASKS_ELSEWHERE;
use crate::imports::note::Note;
use crate::imports::words::quote;
use crate::roll::import::people;

/// Puts a note into words; `None` for a note of another kind.
pub(super) fn words(note: &Note) -> Option<String> {
    let value = || quote(note.get("value"));
    let label = || {
        let mut all = CONTACT_FIELDS.iter();
        all.find(|field| field.slug == note.get("field")).map_or("Email", |field| field.label)
    };
    Some(match note.code.as_ref() {
        LINKED => "Linked to the student.".to_owned(),
        SAME_ADULT => {
            let row = note.get("row");
            match note.get("by") {
                "key" => format!("The same adult as in row {row}: the same key."),
                "email" => format!("The same adult as in row {row}: email and name."),
                "phone" => format!("The same adult as in row {row}: phone and name."),
                "child" => format!("The same adult as in row {row}: the name, and the same student."),
                _ => format!("The same adult as in row {row}."),
            }
        }
        WITH_ROW => format!("Read together with row {}, which names the same adult and student.", note.get("row")),
        ASKS_ELSEWHERE => {
            "If you import the file, staff who work for both schools are asked to attach the student.".to_owned()
        }
        LINK_ENDED => "The link to the student was ended, and with it what the adult could see.".to_owned(),
        NOT_LINKED => "There is no such link. Nothing to do.".to_owned(),
        SELF => "The adult and the student are the same person. Correct one of them.".to_owned(),
        RESTRICTED => "A restriction keeps this adult from the student. It stays, whatever the file says.".to_owned(),
        CHILD_MISSING => {
            "The row names no student. Enter the student\u{2019}s number, or email address, or name.".to_owned()
        }
        NO_ADULT => "The row names no adult.".to_owned(),
        CHILD_UNKNOWN => format!(
            "There is no student {} at this school. Import the student first, or correct the number.",
            value()
        ),
        CHILD_AMBIGUOUS => {
            format!("{} can be several students. Write the number as it is in Greencap.", value())
        }
        RELATION_UNKNOWN => {
            format!("The relationship {} is not known. It is kept as text, and opens nothing.", value())
        }
        PUPIL_AS_GUARDIAN => format!(
            "{} is a student, and a student is nobody\u{2019}s guardian. Correct the row.",
            note.get("name")
        ),
        KEY_OF_ANOTHER => format!(
            "The key {} is that of {}, who has another name. Correct the key or the name.",
            value(),
            note.get("name")
        ),
        KEY_TWO_NAMES => {
            "Rows with this key have names that have nothing in common. Correct the key or the names.".to_owned()
        }
        ADULT_UNKNOWN => format!(
            "No adult here has the login, key or address {}. Import the adult with a name first, or correct it.",
            value()
        ),
        RESPONSIBILITY_NOT_TAKEN => {
            "Parental responsibility was not imported: a file says it of parents only. Set it on the student\u{2019}s record.".to_owned()
        }
        NO_ACCESS => "The file says that they have no access, so they are marked \u{201c}No portal\u{201d}.".to_owned(),
        ENDS_BEFORE => "The last day is before the first. Both were left as they are.".to_owned(),
        KEPT_BY_HAND => format!(
            "{} stays {}, as somebody has set it by hand. The file says {}.",
            label(),
            quote(note.get("old")),
            quote(note.get("new"))
        ),
        ALSO => format!("{} is kept too.", value()),
        ERASED => {
            let (kind, was) = (note.get("kind"), note.get("was"));
            let what = if kind == "email" { "Email address" } else { "Phone number" };
            format!("{what} erased, as the file says: {was}. Links and codes that were sent there stop working.")
        }
        DIFFERS => {
            let (used, others) = (note.get("used"), note.get("others"));
            let what = if note.get("kind") == "email" { "email address" } else { "phone number" };
            format!("Rows about this adult name more than one {what}. Messages go to {used}; kept too: {others}.")
        }
        KEY_LEARNT => "The other system has a new key for them.".to_owned(),
        _ => {
            return match note.get("why") {
                EMAIL_WITHOUT_NAME => Some(format!(
                    "{}: {} has no name beside it. Whose is it? Enter a name, or leave the cell empty.",
                    label(),
                    value()
                )),
                "not_yes_or_no" => Some(format!("{}: {} is neither yes nor no.", label(), value())),
                ACTION_UNKNOWN => Some(format!(
                    "{} says neither that the link is there nor that it is over. Write active or deleted.",
                    value()
                )),
                "not_a_priority" => {
                    Some(format!("{}: {} is not a number from 1 to 99.", label(), value()))
                }
                _ => of_accounts(note).or_else(|| people::words(&of_first_group(note))),
            };
        }
    })
}

/// A note about the cell of any adult of a row, as one about the first: what is wrong with "Guardian 2 email" is what can
/// be wrong with an email.
fn of_first_group(note: &Note) -> Note {
    let is_kind = |slug: &str| ["email", "phone", "language"].into_iter().find(|kind| slug.contains(kind));
    let field = CONTACT_FIELDS.iter().find(|field| field.slug == note.code);
    let base = field.and_then(|field| match field.slug {
        slug if slug.contains("mobile") => Some("phone"),
        slug => is_kind(slug),
    });
    base.map_or_else(|| note.clone(), |base| Note { code: base.into(), ..note.clone() })
}

/// Puts a note about an account into words.
fn of_accounts(note: &Note) -> Option<String> {
    let login = || quote(note.get("value"));
    Some(match note.code.as_ref() {
        ACCOUNT_MADE => format!("Account with the username {}. Nobody is invited yet.", note.get("username")),
        CLAIMED => match note.get("name") {
            "" => format!("The login {} belongs to someone else. Give this person another one.", login()),
            name => format!("The login {} belongs to {name}. Give this person another one.", login()),
        },
        LOGIN_TWICE => format!(
            "The file has the login {} for several people. Give each of them their own, or leave it empty.",
            login()
        ),
        TWO_LOGINS => "The file has several logins for this student. Keep the right one.".to_owned(),
        SAME_ACCOUNT => format!("The same student and login as in row {}.", note.get("row")),
        OTHER_USERNAME => format!(
            "They have an account, with the username {}. It stays; the login {} is kept as their key.",
            note.get("username"),
            login()
        ),
        ACCOUNT_CLOSED => {
            "Their account was closed. No file opens it again: that is done on their page.".to_owned()
        }
        ACCOUNT_LEFT_OUT => format!("No account was made: {}", note.get("because")),
        NO_ACCOUNT => "No account was made, as you decided.".to_owned(),
        NO_RIGHT => {
            "No account was made: you need the permission \u{201c}Manage portal access\u{201d} for them."
                .to_owned()
        }
        STUDENT_LEFT => "The student has left, so no account was made.".to_owned(),
        LOGIN_MISSING => "The row has no login for the student. Enter one.".to_owned(),
        _ => return None,
    })
}
