//! The sentences about rows that are held back, and the labels of what can be decided.

use super::held::{ChoiceKind, HeldChoice, HeldReason, HeldRow, ShownPerson};
use super::kind::ImportDeclaration;
use super::words::{quote, short};

/// Why a row is held back, and about whom.
pub fn sentence(kind: &ImportDeclaration, held: &HeldRow) -> String {
    let key = quote(&held.in_file.key);
    let label = kind.label(kind.key).to_lowercase();
    let names = listed(held.people.iter());
    let text = match held.reason {
        HeldReason::KeyOfAnother => {
            let holder = held.people.first().map(described).unwrap_or_default();
            let others = listed(held.people.iter().skip(1));
            let in_file = described(&held.in_file);
            if others.is_empty() {
                format!("Held back: the {label} {key} belongs to {holder}, but the row is about {in_file}.")
            } else {
                format!(
                    "Held back: the {label} {key} belongs to {holder}, but the row is about {in_file}. \
                     That is the name of {others}."
                )
            }
        }
        HeldReason::NearKey => {
            format!("Held back: the {label} {key} is almost that of {names}. It may be the same person.")
        }
        HeldReason::OtherKey => {
            format!("Held back: {names} has the same details, but another {label} than {key}.")
        }
        HeldReason::OtherSchool => {
            let here = "If it is the same person, they are enrolled here too and keep their account.";
            format!("Held back: {names} has the same details. {here}")
        }
        HeldReason::KnownPerson => {
            format!("Held back: {names}, who is in Greencap but at no school, has the same details.")
        }
        HeldReason::SamePerson => "Held back: this person is in the file twice.".to_owned(),
        HeldReason::Address => {
            let who = held.people.first().map(|shown| shown.name.as_str()).unwrap_or_default();
            if held.choices.iter().any(|choice| choice.kind == ChoiceKind::ConfirmAddress) {
                format!(
                    "Held back: messages to the account of {who} would go to another address. Confirm it first."
                )
            } else {
                format!(
                    "Held back: messages to the account of {who} would go to another address. To confirm it, you \
                     need the permission \u{201c}Edit contacts\u{201d} for them."
                )
            }
        }
    };
    if held.waiting.is_some() {
        let holder = held.people.first().map(|shown| shown.name.as_str()).unwrap_or_default();
        return format!(
            "{text} Your decision waits: {holder} still has this {label}. Decide the row that gives them another one."
        );
    }
    text
}

/// The heading above all rows that are held for one reason.
pub fn heading(kind: &ImportDeclaration, reason: HeldReason) -> String {
    let label = kind.label(kind.key).to_lowercase();
    match reason {
        HeldReason::KeyOfAnother => format!("The {label} says one person, the name another"),
        HeldReason::NearKey => format!("Almost the same {label}"),
        HeldReason::OtherKey => format!("The same person with another {label}"),
        HeldReason::OtherSchool => "At another of your schools".to_owned(),
        HeldReason::KnownPerson => "Already in Greencap".to_owned(),
        HeldReason::SamePerson => "In the file twice".to_owned(),
        HeldReason::Address => "Another address for an account".to_owned(),
    }
}

/// A button's label for a decision about one row.
pub fn label(kind: &ImportDeclaration, held: &HeldRow, choice: HeldChoice) -> String {
    let person = held.people.iter().find(|shown| shown.person.is_some() && shown.person == choice.person);
    let name = person.map_or("this person", |shown| shown.name.as_str());
    let key = kind.label(kind.key).to_lowercase();
    match choice.kind {
        ChoiceKind::ThisPerson => match (held.reason, person) {
            (HeldReason::NearKey, Some(shown)) => format!("It is {name}: keep {}", shown.key),
            (HeldReason::OtherSchool, _) => format!("It is {name}: enrol here too"),
            _ => format!("It is {name}"),
        },
        ChoiceKind::Renumber => format!("It is {name}: change the {key} to {}", held.in_file.key),
        other => label_for_all(kind, other),
    }
}

/// A button's label for a decision about all rows of a reason.
pub fn label_for_all(kind: &ImportDeclaration, choice: ChoiceKind) -> String {
    let key = kind.label(kind.key).to_lowercase();
    match choice {
        ChoiceKind::ThisPerson => "It is the same person".to_owned(),
        ChoiceKind::Renumber => format!("It is the person named: change the {key}"),
        ChoiceKind::NewPerson => format!("A new {}", kind.one),
        ChoiceKind::LeaveOut => "Leave out".to_owned(),
        ChoiceKind::ConfirmAddress => "Use the new address".to_owned(),
        ChoiceKind::KeepAddress => "Keep the old address".to_owned(),
    }
}

/// What is said about a file whose keys are all new although the names are known.
pub fn only_new_keys(kind: &ImportDeclaration) -> String {
    let label = kind.label(kind.key).to_lowercase();
    format!(
        "Every {label} in this file is new, but most of the names are already here. Check that you chose the right \
         column: otherwise everybody becomes a second {}.",
        kind.one
    )
}

fn listed<'a>(people: impl Iterator<Item = &'a ShownPerson>) -> String {
    people.map(described).collect::<Vec<_>>().join(" or ")
}

/// A person in words: "Ada Lovelace, born 10 Dec 2012, number 17, at North School".
fn described(shown: &ShownPerson) -> String {
    let mut text = shown.name.clone();
    let born = shown.born_on.map(|born| format!("born {}", short(born)));
    let key = Some(&shown.key).filter(|key| !key.is_empty() && shown.person.is_some());
    let key = key.map(|key| format!("number {key}"));
    let school = Some(&shown.school).filter(|school| !school.is_empty()).map(|school| format!("at {school}"));
    for part in [born, key, school].into_iter().flatten() {
        text.push_str(", ");
        text.push_str(&part);
    }
    text
}
