//! "This was not me": undoing a change of address with the link sent to the old one, whether or not it was
//! confirmed. The person who asked for it had a session and a step-up, so everything they could sign in with
//! is revoked.

use chrono::{DateTime, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::{AccountId, OrganisationId, PersonId};
use domain::roll::address::EmailAddress;
use domain::roll::name::display_name;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::lock;
use super::told::tell;
use crate::audit::{AuditEntry, alerts};
use crate::credentials::factors::of_account;
use crate::credentials::revoke::revoke_all;
use crate::roll::addresses::delivery;
use crate::sessions::visitor::Visitor;
use crate::{Backend, Error, Result};

/// What a link undoes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoEmailView {
    /// The owner's name, as pages show it.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The address that is kept or restored.
    pub address: String,
    /// Whether their school requires single sign-on, so that there is no new password to choose.
    pub password_is_off: bool,
    /// Whether only a one-time code from the school office opens the account now.
    pub office_only: bool,
}

#[derive(sqlx::FromRow)]
struct UndoLinkRow {
    id: Uuid,
    organisation_id: Uuid,
    account_id: Uuid,
    person_id: Uuid,
    created_at: DateTime<Utc>,
    address: String,
    username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    password_is_off: bool,
}

/// Returns what a link undoes; `None` if it undoes nothing. Does not use up the link.
pub async fn opened(backend: &Backend, token: &str) -> Result<Option<UndoEmailView>> {
    Ok(find(backend, token).await?.map(UndoLinkRow::view))
}

async fn find(backend: &Backend, token: &str) -> Result<Option<UndoLinkRow>> {
    let Some(hash) = backend.keys.address_undos.link_hash(token) else { return Ok(None) };
    Ok(sqlx::query_as(
        "SELECT c.id, c.organisation_id, c.account_id, a.person_id, c.created_at, c.old_value AS address, a.username,
                p.given_name, p.family_name, p.preferred_name,
                password_is_off(a.organisation_id, a.person_id, $2) AS password_is_off
         FROM address_changes c
         JOIN accounts a ON a.organisation_id = c.organisation_id AND a.id = c.account_id
         JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
         WHERE c.undo_hash = $1 AND c.old_value IS NOT NULL AND c.undone_at IS NULL AND c.undo_until > $2
           AND a.state IN ('active', 'locked', 'suspended')",
    )
    .bind(hash.as_slice())
    .bind(backend.now())
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?)
}

/// Undoes a change and everything the same account requested after it: the old address is kept or restored,
/// and every way to sign in that was open or was set up since is revoked, including the password. Notifies
/// administrators. Returns what was undone, or `None` if the link undoes nothing.
#[tracing::instrument(skip_all)]
pub async fn undo(backend: &Backend, visitor: &Visitor, token: &str) -> Result<Option<UndoEmailView>> {
    let Some(found) = find(backend, token).await? else { return Ok(None) };
    let (organisation, account) = (OrganisationId(found.organisation_id), AccountId(found.account_id));
    let person = PersonId(found.person_id);
    let mut transaction = backend.tenant_transaction(organisation).await?;
    lock(&mut transaction, organisation, person, account).await?;
    // If two browsers send the form at once, only one succeeds.
    let spent = sqlx::query(
        "UPDATE address_changes c SET undone_at = $3, expires_at = least(c.expires_at, $3)
         FROM address_changes undone
         WHERE undone.organisation_id = $1 AND undone.id = $2 AND undone.undone_at IS NULL AND undone.undo_until > $3
           AND c.organisation_id = $1 AND c.account_id = undone.account_id AND c.created_at >= undone.created_at
           AND c.undone_at IS NULL",
    )
    .bind(organisation.0)
    .bind(found.id)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    if spent.rows_affected() == 0 {
        return Ok(None);
    }
    let address: EmailAddress = found.address.parse().map_err(Error::unexpected)?;
    let present = delivery::of(&mut transaction, organisation, person).await?;
    let left = present.filter(|present| !address.is_mailbox(present));
    let put_back = left.is_some();
    if let Some(left) = left {
        delivery::put(backend, &mut transaction, organisation, person, &address).await?;
        tell(backend, &mut transaction, organisation, &[(person, left)], None).await?;
    }
    revoke_all(backend, &mut transaction, organisation, &[account.0], None).await?;
    let had_factor = of_account(&mut transaction, organisation, account).await?.any();
    end_what_was_set_up(&mut transaction, organisation, account, found.created_at).await?;
    let office_only = had_factor && !of_account(&mut transaction, organisation, account).await?.any();
    if office_only {
        leave_to_office(backend, &mut transaction, organisation, account).await?;
    }
    let actor = Actor::signed_in(organisation, account, person, Vec::new()).at(visitor.source);
    let entry = AuditEntry::new(AuditAction::AddressChangeUndone)
        .person(person)
        .subject("address change", found.id)
        .details(if office_only {
            json!({ "put_back": put_back, "office_only": true })
        } else {
            json!({ "put_back": put_back })
        });
    alerts::raise(backend, &mut transaction, &actor, entry).await?;
    transaction.commit().await?;
    Ok(Some(UndoEmailView { office_only, ..found.view() }))
}

/// From now on only a one-time code from the office opens the account. It had a second factor, which the person who reads
/// the old mailbox has just removed: the mailbox must not be enough to get in without one.
async fn leave_to_office(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<()> {
    sqlx::query("UPDATE accounts SET office_only_since = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation.0)
        .bind(account.0)
        .bind(backend.now())
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes the password, which the person who asked may know; the passkeys, apps and linked identities added
/// since; and the recovery codes, which may be new.
async fn end_what_was_set_up(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    since: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "WITH password AS (
             DELETE FROM passwords WHERE organisation_id = $1 AND account_id = $2
         ), keys AS (
             DELETE FROM passkeys WHERE organisation_id = $1 AND account_id = $2 AND created_at >= $3
         ), apps AS (
             DELETE FROM authenticators
             WHERE organisation_id = $1 AND account_id = $2 AND coalesce(confirmed_at, $3) >= $3
         ), codes AS (
             DELETE FROM recovery_codes WHERE organisation_id = $1 AND account_id = $2
         )
         DELETE FROM linked_identities WHERE organisation_id = $1 AND account_id = $2 AND created_at >= $3",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(since)
    .execute(connection)
    .await?;
    Ok(())
}

impl UndoLinkRow {
    fn view(self) -> UndoEmailView {
        UndoEmailView {
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            username: self.username,
            address: self.address,
            password_is_off: self.password_is_off,
            office_only: false,
        }
    }
}
