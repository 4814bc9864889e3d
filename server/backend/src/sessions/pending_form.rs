//! Forms that were sent and not carried out: because a step-up was required, or because the session had ended.
//! They are stored for their sender. After a step-up they continue unchanged; after signing in, their owner
//! checks them on their page and sends them again.

use chrono::TimeDelta;
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, OrganisationId, PendingFormId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::page_stamp::PageStamp;
use super::session::SignedIn;
use super::visitor::Visitor;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// How long a form waits: long enough to fetch the phone with the app.
const KEPT_FOR: TimeDelta = TimeDelta::hours(1);

/// The most pending forms per account, for people with several tabs; the newest are kept.
const MOST: i64 = 4;

/// Stores a form of any length that was sent to a path of this site when a step-up was required.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn store(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    address: &str,
    form: &str,
) -> Result<PendingFormId> {
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let sent = SentForm { address, form, page: None };
    let id = insert(backend, &mut transaction, who.actor.organisation, who.account, visitor, &sent).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Stores a form whose sender is signed in no longer, or not in this browser, for the account that its page was
/// drawn for. `None` if that account cannot sign in any more.
#[tracing::instrument(skip_all, fields(account = %stamp.account))]
pub async fn keep(
    backend: &Backend,
    visitor: &Visitor,
    stamp: &PageStamp,
    address: &str,
    form: &str,
) -> Result<Option<PendingFormId>> {
    let organisation: Option<Uuid> = sqlx::query_scalar(
        "SELECT organisation_id FROM accounts WHERE id = $1 AND state IN ('active', 'locked')",
    )
    .bind(stamp.account.0)
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    let Some(organisation) = organisation.map(OrganisationId) else { return Ok(None) };
    let mut transaction = backend.tenant_transaction(organisation).await?;
    let page = stamp.form.as_ref().map(|form| form.page.as_str());
    let sent = SentForm { address, form, page };
    let id = insert(backend, &mut transaction, organisation, stamp.account, visitor, &sent).await?;
    transaction.commit().await?;
    Ok(Some(id))
}

/// What was sent.
struct SentForm<'a> {
    /// The path and query that it was sent to.
    address: &'a str,
    form: &'a str,
    /// The path and query of its page, if it waits there.
    page: Option<&'a str>,
}

/// Inserts a form, and deletes expired ones and those that are too many.
async fn insert(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    visitor: &Visitor,
    sent: &SentForm<'_>,
) -> Result<PendingFormId> {
    let id: PendingFormId = backend.new_id();
    let sealed = backend.keys.interrupted_forms.seal(&*backend.random, id.0, sent.form)?;
    sqlx::query(
        "DELETE FROM interrupted_forms
         WHERE organisation_id = $1 AND (expires_at <= $3 OR id IN (
             SELECT id FROM interrupted_forms WHERE account_id = $2 ORDER BY expires_at DESC, id DESC OFFSET $4))",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(backend.now())
    .bind(MOST - 1)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO interrupted_forms (id, organisation_id, account_id, address, form, expires_at, device_hash, page)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id.0)
    .bind(organisation.0)
    .bind(account.0)
    .bind(sent.address)
    .bind(sealed)
    .bind(backend.now() + KEPT_FOR)
    .bind(visitor.device_hash().map(Vec::from))
    .bind(sent.page)
    .execute(connection)
    .await?;
    Ok(id)
}

/// A pending form, as its owner finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundForm {
    /// Their own.
    Own {
        /// The path and query that it was sent to.
        address: String,
        /// Its contents.
        form: String,
    },
    /// Of somebody else who used this browser.
    SomebodyElses,
    /// There is none: it was sent, it expired, or there are too many newer ones.
    Gone,
}

/// Looks for a pending form in this browser, without taking it.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn find(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    kept: PendingFormId,
) -> Result<FoundForm> {
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let found: Option<FoundRow> = sqlx::query_as(
        "SELECT id, account_id, address, form FROM interrupted_forms
         WHERE organisation_id = $1 AND id = $2 AND expires_at > $3 AND device_hash IS NOT DISTINCT FROM $4",
    )
    .bind(who.actor.organisation.0)
    .bind(kept.0)
    .bind(backend.now())
    .bind(visitor.device_hash().map(Vec::from))
    .fetch_optional(&mut *transaction)
    .await?;
    Ok(match found {
        None => FoundForm::Gone,
        Some(row) if row.account_id != who.account.0 => FoundForm::SomebodyElses,
        Some(row) => FoundForm::Own {
            form: backend.keys.interrupted_forms.open(row.id, &row.form)?,
            address: row.address,
        },
    })
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    id: Uuid,
    account_id: Uuid,
    address: String,
    form: Vec<u8>,
}

/// Deletes a pending form that its owner has sent again.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn discard(backend: &Backend, who: &SignedIn, kept: PendingFormId) -> Result<()> {
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    sqlx::query("DELETE FROM interrupted_forms WHERE organisation_id = $1 AND account_id = $2 AND id = $3")
        .bind(who.actor.organisation.0)
        .bind(who.account.0)
        .bind(kept.0)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
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
