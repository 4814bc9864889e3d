//! How files about guardians are read and planned. Numbers in comments are those of complaints about other systems.

mod headers;
mod planning;
mod public;
mod sums;
mod systems;

use chrono::NaiveDate;

use super::CONTACTS;
use super::accounts::Accounts;
use super::known::{Known, KnownAdult, KnownChild, KnownContact};
use super::plan::{PlanRow, Terms, plan};
use super::row::{self, FamilyRow};
use super::write::{AdultRef, GuardiansWrite};
use crate::guardians::contact::ContactFacts;
use crate::guardians::relationship::Relationship;
use crate::ids::{ContactId, PersonId};
use crate::imports::cells::RowReader;
use crate::imports::dates::DateOrder;
use crate::imports::held::Choices;
use crate::imports::mapping::Mapping;
use crate::imports::note::Verdict;
use crate::imports::plan::ReadRow;
use crate::imports::whole::WholePlan;
use crate::roll::import::people::{CurrentPerson, EditedFields};
use crate::roll::name::PersonName;

const ILSE: u128 = 100;
const TAM: u128 = 101;
const NOOR: u128 = 102;
const LIO: u128 = 103;
const BEN: u128 = 417;

fn id(number: u128) -> PersonId {
    PersonId(uuid::Uuid::from_u128(number))
}

fn day() -> NaiveDate {
    "2026-11-21".parse().unwrap()
}

fn terms() -> Terms {
    Terms { day: day(), needs_child: true, accounts: Accounts::Never }
}

/// The roll of every example.
fn roll() -> Known {
    let child = |number: u128, key: &str, given: &str, family: &str| KnownChild {
        person: id(number),
        number: key.to_owned(),
        name: PersonName::new(given, "", family, "").unwrap(),
        born_on: Some("2014-05-06".parse().unwrap()),
        emails: vec![format!("{}@school.example", given.to_lowercase())],
        account: None,
        has_closed_account: false,
        has_left: false,
    };
    let children = [
        child(BEN, "00417", "Ben", "Okafor"),
        child(ILSE, "A100", "Ilse", "Varga"),
        child(TAM, "A101", "Tam", "Varga"),
        child(NOOR, "A102", "Noor", "Idowu"),
        child(LIO, "A103", "Lio", "Haddad"),
        child(104, "A104", "Ana", "Twin"),
        child(105, "A105", "Eva", "Twin"),
    ];
    Known { children: children.into_iter().collect(), ..Known::default() }
}

/// Somebody known, with an email address.
fn adult(number: u128, given: &str, family: &str, email: &str) -> KnownAdult {
    let email = (!email.is_empty()).then(|| email.to_owned());
    KnownAdult {
        person: CurrentPerson {
            person: id(number),
            name: PersonName::new(given, "", family, "").unwrap(),
            born_on: None,
            language: "en".to_owned(),
            left_emails: Vec::new(),
            phone: None,
            outranks: false,
            account: None,
            may_readdress: true,
            own: false,
            email: email.clone(),
            edited: EditedFields::default(),
        },
        title: String::new(),
        keys: Vec::new(),
        has_closed_account: false,
        emails: email.into_iter().collect(),
        phones: Vec::new(),
        postal: None,
        is_student: false,
        works_here: false,
        is_reached: true,
    }
}

fn contact(relationship: Relationship) -> KnownContact {
    KnownContact {
        id: ContactId(uuid::Uuid::from_u128(9)),
        facts: ContactFacts {
            relationship,
            relationship_said: String::new(),
            functions: Vec::new(),
            priority: None,
            parental_responsibility: None,
            lives_with: None,
            no_portal: false,
            starts_on: "2026-09-01".parse().unwrap(),
            ends_on: None,
        },
        kept: Vec::new(),
    }
}

/// Reads a file whose first line has the column names.
fn read(file: &str) -> Vec<ReadRow<FamilyRow>> {
    let cells = |line: &str| -> Vec<String> {
        let mut cells = Vec::new();
        let (mut cell, mut quoted) = (String::new(), false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(std::mem::take(&mut cell)),
                c => cell.push(c),
            }
        }
        cells.push(cell);
        cells
    };
    let mut lines = file.lines();
    let headers = cells(lines.next().unwrap());
    let mapping = Mapping::automatic(&CONTACTS, &headers, None);
    let reader = RowReader::new(&CONTACTS, &mapping, DateOrder::default(), day());
    let rows = lines.enumerate();
    rows.map(|(at, line)| {
        let number = u32::try_from(at + 2).unwrap();
        ReadRow::read(&reader, number, (&cells(line), &[]), row::read)
    })
    .collect()
}

/// Plans a file.
fn planned_with(file: &str, known: &Known, choices: &Choices) -> WholePlan<GuardiansWrite> {
    let read = read(file);
    let rows: Vec<PlanRow<'_>> =
        read.iter().filter_map(|row| Some(PlanRow { number: row.number(), row: row.row()? })).collect();
    let verdicts: Vec<Verdict<GuardiansWrite>> = plan(&rows, known, choices, terms());
    WholePlan::of(read, verdicts, ("", day()))
}

fn planned(file: &str, known: &Known) -> WholePlan<GuardiansWrite> {
    planned_with(file, known, &Choices::default())
}

/// The outcome and code of each row.
fn outcomes(plan: &WholePlan<GuardiansWrite>) -> Vec<String> {
    let rows = plan.rows.iter();
    rows.map(|row| format!("{} {}", row.line.outcome.slug(), row.line.code)).collect()
}

/// What is written, whatever the order of rows: each link as "given family > child relationship".
fn links(plan: &WholePlan<GuardiansWrite>) -> Vec<String> {
    let writes = || plan.rows.iter().filter_map(|row| row.write.as_ref());
    let name = |adult: AdultRef| {
        let mut adults = writes().flat_map(|write| &write.adults);
        let found = adults.find(|write| write.adult == adult).and_then(|write| write.person.details.as_ref());
        found.map_or_else(|| format!("{adult:?}"), |details| details.name.full())
    };
    let all = writes().flat_map(|write| &write.links);
    let mut links: Vec<String> = all
        .map(|link| {
            format!("{} > {} {}", name(link.adult), link.child.0.as_u128(), link.facts.relationship.slug())
        })
        .collect();
    links.sort_unstable();
    links
}

/// The number of new adults.
fn new_adults(plan: &WholePlan<GuardiansWrite>) -> usize {
    let writes = plan.rows.iter().filter_map(|row| row.write.as_ref());
    writes.flat_map(|write| &write.adults).filter(|adult| matches!(adult.adult, AdultRef::New(_))).count()
}

/// Whether a row has a note with this code.
fn says(plan: &WholePlan<GuardiansWrite>, row: usize, code: &str) -> bool {
    plan.rows[row].line.notes.iter().any(|note| note.code == code)
}
