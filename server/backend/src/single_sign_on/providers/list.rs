//! The providers, for administrators.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, may_do_everything};
use domain::ids::{ProviderId, SchoolId};
use domain::single_sign_on::ProviderKind;
use domain::single_sign_on::settings::{SIGN_IN_ADDRESSES, SINGLE_SIGN_ON, SignInAddresses, SingleSignOnUse};
use serde_json::Value;
use uuid::Uuid;

use super::{ProviderForm, enter, find, redirect_uri};
use crate::settings::of_organisation;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// A provider in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderLine {
    /// Its id.
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

/// A school, and whether its people must sign in with a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiringSchool {
    /// The school.
    pub id: SchoolId,
    /// Its name.
    pub name: String,
    /// Whether they must.
    pub required: bool,
}

/// All single sign-on settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleSignOn {
    /// The providers, oldest first.
    pub providers: Vec<ProviderLine>,
    /// The schools, by name.
    pub schools: Vec<RequiringSchool>,
    /// By which addresses people are found at their first sign-in.
    pub addresses: SignInAddresses,
    /// Whether the actor may change the settings.
    pub sets: bool,
}

#[derive(sqlx::FromRow)]
struct ProviderLineRow {
    id: Uuid,
    kind: String,
    name: String,
    enabled: bool,
    linked: i64,
}

#[derive(sqlx::FromRow)]
struct SchoolRow {
    id: Uuid,
    name: String,
    chosen: Option<Value>,
}

/// Returns the single sign-on settings.
pub async fn list(backend: &Backend, actor: &Actor) -> Result<SingleSignOn> {
    let mut connection = backend.enter(actor, Permission::ManageSettings, AnySchool).await?.transaction;
    let sets = may_do_everything(actor).is_ok();
    let addresses = of_organisation(&mut connection, actor.organisation, &SIGN_IN_ADDRESSES).await?;
    let rows: Vec<ProviderLineRow> = sqlx::query_as(
        "SELECT i.id, i.kind, i.name, i.enabled,
                (SELECT count(*) FROM linked_identities l
                 WHERE l.organisation_id = i.organisation_id AND l.issuer = i.issuer) AS linked
         FROM identity_providers i WHERE i.organisation_id = $1 ORDER BY i.created_at, i.id",
    )
    .bind(actor.organisation.0)
    .fetch_all(&mut *connection)
    .await?;
    let schools: Vec<SchoolRow> = sqlx::query_as(
        "SELECT s.id, s.name,
                (SELECT c.value FROM settings c
                 WHERE c.organisation_id = s.organisation_id AND c.school_id = s.id AND c.setting = $2) AS chosen
         FROM schools s WHERE s.organisation_id = $1 ORDER BY s.name, s.id",
    )
    .bind(actor.organisation.0)
    .bind(SINGLE_SIGN_ON.slug)
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
        .map(|row| RequiringSchool {
            id: SchoolId(row.id),
            name: row.name,
            required: SINGLE_SIGN_ON.value(row.chosen.as_ref()) == SingleSignOnUse::Required,
        })
        .collect();
    Ok(SingleSignOn { providers, schools, addresses, sets })
}

/// A provider as its form shows it, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderView {
    /// Its id.
    pub id: ProviderId,
    /// Whether it is saved; false for a new one.
    pub saved: bool,
    /// How many accounts are linked to an identity of its issuer.
    pub linked: u32,
    /// Its settings.
    pub form: ProviderForm,
    /// The redirect URI to register with the provider.
    pub redirect_uri: String,
}

/// Returns one provider, or an empty form under a new id: the redirect URI must be registered with the
/// provider before it issues the other values.
pub async fn load(backend: &Backend, actor: &Actor, id: ProviderId) -> Result<ProviderView> {
    let mut connection = enter(backend, actor).await?;
    let row = find(&mut connection, actor.organisation, id).await?;
    let linked: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM linked_identities l JOIN identity_providers i ON i.organisation_id = l.organisation_id
         WHERE l.organisation_id = $1 AND i.id = $2 AND l.issuer = i.issuer",
    )
    .bind(actor.organisation.0)
    .bind(id.0)
    .fetch_one(&mut *connection)
    .await?;
    Ok(ProviderView {
        id,
        saved: row.is_some(),
        linked: u32::try_from(linked).unwrap_or(u32::MAX),
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
