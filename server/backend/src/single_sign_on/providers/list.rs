//! The providers that there are, for administrators.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{ProviderId, SchoolId};
use domain::single_sign_on::ProviderKind;
use uuid::Uuid;

use super::{ProviderForm, find, redirect_uri};
use crate::tenancy::target::{AnySchool, Organisation};
use crate::{Backend, Error, Result};

/// A provider in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderLine {
    /// Which.
    pub id: ProviderId,
    /// Its kind.
    pub kind: ProviderKind,
    /// Its name.
    pub name: String,
    /// Whether people may sign in with it.
    pub enabled: bool,
    /// How many accounts are linked to an identity of its issuer.
    pub linked: u32,
}

/// A school, and whether its people have to sign in with a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiringSchool {
    /// The school.
    pub id: SchoolId,
    /// Its name.
    pub name: String,
    /// Whether.
    pub required: bool,
}

/// Everything that is set about single sign-on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleSignOn {
    /// The providers, by age.
    pub providers: Vec<ProviderLine>,
    /// The schools, by name.
    pub schools: Vec<RequiringSchool>,
    /// Whether the actor may change any of it.
    pub sets: bool,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: Uuid,
    kind: String,
    name: String,
    enabled: bool,
    linked: i64,
}

/// What is set.
pub async fn list(backend: &Backend, actor: &Actor) -> Result<SingleSignOn> {
    let mut connection = backend.enter(actor, Permission::ManageSettings, AnySchool).await?.transaction;
    let sets = decide(actor, Permission::ManageSettings, Resource::Organisation(actor.organisation)).is_ok();
    let rows: Vec<LineRow> = sqlx::query_as(
        "SELECT i.id, i.kind, i.name, i.enabled,
                (SELECT count(*) FROM linked_identities l
                 WHERE l.organisation_id = i.organisation_id AND l.issuer = i.issuer) AS linked
         FROM identity_providers i WHERE i.organisation_id = $1 ORDER BY i.created_at, i.id",
    )
    .bind(actor.organisation.0)
    .fetch_all(&mut *connection)
    .await?;
    let schools: Vec<(Uuid, String, bool)> = sqlx::query_as(
        "SELECT id, name, single_sign_on_required FROM schools WHERE organisation_id = $1 ORDER BY name, id",
    )
    .bind(actor.organisation.0)
    .fetch_all(&mut *connection)
    .await?;
    let providers = rows
        .into_iter()
        .map(|row| {
            Ok(ProviderLine {
                id: ProviderId(row.id),
                kind: ProviderKind::from_slug(&row.kind)
                    .ok_or_else(|| Error::unexpected(format!("kind of provider {}", row.kind)))?,
                name: row.name,
                enabled: row.enabled,
                linked: u32::try_from(row.linked).unwrap_or(u32::MAX),
            })
        })
        .collect::<Result<_>>()?;
    let schools = schools
        .into_iter()
        .map(|(id, name, required)| RequiringSchool { id: SchoolId(id), name, required })
        .collect();
    Ok(SingleSignOn { providers, schools, sets })
}

/// A provider as its form shows it: without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderView {
    /// Which.
    pub id: ProviderId,
    /// Whether it is there; not so for one that is about to be made.
    pub saved: bool,
    /// What is set.
    pub form: ProviderForm,
    /// The address to name to the provider.
    pub redirect_uri: String,
}

/// One provider, or an empty form under an identifier that no provider has yet: its address is named to the provider
/// before the provider says what else to fill in.
pub async fn load(backend: &Backend, actor: &Actor, id: ProviderId) -> Result<ProviderView> {
    let mut connection = backend.enter(actor, Permission::ManageSettings, Organisation).await?.transaction;
    let row = find(&mut connection, actor.organisation, id).await?;
    Ok(ProviderView {
        id,
        saved: row.is_some(),
        redirect_uri: redirect_uri(backend, id),
        form: row.map_or_else(ProviderForm::default, |row| ProviderForm {
            kind: row.kind,
            name: row.name,
            issuer: row.issuer,
            client_id: row.client_id,
            client_secret: String::new(),
            domains: row.domains.join(", "),
            trusts_second_factor: row.trusts_second_factor,
            enabled: row.enabled,
        }),
    })
}
