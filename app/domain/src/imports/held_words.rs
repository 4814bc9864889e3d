//! The sentences about rows that are held back, and the labels of what can be decided.

use super::crossing::{CrossedFact, Crossing};
use super::held::{ChoiceKind, HeldChoice, HeldReason, HeldRow, ShownPerson};
use super::kind::ImportDeclaration;
use super::words::{quote, short};
use crate::fold::romanise;

/// What is said of somebody whom the importer may not know of: as to who invites a colleague with such an address.
const OUT_OF_REACH: &str = "someone at another school of your organisation has this address. Ask an administrator of \
                            all schools to import this row.";

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Why a row is held back, and about whom.
pub fn sentence(kind: &ImportDeclaration, held: &HeldRow) -> String {
    let key = quote(&held.in_file.key);
    let label = kind.label(kind.key).to_lowercase();
    let names = listed(held.people.iter());
    if held.is_out_of_reach && held.people.is_empty() {
        return format!("Held back: {OUT_OF_REACH}");
    }
    let text = match held.reason {
        HeldReason::KeyOfAnother => key_of_another(&label, held),
        HeldReason::NearKey => {
            format!("Held back: the {label} {key} is almost that of {names}. It may be the same person.")
        }
        HeldReason::OtherKey if held.in_file.key.is_empty() => {
            let and_born = if held.in_file.born_on.is_some() { " and date of birth" } else { "" };
            format!("Held back: the row has no {label}. {names} has this name{and_born}.")
        }
        HeldReason::OtherKey if held.crossing.is_some() => {
            let row = held.crossing.map(|of| of.row).unwrap_or_default();
            format!(
                "Held back: {names} has this name, but row {row} has their {label}. It may be the same person."
            )
        }
        HeldReason::OtherKey => {
            format!("Held back: {names} has the same details, but another {label} than {key}.")
        }
        HeldReason::OtherSchool => {
            let here = kind.here_too.sentence;
            format!(
                "Held back: {names} has the same details. If it is the same person, {here} and keep their account."
            )
        }
        HeldReason::KnownPerson => {
            format!("Held back: {names}, who is in Greencap but at no school, has the same details.")
        }
        HeldReason::SamePerson => "Held back: this person is in the file twice.".to_owned(),
        HeldReason::SameKey => same_key(&label, held),
        HeldReason::Address => {
            let who = held.people.first().map(|shown| shown.name.as_str()).unwrap_or_default();
            let email = quote(&held.in_file.email);
            let confirm = if held.choices.iter().any(|choice| choice.kind == ChoiceKind::ConfirmAddress) {
                "Confirm it first."
            } else {
                "To confirm it, you need the permission \u{201c}Edit contacts\u{201d} for them."
            };
            if held.in_file.email.is_empty() {
                format!("Address held back: the account of {who} would have no email address. {confirm}")
            } else {
                format!("Address held back: messages to the account of {who} would go to {email}. {confirm}")
            }
        }
        HeldReason::Colleague => format!(
            "Held back: {names}, who works at the school, has this name and another address. It may be the same person."
        ),
        HeldReason::SeveralPeople if held.people.iter().all(|shown| !shown.key.is_empty()) => format!(
            "Held back: the adult has the name of the student, {names}. If a column of the student was taken for one of the \
             adult, go back and choose another. If somebody else has this name, say so."
        ),
        HeldReason::SeveralPeople => format!("Held back: this can be {names}. Choose who it is."),
        HeldReason::TwoPeople => format!(
            "Held back: {} are two people. Give each of them a row or columns of their own, with a given name.",
            quote(&held.in_file.name)
        ),
        HeldReason::UnknownKey => format!(
            "Held back: nobody has {key}, and that is so of too many rows. If the column is the wrong one, go back and choose another."
        ),
        HeldReason::EndedLink => format!(
            "Held back: {} was ended in Greencap on {}. The file does not bring it back by itself.",
            held.people.first().map_or("this", |shown| shown.name.as_str()),
            held.people.first().and_then(|shown| shown.ends_on).map(short).unwrap_or_default()
        ),
        HeldReason::NoUsername => format!(
            "Account held back: the login {key} can\u{2019}t be a username here: only letters, numbers, dots, hyphens and \
             underscores can stand in one. People can also sign in with their email address."
        ),
        HeldReason::OtherUsername => format!(
            "Held back: {names} has an account with the username {}. The file says {key}. To change a username, use their \
             record.",
            quote(held.people.first().map(|shown| shown.account.as_str()).unwrap_or_default())
        ),
    };
    let text = if held.is_out_of_reach { format!("{text} {}", capital(OUT_OF_REACH)) } else { text };
    let holder = || held.people.first().map(|shown| shown.name.as_str()).unwrap_or_default();
    if held.waiting.is_some() {
        let holder = holder();
        return format!(
            "{text} Your decision waits: {holder} still has this {label}. If another row of this file gives them a new one, \
             decide that row. If not, import a file first in which they have a new one, or if {holder} has left, import \
             their last day first."
        );
    }
    match (&held.frees, held.people.first().and_then(|shown| shown.ends_on)) {
        (Some(former), Some(last_day)) => format!(
            "{text} {} left on {}. If it is somebody else now, theirs becomes {}, and they keep their account.",
            holder(),
            short(last_day),
            quote(former)
        ),
        _ => text,
    }
}

/// Which rows have the same key.
fn same_key(label: &str, held: &HeldRow) -> String {
    let rows = held.people.iter().filter_map(|shown| shown.row);
    let rows: Vec<String> = rows.map(|row| format!("row {row}")).collect();
    let rows = rows.join(" and ");
    let own = &held.in_file;
    let is_other = |shown: &&ShownPerson| {
        romanise(&shown.name) != romanise(&own.name)
            || shown.born_on.zip(own.born_on).is_some_and(|(theirs, ours)| theirs != ours)
    };
    let others: Vec<String> = held.people.iter().filter(is_other).map(described).collect();
    if !others.is_empty() {
        let has = if held.people.len() == 1 { "has" } else { "have" };
        return format!(
            "Held back: {rows} {has} the same {label}, but this row is about {}, and the other about {}. If they are \
             different people, give each their own {label} in the file, and import it again. If not, choose \
             the row that counts.",
            described(own),
            others.join(" and ")
        );
    }
    let are = if held.people.len() == 1 { "is" } else { "are" };
    format!(
        "Held back: {rows} {are} about the same person, and the dates don\u{2019}t say which is the newest. \
         Choose the one that counts."
    )
}

/// Whom the row's key belongs to, and whom the row is about instead.
fn key_of_another(label: &str, held: &HeldRow) -> String {
    let key = quote(&held.in_file.key);
    let holder = held.people.first().map(described).unwrap_or_default();
    let in_file = described(&held.in_file);
    let text = format!("Held back: the {label} {key} belongs to {holder}, but the row is about {in_file}.");
    let others = listed(held.people.iter().skip(1));
    match held.crossing {
        _ if !others.is_empty() => format!("{text} That is the name of {others}."),
        Some(of) => format!("{text} {}", crossed(of)),
        None => text,
    }
}

/// What another row has of the person that a row's key belongs to.
fn crossed(Crossing { fact, row }: Crossing) -> String {
    let fact = match fact {
        CrossedFact::Name => return format!("Row {row} has the name of the person with this number."),
        CrossedFact::GivenName => "given name",
        CrossedFact::FamilyName => "family name",
        CrossedFact::BirthDate => "date of birth",
    };
    format!(
        "Its {fact} was that of row {row}, which has another one now. Check that the columns of the file were not sorted \
         one by one."
    )
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
        HeldReason::SamePerson => format!("In the file twice, each time with another {label}"),
        HeldReason::SameKey => "Which row is the newest".to_owned(),
        HeldReason::Address => "Another address for an account".to_owned(),
        HeldReason::Colleague => "May be a colleague".to_owned(),
        HeldReason::SeveralPeople => "Can be several people".to_owned(),
        HeldReason::TwoPeople => "Two people in one cell".to_owned(),
        HeldReason::EndedLink => "Ended in Greencap".to_owned(),
        HeldReason::UnknownKey => "Is this the right column?".to_owned(),
        HeldReason::NoUsername => "Logins that can\u{2019}t be usernames".to_owned(),
        HeldReason::OtherUsername => "Another username in Greencap".to_owned(),
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
            (HeldReason::SamePerson, _) => label_for_all(kind, choice.kind),
            (HeldReason::OtherSchool, _) => format!("It is {name}: {}", kind.here_too.button),
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
        ChoiceKind::UseRow => "This row counts".to_owned(),
        ChoiceKind::LeaveOut => "Leave out".to_owned(),
        ChoiceKind::ConfirmAddress => "Use the new address".to_owned(),
        ChoiceKind::KeepAddress => "Keep the old address".to_owned(),
        ChoiceKind::LinkAgain => "Begin again".to_owned(),
        ChoiceKind::RightColumn => "The column is right: reject these rows".to_owned(),
        ChoiceKind::MakeUsername => "Make a username by the school\u{2019}s pattern".to_owned(),
        ChoiceKind::NoAccount => "No account".to_owned(),
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
