//! A person's own address: showing it, asking for another one, and cancelling that.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use domain::own_account::address::{OwnAddress, WaitingAddress};
use domain::roll::address::EmailAddress;
use uuid::Uuid;

use super::messages::{AddressAsked, AddressConfirm};
use super::{CONFIRM_LIVES, UNDO_LIVES, cancel_pending, lock};
use crate::audit;
use crate::audit::AuditEntry;
use crate::credentials::limits;
use crate::credentials::limits::{ADDRESS, MESSAGE, MESSAGE_SOURCE};
use crate::messages::queue::{MessageDestination, NewMessage, queue};
use crate::roll::addresses::delivery;
use crate::sessions::session;
use crate::sessions::session::SignedIn;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// How asking for another address ended. It makes no difference whether someone else has the address:
/// families share them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeEmailOutcome {
    /// A message is on its way to the new address, and one to the old.
    Heard,
    /// It is not an email address.
    NoAddress,
    /// It is the current address.
    Same,
    /// Too many requests.
    Slowed,
}

#[derive(sqlx::FromRow)]
struct PendingEmailRow {
    new_value: String,
    expires_at: DateTime<Utc>,
    time_zone: String,
}

/// Returns the signed-in person's address, and the one waiting to be confirmed.
pub async fn current_address(backend: &Backend, who: &SignedIn) -> Result<OwnAddress> {
    let organisation = who.actor.organisation;
    let mut connection = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let present = delivery::of(&mut connection, organisation, who.person).await?;
    let waiting: Option<PendingEmailRow> = sqlx::query_as(
        "SELECT c.new_value, c.expires_at, o.time_zone FROM address_changes c JOIN organisations o ON o.id = c.organisation_id
         WHERE c.organisation_id = $1 AND c.account_id = $2 AND c.confirmed_at IS NULL AND c.expires_at > $3",
    )
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(backend.now())
    .fetch_optional(&mut *connection)
    .await?;
    Ok(OwnAddress { present, waiting: waiting.map(PendingEmailRow::view).transpose()? })
}

impl PendingEmailRow {
    fn view(self) -> Result<WaitingAddress> {
        let zone: Tz = self.time_zone.parse().map_err(Error::unexpected)?;
        Ok(WaitingAddress {
            address: self.new_value.parse().map_err(Error::unexpected)?,
            until: self.expires_at.with_timezone(&zone).fixed_offset(),
        })
    }
}

/// Asks to replace the signed-in person's address. A change requested earlier can no longer be confirmed.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn ask(backend: &Backend, who: &SignedIn, typed: &str) -> Result<ChangeEmailOutcome> {
    let organisation = who.actor.organisation;
    let Ok(address) = typed.parse::<EmailAddress>() else { return Ok(ChangeEmailOutcome::NoAddress) };
    if current_address(backend, who).await?.present.is_some_and(|present| address.is_mailbox(&present)) {
        return Ok(ChangeEmailOutcome::Same);
    }
    // The mailbox counts too: it may belong to a stranger, who asked for nothing.
    let attempts = [
        ADDRESS.of(backend, who.account.0.as_bytes()),
        MESSAGE.of(backend, address.comparable()),
        MESSAGE_SOURCE.from(backend, who.actor.source),
    ];
    if !limits::take(backend, &attempts).await? {
        return Ok(ChangeEmailOutcome::Slowed);
    }
    let (change, now): (Uuid, _) = (backend.new_id(), backend.now());
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    lock(&mut transaction, organisation, who.person, who.account).await?;
    session::hold(&mut transaction, who).await?;
    let present = delivery::of(&mut transaction, organisation, who.person).await?;
    cancel_pending(&mut transaction, organisation, &[who.account.0], now).await?;
    sqlx::query(
        "INSERT INTO address_changes
             (id, organisation_id, account_id, old_value, new_value, confirm_hash, undo_hash, created_at, expires_at, undo_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(change)
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(&present)
    .bind(address.as_str())
    .bind(backend.keys.address_confirmations.hashes(change, who.account).link.as_slice())
    .bind(backend.keys.address_undos.hashes(change, who.account).link.as_slice())
    .bind(now)
    .bind(now + CONFIRM_LIVES)
    .bind(now + UNDO_LIVES)
    .execute(&mut *transaction)
    .await?;
    let to = |recipient: String| NewMessage {
        id: backend.new_id(),
        to: MessageDestination::Elsewhere(recipient),
        person: Some(who.person),
        subject: Some(change),
    };
    queue::<AddressConfirm>(backend, &mut transaction, organisation, &[to(String::from(address))]).await?;
    let before: Vec<NewMessage> = present.map(to).into_iter().collect();
    queue::<AddressAsked>(backend, &mut transaction, organisation, &before).await?;
    let entry =
        AuditEntry::new(AuditAction::AddressChangeAsked).person(who.person).subject("address change", change);
    audit::record(backend, &mut transaction, &who.actor, entry).await?;
    transaction.commit().await?;
    Ok(ChangeEmailOutcome::Heard)
}

/// Cancels the pending change of the signed-in person. The link that undoes it has nothing left to undo, and ends
/// with it.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn cancel(backend: &Backend, who: &SignedIn) -> Result<()> {
    let organisation = who.actor.organisation;
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    lock(&mut transaction, organisation, who.person, who.account).await?;
    let now = backend.now();
    if cancel_pending(&mut transaction, organisation, &[who.account.0], now).await? > 0 {
        sqlx::query(
            "UPDATE address_changes SET undo_until = least(undo_until, $3)
             WHERE organisation_id = $1 AND account_id = $2 AND confirmed_at IS NULL AND expires_at = $3",
        )
        .bind(organisation.0)
        .bind(who.account.0)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        let entry = AuditEntry::new(AuditAction::AddressChangeCancelled).person(who.person);
        audit::record(backend, &mut transaction, &who.actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(())
}
