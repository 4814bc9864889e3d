//! How many accounts one person opened a way into today. The limit for a second person counts all kinds of ways
//! together: otherwise each kind would be a limit of its own.

use chrono::{DateTime, Utc};
use domain::audit::AuditAction;
use domain::ids::{AccountId, OperationId, OrganisationId};
use sqlx::PgConnection;

use crate::Result;

/// The accounts into which staff opened a way since midnight, without a second person: by a one-time code, by removing
/// second factors, or by an invitation to an address that they changed themselves. An invitation to an address that was
/// there before opens nothing for the person who sends it. Leaves out the operation `itself`.
pub(crate) async fn opened_today(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    by: AccountId,
    itself: Option<OperationId>,
    now: DateTime<Utc>,
) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "WITH day AS (
             SELECT date_trunc('day', $3 AT TIME ZONE o.time_zone) AT TIME ZONE o.time_zone AS began
             FROM organisations o WHERE o.id = $1
         ), noted AS MATERIALIZED (
             SELECT DISTINCT e.action, e.person_id FROM audit_events e
             WHERE e.organisation_id = $1 AND e.actor_account_id = $2 AND e.at >= (SELECT began FROM day)
               AND (e.action = $4 AND e.details ->> 'factor' = 'all' OR e.action = $5) AND e.person_id IS NOT NULL
         ), opened AS (
             SELECT r.account_id FROM password_resets r
             WHERE r.organisation_id = $1 AND r.made_by = $2 AND r.kind = 'code' AND r.created_at >= (SELECT began FROM day)
             UNION
             SELECT a.id FROM noted n JOIN accounts a ON a.organisation_id = $1 AND a.person_id = n.person_id
             WHERE n.action = $4
             UNION
             SELECT a.id FROM noted n JOIN accounts a ON a.organisation_id = $1 AND a.person_id = n.person_id
             JOIN invitations i ON i.account_id = a.id AND i.created_by = $2 AND i.created_at >= (SELECT began FROM day)
             WHERE n.action = $5
         )
         SELECT greatest(0, (SELECT count(*) FROM opened)
                - (SELECT coalesce(sum(w.size), 0) FROM operations w
                   WHERE w.organisation_id = $1 AND w.account_id = $2 AND w.kind = 'make_codes' AND w.second_person
                     AND w.ran_at >= (SELECT began FROM day)))::bigint
                + (SELECT coalesce(sum(w.size), 0) FROM operations w
                   WHERE w.organisation_id = $1 AND w.account_id = $2 AND w.kind = 'make_codes' AND NOT w.second_person
                     AND w.ran_at IS NULL AND w.queued IS NOT NULL AND w.id IS DISTINCT FROM $6
                     AND w.created_at >= (SELECT began FROM day))::bigint",
    )
    .bind(organisation.0)
    .bind(by.0)
    .bind(now)
    .bind(AuditAction::SecondFactorRemoved.slug())
    .bind(AuditAction::AddressChanged.slug())
    .bind(itself.map(|operation| operation.0))
    .fetch_one(connection)
    .await?)
}
