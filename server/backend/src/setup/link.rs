//! The one-time link for creating the first administrator in the browser.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::OrganisationId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::administrator::AdministratorForm;
use crate::audit;
use crate::audit::AuditEntry;
use crate::authorization::roles::has_administrator;
use crate::crypto::{random_token, token_hash};
use crate::roll::organisation;
use crate::sessions::session;
use crate::sessions::session::{NewSession, SignInDetails};
use crate::sessions::visitor::{Visitor, remember};
use crate::{Backend, Error, Result};

/// How long a set-up link works. Each start of the server without an administrator creates a new one.
pub const SETUP_LINK_LIVES: TimeDelta = TimeDelta::hours(24);

/// Returns the URL of a new set-up link for the operator's terminal; `None` if there is an administrator.
/// Earlier links stop working.
pub async fn link(backend: &Backend) -> Result<Option<String>> {
    let mut transaction = backend.system_transaction().await?;
    let organisation = organisation::first_or_new(backend, &mut transaction).await?;
    if has_administrator(backend, &mut transaction, organisation).await? {
        return Ok(None);
    }
    sqlx::query("DELETE FROM setup_links WHERE organisation_id = $1 AND used_at IS NULL")
        .bind(organisation.0)
        .execute(&mut *transaction)
        .await?;
    let (token, hash) = random_token(&*backend.random);
    sqlx::query(
        "INSERT INTO setup_links (token_hash, organisation_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(hash.as_slice())
    .bind(organisation.0)
    .bind(backend.now())
    .bind(backend.now() + SETUP_LINK_LIVES)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Some(format!("{}/setup/{token}", backend.config.base_url)))
}

/// Whether a set-up link works now. Does not use it up.
pub async fn is_open(backend: &Backend, token: &str) -> Result<bool> {
    let mut connection = backend.system_transaction().await?;
    Ok(find(backend, &mut connection, token).await?.is_some())
}

/// Creates the first administrator, uses up the link and signs them in.
#[tracing::instrument(skip_all)]
pub async fn set_up(
    backend: &Backend,
    visitor: &Visitor,
    token: &str,
    form: &AdministratorForm,
) -> Result<NewSession> {
    const GONE: Error = Error::NotFound("set-up link");
    if !is_open(backend, token).await? {
        return Err(GONE);
    }
    let administrator = form.parse(backend, "").await?;
    let mut transaction = backend.system_transaction().await?;
    // If two browsers send the form at once, the first locks the row and the second finds it used.
    let organisation = find(backend, &mut transaction, token).await?.ok_or(GONE)?;
    sqlx::query("UPDATE setup_links SET used_at = $2 WHERE token_hash = $1")
        .bind(token_hash(token).as_slice())
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    let (account, person) =
        administrator.insert(backend, &mut transaction, organisation, Role::Administrator).await?;
    let actor = Actor::signed_in(organisation, account, person, Vec::new()).at(visitor.source);
    for action in [AuditAction::AdministratorCreated, AuditAction::SignedIn] {
        audit::record(backend, &mut transaction, &actor, AuditEntry::new(action).person(person)).await?;
    }
    sqlx::query("UPDATE accounts SET last_sign_in_at = $2 WHERE id = $1")
        .bind(account.0)
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    let device = remember(backend, &mut transaction, organisation, account, visitor).await?;
    let made = SignInDetails { device, provider: None, second_factor: false, proven_at: backend.now() };
    let session = session::create(backend, &mut transaction, organisation, account, visitor, made).await?;
    transaction.commit().await?;
    Ok(session)
}

/// Finds the organisation that a link sets up, and locks the link's row; `None` if it is used, expired or
/// unknown, or if there is an administrator by now.
async fn find(
    backend: &Backend,
    connection: &mut PgConnection,
    token: &str,
) -> Result<Option<OrganisationId>> {
    let organisation: Option<Uuid> = sqlx::query_scalar(
        "SELECT organisation_id FROM setup_links
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 FOR UPDATE",
    )
    .bind(token_hash(token).as_slice())
    .bind(backend.now())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(organisation) = organisation.map(OrganisationId) else { return Ok(None) };
    Ok(if has_administrator(backend, connection, organisation).await? { None } else { Some(organisation) })
}
