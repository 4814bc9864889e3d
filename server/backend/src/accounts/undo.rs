//! Undoing a batch, while nothing has been built on it.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::{BatchId, SchoolId};
use domain::roll::name::display_name;
use serde_json::json;

use super::queries::lock_usernames;
use crate::audit::{AuditEntry, record};
use crate::{Backend, Error, Result};

/// How many of the people who stand in the way are named.
const NAMED: usize = 3;

/// Takes back every account of a batch with its invitations, and says how many there were. Usernames stay reserved for
/// the same people. Refused, by name, once one of the accounts has been activated.
pub async fn undo(backend: &Backend, actor: &Actor, school: SchoolId, batch: BatchId) -> Result<u64> {
    backend.authorize(actor, Permission::ManageAccounts, Resource::School(actor.organisation, school))?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    lock_usernames(&mut transaction, actor.organisation).await?;
    let undone = sqlx::query_scalar::<_, bool>(
        "SELECT undone_at IS NOT NULL FROM batches WHERE organisation_id = $1 AND school_id = $2 AND id = $3 FOR UPDATE",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(batch.0)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("batch"))?;
    if undone {
        return Err(Error::conflict("already_undone", "This batch has already been undone."));
    }
    // Waits for anyone who is activating one of them, and then leaves that one alone.
    let deleted = sqlx::query(
        "DELETE FROM accounts WHERE organisation_id = $1 AND batch_id = $2 AND activated_at IS NULL",
    )
    .bind(actor.organisation.0)
    .bind(batch.0)
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    let active = sqlx::query_as::<_, (String, String, String)>(
        "SELECT p.given_name, p.family_name, p.preferred_name FROM accounts a JOIN people p ON p.id = a.person_id
         WHERE a.organisation_id = $1 AND a.batch_id = $2 ORDER BY p.sort_key, p.id",
    )
    .bind(actor.organisation.0)
    .bind(batch.0)
    .fetch_all(&mut *transaction)
    .await?;
    if !active.is_empty() {
        return Err(Error::conflict("batch_in_use", in_use(&active)));
    }
    sqlx::query("UPDATE batches SET undone_at = $2, undone_by = $3 WHERE id = $1")
        .bind(batch.0)
        .bind(backend.now())
        .bind(actor.account().map(|account| account.0))
        .execute(&mut *transaction)
        .await?;
    let entry = AuditEntry::new(AuditAction::BatchUndone)
        .subject("batch", batch.0)
        .details(json!({ "accounts": deleted, "school": school }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(deleted)
}

fn in_use(active: &[(String, String, String)]) -> String {
    let names =
        active.iter().take(NAMED).map(|(given, family, preferred)| display_name(given, family, preferred));
    let mut who = names.collect::<Vec<_>>();
    let more = active.len() - who.len();
    if more > 0 {
        who.push(if more == 1 { "1 more".to_owned() } else { format!("{more} more") });
    }
    let last = who.pop().unwrap_or_default();
    let (who, have) = if who.is_empty() {
        (last, "has activated the account")
    } else {
        (format!("{} and {last}", who.join(", ")), "have activated their accounts")
    };
    format!("{who} {have}, so the batch can\u{2019}t be undone. Disable accounts one by one instead.")
}
