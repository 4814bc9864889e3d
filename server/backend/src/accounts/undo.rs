//! Undoing a batch, and whose accounts an undo may be about.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{BatchId, PersonId, SchoolId};
use domain::roll::name::display_name;
use serde_json::json;
use uuid::Uuid;

use super::create::CreateAccounts;
use super::paste::PasteAccounts;
use super::reopen;
use crate::audit::AuditEntry;
use crate::authorization::undoing::{BeyondReach, beyond_reach};
use crate::operations::{Operation as _, OperationContext};
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result, operations};

/// Deletes every account of a batch and its invitations, and returns how many there were.
pub async fn undo(backend: &Backend, actor: &Actor, school: SchoolId, batch: BatchId) -> Result<u64> {
    if is_paste(backend, actor, school, batch).await? {
        return operations::undo::<PasteAccounts>(backend, actor, school, batch.into()).await;
    }
    operations::undo::<CreateAccounts>(backend, actor, school, batch.into()).await
}

/// Whether a batch is of a pasted list, which put people on the roll too.
async fn is_paste(backend: &Backend, actor: &Actor, school: SchoolId, batch: BatchId) -> Result<bool> {
    let mut transaction =
        backend.enter_snapshot(actor, PasteAccounts::PERMISSION, InSchool(school)).await?.transaction;
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pastes WHERE organisation_id = $1 AND operation_id = $2)",
    )
    .bind(actor.organisation.0)
    .bind(batch.0)
    .fetch_one(&mut *transaction)
    .await?)
}

/// Refuses an undo that is about people to whom the actor could not have done it. Who tries it with somebody who has
/// more permissions is reported to administrators, as for any other action.
pub(super) async fn refuse_beyond_reach(
    work: &mut OperationContext<'_>,
    permission: Permission,
    people: Vec<Uuid>,
) -> Result<()> {
    let at = (work.school, permission);
    let people: Vec<PersonId> = people.into_iter().map(PersonId).collect();
    let Some(why) = beyond_reach(work.backend, work.connection, work.actor, at, &people).await? else {
        return Ok(());
    };
    if matches!(why, BeyondReach::Outranking(_)) {
        let told = AuditEntry::new(AuditAction::InsufficientPermissions)
            .details(json!({ "wanted": permission.slug() }));
        return Err(work.refuse_and_tell(told, why.into()));
    }
    Err(why.into())
}

/// Removes the accounts that a batch made, with their invitations, and closes those again that it opened. Returns how many.
///
/// # Errors
/// A conflict, by name, if one of the accounts has been activated.
pub(super) async fn remove_batch(work: &mut OperationContext<'_>) -> Result<u64> {
    // The messages of the invitations that are deleted with the accounts; their mailbox copies are
    // deleted with them.
    sqlx::query(
        "DELETE FROM messages WHERE organisation_id = $1 AND id IN (
             SELECT i.id FROM accounts a JOIN invitations i ON i.organisation_id = a.organisation_id AND i.account_id = a.id
             WHERE a.organisation_id = $1 AND a.batch_id = $2 AND a.reopened_at IS NULL)",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .execute(&mut *work.connection)
    .await?;
    // Waits for anyone who is activating one of the accounts, and does not delete it then.
    let deleted = sqlx::query(
        "DELETE FROM accounts
         WHERE organisation_id = $1 AND batch_id = $2 AND activated_at IS NULL AND reopened_at IS NULL",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .execute(&mut *work.connection)
    .await?
    .rows_affected();
    let closed = reopen::close_again(work).await?;
    let active = sqlx::query_as::<_, (String, String, String)>(
        "SELECT p.given_name, p.family_name, p.preferred_name FROM accounts a JOIN people p ON p.id = a.person_id
         WHERE a.organisation_id = $1 AND a.batch_id = $2 ORDER BY p.sort_key, p.id",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .fetch_all(&mut *work.connection)
    .await?;
    if !active.is_empty() {
        let who = in_use(&active);
        return Err(Error::conflict(
            "batch_in_use",
            format!("{who}, so the batch can\u{2019}t be undone. Disable accounts one by one instead."),
        ));
    }
    Ok(deleted + closed)
}

/// How many of the people who prevent an undo are named.
const NAMED: usize = 3;

/// The given, family and preferred names of people.
pub(super) type Names = (String, String, String);

/// Names people, to begin the sentence that says why something cannot be undone: "A, B and 1 more".
pub(super) fn named(people: &[Names]) -> String {
    let names =
        people.iter().take(NAMED).map(|(given, family, preferred)| display_name(given, family, preferred));
    let mut who = names.collect::<Vec<_>>();
    let more = people.len() - who.len();
    if more > 0 {
        who.push(if more == 1 { "1 more".to_owned() } else { format!("{more} more") });
    }
    let last = who.pop().unwrap_or_default();
    if who.is_empty() { last } else { format!("{} and {last}", who.join(", ")) }
}

/// Who has activated their account.
pub(super) fn in_use(active: &[Names]) -> String {
    let have = if active.len() == 1 { "has activated the account" } else { "have activated their accounts" };
    format!("{} {have}", named(active))
}
