//! The providers that an organisation trusts, as administrators configure them.

pub mod addresses;
pub mod check;
mod form;
pub mod list;
pub mod relink;
pub mod remove;
pub mod require;
pub mod save;

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OrganisationId, ProviderId};
use domain::single_sign_on::{EmailDomain, ProviderKind};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

pub use form::ProviderForm;

use crate::authorization::roles::refuse_all_but_administrators;
use crate::tenancy::target::Organisation;
use crate::{Backend, Error, Result};

/// A provider as a sign-in needs it. Its secret is sent only to the provider.
pub(super) struct Provider {
    pub(super) id: ProviderId,
    pub(super) organisation: OrganisationId,
    pub(super) kind: ProviderKind,
    pub(super) name: String,
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) domains: Vec<EmailDomain>,
    pub(super) trusts_second_factor: bool,
}

#[derive(sqlx::FromRow)]
pub(super) struct ProviderRow {
    id: Uuid,
    organisation_id: Uuid,
    kind: String,
    name: String,
    issuer: String,
    client_id: String,
    client_secret: Vec<u8>,
    domains: Vec<String>,
    trusts_second_factor: bool,
    enabled: bool,
}

impl Provider {
    /// Loads a provider that people may sign in with.
    pub(super) async fn enabled(backend: &Backend, id: ProviderId) -> Result<Option<Self>> {
        let row: Option<ProviderRow> = sqlx::query_as(
            "SELECT id, organisation_id, kind, name, issuer, client_id, client_secret, domains, trusts_second_factor, enabled
             FROM identity_providers WHERE id = $1 AND enabled",
        )
        .bind(id.0)
        .fetch_optional(&mut *backend.system_connection().await?)
        .await?;
        row.map(|row| row.provider(backend)).transpose()
    }

    /// The redirect URI. Each provider has its own, so that one provider's response cannot be mistaken for
    /// another's (RFC 9700, section 4.4.2).
    pub(super) fn redirect_uri(&self, backend: &Backend) -> String {
        redirect_uri(backend, self.id)
    }
}

/// See [`Provider::redirect_uri`].
pub(super) fn redirect_uri(backend: &Backend, id: ProviderId) -> String {
    format!("{}/sign-in/with/{id}/back", backend.config.base_url)
}

/// The transaction of someone who may change what decides who can sign in as whom: every permission at all
/// schools. "Change settings" alone would be a way to everything else.
async fn enter(backend: &Backend, actor: &Actor) -> Result<Transaction<'static, Postgres>> {
    let transaction = backend.enter(actor, Permission::ManageSettings, Organisation).await?.transaction;
    refuse_all_but_administrators(backend, transaction, actor, Permission::ManageSettings).await
}

/// Finds one of an organisation's providers, for those who configure it.
async fn find(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    id: ProviderId,
) -> Result<Option<ProviderRow>> {
    Ok(sqlx::query_as(
        "SELECT id, organisation_id, kind, name, issuer, client_id, client_secret, domains, trusts_second_factor, enabled
         FROM identity_providers WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(id.0)
    .fetch_optional(connection)
    .await?)
}

impl ProviderRow {
    fn kind(&self) -> Result<ProviderKind> {
        ProviderKind::from_slug(&self.kind)
            .ok_or_else(|| Error::unexpected(format!("kind of provider {}", self.kind)))
    }

    fn provider(self, backend: &Backend) -> Result<Provider> {
        Ok(Provider {
            id: ProviderId(self.id),
            organisation: OrganisationId(self.organisation_id),
            kind: self.kind()?,
            client_secret: backend.keys.provider_secrets.open(self.id, &self.client_secret)?,
            domains: self
                .domains
                .into_iter()
                .map(EmailDomain::try_from)
                .collect::<std::result::Result<_, _>>()
                .map_err(Error::unexpected)?,
            name: self.name,
            issuer: self.issuer,
            client_id: self.client_id,
            trusts_second_factor: self.trusts_second_factor,
        })
    }
}
