//! What a row would change on the roll.
//!
//! A field that the file has no column for stays as it is. An empty cell clears middle name, preferred name, year
//! group, registration group and end date, since "none" is a fact about each of them. It leaves date of birth,
//! language, start date, email and phone alone: there it means that the other system does not know, and what the
//! office has found out must not be lost. An email or phone in the file becomes the one that invitations go to; the
//! others are kept. An email that its owner changed away from stays away while the one that they confirmed stands: the
//! other system does not know of it yet.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::outcome::Outcome;
use super::row::{RowProblem, Said, StudentRow};
use super::write::{EnrolmentDetails, EnrolmentWrite, OnRoll, PersonDetails, Write};
use crate::roll::name::PersonName;

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// Its outcome.
    pub outcome: Outcome,
    /// A stable word for tests and automation.
    pub code: &'static str,
    /// A sentence for the log.
    pub message: String,
    /// What is to be written, if anything.
    pub write: Option<Write>,
}

/// The language of students whose file does not say.
const DEFAULT_LANGUAGE: &str = "en";

/// A date as pages write it in short; empty for none.
fn short(day: Option<NaiveDate>) -> String {
    day.map(|day| day.format("%-d %b %Y").to_string()).unwrap_or_default()
}

/// The differences of one row, as sentences for the log.
#[derive(Default)]
struct Changes(Vec<String>);

impl Changes {
    fn note(&mut self, label: &str, old: &str, new: &str) {
        self.0.push(match (old.is_empty(), new.is_empty()) {
            (true, _) => format!("{label} set to \u{201c}{new}\u{201d}"),
            (false, true) => format!("{label} cleared, was \u{201c}{old}\u{201d}"),
            (false, false) => format!("{label} changed from \u{201c}{old}\u{201d} to \u{201c}{new}\u{201d}"),
        });
    }

    /// Notes a value where it differs.
    fn take(&mut self, label: &str, old: &str, new: &str) {
        if old != new {
            self.note(label, old, new);
        }
    }

    fn sentence(&self, notes: &[String]) -> String {
        let mut text = self.0.join("; ");
        if !text.is_empty() {
            text.push('.');
        }
        for note in notes {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(note);
        }
        text
    }
}

/// The text after the import: what the row says, where it says something.
fn clearable<T: AsRef<str>>(said: &Said<T>, old: &str) -> String {
    match said {
        Said::Nothing => old.to_owned(),
        Said::Empty => String::new(),
        Said::Value(new) => new.as_ref().to_owned(),
    }
}

/// What a row would do to the roll on `day`, the day the file came; `on_roll` is the student with its admission number.
pub fn compare(row: &StudentRow, on_roll: Option<&OnRoll>, day: NaiveDate) -> Verdict {
    match on_roll {
        Some(on_roll) => change(row, on_roll),
        None => add(row, day),
    }
}

fn rejected(problem: RowProblem) -> Verdict {
    Verdict { outcome: Outcome::Rejected, code: problem.code, message: problem.message, write: None }
}

fn name_after(row: &StudentRow, old: [&str; 4]) -> Option<PersonName> {
    let [given, middle, family, mut preferred] = [
        clearable(&row.given, old[0]),
        clearable(&row.middle, old[1]),
        clearable(&row.family, old[2]),
        clearable(&row.preferred, old[3]),
    ];
    // Systems that fill the preferred name for everyone say nothing by it.
    if preferred == given {
        preferred.clear();
    }
    PersonName::new(&given, &middle, &family, &preferred).ok()
}

fn add(row: &StudentRow, day: NaiveDate) -> Verdict {
    let Some(name) = name_after(row, [""; 4]) else {
        return rejected(RowProblem::new(
            "name_missing",
            "The name is empty. Fill in a given name or a family name.",
        ));
    };
    let ends_on = row.ends_on.value().copied();
    // Without a start date the day of the file counts, or the last day of someone who has left before it.
    let starts_on =
        row.starts_on.value().copied().unwrap_or_else(|| ends_on.filter(|end| *end < day).unwrap_or(day));
    let write = Write {
        existing: None,
        person: Some(PersonDetails {
            name,
            born_on: row.born_on.value().copied(),
            language: row.language.value().map_or(DEFAULT_LANGUAGE, |tag| tag.as_str()).to_owned(),
        }),
        enrolment: EnrolmentWrite::Begin(EnrolmentDetails {
            year: clearable(&row.year, ""),
            group: clearable(&row.group, ""),
            starts_on,
            ends_on,
        }),
        email: row.email.value().cloned(),
        phone: row.phone.value().cloned(),
    };
    let message = Changes(vec!["New student".to_owned()]).sentence(&row.notes);
    Verdict { outcome: Outcome::Added, code: "new_student", message, write: Some(write) }
}

fn change(row: &StudentRow, on_roll: &OnRoll) -> Verdict {
    let starts_on = row.starts_on.value().copied();
    let is_older = row.ends_on.value().is_some_and(|end| *end < on_roll.starts_on)
        && starts_on.is_some_and(|start| start < on_roll.starts_on);
    if is_older {
        let since = short(Some(on_roll.starts_on));
        let message = format!(
            "This row is about an earlier time at the school. The roll has a later one, from {since}. Nothing to do."
        );
        return Verdict { outcome: Outcome::Skipped, code: "older_enrolment", message, write: None };
    }
    let mut changes = Changes::default();
    let Some(person) = person_after(row, on_roll, &mut changes) else {
        return rejected(RowProblem::new(
            "name_missing",
            "The name would be empty. Fill in a given name or a family name.",
        ));
    };
    let person = (!changes.0.is_empty()).then_some(person);
    let enrolment = match enrolment_after(row, on_roll, &mut changes) {
        Ok(enrolment) => enrolment,
        Err(problem) => return rejected(problem),
    };
    let mut notes = row.notes.clone();
    let email = row.email.value().filter(|new| on_roll.email.as_deref() != Some(new.as_str()));
    let (left, email) = match email {
        Some(email) if on_roll.left_emails.contains(&email.comparable()) => (Some(email), None),
        other => (None, other),
    };
    if let Some(left) = left {
        notes.push(format!(
            "Email \u{201c}{left}\u{201d} not taken: its owner changed it and confirmed another one."
        ));
    }
    if let Some(email) = email {
        changes.note("Email", on_roll.email.as_deref().unwrap_or_default(), email.as_str());
    }
    let phone = row.phone.value().filter(|new| on_roll.phone.as_deref() != Some(new.as_str()));
    if let Some(phone) = phone {
        changes.note("Phone", on_roll.phone.as_deref().unwrap_or_default(), phone.as_str());
    }
    if on_roll.outranks && (email.is_some() || phone.is_some()) {
        return rejected(RowProblem::new(
            "beyond_own_rights",
            "This person has rights in Greencap that you do not have, so a file of yours cannot change where messages to them go. Ask an administrator to import the row.",
        ));
    }
    if on_roll.own && email.is_some() {
        return rejected(RowProblem::new(
            "own_email",
            "This is you, and a file of yours cannot change where messages to you go. Change your own email address in your menu, where you can confirm the new one.",
        ));
    }
    if changes.0.is_empty() {
        changes.0.push("No difference from the roll".to_owned());
        let message = changes.sentence(&notes);
        return Verdict { outcome: Outcome::Unchanged, code: "no_difference", message, write: None };
    }
    let code = if matches!(enrolment, EnrolmentWrite::Begin(_)) { "back_on_roll" } else { "details_changed" };
    let write = Write {
        existing: Some((on_roll.person, on_roll.enrolment)),
        person,
        enrolment,
        email: email.cloned(),
        phone: phone.cloned(),
    };
    Verdict { outcome: Outcome::Updated, code, message: changes.sentence(&notes), write: Some(write) }
}

/// The person's details after the import, their changes noted; nothing if no name would be left.
fn person_after(row: &StudentRow, on_roll: &OnRoll, changes: &mut Changes) -> Option<PersonDetails> {
    let old = &on_roll.name;
    let name = name_after(row, [old.given(), old.middle(), old.family(), old.preferred()])?;
    for (label, old, new) in [
        ("Given name", old.given(), name.given()),
        ("Middle name", old.middle(), name.middle()),
        ("Family name", old.family(), name.family()),
        ("Preferred name", old.preferred(), name.preferred()),
    ] {
        changes.take(label, old, new);
    }
    let born_on = row.born_on.value().copied().or(on_roll.born_on);
    changes.take("Date of birth", &short(on_roll.born_on), &short(born_on));
    let language = row.language.value().map_or(on_roll.language.as_str(), |tag| tag.as_str());
    changes.take("Language", &on_roll.language, language);
    Some(PersonDetails { name, born_on, language: language.to_owned() })
}

/// What becomes of the enrolment, its changes noted. A start after the old end begins a new one.
fn enrolment_after(
    row: &StudentRow,
    on_roll: &OnRoll,
    changes: &mut Changes,
) -> Result<EnrolmentWrite, RowProblem> {
    let starts_on = row.starts_on.value().copied();
    let begins_anew = starts_on.zip(on_roll.ends_on).is_some_and(|(start, ended)| start > ended);
    let details = EnrolmentDetails {
        year: clearable(&row.year, &on_roll.year),
        group: clearable(&row.group, &on_roll.group),
        starts_on: starts_on.unwrap_or(on_roll.starts_on),
        ends_on: match row.ends_on {
            Said::Nothing if !begins_anew => on_roll.ends_on,
            Said::Nothing | Said::Empty => None,
            Said::Value(end) => Some(end),
        },
    };
    if let Some(end) = details.ends_on.filter(|end| *end < details.starts_on) {
        return Err(RowProblem::new(
            "end_before_start",
            format!(
                "The end date, {}, lies before the start date on the roll, {}. Correct it, or add the start date.",
                short(Some(end)),
                short(Some(details.starts_on))
            ),
        ));
    }
    let before = changes.0.len();
    if begins_anew {
        changes.0.push(format!("Back on roll from \u{201c}{}\u{201d}", short(Some(details.starts_on))));
    } else {
        changes.take("Start date", &short(Some(on_roll.starts_on)), &short(Some(details.starts_on)));
        changes.take("End date", &short(on_roll.ends_on), &short(details.ends_on));
    }
    changes.take("Year group", &on_roll.year, &details.year);
    changes.take("Registration group", &on_roll.group, &details.group);
    Ok(match (begins_anew, changes.0.len() > before) {
        (true, _) => EnrolmentWrite::Begin(details),
        (false, true) => EnrolmentWrite::Change(details),
        (false, false) => EnrolmentWrite::Keep,
    })
}
