//! What the rows about an adult change of the adult.

use std::collections::BTreeMap;

use super::addresses::{self, Primary};
use super::adults::Why;
use super::fields as of;
use super::known::KnownAdult;
use super::row::AdultSaid;
use super::write::{AdultRef, AdultWrite};
use crate::guardians::relationship::Relationship;
use crate::imports::cells::CellValue;
use crate::imports::held::{ChoiceKind, HeldReason, HeldRow};
use crate::imports::note::Note;
use crate::roll::address::{EmailAddress, PhoneNumber};
use crate::roll::import::people::{ImportedPerson, PersonWrite};
use crate::roll::name::PersonName;

/// The code of addresses of one adult that differ between rows.
pub const DIFFERS: &str = "address_differs";
/// The code of a key of the other system that Greencap learns.
pub const KEY_LEARNT: &str = "key_learnt";

/// What becomes of an adult.
pub(super) struct AdultChange {
    pub(super) is_new: bool,
    pub(super) write: Option<AdultWrite>,
    pub(super) notes: Vec<Note>,
    pub(super) held: Option<Box<HeldRow>>,
}

impl AdultChange {
    /// The name that it gives the adult.
    pub(super) fn name(&self) -> Option<&PersonName> {
        self.write.as_ref()?.person.details.as_ref().map(|details| &details.name)
    }
}

/// What becomes of an adult: somebody known, with how they were found, or somebody new.
pub(super) fn of_adult(
    adult: AdultRef,
    said: &[&AdultSaid],
    known: Option<(&KnownAdult, Why)>,
    address: Option<ChoiceKind>,
) -> AdultChange {
    match known {
        Some((known, why)) => of_known(adult, said, (known, why), address),
        None => of_new(adult, said),
    }
}

fn of_new(adult: AdultRef, said: &[&AdultSaid]) -> AdultChange {
    let mut person = joined(said, None);
    let is_organisation = said.iter().any(|said| {
        said.relationship
            .as_ref()
            .is_some_and(|(relationship, _)| *relationship == Relationship::Organisation)
    });
    if is_organisation {
        let parts = [&person.given, &person.family].map(|part| part.value().map_or("", String::as_str));
        person.family = CellValue::Value(parts.join(" ").trim().to_owned());
        person.given = CellValue::Nothing;
    }
    let primary = primary(person.email.value(), person.phone.value());
    let notes = differing(said, &person);
    match person.new_person() {
        Ok(person) => AdultChange {
            is_new: true,
            write: Some(AdultWrite {
                adult,
                person,
                title: most(said.iter().filter_map(|said| said.title.clone())),
                is_organisation,
                postal: most(said.iter().filter_map(|said| said.postal.clone())),
                keys: keys(said, &[]),
                addresses: addresses::further(said, None, (&primary, &primary)),
                erases: Vec::new(),
            }),
            notes,
            held: None,
        },
        // Every group of somebody new has a name; without one there is nothing to write.
        Err(note) => AdultChange { is_new: false, write: None, notes: vec![note], held: None },
    }
}

/// The addresses that messages go to, for comparison.
fn primary(email: Option<&EmailAddress>, phone: Option<&PhoneNumber>) -> Primary {
    [email.map(EmailAddress::comparable), phone.map(|phone| phone.as_str().to_owned())]
}

fn of_known(
    adult: AdultRef,
    said: &[&AdultSaid],
    (known, why): (&KnownAdult, Why),
    address: Option<ChoiceKind>,
) -> AdultChange {
    let mut notes = Vec::new();
    let keys = keys(said, &known.keys);
    if !keys.is_empty() && !known.keys.is_empty() {
        notes.push(Note::new(KEY_LEARNT));
    }
    let mut write = AdultWrite {
        adult,
        person: PersonWrite { existing: Some(known.person.person), details: None, email: None, phone: None },
        title: None,
        is_organisation: false,
        postal: None,
        keys,
        addresses: Vec::new(),
        erases: Vec::new(),
    };
    let mut held = None;
    if known.is_reached {
        let mut person = joined(said, Some(known));
        notes.extend(differing(said, &person));
        // Only the key of their system says that another name is theirs.
        if why != Why::Key {
            (person.given, person.family) = (CellValue::Nothing, CellValue::Nothing);
        }
        match person.details_after(&known.person, &mut notes) {
            Ok(details) => write.person.details = details,
            Err(note) => notes.push(note),
        }
        match person.contacts_after(&known.person, address, &mut notes) {
            Ok(contacts) => {
                write.person.email = contacts.email;
                write.person.phone = contacts.phone;
                held = contacts.held.map(|choices| {
                    let shown = vec![known.person.shown("", "")];
                    Box::new(HeldRow::new(HeldReason::Address, person.shown(""), shown, choices))
                });
            }
            Err(note) => notes.push(note),
        }
        if !known.person.outranks {
            let chosen = primary(person.email.value(), person.phone.value());
            let primary = primary(write.person.email.as_ref(), write.person.phone.as_ref());
            write.addresses = addresses::further(said, Some(known), (&chosen, &primary));
            for address in &write.addresses {
                if primary.iter().flatten().all(|new| *new != address.comparable) {
                    notes.push(Note::new(addresses::ALSO).quoting(&address.value));
                }
            }
        }
        let (erases, asked) = addresses::erased(said, known, address, &mut notes);
        write.erases = erases;
        if let Some(choices) = asked.filter(|_| held.is_none()) {
            let shown = vec![known.person.shown("", "")];
            held = Some(Box::new(HeldRow::new(HeldReason::Address, person.shown(""), shown, choices)));
        }
        let title = most(said.iter().filter_map(|said| said.title.clone()));
        write.title = title.filter(|title| *title != known.title);
        if let Some(title) = &write.title {
            notes.push(Note::changed(&of::TITLE, &known.title, title));
        }
        let postal = most(said.iter().filter_map(|said| said.postal.clone()));
        write.postal = postal.filter(|postal| known.postal.as_ref() != Some(postal));
        if let Some((lines, postcode)) = &write.postal {
            let before = known.postal.as_ref().map_or_else(String::new, one_line);
            notes.push(Note::changed(&of::ADDRESS, before, one_line(&(lines.clone(), postcode.clone()))));
        }
    }
    let person = &write.person;
    let has_details = person.details.is_some() || person.email.is_some() || person.phone.is_some();
    let has_lists = !write.keys.is_empty() || !write.addresses.is_empty() || !write.erases.is_empty();
    let is_changed = has_details || has_lists || write.title.is_some() || write.postal.is_some();
    AdultChange { is_new: false, write: is_changed.then_some(write), notes, held }
}

/// Says which address messages go to, if rows about one adult name several.
fn differing(said: &[&AdultSaid], chosen: &ImportedPerson) -> Vec<Note> {
    if said.len() < 2 {
        return Vec::new();
    }
    let people = || said.iter().filter_map(|said| said.person.as_ref());
    let note = |kind: &'static str, chosen: Option<String>, mut all: Vec<String>| {
        all.sort_unstable();
        all.dedup();
        let chosen = chosen.filter(|chosen| all.len() > 1 && all.contains(chosen))?;
        all.retain(|other| *other != chosen);
        Some(Note::new(DIFFERS).with("kind", kind).with("used", chosen).with("others", all.join(", ")))
    };
    let email = |person: &ImportedPerson| person.email.value().map(EmailAddress::comparable);
    let phone = |person: &ImportedPerson| person.phone.value().map(|phone| phone.as_str().to_owned());
    let notes = [
        note("email", email(chosen), people().filter_map(email).collect()),
        note("phone", phone(chosen), people().filter_map(phone).collect()),
    ];
    notes.into_iter().flatten().collect()
}

fn one_line((lines, postcode): &(String, String)) -> String {
    format!("{} {postcode}", lines.replace('\n', ", ")).trim().to_owned()
}

/// The keys that are not known yet.
fn keys(said: &[&AdultSaid], known: &[String]) -> Vec<String> {
    let mut keys: Vec<String> = said.iter().flat_map(|said| said.keys()).map(str::to_owned).collect();
    keys.retain(|key| !known.iter().any(|known| known.eq_ignore_ascii_case(key)));
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// What most rows say; of equally many, the first in the order of the values, so that the order of rows means nothing.
fn most<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(value, _)| value)
}

/// Name and addresses of all rows together. What is known already stays, if one of the rows says it.
fn joined(said: &[&AdultSaid], known: Option<&KnownAdult>) -> ImportedPerson {
    let people = || said.iter().filter_map(|said| said.person.as_ref());
    let length = |person: &&ImportedPerson| {
        let part = |part: &CellValue<String>| part.value().map_or(0, |part| part.chars().count());
        (part(&person.given), part(&person.family))
    };
    // "M. Varga" is Mara Varga.
    let longest = people().map(|person| length(&person)).max().unwrap_or_default();
    let named = people().filter(|person| length(person) == longest);
    let name = most(named.map(|person| (person.given.value().cloned(), person.family.value().cloned())));
    let (given, family) = name.unwrap_or_default();
    let emails = || people().filter_map(|person| person.email.value());
    let email = most(emails().map(EmailAddress::comparable));
    // Of several spellings of one address, one in small letters if there is one.
    let spelled =
        |email: String| emails().filter(|of| of.comparable() == email).map(EmailAddress::as_str).max();
    let knows_email = |known: &KnownAdult| {
        let current = known.person.email.as_deref().map(str::to_lowercase);
        people().any(|person| person.email.value().map(EmailAddress::comparable) == current)
    };
    let email =
        email.filter(|_| !known.is_some_and(|known| known.person.email.is_some() && knows_email(known)));
    let phone = most(people().filter_map(|person| Some(person.phone.value()?.as_str().to_owned())));
    let knows_phone = |known: &KnownAdult| {
        people().any(|person| {
            person.phone.value().is_some_and(|phone| known.person.phone.as_deref() == Some(phone.as_str()))
        })
    };
    let phone = phone.filter(|_| !known.is_some_and(knows_phone));
    let middle = most(people().filter_map(|person| person.middle.value().cloned()));
    let language = most(people().filter_map(|person| Some(person.language.value()?.as_str().to_owned())));
    ImportedPerson {
        given: value(given),
        middle: value(middle),
        family: value(family),
        preferred: CellValue::Nothing,
        born_on: CellValue::Nothing,
        language: value(language.and_then(|language| language.parse().ok())),
        email: value(email.and_then(spelled).and_then(|email| email.parse().ok())),
        phone: value(phone.and_then(|phone| phone.parse().ok())),
    }
}

fn value<T>(part: Option<T>) -> CellValue<T> {
    part.map_or(CellValue::Nothing, CellValue::Value)
}
