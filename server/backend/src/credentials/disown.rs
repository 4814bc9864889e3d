//! Ending what someone else may have opened, because an invitation or a link to a new password went to a wrong address.

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::credentials::FOUND_WITHIN_DAYS;
use domain::credentials::state::{AccountEvent, AccountState};
use domain::ids::{AccountId, AddressId, OrganisationId, PersonId};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::revoke::revoke_all;
use crate::audit::record_for_each;
use crate::{Backend, Error, Result};

/// A primary address that turns out to be wrong.
#[derive(Debug, Clone)]
pub(crate) struct WrongAddress {
    /// It.
    pub(crate) address: AddressId,
    /// The right one, in the form for comparison; empty if it is removed.
    pub(crate) right: String,
}

#[derive(sqlx::FromRow)]
struct DisownedRow {
    id: Uuid,
    person_id: Uuid,
    since: DateTime<Utc>,
}

/// Ends what was opened by an invitation, or by a link to a new password, that went to a primary address which turned out
/// to be wrong: sessions, the password, and the second factors and linked identities added since. Does nothing where the
/// right address is the same mailbox. The account is like one whose invitation went to a wrong address, and can be invited
/// at the right one; second factors from before stay, so that nobody gets round them. A code from the office proves its owner, so an
/// account where one was used after that stays. Returns the accounts. Runs in the transaction that corrects the addresses,
/// before it does, with as many statements for one address as for thousands.
pub(crate) async fn end_what_it_opened(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    wrong: &[WrongAddress],
) -> Result<Vec<(AccountId, PersonId)>> {
    if wrong.is_empty() {
        return Ok(Vec::new());
    }
    let ended: Vec<DisownedRow> = sqlx::query_as(
        "SELECT a.id, a.person_id, opened.since
         FROM unnest($2::uuid[], $3::text[]) AS corrected (id, becomes)
         JOIN addresses wrong ON wrong.organisation_id = $1 AND wrong.id = corrected.id
              AND wrong.kind = 'email' AND wrong.is_primary AND wrong.comparable <> corrected.becomes
         JOIN accounts a ON a.organisation_id = $1 AND a.person_id = wrong.person_id
              AND a.state IN ('active', 'locked', 'suspended')
         JOIN LATERAL (
             SELECT min(used.used_at) AS since FROM (
                 SELECT i.used_at, i.id AS message FROM invitations i
                 WHERE i.organisation_id = $1 AND i.account_id = a.id AND a.activated_at > $4
                 UNION ALL
                 SELECT r.used_at, r.mail_id FROM password_resets r
                 WHERE r.organisation_id = $1 AND r.account_id = a.id AND r.kind = 'link' AND r.used_at > $4
             ) used
             JOIN messages m ON m.organisation_id = $1 AND m.id = used.message
             JOIN addresses written ON written.organisation_id = $1 AND written.id = m.address_id
                  AND written.comparable = wrong.comparable
             WHERE used.used_at IS NOT NULL AND (a.staff_reset_at >= used.used_at) IS NOT TRUE
         ) opened ON opened.since IS NOT NULL
         ORDER BY a.id FOR UPDATE OF a",
    )
    .bind(organisation.0)
    .bind(wrong.iter().map(|wrong| wrong.address.0).collect::<Vec<_>>())
    .bind(wrong.iter().map(|wrong| wrong.right.as_str()).collect::<Vec<_>>())
    .bind(backend.now() - TimeDelta::days(FOUND_WITHIN_DAYS))
    .fetch_all(&mut *connection)
    .await?;
    if ended.is_empty() {
        return Ok(Vec::new());
    }
    let accounts: Vec<Uuid> = ended.iter().map(|row| row.id).collect();
    let state = AccountState::Active
        .after(AccountEvent::EndActivation, AccountState::Created)
        .map_err(Error::unexpected)?;
    revoke_all(backend, connection, organisation, &accounts, None).await?;
    for given in backend.rooms.given_out {
        given.revoke_unused(backend, connection, organisation, &accounts).await?;
    }
    sqlx::query(
        "WITH ended AS (
             SELECT * FROM unnest($2::uuid[], $3::timestamptz[]) AS ended (account, since)
         ), password AS (
             DELETE FROM passwords WHERE organisation_id = $1 AND account_id = ANY($2)
         ), keys AS (
             DELETE FROM passkeys f USING ended
             WHERE f.organisation_id = $1 AND f.account_id = ended.account AND f.created_at >= ended.since
         ), apps AS (
             DELETE FROM authenticators f USING ended
             WHERE f.organisation_id = $1 AND f.account_id = ended.account AND f.created_at >= ended.since
         ), codes AS (
             DELETE FROM recovery_codes c USING ended
             WHERE c.organisation_id = $1 AND c.account_id = ended.account
               AND NOT EXISTS (SELECT FROM passkeys f WHERE f.account_id = ended.account AND f.created_at < ended.since)
               AND NOT EXISTS (SELECT FROM authenticators f WHERE f.account_id = ended.account AND f.created_at < ended.since)
         ), identities AS (
             DELETE FROM linked_identities l USING ended
             WHERE l.organisation_id = $1 AND l.account_id = ended.account AND l.created_at >= ended.since
         ), invited AS (
             UPDATE invitations SET revoked_at = $5, revoked_for = 'address'
             WHERE organisation_id = $1 AND account_id = ANY($2) AND current
         )
         UPDATE accounts SET state = CASE state WHEN 'suspended' THEN state ELSE $4 END, activated_at = NULL,
                failed_attempts = 0, locked_at = NULL
         WHERE organisation_id = $1 AND id = ANY($2)",
    )
    .bind(organisation.0)
    .bind(&accounts)
    .bind(ended.iter().map(|row| row.since).collect::<Vec<_>>())
    .bind(state.stored())
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(ended.into_iter().map(|row| (AccountId(row.id), PersonId(row.person_id))).collect())
}

/// Records whose activation ended.
pub(crate) async fn note_ended(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    ended: &[(AccountId, PersonId)],
) -> Result<()> {
    if ended.is_empty() {
        return Ok(());
    }
    record_for_each(backend, connection, actor, AuditAction::ActivationEnded, ended, &json!({})).await
}
