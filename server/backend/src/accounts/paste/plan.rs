//! Planning a list: who each row is about, and the usernames of those who get an account.

use std::collections::{HashMap, HashSet};

use domain::accounts::paste::check::check;
use domain::accounts::paste::plan::{PastePlanRow, RowDoes, RowWaits, filled};
use domain::accounts::paste::read::ReadError;
use domain::accounts::paste::who::{KnownAccount, KnownStudent, LookUpKeys, RowIs};
use domain::accounts::paste::{MOST_ROWS, PasteColumn, PastedRow};
use domain::accounts::username::Username;
use domain::ids::PersonId;
use domain::operations::plan::Plan;
use domain::roll::address::EmailAddress;
use domain::roll::name::{PersonName, display_name};
use uuid::Uuid;

use super::{PasteBeside, PasteContent, known, place};
use crate::accounts::imported::{self, NewHolder};
use crate::operations::OperationContext;
use crate::{Error, Result};

/// A row while it is planned.
enum PlanningRow {
    /// It needs no username, or waits.
    Planned(PastePlanRow),
    /// It gets one, under this identifier.
    Named(PastePlanRow, PersonId),
}

/// Plans the rows that change something, in their order; those of people who are in the group already are beside them.
pub(super) async fn plan(
    work: &mut OperationContext<'_>,
    content: &PasteContent,
) -> Result<(Plan<PastePlanRow>, PasteBeside)> {
    if content.rows.len() > MOST_ROWS {
        let many = ReadError::TooManyRows(content.rows.len());
        return Err(Error::conflict("too_many_rows", many.to_string()));
    }
    let school = work.school;
    let found = place::find(work.connection, work.actor, school, &content.into).await?;
    let keys = LookUpKeys::of(&content.rows);
    let known = known::known(work.connection, school, found.group(), &keys).await?;
    let mut checked = check(&content.rows);
    let mut holders: Vec<NewHolder> = Vec::new();
    let mut planning: Vec<PlanningRow> = Vec::with_capacity(content.rows.len());
    let mut seen: HashMap<PersonId, u32> = HashMap::new();
    for (at, row) in filled(&content.rows) {
        let problem = checked.get_mut(at as usize).filter(|problems| !problems.is_empty());
        let planned = match problem.map(|problems| problems.remove(0)) {
            Some(problem) => PlanningRow::Planned(waits(at, row, problem.into())),
            None => match known.of_row(row) {
                Err(problem) => PlanningRow::Planned(waits(at, row, problem.into())),
                Ok(RowIs::New) => new(at, row, &mut holders)?,
                Ok(RowIs::Known(known)) => match seen.insert(known.person, at) {
                    Some(first) => PlanningRow::Planned(waits(at, row, twice(first))),
                    None => on_roll(at, row, known, &mut holders)?,
                },
            },
        };
        planning.push(planned);
    }
    let names_people = school.everybody();
    let usernames = imported::plan(work.connection, school, school.today, (Vec::new(), holders)).await?;
    let mut usernames: HashMap<PersonId, _> =
        usernames.into_iter().map(|row| (row.person, RowWaits::username(&row.made, names_people))).collect();
    let mut rows: Vec<PastePlanRow> = Vec::with_capacity(planning.len());
    let mut stays = Vec::new();
    for row in planning {
        let planned = match row {
            PlanningRow::Planned(row) => row,
            PlanningRow::Named(mut row, person) => {
                let made =
                    usernames.remove(&person).ok_or_else(|| Error::unexpected("a row without a username"))?;
                row.does = match (made, row.person()) {
                    (Err(waits), _) => RowDoes::Waits(waits),
                    (Ok(username), Some(person)) => RowDoes::Account(person, username),
                    (Ok(username), None) => RowDoes::Create(username),
                };
                row
            }
        };
        if matches!(planned.does, RowDoes::Stays(..)) {
            stays.push(planned);
        } else {
            rows.push(planned);
        }
    }
    give_numbers(work, &mut rows).await?;
    Ok((Plan::of(rows), PasteBeside { place: found, stays }))
}

fn waits(at: u32, row: &PastedRow, waits: RowWaits) -> PastePlanRow {
    let [family, given] = [PasteColumn::FamilyName, PasteColumn::GivenName].map(|column| row.cell(column));
    let name = display_name(given, family, "");
    let number = row.cell(PasteColumn::AdmissionNumber).to_owned();
    PastePlanRow { at, name, does: RowDoes::Waits(waits), number, email: String::new() }
}

/// A second row about somebody.
fn twice(first: u32) -> RowWaits {
    RowWaits {
        column: PasteColumn::FamilyName,
        sentence: format!("This is the same student as in row {}. Remove one of the rows.", first + 1),
        code: "person_twice".to_owned(),
        asks: false,
    }
}

/// The username that was typed.
fn typed(row: &PastedRow) -> Option<Username> {
    row.cell(PasteColumn::Username).parse().ok()
}

/// Somebody new. Until they are written, their place in the list identifies them.
fn new(at: u32, row: &PastedRow, holders: &mut Vec<NewHolder>) -> Result<PlanningRow> {
    let [family, given] = [PasteColumn::FamilyName, PasteColumn::GivenName].map(|column| row.cell(column));
    let name = PersonName::new(given, "", family, "").map_err(Error::unexpected)?;
    let person = PersonId(Uuid::from_u128(u128::from(at) + 1));
    let number = row.cell(PasteColumn::AdmissionNumber).to_owned();
    let email: Option<EmailAddress> = row.cell(PasteColumn::Email).parse().ok();
    let planned = PastePlanRow {
        at,
        name: name.full(),
        does: pending(),
        number: number.clone(),
        email: email.map(String::from).unwrap_or_default(),
    };
    holders.push(NewHolder { person, name, number, login: typed(row) });
    Ok(PlanningRow::Named(planned, person))
}

/// What a row does before it has its username.
fn pending() -> RowDoes {
    RowDoes::Waits(RowWaits {
        column: PasteColumn::Username,
        sentence: String::new(),
        code: "pending".to_owned(),
        asks: false,
    })
}

/// Somebody who is on the roll.
fn on_roll(
    at: u32,
    row: &PastedRow,
    known: &KnownStudent,
    holders: &mut Vec<NewHolder>,
) -> Result<PlanningRow> {
    let person = known.person;
    let planned = |does| PastePlanRow {
        at,
        name: known.name.clone(),
        does,
        number: known.number.clone(),
        email: String::new(),
    };
    let has = match &known.account {
        KnownAccount::None => None,
        KnownAccount::Open(username) => Some(Some(username.clone())),
        KnownAccount::Closed(_) => Some(None),
    };
    if let Some(open) = has {
        let does = if known.is_member { RowDoes::Stays(person, open) } else { RowDoes::Join(person, open) };
        return Ok(PlanningRow::Planned(planned(does)));
    }
    let [given, family, preferred] = &known.names;
    let name = PersonName::new(given, "", family, preferred).map_err(Error::unexpected)?;
    holders.push(NewHolder { person, name, number: known.number.clone(), login: typed(row) });
    Ok(PlanningRow::Named(planned(RowDoes::Join(person, None)), person))
}

/// How many numbers are looked up for a username: another student's number is rarely like it.
const NUMBERS_TRIED: usize = 4;

/// The numbers that stand for a username: itself, then with a number behind it.
fn numbers_like(username: &Username) -> impl Iterator<Item = String> {
    let more = (2u32..).map(move |more| format!("{username}-{more}"));
    std::iter::once(username.as_str().to_owned()).chain(more)
}

/// Gives people without an admission number their username as one, since imports need a number to find them again.
async fn give_numbers(work: &mut OperationContext<'_>, rows: &mut [PastePlanRow]) -> Result<()> {
    let unnumbered = rows.iter().filter(|row| row.number.is_empty()).filter_map(PastePlanRow::username);
    let wanted: Vec<String> =
        unnumbered.flat_map(|username| numbers_like(username).take(NUMBERS_TRIED)).collect();
    let taken: Vec<String> = sqlx::query_scalar(
        "SELECT admission_number FROM enrolments
         WHERE organisation_id = $1 AND school_id = $2 AND latest AND admission_number = ANY ($3)",
    )
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(wanted)
    .fetch_all(&mut *work.connection)
    .await?;
    let mut taken: HashSet<String> = taken.into_iter().collect();
    taken.extend(rows.iter().map(|row| row.number.clone()));
    for row in rows.iter_mut().filter(|row| row.number.is_empty()) {
        let Some(username) = row.username() else { continue };
        let number = numbers_like(username).find(|number| !taken.contains(number)).unwrap_or_default();
        taken.insert(number.clone());
        row.number = number;
    }
    Ok(())
}
