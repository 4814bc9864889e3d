//! The progress of sending to a batch.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{BatchId, SchoolId};
use domain::invitations::views::SendingProgress;

use crate::tenancy::target::School;
use crate::{Backend, Result};

/// Counts the latest message to each account in a batch of this school.
pub async fn progress(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    batch: BatchId,
) -> Result<SendingProgress> {
    let mut transaction = backend.enter(actor, Permission::ViewAccounts, School(school)).await?.transaction;
    let (waiting, sent, failed): (i64, i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE m.state IN ('queued', 'sending')),
                count(*) FILTER (WHERE m.state = 'sent'),
                count(*) FILTER (WHERE m.state IN ('failed', 'bounced'))
         FROM accounts a JOIN operations b ON b.id = a.batch_id AND b.school_id = $2
         JOIN invitations i ON i.account_id = a.id AND i.current
         JOIN messages m ON m.id = i.id
         WHERE a.organisation_id = $1 AND a.batch_id = $3",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(batch.0)
    .fetch_one(&mut *transaction)
    .await?;
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(SendingProgress { waiting: count(waiting), sent: count(sent), failed: count(failed) })
}
