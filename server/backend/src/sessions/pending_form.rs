//! Forms that were sent and not carried out: because a step-up was required, or because the session had ended.
//! They are stored for their sender. After a step-up they continue unchanged, and the page that asks for it shows what
//! they say; after signing in, their owner checks them on their page and sends them again.

use chrono::TimeDelta;
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, OrganisationId, PendingFormId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::page_stamp::FormStamp;
use super::session::SignedIn;
use super::visitor::Visitor;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// How long a form waits: long enough to fetch the phone with the app.
const KEPT_FOR: TimeDelta = TimeDelta::hours(1);

/// The most pending forms per account, for people with several tabs; the newest are kept.
const MOST: i64 = 4;

/// A form that was sent.
#[derive(Debug, Clone, Copy)]
pub struct SentForm<'a> {
    /// The path and query that it was sent to.
    pub address: &'a str,
    /// Its contents.
    pub form: &'a str,
    /// The path and query of its page, if known.
    pub page: Option<&'a str>,
    /// The names of its fields for passwords and codes.
    pub secrets: &'a [String],
}

/// Stores a form of any length that was sent to a path of this site when a step-up was required.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn store(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    sent: &SentForm<'_>,
) -> Result<PendingFormId> {
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let id = insert(backend, &mut transaction, who.actor.organisation, who.account, visitor, sent).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Stores a form whose sender is signed in no longer, or not in this browser, for the account that its page was
/// drawn for. `None` if it is not the form that was drawn there, or if that account cannot sign in any more.
#[tracing::instrument(skip_all, fields(%account))]
pub async fn keep(
    backend: &Backend,
    visitor: &Visitor,
    account: AccountId,
    stamp: &FormStamp,
    address: &str,
    form: &str,
) -> Result<Option<PendingFormId>> {
    if !stamp.keeps(address, visitor, backend.now()) {
        return Ok(None);
    }
    let organisation: Option<Uuid> = sqlx::query_scalar(
        "SELECT organisation_id FROM accounts WHERE id = $1 AND state IN ('active', 'locked')",
    )
    .bind(account.0)
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    let Some(organisation) = organisation.map(OrganisationId) else { return Ok(None) };
    let mut transaction = backend.tenant_transaction(organisation).await?;
    let sent = SentForm { address, form, page: Some(&stamp.page), secrets: &stamp.secrets };
    let id = insert(backend, &mut transaction, organisation, account, visitor, &sent).await?;
    transaction.commit().await?;
    Ok(Some(id))
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
        "INSERT INTO interrupted_forms (id, organisation_id, account_id, address, form, expires_at, device_hash, page, secrets)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id.0)
    .bind(organisation.0)
    .bind(account.0)
    .bind(sent.address)
    .bind(sealed)
    .bind(backend.now() + KEPT_FOR)
    .bind(visitor.device_hash().map(Vec::from))
    .bind(sent.page)
    .bind(sent.secrets)
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

/// Deletes a pending form that its owner has sent again, or does not want to send.
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

/// A pending form, to show its owner what it would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingForm {
    /// The path and query that it was sent to.
    pub address: String,
    /// Its contents.
    pub form: String,
    /// The path and query of its page, if known.
    pub page: Option<String>,
    /// The names of its fields for passwords and codes.
    pub secrets: Vec<String>,
}

/// Reads a pending form of this person and browser.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn waiting(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    kept: PendingFormId,
) -> Result<WaitingForm> {
    let row: Option<WaitingRow> = sqlx::query_as(
        "SELECT id, address, form, page, secrets FROM interrupted_forms
         WHERE organisation_id = $1 AND account_id = $2 AND id = $3 AND expires_at > $4
           AND device_hash IS NOT DISTINCT FROM $5",
    )
    .bind(who.actor.organisation.0)
    .bind(who.account.0)
    .bind(kept.0)
    .bind(backend.now())
    .bind(visitor.device_hash().map(Vec::from))
    .fetch_optional(&mut *backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction)
    .await?;
    let WaitingRow { id, address, form, page, secrets } = row.ok_or_else(gone)?;
    let form = backend.keys.interrupted_forms.open(id, &form)?;
    Ok(WaitingForm { address, form, page, secrets })
}

#[derive(sqlx::FromRow)]
struct WaitingRow {
    id: Uuid,
    address: String,
    form: Vec<u8>,
    page: Option<String>,
    secrets: Vec<String>,
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
