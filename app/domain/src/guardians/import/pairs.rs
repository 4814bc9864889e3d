//! What rows say of an adult and a child, and what it changes.

use chrono::NaiveDate;

use super::fields as of;
use super::known::KnownContact;
use super::plan::Terms;
use super::row::AdultSaid;
use crate::guardians::contact::{ContactFacts, ContactFunction, ContactPriority};
use crate::guardians::relationship::Relationship;
use crate::imports::cells::CellValue;
use crate::imports::kind::ImportField;
use crate::imports::note::Note;

/// The code of parental responsibility that a file says of somebody who is no parent.
pub const RESPONSIBILITY_NOT_TAKEN: &str = "responsibility_not_taken";
/// The code of a value that stays because somebody has changed it by hand.
pub const KEPT_BY_HAND: &str = "kept_by_hand";
/// The code of a file that says that somebody has no access.
pub const NO_ACCESS: &str = "no_access";
/// The code of an end before its beginning.
pub const ENDS_BEFORE: &str = "contact_ends_before";

/// What an adult is to a child if no row says it: somebody who cares for them, which opens nothing unless the school
/// decides so.
const UNSAID: Relationship = Relationship::Carer;

/// What all rows about one pair say together. It does not depend on their order.
#[derive(Debug, Default)]
pub(super) struct PairSaid {
    relationship: Option<(Relationship, String)>,
    functions: Vec<(ContactFunction, bool)>,
    priority: CellValue<ContactPriority>,
    responsible: CellValue<bool>,
    lives_with: CellValue<bool>,
    no_access: bool,
    starts_on: Option<NaiveDate>,
    ends_on: CellValue<NaiveDate>,
}

/// Joins what the rows say.
pub(super) fn joined(rows: &[&AdultSaid]) -> PairSaid {
    // "Emergency" beside "mother" is what a mother does, not what she is.
    let weight = |relationship: &Relationship| match relationship {
        Relationship::Other => 2,
        Relationship::EmergencyContact => 1,
        _ => 0,
    };
    let said = rows.iter().filter_map(|row| row.relationship.as_ref());
    let relationship = said.min_by_key(|(of, word)| (weight(of), *of, word.as_str())).cloned();
    let mut functions: Vec<(ContactFunction, bool)> =
        rows.iter().flat_map(|row| row.functions.iter().copied()).collect();
    functions.sort_unstable();
    // What one of the rows says to be so is so.
    functions.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1 |= later.1;
        }
        same
    });
    let mut all = PairSaid { relationship, functions, ..PairSaid::default() };
    for row in rows {
        all.priority = lower(&all.priority, &row.priority);
        // No says more than yes: access is lowered, never raised.
        all.responsible = lower(&all.responsible, &row.responsible);
        all.lives_with = higher(&all.lives_with, &row.lives_with);
        all.no_access |= row.no_access;
        all.starts_on = all.starts_on.into_iter().chain(row.starts_on).min();
        all.ends_on = higher(&all.ends_on, &row.ends_on);
    }
    all
}

fn lower<T: Copy + Ord>(one: &CellValue<T>, other: &CellValue<T>) -> CellValue<T> {
    either(one, other, Ord::min)
}

fn higher<T: Copy + Ord>(one: &CellValue<T>, other: &CellValue<T>) -> CellValue<T> {
    either(one, other, Ord::max)
}

fn either<T: Copy>(one: &CellValue<T>, other: &CellValue<T>, of: fn(T, T) -> T) -> CellValue<T> {
    match (one, other) {
        (CellValue::Value(one), CellValue::Value(other)) => CellValue::Value(of(*one, *other)),
        (CellValue::Value(one), _) | (_, CellValue::Value(one)) => CellValue::Value(*one),
        (CellValue::Empty, _) | (_, CellValue::Empty) => CellValue::Empty,
        (CellValue::Nothing, CellValue::Nothing) => CellValue::Nothing,
    }
}

/// What is known of a new pair.
pub(super) fn begun(said: &PairSaid, terms: Terms, notes: &mut Vec<Note>) -> ContactFacts {
    let nothing = ContactFacts {
        relationship: UNSAID,
        relationship_said: String::new(),
        functions: Vec::new(),
        priority: None,
        parental_responsibility: None,
        lives_with: None,
        no_portal: false,
        starts_on: said.starts_on.unwrap_or(terms.day),
        ends_on: None,
    };
    after(said, &nothing, notes)
}

/// What is known afterwards. Notes tell what was not taken over.
fn after(said: &PairSaid, before: &ContactFacts, notes: &mut Vec<Note>) -> ContactFacts {
    let (relationship, relationship_said) = match &said.relationship {
        // A word that says less than what is known, as in every OneRoster file, changes nothing.
        Some((Relationship::Other, word))
            if before.relationship != Relationship::Other && word.is_empty() =>
        {
            (before.relationship, before.relationship_said.clone())
        }
        Some((relationship, word)) => (*relationship, word.clone()),
        None => (before.relationship, before.relationship_said.clone()),
    };
    let has = |function: ContactFunction| {
        let said = said.functions.iter().find(|(of, _)| *of == function);
        said.map_or(before.functions.contains(&function), |(_, is_so)| *is_so)
    };
    let functions = ContactFunction::ALL.into_iter().filter(|function| has(*function)).collect();
    let mut parental_responsibility = taken(&said.responsible, before.parental_responsibility);
    if parental_responsibility == Some(true)
        && before.parental_responsibility != Some(true)
        && !relationship.is_parent()
    {
        // A file never opens more than the school does for such a person.
        notes.push(Note::new(RESPONSIBILITY_NOT_TAKEN));
        parental_responsibility = before.parental_responsibility;
    }
    if said.no_access && !before.no_portal {
        notes.push(Note::new(NO_ACCESS));
    }
    let starts_on = said.starts_on.unwrap_or(before.starts_on);
    let ends_on = taken(&said.ends_on, before.ends_on);
    let ends_early = ends_on.is_some_and(|ends_on| ends_on < starts_on);
    if ends_early {
        notes.push(Note::new(ENDS_BEFORE));
    }
    ContactFacts {
        relationship,
        relationship_said,
        functions,
        priority: taken(&said.priority, before.priority),
        parental_responsibility,
        lives_with: taken(&said.lives_with, before.lives_with),
        no_portal: before.no_portal || said.no_access,
        starts_on: if ends_early { before.starts_on } else { starts_on },
        ends_on: if ends_early { before.ends_on } else { ends_on },
    }
}

/// A blank cell leaves what is known, and "(clear)" erases it.
fn taken<T: Copy>(said: &CellValue<T>, before: Option<T>) -> Option<T> {
    match said {
        CellValue::Nothing => before,
        CellValue::Empty => None,
        CellValue::Value(value) => Some(*value),
    }
}

/// What changes of a pair that is known; `None` if nothing does. Fields that somebody changed by hand stay, with a note.
pub(super) fn changed(said: &PairSaid, known: &KnownContact, notes: &mut Vec<Note>) -> Option<ContactFacts> {
    let before = &known.facts;
    let mut after = after(said, before, notes);
    if after == *before {
        return None;
    }
    let is_kept = |column: &str| known.kept.iter().any(|kept| kept == column);
    let mut tell = |field: &ImportField, (old, new): (String, String), kept: bool| {
        if old != new {
            notes.push(if kept {
                Note::new(KEPT_BY_HAND).with("field", field.slug).with("old", &old).with("new", &new)
            } else {
                Note::changed(field, &old, &new)
            });
        }
        kept
    };
    let relationship = |facts: &ContactFacts| match facts.relationship_said.as_str() {
        "" => facts.relationship.label().to_owned(),
        said => said.to_owned(),
    };
    if tell(&of::RELATIONSHIP, (relationship(before), relationship(&after)), is_kept("relationship")) {
        after.relationship = before.relationship;
        after.relationship_said.clone_from(&before.relationship_said);
    }
    let number =
        |facts: &ContactFacts| facts.priority.map_or_else(String::new, |of| u8::from(of).to_string());
    if tell(&of::PRIORITY, (number(before), number(&after)), is_kept("priority")) {
        after.priority = before.priority;
    }
    let responsible = (flag(before.parental_responsibility), flag(after.parental_responsibility));
    if tell(&of::RESPONSIBILITY, responsible, is_kept("parental_responsibility")) {
        after.parental_responsibility = before.parental_responsibility;
    }
    if tell(&of::LIVES_WITH, (flag(before.lives_with), flag(after.lives_with)), is_kept("lives_with")) {
        after.lives_with = before.lives_with;
    }
    for (function, field) in [
        (ContactFunction::Emergency, &of::EMERGENCY),
        (ContactFunction::Pickup, &of::PICKUP),
        (ContactFunction::Payer, &of::PAYER),
    ] {
        let has = |facts: &ContactFacts| flag(Some(facts.functions.contains(&function)));
        tell(field, (has(before), has(&after)), is_kept("functions"));
    }
    if is_kept("functions") {
        after.functions.clone_from(&before.functions);
    }
    if is_kept("no_portal") {
        after.no_portal = before.no_portal;
    }
    let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let starts = (day(Some(before.starts_on)), day(Some(after.starts_on)));
    if tell(&of::START, starts, is_kept("starts_on")) {
        after.starts_on = before.starts_on;
    }
    if tell(&of::END, (day(before.ends_on), day(after.ends_on)), is_kept("ends_on")) {
        after.ends_on = before.ends_on;
    }
    (after != *before).then_some(after)
}

fn flag(said: Option<bool>) -> String {
    said.map_or_else(String::new, |said| if said { "Yes" } else { "No" }.to_owned())
}
