//! Linking an identity to an account, in the transaction in which its owner signs in.

use chrono::{DateTime, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::credentials::state::{AccountEvent, AccountState};
use domain::ids::{AccountId, IdentityId, OrganisationId, PersonId};
use domain::messages::failure::DeliveryFailure;
use sqlx::PgConnection;

use crate::audit;
use crate::audit::AuditEntry;
use crate::credentials::revoke;
use crate::crypto::TokenHash;
use crate::error::breaks_constraint;
use crate::factors::changed::{FactorChange, tell, write_down};
use crate::invitations;
use crate::{Backend, Error, Result};

/// How linking ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkOutcome {
    /// Linked to an account that was active.
    InUse,
    /// Linked to an invited account, which is active from now on.
    Activated,
    /// The identity is already linked to someone, the account is linked to another identity there, or it was
    /// disabled meanwhile.
    Refused,
}

/// Links an identity that its owner has confirmed, and revokes what others may have opened, in the
/// transaction of the sign-in, which began at `since`.
pub(crate) async fn link(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    unlinked: &TokenHash,
    since: DateTime<Utc>,
) -> Result<LinkOutcome> {
    let now = backend.now();
    // Lock the account first, then what belongs to it, like every action.
    let state: Option<String> = sqlx::query_scalar(
        "SELECT state FROM accounts
         WHERE organisation_id = $1 AND id = $2 AND account_state(id, state) IN ('invited', 'active')
           AND (ways_ended_at IS NULL OR ways_ended_at <= $3) FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(since)
    .fetch_optional(&mut *connection)
    .await?;
    // If two browsers sign in at once, only one finds the identity.
    let linked = sqlx::query(
        "WITH confirmed AS (
             DELETE FROM unlinked_identities
             WHERE organisation_id = $2 AND token_hash = $4 AND account_id = $3 AND expires_at > $5 AND $6
             RETURNING issuer, subject, object)
         INSERT INTO linked_identities (id, organisation_id, account_id, issuer, subject, object, created_at)
         SELECT $1, $2, $3, issuer, subject, object, $5 FROM confirmed",
    )
    .bind(backend.new_id::<IdentityId>().0)
    .bind(organisation.0)
    .bind(account.0)
    .bind(unlinked.as_slice())
    .bind(now)
    .bind(state.is_some())
    .execute(&mut *connection)
    .await;
    let taken =
        ["linked_identities_subject_key", "linked_identities_object_key", "linked_identities_account_key"];
    match linked {
        Ok(linked) if linked.rows_affected() == 1 => {}
        Ok(_) => return Ok(LinkOutcome::Refused),
        Err(error) if taken.iter().any(|key| breaks_constraint(&error, key)) => {
            return Ok(LinkOutcome::Refused);
        }
        Err(error) => return Err(error.into()),
    }
    revoke::revoke_all(backend, connection, organisation, &[account.0], None).await?;
    Ok(if activate(backend, connection, organisation, account).await? {
        LinkOutcome::Activated
    } else {
        LinkOutcome::InUse
    })
}

/// Activates an invited account without a password; its invitations are no longer needed. If nobody has answered with the
/// invitation whose children these are, the portal asks. Returns `false` if
/// it was already active.
async fn activate(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<bool> {
    let active = AccountState::Invited
        .after(AccountEvent::Activate, AccountState::Invited)
        .map_err(Error::unexpected)?;
    let activated = sqlx::query(
        "UPDATE accounts a SET state = $3, activated_at = $4,
                asks_children = NOT EXISTS (SELECT FROM invitations i
                                            WHERE i.organisation_id = $1 AND i.account_id = $2 AND i.current
                                              AND i.children_answered_at IS NOT NULL)
         WHERE organisation_id = $1 AND id = $2 AND account_state(id, state) = $5
           AND account_is_valid(a, $4)",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(active.slug())
    .bind(backend.now())
    .bind(AccountState::Invited.slug())
    .execute(&mut *connection)
    .await?;
    if activated.rows_affected() == 0 {
        return Ok(false);
    }
    invitations::end_all(connection, organisation, &[account.0], backend.now(), DeliveryFailure::NotNeeded)
        .await?;
    Ok(true)
}

/// Records what [`link`] did, and notifies people who had other ways to sign in before.
pub(crate) async fn note(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    account: AccountId,
    person: PersonId,
    linked: LinkOutcome,
) -> Result<()> {
    let change =
        FactorChange { account, person, action: AuditAction::IdentityLinked, factor: "single sign-on" };
    if linked == LinkOutcome::Activated {
        let entry = AuditEntry::new(AuditAction::AccountActivated)
            .person(person)
            .subject("account", account.0)
            .details(serde_json::json!({ "by": "single sign-on" }));
        audit::record(backend, connection, actor, entry).await?;
        return write_down(backend, connection, actor, change).await;
    }
    tell(backend, connection, actor, change).await
}
