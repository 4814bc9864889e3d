//! Writing a list: the group, the people who are new, their accounts, and who is in the group. Each with as many statements
//! for one row as for thousands.

use domain::accounts::paste::plan::{PastePlanRow, RowDoes};
use domain::accounts::plan::{PlanRow, PlannedUsername, UsernameProposal};
use domain::audit::AuditAction;
use domain::fold::{search_key, sort_key};
use domain::ids::{AccountId, AddressId, EnrolmentId, GroupId, PersonId};
use domain::roll::address::EmailAddress;
use serde_json::json;
use uuid::Uuid;

use super::place::PastePlaceFound;
use super::{PasteBeside, PasteContent, PasteWritten, WrittenPerson};
use crate::accounts::writing::{self, NewAccount, met_another};
use crate::audit::AuditEntry;
use crate::authorization::roles::tutors::appoint_within;
use crate::error::breaks_constraint;
use crate::groups::{create, members};
use crate::operations::{AppliedPlan, AuditLogEntries, OperationContext};
use crate::{Error, Result};

/// Somebody who is put on the roll.
struct NewPerson<'a> {
    person: PersonId,
    names: (&'a str, &'a str),
    row: &'a PastePlanRow,
}

/// Writes the rows of a plan.
pub(super) async fn write(
    work: &mut OperationContext<'_>,
    (paste, content): (Uuid, &PasteContent),
    rows: Vec<PastePlanRow>,
    beside: &PasteBeside,
) -> Result<AppliedPlan<PasteWritten>> {
    let total = rows.len();
    let mut roles = Vec::new();
    let (group, is_new) = match &beside.place {
        PastePlaceFound::Group(group, _) => (*group, false),
        PastePlaceFound::New(new, tutors) => {
            let group = create::insert(work.backend, work.connection, work.school, new).await?;
            let place = (work.school.school, group);
            roles = appoint_within(work.backend, work.connection, work.actor, place, tutors).await?;
            (group, true)
        }
    };
    let people: Vec<WrittenPerson> = rows
        .into_iter()
        .map(|row| {
            let person = row.person().unwrap_or_else(|| work.backend.new_id());
            let account = row.makes_account().then(|| work.backend.new_id::<AccountId>());
            WrittenPerson { row, person, account }
        })
        .collect();
    work.report("Putting students on the roll", 0, total).await?;
    let made: Vec<NewPerson<'_>> = people
        .iter()
        .filter(|made| matches!(made.row.does, RowDoes::Create(_)))
        .filter_map(|made| {
            let names = content.rows.get(made.row.at as usize)?;
            let [family, given, ..] = &names.cells;
            Some(NewPerson { person: made.person, names: (given, family), row: &made.row })
        })
        .collect();
    insert_people(work, &made).await?;
    work.report("Creating accounts", total / 3, total).await?;
    let accounts: Vec<NewAccount> = people.iter().filter_map(new_account).collect();
    for part in accounts.chunks(writing::PART) {
        writing::insert_accounts(
            work.backend,
            work.connection,
            work.school.organisation,
            work.operation,
            part,
        )
        .await?;
    }
    work.report("Adding them to the group", total / 3 * 2, total).await?;
    let all: Vec<PersonId> = people.iter().map(|made| made.person).collect();
    let joined = members::add(
        work.backend,
        work.connection,
        work.school.organisation,
        group,
        (&all, work.school.today),
    )
    .await?;
    let made: Vec<Uuid> = made.iter().map(|made| made.person.0).collect();
    keep_for_undo(work, paste, (group, is_new), (&made, &joined)).await?;
    let log = entries(work, (group, is_new), (accounts.len(), made.len(), joined.len()), roles);
    let stays = beside.stays.clone();
    let group_name = beside.place.name().to_owned();
    Ok(AppliedPlan { written: PasteWritten { group, group_name, people, stays }, log })
}

fn new_account(made: &WrittenPerson) -> Option<NewAccount> {
    let (account, username) = (made.account?, made.row.username()?.clone());
    let proposal = UsernameProposal {
        username: username.clone(),
        typed: false,
        highlights: Vec::new(),
        changes: Vec::new(),
    };
    let row = PlanRow {
        person: made.person,
        name: made.row.name.clone(),
        group: String::new(),
        admission_number: made.row.number.clone(),
        made: PlannedUsername::Ready(proposal),
        reopens: None,
    };
    Some(NewAccount { account, row, username })
}

/// Puts people on the roll from today, with the address of the list.
async fn insert_people(work: &mut OperationContext<'_>, people: &[NewPerson<'_>]) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let (organisation, now) = (work.school.organisation.0, work.backend.now());
    let ids: Vec<Uuid> = people.iter().map(|new| new.person.0).collect();
    let given: Vec<&str> = people.iter().map(|new| new.names.0).collect();
    let family: Vec<&str> = people.iter().map(|new| new.names.1).collect();
    let search = people.iter().map(|new| search_key(new.names.0, "", new.names.1, "", &new.row.number));
    let sort = people.iter().map(|new| sort_key(new.names.0, new.names.1));
    sqlx::query(
        "INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
         SELECT id, $1, given_name, family_name, search_key, sort_key, $2, $2
         FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
              AS new (id, given_name, family_name, search_key, sort_key)",
    )
    .bind(organisation)
    .bind(now)
    .bind(&ids)
    .bind(&given)
    .bind(&family)
    .bind(search.collect::<Vec<_>>())
    .bind(sort.collect::<Vec<_>>())
    .execute(&mut *work.connection)
    .await?;
    sqlx::query(
        "INSERT INTO enrolments (id, organisation_id, school_id, person_id, admission_number, starts_on, created_at, updated_at)
         SELECT id, $1, $2, person_id, admission_number, $3, $4, $4
         FROM unnest($5::uuid[], $6::uuid[], $7::text[]) AS new (id, person_id, admission_number)",
    )
    .bind(organisation)
    .bind(work.school.school.0)
    .bind(work.school.today)
    .bind(now)
    .bind(people.iter().map(|_| work.backend.new_id::<EnrolmentId>().0).collect::<Vec<_>>())
    .bind(&ids)
    .bind(people.iter().map(|new| new.row.number.as_str()).collect::<Vec<_>>())
    .execute(&mut *work.connection)
    .await
    .map_err(number_taken)?;
    let emails: Vec<(Uuid, EmailAddress)> = people
        .iter()
        .filter_map(|new| Some((new.person.0, new.row.email.parse::<EmailAddress>().ok()?)))
        .collect();
    sqlx::query(
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
         SELECT id, $1, person_id, 'email', value, comparable, true, $2
         FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[]) AS new (id, person_id, value, comparable)",
    )
    .bind(organisation)
    .bind(now)
    .bind(emails.iter().map(|_| work.backend.new_id::<AddressId>().0).collect::<Vec<_>>())
    .bind(emails.iter().map(|(person, _)| *person).collect::<Vec<_>>())
    .bind(emails.iter().map(|(_, email)| email.as_str()).collect::<Vec<_>>())
    .bind(emails.iter().map(|(_, email)| email.comparable()).collect::<Vec<_>>())
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

/// Somebody else got the number at this moment.
fn number_taken(error: sqlx::Error) -> Error {
    if breaks_constraint(&error, "enrolments_admission_number_key") {
        return Error::conflict(
            "roll_moved",
            "The roll changed while you were saving, so nothing was saved. Save again.",
        );
    }
    met_another(error)
}

/// Keeps what an undo needs, and forgets the list.
async fn keep_for_undo(
    work: &mut OperationContext<'_>,
    paste: Uuid,
    (group, is_new): (GroupId, bool),
    (made, joined): (&[Uuid], &[PersonId]),
) -> Result<()> {
    sqlx::query(
        "INSERT INTO pastes (id, organisation_id, school_id, operation_id, group_id, made_group, made_people, joined_people, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET content = NULL, operation_id = excluded.operation_id, group_id = excluded.group_id,
             made_group = excluded.made_group, made_people = excluded.made_people, joined_people = excluded.joined_people",
    )
    .bind(paste)
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(work.operation.0)
    .bind(group.0)
    .bind(is_new)
    .bind(made)
    .bind(joined.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(work.backend.now())
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

/// The entries of the audit log.
fn entries(
    work: &OperationContext<'_>,
    (group, is_new): (GroupId, bool),
    (accounts, people, joined): (usize, usize, usize),
    roles: Vec<AuditEntry>,
) -> AuditLogEntries {
    let school = work.school.school;
    let mut log = Vec::new();
    if is_new {
        let details = json!({ "school": school });
        log.push(AuditEntry::new(AuditAction::GroupCreated).subject("group", group.0).details(details));
        log.extend(roles);
    }
    if accounts > 0 {
        let details = json!({ "accounts": accounts, "new_people": people, "group": group, "school": school });
        let entry = AuditEntry::new(AuditAction::AccountsCreated);
        log.push(entry.subject("batch", work.operation.0).details(details));
    }
    if joined > 0 {
        let details = json!({ "people": joined, "school": school });
        log.push(AuditEntry::new(AuditAction::GroupJoined).subject("group", group.0).details(details));
    }
    AuditLogEntries::All(log.into_iter().map(AuditLogEntries::One).collect())
}
