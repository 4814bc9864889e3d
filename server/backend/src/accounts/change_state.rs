//! Disabling, enabling, unlocking and closing accounts.

use std::collections::{BTreeMap, HashSet};

use domain::accounts::action::{AccountAction, ActionOutcome, LeftAlone};
use domain::accounts::state::AccountState;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::{AccountId, PersonId, SchoolId};
use domain::selection::Selection;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::authorization::roles::{
    ensure_administrator_stays, has_lasting_administrator, lock_roles, outranking,
};
use crate::credentials::revoke::revoke_all;
use crate::roll::{schools, selection};
use crate::{Backend, Error, Result, audit};

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: Uuid,
    person_id: Uuid,
    state: String,
    activated: bool,
    invited: bool,
}

/// Accounts that the state machine lets change, with their new states.
#[derive(Default)]
struct Changes {
    accounts: Vec<(AccountId, PersonId)>,
    states: Vec<&'static str>,
    left_alone: BTreeMap<String, u32>,
}

/// Does `action` to every account of a selection that it fits, in one transaction, and tells of the others.
///
/// What stops an account ends its sessions at once, and messages that wait for it are not sent. Enabling brings
/// everything back as it was: messages whose invitation still lives go out then. Closing kills the invitations too.
pub async fn change_state(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &Selection,
    action: AccountAction,
) -> Result<ActionOutcome> {
    backend.authorize(actor, Permission::ManageAccounts, Resource::School(actor.organisation, school))?;
    let school = schools::context(backend, actor, Permission::ManageAccounts, school).await?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    let people = selection::people(&mut transaction, &school, chosen, backend.now()).await?;
    if action.stops() {
        lock_roles(&mut transaction, actor.organisation).await?;
    }
    let had_administrator = has_lasting_administrator(backend, &mut transaction, actor.organisation).await?;
    let outranking = outranking(backend, &mut transaction, actor, &people).await?;
    let changes = sort_out(&mut transaction, actor, &people, &outranking, action).await?;
    let ids: Vec<Uuid> = changes.accounts.iter().map(|(account, _)| account.0).collect();
    write_states(backend, &mut transaction, actor, &ids, &changes.states).await?;
    match action {
        AccountAction::Disable => stop(backend, &mut transaction, actor, &ids).await?,
        AccountAction::Close => {
            stop(backend, &mut transaction, actor, &ids).await?;
            revoke(backend, &mut transaction, actor, &ids).await?;
        }
        AccountAction::Enable => queue_again(backend, &mut transaction, actor, &ids).await?,
        AccountAction::Unlock => {}
    }
    ensure_administrator_stays(backend, &mut transaction, actor.organisation, had_administrator).await?;
    audit::record_for_each(
        backend,
        &mut transaction,
        actor,
        action.audit(),
        &changes.accounts,
        &json!({ "together": changes.accounts.len() }),
    )
    .await?;
    transaction.commit().await?;
    let mut left_alone: Vec<LeftAlone> =
        changes.left_alone.into_iter().map(|(reason, count)| LeftAlone { reason, count }).collect();
    left_alone.sort_by_key(|left| std::cmp::Reverse(left.count));
    Ok(ActionOutcome { changed: u32::try_from(changes.accounts.len()).unwrap_or(u32::MAX), left_alone })
}

/// Locks the accounts of `people` and asks the state machine about each.
async fn sort_out(
    connection: &mut PgConnection,
    actor: &Actor,
    people: &[PersonId],
    outranking: &HashSet<PersonId>,
    action: AccountAction,
) -> Result<Changes> {
    let rows = sqlx::query_as::<_, AccountRow>(
        // In one order, so that two bulk actions wait for each other and never block each other.
        "SELECT id, person_id, state, activated_at IS NOT NULL AS activated, invited_at IS NOT NULL AS invited
         FROM accounts WHERE organisation_id = $1 AND person_id = ANY($2) ORDER BY id FOR UPDATE",
    )
    .bind(actor.organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let mut changes = Changes::default();
    let without = people.len().saturating_sub(rows.len());
    if without > 0 {
        changes.left_alone.insert("no account".to_owned(), u32::try_from(without).unwrap_or(u32::MAX));
    }
    for row in rows {
        let state = AccountState::from_slug(&row.state)
            .ok_or_else(|| Error::unexpected(format!("account state {}", row.state)))?;
        let person = PersonId(row.person_id);
        let after = if actor.person() == Some(person) {
            Err("your own account. Ask someone else to do this".to_owned())
        } else if outranking.contains(&person) {
            Err("more permissions than you have. Ask someone with the same permissions".to_owned())
        } else {
            state
                .after(action.event(), AccountState::resting(row.activated, row.invited))
                .map_err(|error| error.to_string())
        };
        match after {
            Ok(after) => {
                changes.accounts.push((AccountId(row.id), person));
                changes.states.push(after.slug());
            }
            Err(reason) => *changes.left_alone.entry(reason).or_default() += 1,
        }
    }
    Ok(changes)
}

async fn write_states(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    ids: &[Uuid],
    states: &[&'static str],
) -> Result<()> {
    sqlx::query(
        "UPDATE accounts a
         SET state = change.state, failed_attempts = 0, locked_at = NULL,
             suspended_at = CASE WHEN change.state = 'suspended' THEN $2::timestamptz END,
             closed_at = CASE WHEN change.state = 'closed' THEN $2::timestamptz END
         FROM unnest($3::uuid[], $4::text[]) AS change (id, state)
         WHERE a.organisation_id = $1 AND a.id = change.id",
    )
    .bind(actor.organisation.0)
    .bind(backend.now())
    .bind(ids)
    .bind(states)
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends every way to sign in that is open, and takes messages that still wait off the queue.
async fn stop(backend: &Backend, connection: &mut PgConnection, actor: &Actor, ids: &[Uuid]) -> Result<()> {
    revoke_all(connection, actor.organisation, ids, None, backend.now()).await?;
    sqlx::query(
        "UPDATE deliveries d SET state = 'cancelled' FROM invitations i
         WHERE i.organisation_id = $1 AND i.account_id = ANY($2) AND d.invitation_id = i.id AND d.state = 'queued'",
    )
    .bind(actor.organisation.0)
    .bind(ids)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE accounts SET delivery_state = 'cancelled'
         WHERE organisation_id = $1 AND id = ANY($2) AND delivery_state = 'queued'",
    )
    .bind(actor.organisation.0)
    .bind(ids)
    .execute(connection)
    .await?;
    Ok(())
}

/// Kills invitations that are left, so that none opens an account that ended.
async fn revoke(backend: &Backend, connection: &mut PgConnection, actor: &Actor, ids: &[Uuid]) -> Result<()> {
    sqlx::query(
        "UPDATE invitations SET revoked_at = $3
         WHERE organisation_id = $1 AND account_id = ANY($2) AND used_at IS NULL AND revoked_at IS NULL",
    )
    .bind(actor.organisation.0)
    .bind(ids)
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts messages that [`stop`] took off the queue back, as far as their invitation still lives.
async fn queue_again(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    ids: &[Uuid],
) -> Result<()> {
    sqlx::query(
        "WITH again AS (
             UPDATE deliveries d SET state = 'queued', due_at = $3 FROM invitations i
             WHERE i.organisation_id = $1 AND i.account_id = ANY($2) AND d.invitation_id = i.id AND d.state = 'cancelled'
               AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $3
             RETURNING i.account_id)
         UPDATE accounts SET delivery_state = 'queued'
         WHERE organisation_id = $1 AND id IN (SELECT account_id FROM again) AND delivery_state = 'cancelled'",
    )
    .bind(actor.organisation.0)
    .bind(ids)
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}
