//! Writes what is due: one statement per change, for one account as for thousands.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::OrganisationId;
use domain::school_year::follow::RollChange;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::plan::DueChange;
use crate::accounts::reopen::reopen_closed;
use crate::accounts::state_writing::{queue_again, revoke, stop};
use crate::audit::AuditEntry;
use crate::data_rights::account::erase_accounts;
use crate::{Backend, Result};

/// Writes changes for a day and returns their entries for the audit log, which must be the last that is written.
pub(super) async fn apply(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    changes: &[DueChange],
    day: NaiveDate,
) -> Result<Vec<AuditEntry>> {
    for change in RollChange::ALL {
        let due: Vec<&DueChange> = changes.iter().filter(|due| due.change == change).collect();
        if due.is_empty() {
            continue;
        }
        let ids: Vec<Uuid> = due.iter().map(|due| due.account.0).collect();
        match change {
            RollChange::Waits => {
                let opens: Vec<Option<NaiveDate>> = due.iter().map(|due| due.opens_on).collect();
                wait(connection, actor.organisation, &ids, &opens).await?;
            }
            RollChange::Opens => open(connection, actor.organisation, &ids).await?,
            RollChange::Reactivates => {
                reactivate(connection, actor.organisation, &ids).await?;
                queue_again(backend, connection, actor, &ids).await?;
            }
            RollChange::Reopens => {
                reopen_closed(backend, connection, actor.organisation, None, &ids).await?;
                forget_stop(connection, actor.organisation, &ids).await?;
            }
            RollChange::Suspends => {
                suspend(backend, connection, actor.organisation, &ids, day).await?;
                stop(backend, connection, actor, &ids).await?;
            }
            RollChange::Closes => {
                close(backend, connection, actor.organisation, &ids, day).await?;
                stop(backend, connection, actor, &ids).await?;
                revoke(backend, connection, actor, &ids).await?;
            }
            RollChange::Erases => {
                let people: Vec<_> = due.iter().map(|due| (due.school.0, due.person)).collect();
                let by = actor.account().map(|account| account.0);
                erase_accounts(backend, connection, actor.organisation, by, &people).await?;
            }
        }
    }
    Ok(changes
        .iter()
        .map(|due| {
            AuditEntry::new(AuditAction::FollowedRoll)
                .person(due.person)
                .subject("account", due.account.0)
                .details(json!({ "change": due.change.slug() }))
        })
        .collect())
}

async fn wait(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    ids: &[Uuid],
    opens: &[Option<NaiveDate>],
) -> Result<()> {
    sqlx::query(
        "UPDATE accounts a SET roll_opens_on = waits.opens_on
         FROM unnest($2::uuid[], $3::date[]) AS waits (id, opens_on)
         WHERE a.organisation_id = $1 AND a.id = waits.id",
    )
    .bind(organisation.0)
    .bind(ids)
    .bind(opens)
    .execute(connection)
    .await?;
    Ok(())
}

async fn open(connection: &mut PgConnection, organisation: OrganisationId, ids: &[Uuid]) -> Result<()> {
    sqlx::query("UPDATE accounts SET roll_opens_on = NULL WHERE organisation_id = $1 AND id = ANY($2)")
        .bind(organisation.0)
        .bind(ids)
        .execute(connection)
        .await?;
    Ok(())
}

async fn reactivate(connection: &mut PgConnection, organisation: OrganisationId, ids: &[Uuid]) -> Result<()> {
    sqlx::query(
        "UPDATE accounts SET state = CASE WHEN activated_at IS NULL THEN 'created' ELSE 'active' END,
                suspended_at = NULL, failed_attempts = 0, locked_at = NULL, roll_stopped_at = NULL,
                roll_stopped_on = NULL, roll_opens_on = NULL
         WHERE organisation_id = $1 AND id = ANY($2) AND state = 'suspended'",
    )
    .bind(organisation.0)
    .bind(ids)
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes an account that was opened again one that the roll never stopped.
async fn forget_stop(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    ids: &[Uuid],
) -> Result<()> {
    sqlx::query(
        "UPDATE accounts SET roll_stopped_at = NULL, roll_stopped_on = NULL, roll_opens_on = NULL, data_erased_at = NULL
         WHERE organisation_id = $1 AND id = ANY($2)",
    )
    .bind(organisation.0)
    .bind(ids)
    .execute(connection)
    .await?;
    Ok(())
}

async fn suspend(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    ids: &[Uuid],
    day: NaiveDate,
) -> Result<()> {
    sqlx::query(
        "UPDATE accounts SET state = 'suspended', suspended_at = $3, roll_stopped_at = $3, roll_stopped_on = $4,
                failed_attempts = 0, locked_at = NULL
         WHERE organisation_id = $1 AND id = ANY($2) AND state NOT IN ('suspended', 'closed')",
    )
    .bind(organisation.0)
    .bind(ids)
    .bind(backend.now())
    .bind(day)
    .execute(connection)
    .await?;
    Ok(())
}

/// Closes accounts. That a person had disabled one stays known: it does not open by itself again.
async fn close(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    ids: &[Uuid],
    day: NaiveDate,
) -> Result<()> {
    sqlx::query(
        "UPDATE accounts SET state = 'closed', closed_at = $3,
                suspended_at = CASE WHEN suspended_at IS DISTINCT FROM roll_stopped_at THEN suspended_at END,
                roll_stopped_at = $3, roll_stopped_on = $4, failed_attempts = 0, locked_at = NULL
         WHERE organisation_id = $1 AND id = ANY($2) AND state = 'suspended'",
    )
    .bind(organisation.0)
    .bind(ids)
    .bind(backend.now())
    .bind(day)
    .execute(connection)
    .await?;
    Ok(())
}
