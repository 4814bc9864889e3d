//! Accounts that another operation makes for guardians: planned and written by the same engine as all others.

use domain::accounts::naming::Naming;
use domain::accounts::plan::PlanRow;
use domain::ids::{AccountId, OperationId, OrganisationId, PersonId};
use domain::roll::selection::Selection;
use sqlx::PgConnection;
use uuid::Uuid;

use super::create::{Among, CreateAccounts};
use super::queries::{self, Holding};
use super::undo::in_use;
use super::undo::refuse_beyond_reach;
use super::writing;
use crate::operations::{Operation as _, OperationContext};
use crate::roll::schools::SchoolContext;
use crate::{Backend, Error, Result};

/// Plans the accounts of those of `people` who have none, are contacts at `school`, and whom the actor may do this to. Writes
/// nothing.
pub(crate) async fn plan_for(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    people: Vec<PersonId>,
    naming: Naming,
) -> Result<Vec<PlanRow>> {
    let chosen = Selection::People { ids: people };
    let beside = (Among::Guardians, &chosen);
    let candidates =
        queries::choose(connection, school, beside, Holding::Nothing, &naming, backend.now()).await?;
    Ok(queries::make_plan(naming, candidates).await?.0.rows)
}

/// Blocks everyone else who creates usernames: see [`queries::lock_usernames`].
pub(crate) async fn lock(connection: &mut PgConnection, organisation: OrganisationId) -> Result<()> {
    queries::lock_usernames(connection, organisation).await
}

/// Creates the accounts of planned rows as part of `operation`, and returns whose they are. Rows that are not ready, and those
/// that would open a closed account again, are left out.
pub(crate) async fn insert_for(
    work: &mut OperationContext<'_>,
    rows: Vec<PlanRow>,
) -> Result<Vec<(AccountId, PersonId)>> {
    let new = rows.into_iter().filter(|row| row.reopens.is_none()).collect();
    let ready = writing::new_accounts(work.backend, new);
    let (organisation, operation) = (work.school.organisation, work.operation);
    let mut made = 0;
    for part in ready.chunks(writing::PART) {
        work.report("Creating accounts", made, ready.len()).await?;
        writing::insert_accounts(work.backend, work.connection, organisation, operation, part).await?;
        made += part.len();
    }
    Ok(ready.into_iter().map(|new| (new.account, new.row.person)).collect())
}

/// See [`writing::refresh_statistics`].
pub(crate) async fn refresh_statistics(backend: &Backend, organisation: OrganisationId, accounts: usize) {
    writing::refresh_statistics(backend, organisation, accounts).await;
}

/// Deletes the accounts that `operation` made and nobody has activated, with their invitations and messages. Usernames stay
/// reserved for the same people. Returns how many there were.
///
/// # Errors
/// If one of the accounts is of somebody to whom the actor could not have done this.
pub(crate) async fn delete_unused(work: &mut OperationContext<'_>, operation: OperationId) -> Result<u64> {
    let organisation = work.school.organisation;
    queries::lock_usernames(work.connection, organisation).await?;
    let people: Vec<Uuid> =
        sqlx::query_scalar("SELECT person_id FROM accounts WHERE organisation_id = $1 AND batch_id = $2")
            .bind(organisation.0)
            .bind(operation.0)
            .fetch_all(&mut *work.connection)
            .await?;
    refuse_beyond_reach(work, CreateAccounts::PERMISSION, people).await?;
    sqlx::query(
        "DELETE FROM messages WHERE organisation_id = $1 AND id IN (
             SELECT i.id FROM accounts a JOIN invitations i ON i.organisation_id = a.organisation_id AND i.account_id = a.id
             WHERE a.organisation_id = $1 AND a.batch_id = $2 AND a.activated_at IS NULL AND a.reopened_at IS NULL)",
    )
    .bind(organisation.0)
    .bind(operation.0)
    .execute(&mut *work.connection)
    .await?;
    // Waits for anyone who is activating one of the accounts, and does not delete it then.
    let deleted = sqlx::query(
        "DELETE FROM accounts
         WHERE organisation_id = $1 AND batch_id = $2 AND activated_at IS NULL AND reopened_at IS NULL",
    )
    .bind(organisation.0)
    .bind(operation.0)
    .execute(&mut *work.connection)
    .await?;
    Ok(deleted.rows_affected())
}

/// Refuses, by name, if accounts that `operation` made are left. `instead` says what to do.
pub(crate) async fn refuse_if_used(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    operation: OperationId,
    instead: &str,
) -> Result<()> {
    let active = sqlx::query_as::<_, (String, String, String)>(
        "SELECT p.given_name, p.family_name, p.preferred_name FROM accounts a JOIN people p ON p.id = a.person_id
         WHERE a.organisation_id = $1 AND a.batch_id = $2 ORDER BY p.sort_key, p.id",
    )
    .bind(organisation.0)
    .bind(operation.0)
    .fetch_all(connection)
    .await?;
    if active.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(
        "autocreate_in_use",
        format!("{}, so this can\u{2019}t be undone. {instead}", in_use(&active)),
    ))
}
