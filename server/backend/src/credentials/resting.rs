//! What rests after staff changed how someone gets in. Anyone who may change an address, or reset a password, could
//! otherwise become that person: with a link to the new address, or as the second person for their own request.
//!
//! The times are constants, not settings. Someone who may change settings could otherwise end a rest that stands in
//! their way, so a setting would need a second person itself; and nobody is stuck for as long as one lasts: a one-time
//! code from the office opens the account at once, and somebody else can approve.

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::{AccountId, OrganisationId, PersonId};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::AuditEntry;
use crate::{Backend, Result};

/// How long links to a new password rest after the office or a file changed the address they go to, and how long no
/// provider speaks for that address. The previous address was told of the change at once; three days are a weekend,
/// in which its owner finds the message.
pub const LINKS_REST: TimeDelta = TimeDelta::days(3);

/// How long someone whose sign-in was reset by staff cannot approve a request: as long as a request can wait for a
/// decision (`domain::operations::state::WAITS`), so that nobody makes a second person for one that waits already.
pub const APPROVALS_REST: TimeDelta = TimeDelta::days(7);

/// One person may change the email addresses of this many accounts in use within a day. Administrators are alerted
/// to more.
pub const MANY_MOVED: i64 = 10;

/// Notes that the office or a file changed the primary emails of these accounts.
pub(crate) async fn note_moved(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    accounts: &[Uuid],
) -> Result<()> {
    sqlx::query(
        "UPDATE accounts SET email_moved_at = $3, email_moved_by = $4
         WHERE organisation_id = $1 AND id = ANY($2)",
    )
    .bind(actor.organisation.0)
    .bind(accounts)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// The alert for someone who has changed the addresses of many accounts within a day, unless they caused one
/// within a day already. Never for the server's operator.
pub(crate) async fn many_moved(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
) -> Result<Option<AuditEntry>> {
    let Some(account) = actor.account() else { return Ok(None) };
    let moved: Option<i64> = sqlx::query_scalar(
        "SELECT count(*) FROM accounts
         WHERE organisation_id = $1 AND email_moved_by = $2 AND email_moved_at > $3
           AND NOT EXISTS (SELECT FROM alerts l
                           JOIN audit_events e ON e.organisation_id = l.organisation_id AND e.sequence = l.entry
                           WHERE l.organisation_id = $1 AND l.at > $3 AND e.actor_account_id = $2 AND e.action = $4)",
    )
    .bind(actor.organisation.0)
    .bind(account.0)
    .bind(backend.now() - TimeDelta::days(1))
    .bind(AuditAction::ManyAddressesChanged.slug())
    .fetch_one(connection)
    .await?;
    Ok(moved.filter(|moved| *moved > MANY_MOVED).map(|moved| {
        AuditEntry::new(AuditAction::ManyAddressesChanged).details(json!({ "accounts": moved }))
    }))
}

/// Notes that staff reset how the owner of this account signs in.
pub(crate) async fn note_reset(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "UPDATE accounts SET staff_reset_at = $3, staff_reset_by = $4 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(now)
    .bind(by.map(|by| by.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// The alert for resetting how these accounts' owners sign in, if some of them are staff. `how` is a word for the
/// log.
pub(crate) async fn staff_reset(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    accounts: &[Uuid],
    how: &'static str,
) -> Result<Option<AuditEntry>> {
    let staff: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT a.id, a.person_id FROM accounts a
         WHERE a.organisation_id = $1 AND a.id = ANY($2)
           AND EXISTS (SELECT FROM staff_roles r WHERE r.organisation_id = $1 AND r.person_id = a.person_id)",
    )
    .bind(organisation.0)
    .bind(accounts)
    .fetch_all(connection)
    .await?;
    let entry =
        AuditEntry::new(AuditAction::StaffReset).details(json!({ "accounts": staff.len(), "how": how }));
    Ok(match staff.as_slice() {
        [] => None,
        [(account, person)] => Some(entry.person(PersonId(*person)).subject("account", *account)),
        _ => Some(entry),
    })
}

/// Why someone cannot approve another person's request yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ApprovalRest {
    /// Staff reset how the approver signs in, or changed their email address.
    Reset,
    /// The approver did that for the person who asks.
    ResetRequester,
    /// The person who asks gave the approver a role.
    RoleGiven,
    /// The approver gave the person who asks a role; or both have been in the hands of a third person.
    SameHands,
}

#[derive(sqlx::FromRow)]
struct RestRow {
    own: Option<DateTime<Utc>>,
    requester: Option<DateTime<Utc>>,
    given: Option<DateTime<Utc>>,
    together: Option<DateTime<Utc>>,
}

/// Whether the approver's approval of the requester's operation rests, why, and until when: both could be the same
/// person. An account is in somebody's hands for these days if they gave its owner a role, reset how they sign in or
/// changed their email address, or if that was done by an account that is in their hands itself. Two accounts that are in
/// the same hands are no two people.
pub(crate) async fn approval_rests(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    approver: AccountId,
    requester: Option<AccountId>,
) -> Result<Option<(ApprovalRest, DateTime<Utc>)>> {
    let now = backend.now();
    let row: RestRow = sqlx::query_as(
        "WITH RECURSIVE hands AS (
             SELECT a.id AS account, r.given_by AS hand, r.created_at AS since
             FROM staff_roles r JOIN accounts a ON a.organisation_id = r.organisation_id AND a.person_id = r.person_id
             WHERE r.organisation_id = $1 AND r.given_by IS NOT NULL AND r.created_at > $4
             UNION ALL
             SELECT id, staff_reset_by, staff_reset_at FROM accounts
             WHERE organisation_id = $1 AND staff_reset_by IS NOT NULL AND staff_reset_at > $4
             UNION ALL
             SELECT id, email_moved_by, email_moved_at FROM accounts
             WHERE organisation_id = $1 AND email_moved_by IS NOT NULL AND email_moved_at > $4
         ), reached (root, account, since) AS (
             SELECT root, root, $5::timestamptz FROM unnest(ARRAY[$2, $3]::uuid[]) AS root
             UNION
             SELECT r.root, h.hand, least(r.since, h.since) FROM reached r JOIN hands h ON h.account = r.account
         )
         SELECT (SELECT max(least(a.since, b.since)) FROM reached a JOIN reached b ON b.account = a.account
                 WHERE a.root = $2 AND b.root = $3 AND $2 <> $3) AS together,
                (SELECT greatest(a.staff_reset_at, a.email_moved_at) FROM accounts a
                 WHERE a.organisation_id = $1 AND a.id = $2) AS own,
                (SELECT greatest(CASE WHEN a.staff_reset_by = $2 THEN a.staff_reset_at END,
                                 CASE WHEN a.email_moved_by = $2 THEN a.email_moved_at END)
                 FROM accounts a WHERE a.organisation_id = $1 AND a.id = $3) AS requester,
                (SELECT max(r.created_at) FROM staff_roles r JOIN accounts a ON a.organisation_id = r.organisation_id AND a.person_id = r.person_id
                 WHERE r.organisation_id = $1 AND a.id = $2 AND r.given_by = $3) AS given",
    )
    .bind(organisation.0)
    .bind(approver.0)
    .bind(requester.map(|requester| requester.0))
    .bind(now - APPROVALS_REST)
    .bind(now)
    .fetch_one(connection)
    .await?;
    let rests = |reason, since: Option<DateTime<Utc>>| {
        since.map(|since| since + APPROVALS_REST).filter(|until| now < *until).map(|until| (reason, until))
    };
    Ok(rests(ApprovalRest::Reset, row.own)
        .or(rests(ApprovalRest::ResetRequester, row.requester))
        .or(rests(ApprovalRest::RoleGiven, row.given))
        .or(rests(ApprovalRest::SameHands, row.together)))
}

/// Lets every way in work again that an account has, after its owner chose a password: only a code from the office
/// leads there while nothing else opens it.
pub(crate) async fn open_again(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<()> {
    sqlx::query("UPDATE accounts SET office_only_since = NULL WHERE organisation_id = $1 AND id = $2")
        .bind(organisation.0)
        .bind(account.0)
        .execute(connection)
        .await?;
    Ok(())
}
