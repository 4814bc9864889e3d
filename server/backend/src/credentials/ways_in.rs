//! How many accounts one person opened a way into within a day. The limit for a second person counts all kinds of ways
//! together: otherwise each kind would be a limit of its own.

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::AuditAction;
use domain::ids::{AccountId, OperationId, OrganisationId};
use sqlx::PgConnection;

use super::resting::APPROVALS_REST;
use crate::Result;

/// The time over which ways in count together: a day that ends now, so that nothing starts again at midnight.
const COUNTED: TimeDelta = TimeDelta::days(1);

/// How long an invitation is a way in for the person who chose the address it goes to: as long as a request for approval can
/// wait, so that waiting instead of asking gains nothing.
pub(crate) const CHOICE_COUNTS: TimeDelta = APPROVALS_REST;

/// The accounts into which staff opened a way within a day, without a second person: by a one-time code, by removing
/// second factors, or by an invitation to an address that they chose themselves, by hand or by a file (it was marked when
/// it was queued: `invitations.way_in`). An invitation to an address that was there before opens nothing for the person
/// who sends it. Someone whom an approval named does not count, however often their codes are made again. Leaves out the
/// operation `itself`.
pub(crate) async fn opened_lately(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    by: AccountId,
    itself: Option<OperationId>,
    now: DateTime<Utc>,
) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "WITH noted AS MATERIALIZED (
             SELECT DISTINCT e.person_id FROM audit_events e
             WHERE e.organisation_id = $1 AND e.actor_account_id = $2 AND e.at > $3
               AND e.action = $4 AND e.details ->> 'factor' = 'all' AND e.person_id IS NOT NULL
         ), coded AS (
             SELECT r.account_id, bool_or(r.approved) AS approved FROM password_resets r
             WHERE r.organisation_id = $1 AND r.made_by = $2 AND r.kind IN ('code', 'card') AND r.created_at > $3
             GROUP BY r.account_id
         ), opened AS (
             SELECT a.id FROM noted n JOIN accounts a ON a.organisation_id = $1 AND a.person_id = n.person_id
             UNION
             SELECT i.account_id FROM invitations i
             WHERE i.organisation_id = $1 AND i.created_by = $2 AND i.way_in AND i.created_at > $3
             EXCEPT
             SELECT account_id FROM coded
         )
         SELECT (SELECT count(*) FROM opened)
                + (SELECT count(*) FROM coded WHERE NOT approved)
                + (SELECT coalesce(sum(w.size), 0) FROM operations w
                   WHERE w.organisation_id = $1 AND w.account_id = $2 AND w.kind = 'make_codes' AND NOT w.second_person
                     AND w.ran_at IS NULL AND w.queued IS NOT NULL AND w.id IS DISTINCT FROM $5
                     AND w.created_at > $3)::bigint",
    )
    .bind(organisation.0)
    .bind(by.0)
    .bind(now - COUNTED)
    .bind(AuditAction::SecondFactorRemoved.slug())
    .bind(itself.map(|operation| operation.0))
    .fetch_one(connection)
    .await?)
}
