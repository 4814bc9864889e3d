//! Forms that were sent when a step-up was required: stored for their sender, who continues with them
//! unchanged afterwards.

use chrono::TimeDelta;
use domain::authorization::policy::Permission;
use domain::ids::PendingFormId;
use uuid::Uuid;

use super::session::SignedIn;
use super::visitor::Visitor;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// How long a form waits for the step-up: long enough to fetch the phone with the app.
const KEPT_FOR: TimeDelta = TimeDelta::hours(1);

/// The most pending forms per account, for people with several tabs; the newest are kept.
const MOST: i64 = 4;

/// Stores a form of any length that was sent to a path of this site, and deletes expired ones.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn store(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    address: &str,
    form: &str,
) -> Result<PendingFormId> {
    let organisation = who.actor.organisation;
    let id: PendingFormId = backend.new_id();
    let sealed = backend.keys.interrupted_forms.seal(&*backend.random, id.0, form)?;
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    sqlx::query(
        "DELETE FROM interrupted_forms
         WHERE organisation_id = $1 AND (expires_at <= $3 OR id IN (
             SELECT id FROM interrupted_forms WHERE account_id = $2 ORDER BY expires_at DESC, id DESC OFFSET $4))",
    )
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(backend.now())
    .bind(MOST - 1)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "INSERT INTO interrupted_forms (id, organisation_id, account_id, address, form, expires_at, device_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.0)
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(address)
    .bind(sealed)
    .bind(backend.now() + KEPT_FOR)
    .bind(visitor.device_hash().map(Vec::from))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(id)
}

/// Returns the path that a pending form of this person and browser was sent to.
pub async fn address(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    kept: PendingFormId,
) -> Result<String> {
    let organisation = who.actor.organisation;
    sqlx::query_scalar(
        "SELECT address FROM interrupted_forms
         WHERE organisation_id = $1 AND account_id = $2 AND id = $3 AND expires_at > $4
           AND device_hash IS NOT DISTINCT FROM $5",
    )
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(kept.0)
    .bind(backend.now())
    .bind(visitor.device_hash().map(Vec::from))
    .fetch_optional(&mut *backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction)
    .await?
    .ok_or_else(gone)
}

/// Takes, once, a pending form that this person and browser sent to this path.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn take(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    kept: PendingFormId,
    path: &str,
) -> Result<String> {
    let organisation = who.actor.organisation;
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let taken: Option<(Uuid, Vec<u8>)> = sqlx::query_as(
        "DELETE FROM interrupted_forms
         WHERE organisation_id = $1 AND account_id = $2 AND id = $3 AND expires_at > $4 AND split_part(address, '?', 1) = $5
           AND device_hash IS NOT DISTINCT FROM $6
         RETURNING id, form",
    )
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(kept.0)
    .bind(backend.now())
    .bind(path)
    .bind(visitor.device_hash().map(Vec::from))
    .fetch_optional(&mut *transaction)
    .await?;
    transaction.commit().await?;
    let (row, sealed) = taken.ok_or_else(gone)?;
    backend.keys.interrupted_forms.open(row, &sealed)
}

fn gone() -> Error {
    Error::conflict(
        "form_gone",
        "This was already done, or you took more than an hour. Check whether it was done. If not, go back and try again.",
    )
}
