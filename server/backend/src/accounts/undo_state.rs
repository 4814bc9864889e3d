//! Undoing that accounts were disabled, enabled or unlocked together.

use domain::accounts::action::AccountAction;
use domain::audit::AuditAction;
use domain::ids::{AccountId, PersonId};
use domain::roll::name::display_name;
use serde_json::json;
use uuid::Uuid;

use super::change_state::ChangeState;
use super::state_writing::{queue_again, stop};
use super::undo::refuse_beyond_reach;
use crate::authorization::roles::{ensure_administrator_stays, has_lasting_administrator, lock_roles};
use crate::operations::{AuditLogEntries, Operation, OperationContext, Undoable, UndoneOperation};
use crate::{Error, Result};

impl Undoable for ChangeState {
    /// Gives every account the state it had. Refused if they were closed, and, by name, if one of them changed again since or
    /// is of somebody to whom the actor could not have done it.
    async fn undo(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
        let (backend, actor) = (work.backend, work.actor);
        let (organisation, operation) = (work.school.organisation, work.operation);
        let action = action_of(work).await?;
        if action == AccountAction::Close {
            return Err(Error::conflict(
                "closed_for_good",
                "Closed accounts can\u{2019}t be opened by an undo. Create the account of someone who comes back again: they get their old username, and choose a new password.",
            ));
        }
        if action == AccountAction::Enable {
            lock_roles(work.connection, organisation).await?;
        }
        let people: Vec<Uuid> = sqlx::query_scalar(
            "SELECT a.person_id FROM account_state_changes c
             JOIN accounts a ON a.organisation_id = c.organisation_id AND a.id = c.account_id
             WHERE c.organisation_id = $1 AND c.operation_id = $2 ORDER BY a.id FOR UPDATE OF a",
        )
        .bind(organisation.0)
        .bind(operation.0)
        .fetch_all(&mut *work.connection)
        .await?;
        refuse_beyond_reach(work, Self::PERMISSION, people).await?;
        let names: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT p.given_name, p.family_name, p.preferred_name FROM account_state_changes c
             JOIN accounts a ON a.organisation_id = c.organisation_id AND a.id = c.account_id
             JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
             WHERE c.organisation_id = $1 AND c.operation_id = $2
               AND (a.state <> c.after OR a.suspended_at <> c.changed_at OR p.merged_into IS NOT NULL)
             ORDER BY p.sort_key, p.id",
        )
        .bind(organisation.0)
        .bind(operation.0)
        .fetch_all(&mut *work.connection)
        .await?;
        if let Some(refusal) = changed_since(&names) {
            return Err(refusal);
        }
        let had_administrator = has_lasting_administrator(backend, work.connection, organisation).await?;
        let reverted: Vec<(Uuid, Uuid)> = sqlx::query_as(
            "UPDATE accounts a
             SET state = c.before, suspended_at = c.suspended_at, locked_at = c.locked_at, closed_at = c.closed_at,
                 failed_attempts = c.failed_attempts
             FROM account_state_changes c
             WHERE c.organisation_id = $1 AND c.operation_id = $2
               AND a.organisation_id = c.organisation_id AND a.id = c.account_id
             RETURNING a.id, a.person_id",
        )
        .bind(organisation.0)
        .bind(operation.0)
        .fetch_all(&mut *work.connection)
        .await?;
        let ids: Vec<Uuid> = reverted.iter().map(|(account, _)| *account).collect();
        match action {
            AccountAction::Disable => queue_again(backend, work.connection, actor, &ids).await?,
            AccountAction::Enable => stop(backend, work.connection, actor, &ids).await?,
            AccountAction::Unlock | AccountAction::Close => {}
        }
        ensure_administrator_stays(backend, work.connection, organisation, had_administrator).await?;
        let details = json!({ "together": reverted.len(), "action": action.slug() });
        let log = AuditLogEntries::Each(AuditAction::StateChangeUndone, accounts_of(reverted), details);
        Ok(UndoneOperation { rows: ids.len() as u64, log })
    }
}

/// What the operation did.
async fn action_of(work: &mut OperationContext<'_>) -> Result<AccountAction> {
    let action: String = sqlx::query_scalar(
        "SELECT coalesce(input ->> 'action', '') FROM operations WHERE organisation_id = $1 AND id = $2",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .fetch_one(&mut *work.connection)
    .await?;
    let found = AccountAction::ALL.into_iter().find(|known| known.slug() == action);
    found.ok_or_else(|| Error::unexpected(format!("no action {action:?}")))
}

/// Accounts and their people, for the audit log.
pub(super) fn accounts_of(rows: Vec<(Uuid, Uuid)>) -> Vec<(AccountId, PersonId)> {
    rows.into_iter().map(|(account, person)| (AccountId(account), PersonId(person))).collect()
}

/// Why an undo is refused: these people's accounts were changed since.
pub(super) fn changed_since(names: &[(String, String, String)]) -> Option<Error> {
    let who = match names {
        [] => return None,
        [(given, family, preferred)] => {
            format!("The account of {} has", display_name(given, family, preferred))
        }
        [(given, family, preferred), rest @ ..] => {
            format!("The accounts of {} and {} more have", display_name(given, family, preferred), rest.len())
        }
    };
    Some(Error::conflict(
        "changed_since",
        format!(
            "{who} been changed again since, so this can\u{2019}t be undone. Change the accounts one by one instead."
        ),
    ))
}
