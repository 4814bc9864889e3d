//! Undoing an import of people of any kind: when it is refused, and what follows from it.

use domain::authorization::place::PersonPlaces;
use domain::authorization::policy::{Permission, Refusal, Resource, decide};
use domain::ids::{AccountId, AddressId, PersonId, SchoolId};
use domain::roll::address::AddressKind;
use sqlx::PgConnection;
use uuid::Uuid;

use super::in_use::refuse_in_use;
use crate::Result;
use crate::authorization::roles::outranking;
use crate::authorization::undoing::{BeyondReach, hidden_among};
use crate::credentials::disown::{WrongAddress, end_what_it_opened, note_ended};
use crate::credentials::revoke::revoke_everything_sent_to;
use crate::imports::kind::Importing;
use crate::roll::addresses::moved::EmailsBefore;
use crate::roll::addresses::refuse_own_email;

/// What an undo keeps: people's primary emails before it, and the accounts that it ended.
pub(crate) struct EmailsToRestore {
    before: EmailsBefore,
    disowned: Vec<(AccountId, PersonId)>,
}

/// Blocks everyone else from creating accounts for the people of an import, and from changing them, until the
/// transaction ends.
pub(crate) async fn lock(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    sqlx::query(
        "SELECT FROM people WHERE organisation_id = $1
           AND id IN (SELECT person_id FROM import_writes WHERE organisation_id = $1 AND import_id = $2)
         ORDER BY id FOR UPDATE",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.import.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Refuses an undo if something was built on the import, or if the person undoing it could not have changed these people by
/// a file: the primary email of themselves, of someone with more permissions, or of an account whose contacts they may
/// not edit. `changed` are the people whose rows in the kind's own tables
/// were changed since.
pub(crate) async fn before_undo(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    changed: Vec<Uuid>,
) -> Result<EmailsToRestore> {
    let organisation = cx.school.organisation;
    refuse_hidden(cx, connection).await?;
    refuse_in_use(cx, connection, changed).await?;
    let emailed: Vec<Uuid> = sqlx::query_scalar(
        "SELECT DISTINCT person_id FROM import_writes
         WHERE organisation_id = $1 AND import_id = $2 AND kind IN ('address', 'erased')",
    )
    .bind(organisation.0)
    .bind(cx.import.0)
    .fetch_all(&mut *connection)
    .await?;
    let people: Vec<PersonId> = emailed.iter().copied().map(PersonId).collect();
    if !outranking(cx.backend, connection, cx.actor, &people).await?.is_empty() {
        return Err(Refusal::Outranked.into());
    }
    for person in people {
        refuse_own_email(cx.actor, person, AddressKind::Email)?;
    }
    refuse_readdressing(cx, connection).await?;
    let before = EmailsBefore::of(connection, organisation, &emailed).await?;
    // The addresses that the import wrote. No invitation was sent to them, or the import could not be undone.
    let written: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM import_writes WHERE organisation_id = $1 AND import_id = $2 AND kind = 'address'",
    )
    .bind(organisation.0)
    .bind(cx.import.0)
    .fetch_all(&mut *connection)
    .await?;
    let written: Vec<AddressId> = written.into_iter().map(AddressId).collect();
    let wrong: Vec<WrongAddress> =
        written.iter().map(|address| WrongAddress { address: *address, right: String::new() }).collect();
    let disowned = end_what_it_opened(cx.backend, connection, organisation, &wrong).await?;
    revoke_everything_sent_to(cx.backend, connection, organisation, &written).await?;
    Ok(EmailsToRestore { before, disowned })
}

/// Refuses an undo that is about people whom a restriction hides. Before anything else, so that nobody is named.
async fn refuse_hidden(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    let hidden = cx.school.hidden();
    if hidden.is_empty() {
        return Ok(());
    }
    let people: Vec<Uuid> = sqlx::query_scalar(
        "SELECT DISTINCT person_id FROM import_writes
         WHERE organisation_id = $1 AND import_id = $2 AND person_id = ANY($3)",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.import.0)
    .bind(hidden)
    .fetch_all(connection)
    .await?;
    let people: Vec<PersonId> = people.into_iter().map(PersonId).collect();
    hidden_among(cx.school, &people).map_or(Ok(()), |why| Err(why.into()))
}

/// Refuses an undo after which the messages of an account would go to another address, unless the actor may edit its
/// owner's contacts: as a file is held back that would do it (`CurrentPerson::readdresses`).
async fn refuse_readdressing(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    // The rows are as the import left them, or it could not be undone.
    let rows: Vec<(Uuid, Vec<Uuid>)> = sqlx::query_as(
        "SELECT a.person_id, ARRAY(SELECT e.school_id FROM enrolments e WHERE e.person_id = a.person_id AND e.latest) AS schools
         FROM accounts a
         WHERE a.organisation_id = $1 AND a.state <> 'closed'
           AND (EXISTS (SELECT FROM import_writes w JOIN addresses m ON m.id = w.id
                       WHERE w.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'address' AND w.person_id = a.person_id
                         AND m.kind = 'email'
                         AND (w.before ->> 'is_primary')::boolean IS DISTINCT FROM m.is_primary)
                OR EXISTS (SELECT FROM import_writes w
                           WHERE w.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'erased' AND w.person_id = a.person_id
                             AND w.before ->> 'kind' = 'email' AND (w.before ->> 'is_primary')::boolean))",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.import.0)
    .fetch_all(connection)
    .await?;
    let may_edit = |(person, schools): &(Uuid, Vec<Uuid>)| {
        let schools: Vec<SchoolId> = schools.iter().copied().map(SchoolId).collect();
        let places = PersonPlaces { person: PersonId(*person), schools: &schools, groups: &[] };
        decide(cx.actor, Permission::EditContacts, Resource::Person(cx.actor.organisation, places)).is_ok()
    };
    match rows.iter().filter(|row| !may_edit(row)).count() {
        0 => Ok(()),
        count => Err(BeyondReach::Readdressed(count).into()),
    }
}

/// Notifies everyone whose primary email changed, and records whose activation ended.
pub(crate) async fn after_undo(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    EmailsToRestore { before, disowned }: EmailsToRestore,
) -> Result<()> {
    before.settle(cx.backend, connection, cx.actor).await?;
    note_ended(cx.backend, connection, cx.actor, &disowned).await
}
