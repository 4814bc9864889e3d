//! The identities that someone signs in with, and removing one: by themselves, or by staff who manage portal
//! access.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, IdentityId, OrganisationId, PersonId};
use domain::single_sign_on::LinkedIdentity;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::alerts;
use crate::authorization::roles::refuse_outranked;
use crate::credentials::resting::{note_reset, staff_reset};
use crate::factors::changed::{FactorChange, changed_by_staff, changed_own};
use crate::sessions::session::SignedIn;
use crate::sessions::visitor::Visitor;
use crate::tenancy::target::{Own, Person};
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct IdentityRow {
    id: Uuid,
    provider: Option<String>,
    issuer: String,
    created_at: DateTime<Utc>,
}

/// Returns the identities of the signed-in person.
pub async fn identities_of(backend: &Backend, who: &SignedIn) -> Result<Vec<LinkedIdentity>> {
    let organisation = who.actor.organisation;
    let mut connection = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let zone: String = sqlx::query_scalar("SELECT time_zone FROM organisations WHERE id = $1")
        .bind(organisation.0)
        .fetch_one(&mut *connection)
        .await?;
    let zone: Tz = zone.parse().map_err(Error::unexpected)?;
    linked(backend, &mut connection, organisation, who.account, zone).await
}

/// Returns the identities of an account.
pub(crate) async fn linked(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    zone: Tz,
) -> Result<Vec<LinkedIdentity>> {
    let rows: Vec<IdentityRow> = sqlx::query_as(
        "SELECT l.id, (SELECT i.name FROM identity_providers i
                       WHERE i.organisation_id = l.organisation_id AND i.issuer = l.issuer AND i.enabled
                       ORDER BY i.created_at, i.id LIMIT 1) AS provider,
                l.issuer, l.created_at
         FROM linked_identities l WHERE l.organisation_id = $1 AND l.account_id = $2 ORDER BY l.created_at, l.id",
    )
    .bind(organisation.0)
    .bind(account.0)
    .fetch_all(&mut *connection)
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let otherwise: bool = sqlx::query_scalar(
        "SELECT NOT password_is_off(a.organisation_id, a.person_id, $3)
                AND (EXISTS (SELECT FROM passwords w WHERE w.account_id = a.id)
                     OR EXISTS (SELECT FROM passkeys k WHERE k.account_id = a.id))
         FROM accounts a WHERE a.organisation_id = $1 AND a.id = $2",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(backend.now())
    .fetch_one(connection)
    .await?;
    let usable = rows.iter().filter(|row| row.provider.is_some()).count();
    Ok(rows
        .into_iter()
        .map(|row| LinkedIdentity {
            identity: IdentityId(row.id),
            removable: otherwise || usable > usize::from(row.provider.is_some()),
            // The provider was turned off.
            provider: row.provider.unwrap_or(row.issuer),
            since: row.created_at.with_timezone(&zone).date_naive(),
        })
        .collect())
}

/// Removes an identity of the signed-in person, if another way to sign in remains, and revokes everything
/// else that is open. Returns the new cookie by which the browser is recognised.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn unlink_own(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    identity: IdentityId,
) -> Result<String> {
    let organisation = who.actor.organisation;
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    lock_account(&mut transaction, organisation, who.account).await?;
    let found = linked(backend, &mut transaction, organisation, who.account, Tz::UTC).await?;
    let found = found.into_iter().find(|found| found.identity == identity);
    match found {
        None => return Err(Error::NotFound("identity")),
        Some(found) if !found.removable => {
            return Err(Error::conflict("last_way_in", "This is the only way to sign in to your account."));
        }
        Some(_) => {}
    }
    sqlx::query("DELETE FROM linked_identities WHERE organisation_id = $1 AND id = $2")
        .bind(organisation.0)
        .bind(identity.0)
        .execute(&mut *transaction)
        .await?;
    let action = AuditAction::IdentityUnlinked;
    let device = changed_own(backend, &mut transaction, who, visitor, action, "single sign-on").await?;
    transaction.commit().await?;
    Ok(device)
}

/// Removes all identities of a person, because one was linked that is not theirs, and ends their sessions.
/// The owner of the address can then link again.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn unlink_person(backend: &Backend, actor: &Actor, person: PersonId) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageAccounts, Person(person)).await?.transaction;
    if actor.person() == Some(person) {
        return Err(Error::conflict("own_identity", "Remove your own linked account on your security page."));
    }
    let account: Option<Uuid> =
        sqlx::query_scalar("SELECT id FROM accounts WHERE organisation_id = $1 AND person_id = $2")
            .bind(actor.organisation.0)
            .bind(person.0)
            .fetch_optional(&mut *transaction)
            .await?;
    let account = AccountId(account.ok_or(Error::NotFound("account"))?);
    lock_account(&mut transaction, actor.organisation, account).await?;
    // It would be halfway to their permissions.
    let mut transaction =
        refuse_outranked(backend, transaction, actor, Permission::ManageAccounts, person).await?;
    let removed = sqlx::query("DELETE FROM linked_identities WHERE organisation_id = $1 AND account_id = $2")
        .bind(actor.organisation.0)
        .bind(account.0)
        .execute(&mut *transaction)
        .await?;
    if removed.rows_affected() == 0 {
        return Err(Error::conflict("not_linked", "There is no linked account to remove."));
    }
    note_reset(&mut transaction, actor.organisation, account, actor.account(), backend.now()).await?;
    let alert = staff_reset(&mut transaction, actor.organisation, &[account.0], "identities").await?;
    if let Some(alert) = alert {
        alerts::raise(backend, &mut transaction, actor, alert).await?;
    }
    let action = AuditAction::IdentityUnlinked;
    let change = FactorChange { account, person, action, factor: "single sign-on" };
    changed_by_staff(backend, &mut transaction, actor, change).await?;
    transaction.commit().await?;
    Ok(())
}

/// Locks the account first, then what belongs to it, like every action.
async fn lock_account(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<()> {
    sqlx::query("SELECT FROM accounts WHERE organisation_id = $1 AND id = $2 FOR UPDATE")
        .bind(organisation.0)
        .bind(account.0)
        .execute(connection)
        .await?;
    Ok(())
}
