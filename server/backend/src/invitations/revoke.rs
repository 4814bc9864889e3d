//! Revoking invitations: their links and codes stop working at once, and unsent messages are cancelled.

use chrono::{DateTime, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, AddressId, OrganisationId, PersonId, SchoolId};
use domain::invitations::views::RevokeReport;
use domain::messages::failure::DeliveryFailure;
use futures_util::future::{BoxFuture, FutureExt as _};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::end_all;
use crate::audit::{AuditEntry, record};
use crate::authorization::roles::outranking;
use crate::credentials::revoke::GivenOut;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Of accounts and their owners, the accounts of people who have no more permissions than the actor.
pub(super) async fn within_rank(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    found: Vec<(Uuid, Uuid)>,
) -> Result<Vec<Uuid>> {
    let people: Vec<PersonId> = found.iter().map(|(_, person)| PersonId(*person)).collect();
    let outranking = outranking(backend, connection, actor, &people).await?;
    let within = found.into_iter().filter(|(_, person)| !outranking.contains(&PersonId(*person)));
    Ok(within.map(|(account, _)| account).collect())
}

/// Revokes every valid invitation of these accounts of a school's students and guardians, except of people with more permissions than the actor.
pub async fn revoke(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    accounts: &[AccountId],
) -> Result<RevokeReport> {
    let Entered { transaction: mut tx, at } =
        backend.enter(actor, Permission::SendInvitations, InSchool(school)).await?;
    let now = backend.now();
    // Only accounts at this school that the actor may do this to, locked in a fixed order.
    let found: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT a.id, a.person_id FROM accounts a
         WHERE a.organisation_id = $1 AND a.id = ANY($3) AND (EXISTS (
             SELECT FROM enrolments e WHERE e.person_id = a.person_id AND e.school_id = $2 AND e.latest) OR EXISTS (
             SELECT FROM person_schools n
             WHERE n.organisation_id = $1 AND n.person_id = a.person_id AND n.school_id = $2))
           AND ($4 OR EXISTS (SELECT FROM visible_people v WHERE v.person_id = a.person_id)) AND a.person_id <> ALL ($5)
         ORDER BY a.id FOR UPDATE",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(accounts.iter().map(|account| account.0).collect::<Vec<_>>())
    .bind(at.everybody())
    .bind(at.hidden())
    .fetch_all(&mut *tx)
    .await?;
    let asked = found.len();
    let accounts = within_rank(backend, &mut tx, actor, found).await?;
    let (revoked, cancelled) =
        end_all(&mut tx, actor.organisation, &accounts, now, DeliveryFailure::Revoked).await?;
    if revoked + cancelled > 0 {
        settle(&mut tx, &accounts).await?;
        let entry = AuditEntry::new(AuditAction::InvitationRevoked)
            .details(json!({ "revoked": revoked, "cancelled": cancelled }));
        let entry = match accounts.as_slice() {
            [account] => entry.subject("account", *account),
            _ => entry.subject("school", school.0),
        };
        record(backend, &mut tx, actor, entry).await?;
    }
    tx.commit().await?;
    let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let outranking = u32::try_from(asked - accounts.len()).unwrap_or(u32::MAX);
    Ok(RevokeReport { revoked: count(revoked), cancelled: count(cancelled), outranking })
}

/// Invitations, as far as other rooms end them: when they went to a wrong address, and when their account opens
/// more than it did when they were made.
pub(crate) struct OpenInvitations;

impl GivenOut for OpenInvitations {
    fn revoke_unused<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        accounts: &'a [Uuid],
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            let now = backend.now();
            end_all(connection, organisation, accounts, now, DeliveryFailure::Revoked).await?;
            settle(connection, accounts).await
        }
        .boxed()
    }

    fn revoke_sent_to<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        addresses: &'a [AddressId],
    ) -> BoxFuture<'a, Result<()>> {
        revoke_sent_to(connection, organisation, addresses, backend.now()).boxed()
    }

    fn ended_with<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        removed: (AddressId, DateTime<Utc>),
    ) -> BoxFuture<'a, Result<u32>> {
        async move {
            let ended = ended_with(connection, organisation, removed, backend.now()).await?;
            Ok(u32::try_from(ended.len()).unwrap_or(u32::MAX))
        }
        .boxed()
    }

    fn restore_sent_to<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        removed: (AddressId, DateTime<Utc>),
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            let ended = ended_with(connection, organisation, removed, backend.now()).await?;
            sqlx::query("UPDATE invitations SET revoked_at = NULL, revoked_for = NULL WHERE id = ANY($1)")
                .bind(ended)
                .execute(connection)
                .await?;
            Ok(())
        }
        .boxed()
    }
}

/// The invitations that ended when an address was removed, and would be live without that.
async fn ended_with(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    (address, removed_at): (AddressId, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(
        "SELECT i.id FROM invitations i
         JOIN messages d ON d.organisation_id = i.organisation_id AND d.id = i.id
         JOIN accounts a ON a.organisation_id = i.organisation_id AND a.id = i.account_id
         WHERE i.organisation_id = $1 AND d.address_id = $2 AND i.revoked_for = 'address' AND i.revoked_at >= $3
           AND i.used_at IS NULL AND i.expires_at > $4 AND a.state IN ('created', 'invited', 'suspended')",
    )
    .bind(organisation.0)
    .bind(address.0)
    .bind(removed_at)
    .bind(now)
    .fetch_all(connection)
    .await?)
}

async fn revoke_sent_to(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    addresses: &[AddressId],
    now: DateTime<Utc>,
) -> Result<()> {
    let addresses: Vec<Uuid> = addresses.iter().map(|address| address.0).collect();
    // Lock accounts first, in a fixed order, then their invitations, like every action.
    let accounts: Vec<Uuid> = sqlx::query_scalar(
        "SELECT a.id FROM accounts a
         WHERE a.organisation_id = $1 AND a.person_id IN (SELECT d.person_id FROM addresses d WHERE d.id = ANY($2))
         ORDER BY a.id FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(&addresses)
    .fetch_all(&mut *connection)
    .await?;
    if accounts.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE invitations i SET revoked_at = $3, revoked_for = 'address'
         FROM messages d
         WHERE i.account_id = ANY($1) AND i.used_at IS NULL AND i.revoked_at IS NULL
           AND d.id = i.id AND d.address_id = ANY($2) AND d.state IN ('sending', 'sent', 'bounced', 'failed')",
    )
    .bind(&accounts)
    .bind(&addresses)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    settle(connection, &accounts).await
}

/// Marks accounts that were never sent an invitation as never invited. For the others, the latest invitation
/// itself records that it was revoked.
pub(super) async fn settle(connection: &mut PgConnection, accounts: &[Uuid]) -> Result<()> {
    sqlx::query(
        "UPDATE invitations latest SET current = false
         FROM accounts a
         WHERE latest.account_id = ANY($1) AND latest.current AND latest.revoked_at IS NOT NULL
           AND a.id = latest.account_id AND a.state IN ('created', 'invited', 'suspended')
           AND NOT EXISTS (
               SELECT FROM invitations i LEFT JOIN messages m ON m.id = i.id
               WHERE i.account_id = a.id AND m.state IS DISTINCT FROM 'cancelled')",
    )
    .bind(accounts)
    .execute(connection)
    .await?;
    Ok(())
}
