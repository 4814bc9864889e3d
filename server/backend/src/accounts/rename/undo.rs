//! Undoing a change of usernames.

use domain::audit::AuditAction;
use domain::ids::{AccountId, PersonId};
use domain::roll::name::display_name;
use serde_json::json;
use uuid::Uuid;

use super::{RenameAccounts, tell};
use crate::accounts::queries;
use crate::accounts::undo::refuse_beyond_reach;
use crate::operations::{AuditLogEntries, Operation, OperationContext, Undoable, UndoneOperation};
use crate::{Error, Result};

#[derive(sqlx::FromRow)]
struct RevertedRow {
    id: Uuid,
    person_id: Uuid,
    username: String,
    undone: String,
}

impl Undoable for RenameAccounts {
    /// Gives everyone their former username back. The new ones stay reserved for the same people, and sign in no more.
    /// Refused, by name, if one of them was changed again, or its account removed, and if one is of somebody whose
    /// username the actor could not change.
    async fn undo(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
        queries::lock_usernames(work.connection, work.school.organisation).await?;
        let (size, told): (i32, bool) = sqlx::query_as(
            "SELECT size, coalesce((input ->> 'tell')::boolean, false) AS told FROM operations
             WHERE organisation_id = $1 AND id = $2",
        )
        .bind(work.school.organisation.0)
        .bind(work.operation.0)
        .fetch_one(&mut *work.connection)
        .await?;
        let people: Vec<Uuid> = sqlx::query_scalar(
            "SELECT DISTINCT person_id FROM former_usernames WHERE organisation_id = $1 AND operation_id = $2",
        )
        .bind(work.school.organisation.0)
        .bind(work.operation.0)
        .fetch_all(&mut *work.connection)
        .await?;
        refuse_beyond_reach(work, Self::PERMISSION, people).await?;
        let names: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT p.given_name, p.family_name, p.preferred_name
             FROM former_usernames f
             JOIN people p ON p.organisation_id = f.organisation_id AND p.id = f.person_id
             LEFT JOIN accounts a ON a.organisation_id = f.organisation_id AND a.person_id = f.person_id
             WHERE f.organisation_id = $1 AND f.operation_id = $2 AND a.username IS DISTINCT FROM f.replaced_by
             ORDER BY p.sort_key, p.id",
        )
        .bind(work.school.organisation.0)
        .bind(work.operation.0)
        .fetch_all(&mut *work.connection)
        .await?;
        if !names.is_empty() {
            return Err(changed_since(&names));
        }
        let reverted: Vec<RevertedRow> = sqlx::query_as(
            "UPDATE accounts a SET username = f.username
             FROM former_usernames f
             WHERE f.organisation_id = $1 AND f.operation_id = $2
               AND a.organisation_id = f.organisation_id AND a.person_id = f.person_id
             RETURNING a.id, a.person_id, a.username, f.replaced_by AS undone",
        )
        .bind(work.school.organisation.0)
        .bind(work.operation.0)
        .fetch_all(&mut *work.connection)
        .await?;
        // Those who have the former username again already were given it by another change.
        if i64::try_from(reverted.len()).unwrap_or_default() < i64::from(size) {
            return Err(changed_since(&[]));
        }
        // The page of the change still names its people.
        sqlx::query(
            "UPDATE former_usernames f SET operation_id = $2, replaced_by = back.username, replaced_at = $3
             FROM unnest($4::text[], $5::text[]) AS back (undone, username)
             WHERE f.organisation_id = $1 AND f.username = back.undone",
        )
        .bind(work.school.organisation.0)
        .bind(work.operation.0)
        .bind(work.backend.now())
        .bind(reverted.iter().map(|row| row.undone.as_str()).collect::<Vec<_>>())
        .bind(reverted.iter().map(|row| row.username.as_str()).collect::<Vec<_>>())
        .execute(&mut *work.connection)
        .await?;
        let accounts: Vec<Uuid> = reverted.iter().map(|row| row.id).collect();
        if told {
            tell(work, &accounts).await?;
        }
        let people = reverted.iter().map(|row| (AccountId(row.id), PersonId(row.person_id))).collect();
        let details = json!({ "together": accounts.len() });
        let log = AuditLogEntries::Each(AuditAction::UsernameChangeUndone, people, details);
        Ok(UndoneOperation { rows: accounts.len() as u64, log })
    }
}

fn changed_since(names: &[(String, String, String)]) -> Error {
    let who = match names {
        [] => "Some of these usernames have".to_owned(),
        [(given, family, preferred)] => {
            format!("The username of {} has", display_name(given, family, preferred))
        }
        [(given, family, preferred), rest @ ..] => format!(
            "The usernames of {} and {} more have",
            display_name(given, family, preferred),
            rest.len()
        ),
    };
    Error::conflict(
        "renamed_since",
        format!(
            "{who} been changed again since, so this can\u{2019}t be undone. Change them one by one instead."
        ),
    )
}
