//! Ending an activation that someone else made, because the invitation went to a wrong address.

use chrono::TimeDelta;
use domain::credentials::state::{AccountEvent, AccountState};
use domain::ids::{AccountId, AddressId, OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::revoke::revoke_all;
use crate::{Backend, Error, Result};

/// How soon after an activation a correction of the address ends it. Later, its owner would have missed it.
const FOUND_WITHIN: TimeDelta = TimeDelta::days(30);

/// Ends what was activated with an invitation to a primary address that turned out to be wrong: sessions, the
/// password, second factors and linked identities. Does nothing if `right`, the corrected one, is the same mailbox. The account is as before its first invitation, and can be
/// invited at the right address. A code from the office proves its owner, so an account where one was used stays.
/// Returns the accounts. Runs in the transaction that corrects the address, before it does.
pub(crate) async fn end_activation_from(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    address: AddressId,
    right: &str,
) -> Result<Vec<(AccountId, PersonId)>> {
    let ended: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT a.id, a.person_id FROM accounts a
         WHERE a.organisation_id = $1 AND a.state IN ('active', 'locked', 'suspended')
           AND a.activated_at > $3 AND a.staff_reset_at IS NULL
           AND EXISTS (
               SELECT FROM addresses wrong
               JOIN addresses written ON written.organisation_id = $1 AND written.comparable = wrong.comparable
               JOIN messages m ON m.organisation_id = $1 AND m.address_id = written.id
               JOIN invitations i ON i.organisation_id = $1 AND i.id = m.id
               WHERE wrong.organisation_id = $1 AND wrong.id = $2 AND wrong.person_id = a.person_id
                 AND wrong.kind = 'email' AND wrong.is_primary AND wrong.comparable <> $4
                 AND i.account_id = a.id AND i.used_at IS NOT NULL)
         ORDER BY a.id FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(address.0)
    .bind(backend.now() - FOUND_WITHIN)
    .bind(right)
    .fetch_all(&mut *connection)
    .await?;
    let accounts: Vec<Uuid> = ended.iter().map(|(account, _)| *account).collect();
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let state = AccountState::Active
        .after(AccountEvent::EndActivation, AccountState::Created)
        .map_err(Error::unexpected)?;
    revoke_all(backend, connection, organisation, &accounts, None).await?;
    sqlx::query(
        "WITH password AS (
             DELETE FROM passwords WHERE organisation_id = $1 AND account_id = ANY($2)
         ), keys AS (
             DELETE FROM passkeys WHERE organisation_id = $1 AND account_id = ANY($2)
         ), apps AS (
             DELETE FROM authenticators WHERE organisation_id = $1 AND account_id = ANY($2)
         ), codes AS (
             DELETE FROM recovery_codes WHERE organisation_id = $1 AND account_id = ANY($2)
         ), identities AS (
             DELETE FROM linked_identities WHERE organisation_id = $1 AND account_id = ANY($2)
         ), invited AS (
             UPDATE invitations SET current = false WHERE organisation_id = $1 AND account_id = ANY($2) AND current
         )
         UPDATE accounts SET state = CASE state WHEN 'suspended' THEN state ELSE $3 END, activated_at = NULL,
                failed_attempts = 0, locked_at = NULL
         WHERE organisation_id = $1 AND id = ANY($2)",
    )
    .bind(organisation.0)
    .bind(&accounts)
    .bind(state.stored())
    .execute(connection)
    .await?;
    Ok(ended.into_iter().map(|(account, person)| (AccountId(account), PersonId(person))).collect())
}
