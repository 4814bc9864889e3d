//! Which students a row is about.

use std::collections::{HashMap, HashSet};

use super::known::{KnownChild, KnownChildren};
use super::plan::{PlanRow, Trouble};
use super::row::{CHILD_MISSING, FamilyRow};
use super::row_child::ChildNumbers;
use crate::ids::PersonId;
use crate::imports::held::{ChoiceKind, Choices, HeldChoice, HeldReason, HeldRow, ShownPerson};
use crate::imports::note::Note;
use crate::roll::name::PersonName;

/// The code of a number that no student has.
pub const CHILD_UNKNOWN: &str = "child_unknown";
/// The code of a child whom several students can be.
pub const CHILD_AMBIGUOUS: &str = "child_ambiguous";

/// The children of each row, or why they are not clear.
pub(super) fn of_rows(
    rows: &[PlanRow<'_>],
    known: &KnownChildren,
    choices: &Choices,
    needs_child: bool,
) -> Vec<Result<Vec<PersonId>, Trouble>> {
    // Where a column has lost its zeros, a number that fits two students says nothing.
    let loses_zeros = rows.iter().flat_map(|row| numbers(row.row, known)).any(|number| {
        known.numbered(number).is_none()
            && matches!(known.near(number).as_slice(), [only] if only.number.starts_with('0'))
    });
    let has_child = |row: &FamilyRow| {
        !row.children.parts.is_empty() || row.child.email.is_some() || row.child.name.is_some()
    };
    let with_child: HashSet<&str> =
        rows.iter().filter(|row| has_child(row.row)).flat_map(|row| keys(row.row)).collect();
    let mut found: HashMap<&str, Result<PersonId, Found<'_>>> = HashMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let said = row.row;
        let is_needed = (needs_child && !said.is_gone) || said.account_of_student.is_some();
        let says_more = !has_child(said) && keys(said).any(|key| with_child.contains(key));
        if (!is_needed || says_more) && said.children.parts.is_empty() && said.child.email.is_none() {
            all.push(Ok(Vec::new()));
            continue;
        }
        all.push(of_row(row, known, choices, |number| {
            *found.entry(number).or_insert_with(|| by_number(number, known, loses_zeros))
        }));
    }
    all
}

/// The keys of the adults of whom a row says more.
fn keys(row: &FamilyRow) -> impl Iterator<Item = &str> {
    row.adults.iter().filter_map(|said| said.person.as_ref().and(said.key.as_deref()))
}

/// The children of one row.
fn of_row<'r, 'k>(
    row: &PlanRow<'r>,
    known: &'k KnownChildren,
    choices: &Choices,
    mut find: impl FnMut(&'r str) -> Result<PersonId, Found<'k>>,
) -> Result<Vec<PersonId>, Trouble> {
    let numbers = numbers(row.row, known);
    if numbers.is_empty() {
        return by_facts(row, known, choices);
    }
    let mut children = Vec::new();
    for number in numbers {
        match find(number) {
            Ok(child) => children.push(child),
            Err(Found::Nobody) => children.push(by_email(row, number, known, choices)?),
            Err(Found::Several) => {
                return Err(Trouble::Rejected(Note::new(CHILD_AMBIGUOUS).quoting(number)));
            }
            Err(Found::Almost(child)) => children.push(almost(row, number, child, choices)?),
        }
    }
    children.sort_unstable();
    children.dedup();
    if row.row.account_of_student.is_some() && children.len() > 1 {
        return Err(Trouble::Rejected(Note::new(CHILD_AMBIGUOUS).quoting(&row.row.children.whole)));
    }
    Ok(children)
}

/// Every student whom these rows may be about.
pub fn mentioned<'r>(rows: impl Iterator<Item = &'r FamilyRow>, known: &KnownChildren) -> Vec<PersonId> {
    let mut found = Vec::new();
    for row in rows {
        for number in std::iter::once(&row.children.whole).chain(&row.children.parts) {
            match known.numbered(number).or_else(|| known.with_username(number)) {
                Some(child) => found.push(child.person),
                None if number.is_empty() => {}
                None => found.extend(known.near(number).iter().map(|child| child.person)),
            }
        }
        let said = &row.child;
        let by_email = said.email.iter().flat_map(|email| known.with_email(email));
        found.extend(by_email.map(|child| child.person));
        if let Some(name) = &said.name
            && let Ok(name) = PersonName::new(&name.given, "", &name.family, "")
        {
            found.extend(known.named(&name, said.born_on).iter().map(|child| child.person));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The rows with adult and child exchanged, if the other column has more numbers of the roll: some systems write the
/// adult first.
pub fn turned(rows: &[&FamilyRow], known: &KnownChildren) -> Option<Vec<FamilyRow>> {
    let key = |row: &FamilyRow| match row.adults.as_slice() {
        [only] => only.key.clone(),
        _ => None,
    };
    let is_child = |number: &str| known.numbered(number).is_some();
    let as_said = rows.iter().filter(|row| row.children.parts.iter().any(|number| is_child(number))).count();
    let exchanged = rows.iter().filter(|row| key(row).is_some_and(|key| is_child(&key))).count();
    (exchanged > as_said).then(|| {
        let turn = |row: &&FamilyRow| {
            let mut row = (*row).clone();
            if let Some(child) = key(&row) {
                row.adults[0].key = Some(std::mem::take(&mut row.children.whole));
                row.children = ChildNumbers { whole: child.clone(), parts: vec![child] };
            }
            row
        };
        rows.iter().map(turn).collect()
    })
}

/// The numbers of a row's children: the cell as a whole, if a student has it, or else its parts.
fn numbers<'r>(row: &'r FamilyRow, known: &KnownChildren) -> Vec<&'r str> {
    let said = &row.children;
    if said.parts.len() > 1 && known.numbered(&said.whole).is_some() {
        return vec![&said.whole];
    }
    said.parts.iter().map(String::as_str).collect()
}

/// Why a number alone says no student.
#[derive(Clone, Copy)]
enum Found<'k> {
    Nobody,
    Several,
    Almost(&'k KnownChild),
}

fn by_number<'k>(number: &str, known: &'k KnownChildren, loses_zeros: bool) -> Result<PersonId, Found<'k>> {
    match known.numbered(number) {
        Some(_) if loses_zeros && known.near(number).len() > 1 => Err(Found::Several),
        Some(child) => Ok(child.person),
        None => match known.near(number).as_slice() {
            // Some systems call students by their usernames.
            [] => known.with_username(number).map(|child| child.person).ok_or(Found::Nobody),
            [only] => Err(Found::Almost(only)),
            _ => Err(Found::Several),
        },
    }
}

fn unknown(number: &str) -> Trouble {
    Trouble::Rejected(Note::new(CHILD_UNKNOWN).quoting(number))
}

/// A number that nobody has, beside the email address of a student: the number may be that of another system. It is asked.
fn by_email(
    row: &PlanRow<'_>,
    number: &str,
    known: &KnownChildren,
    choices: &Choices,
) -> Result<PersonId, Trouble> {
    let found = row.row.child.email.iter().flat_map(|email| known.with_email(email)).collect::<Vec<_>>();
    let [child] = found.as_slice() else { return Err(unknown(number)) };
    match choices.of(row.number, HeldReason::OtherKey) {
        Some(choice) if choice.kind == ChoiceKind::LeaveOut => return Err(Trouble::LeftOut),
        Some(choice) if choice.person == Some(child.person) => return Ok(child.person),
        _ => {}
    }
    let in_file = ShownPerson { key: number.to_owned(), ..ShownPerson::default() };
    Err(Trouble::Held(Box::new(held(HeldReason::OtherKey, in_file, &[*child]))))
}

/// A number that is almost a student's is asked about.
fn almost(
    row: &PlanRow<'_>,
    number: &str,
    child: &KnownChild,
    choices: &Choices,
) -> Result<PersonId, Trouble> {
    match choices.of(row.number, HeldReason::NearKey) {
        Some(choice) if choice.kind == ChoiceKind::LeaveOut => return Err(Trouble::LeftOut),
        Some(choice) if choice.person == Some(child.person) => return Ok(child.person),
        _ => {}
    }
    let in_file = ShownPerson { key: number.to_owned(), ..ShownPerson::default() };
    Err(Trouble::Held(Box::new(held(HeldReason::NearKey, in_file, &[child]))))
}

fn held(reason: HeldReason, in_file: ShownPerson, children: &[&KnownChild]) -> HeldRow {
    let about = children.iter().map(|child| HeldChoice::about(ChoiceKind::ThisPerson, child.person));
    let choices = about.chain([HeldChoice::of(ChoiceKind::LeaveOut)]).collect();
    HeldRow::new(reason, in_file, children.iter().map(|child| shown(child)).collect(), choices)
}

/// A student, as a held row shows them.
pub(super) fn shown(child: &KnownChild) -> ShownPerson {
    ShownPerson {
        person: Some(child.person),
        name: child.name.full(),
        born_on: child.born_on,
        key: child.number.clone(),
        ..ShownPerson::default()
    }
}

/// A child without a number: by the email address, or by the name, with the date of birth if it is said, which is asked
/// about.
fn by_facts(row: &PlanRow<'_>, known: &KnownChildren, choices: &Choices) -> Result<Vec<PersonId>, Trouble> {
    let said = &row.row.child;
    if let Some(email) = &said.email {
        return match known.with_email(email).as_slice() {
            [only] => Ok(vec![only.person]),
            [] => Err(unknown(email)),
            _ => Err(Trouble::Rejected(Note::new(CHILD_AMBIGUOUS).quoting(email))),
        };
    }
    let name = said.name.as_ref().and_then(|name| PersonName::new(&name.given, "", &name.family, "").ok());
    let Some(name) = name else { return Err(Trouble::Rejected(Note::new(CHILD_MISSING))) };
    let found = known.named(&name, said.born_on);
    match choices.of(row.number, HeldReason::OtherKey) {
        Some(choice) if choice.kind == ChoiceKind::LeaveOut => return Err(Trouble::LeftOut),
        Some(choice) => {
            if let Some(child) = found.iter().find(|child| choice.person == Some(child.person)) {
                return Ok(vec![child.person]);
            }
        }
        None => {}
    }
    if found.is_empty() {
        return Err(unknown(&name.full()));
    }
    let in_file = ShownPerson { name: name.full(), born_on: said.born_on, ..ShownPerson::default() };
    // A date of birth and a name never say a child alone: twins and namesakes are born on one day.
    Err(Trouble::Held(Box::new(held(HeldReason::OtherKey, in_file, &found))))
}
