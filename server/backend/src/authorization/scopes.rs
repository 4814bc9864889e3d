//! Reads a person's permissions from the view `person_scopes` into an actor for the policy.

use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::authorization::grant::{Grant, GrantGround, PortalScope, Restriction};
use domain::authorization::role::{RoleValidity, ValidityPeriod};
use domain::ids::{AccountId, OrganisationId, PersonId};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::roles::StoredRole;
use crate::{Backend, Error, Result};

/// A row of `person_scopes`.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct PersonScopes {
    roles: Json<Vec<StoredRole>>,
    grants: Json<Vec<StoredGrant>>,
    restrictions: Json<Vec<StoredRestriction>>,
}

#[derive(Debug, Deserialize)]
struct StoredGrant {
    child: Uuid,
    scope: String,
    ground: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
struct StoredRestriction {
    child: Uuid,
    scopes: Vec<String>,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

impl PersonScopes {
    /// Converts it to an actor, on a given day.
    pub(crate) fn actor(
        &self,
        organisation: OrganisationId,
        account: AccountId,
        person: PersonId,
        today: NaiveDate,
    ) -> Result<Actor> {
        let roles = self.roles.0.iter().map(|stored| stored.on(today)).collect::<Result<_>>()?;
        let mut grants = Vec::new();
        for stored in &self.grants.0 {
            // A scope that this version does not recognise gives no access.
            let Some(scope) = PortalScope::from_slug(&stored.scope) else { continue };
            let ground = GrantGround::from_slug(&stored.ground)
                .ok_or_else(|| Error::unexpected(format!("unknown ground {} of a grant", stored.ground)))?;
            let holds = holds(stored.starts_on, stored.ends_on, today)?;
            grants.push(Grant { child: PersonId(stored.child), scope, ground, holds });
        }
        let mut restrictions = Vec::new();
        for stored in &self.restrictions.0 {
            if holds(stored.starts_on, stored.ends_on, today)? == RoleValidity::Now {
                let scopes = stored.scopes.iter().filter_map(|scope| PortalScope::from_slug(scope)).collect();
                restrictions.push(Restriction { child: PersonId(stored.child), scopes });
            }
        }
        Ok(Actor::signed_in(organisation, account, person, roles).with_children(grants, restrictions))
    }
}

fn holds(from: NaiveDate, until: Option<NaiveDate>, today: NaiveDate) -> Result<RoleValidity> {
    Ok(ValidityPeriod::new(Some(from), until).map_err(Error::unexpected)?.on(today))
}

#[derive(sqlx::FromRow)]
struct AccountScopesRow {
    account_id: Uuid,
    #[sqlx(flatten)]
    scopes: PersonScopes,
}

/// Loads a person with an account as an actor, on a given day.
pub(crate) async fn actor_of(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
    today: NaiveDate,
) -> Result<Actor> {
    let row: AccountScopesRow = sqlx::query_as(
        "SELECT a.id AS account_id, s.roles, s.grants, s.restrictions
         FROM accounts a JOIN person_scopes s ON s.organisation_id = a.organisation_id AND s.person_id = a.person_id
         WHERE a.organisation_id = $1 AND a.person_id = $2",
    )
    .bind(organisation.0)
    .bind(person.0)
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("person"))?;
    row.scopes.actor(organisation, AccountId(row.account_id), person, today)
}

#[derive(sqlx::FromRow)]
struct PersonScopesRow {
    person_id: Uuid,
    time_zone: String,
    #[sqlx(flatten)]
    scopes: PersonScopes,
}

/// Loads the person behind an account as an actor now; `None` if the account is no longer in use. For work
/// that continues after the request that asked for it.
pub(crate) async fn actor_behind(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<Option<Actor>> {
    let row: Option<PersonScopesRow> = sqlx::query_as(
        "SELECT a.person_id, o.time_zone, s.roles, s.grants, s.restrictions
         FROM accounts a
         JOIN organisations o ON o.id = a.organisation_id
         JOIN person_scopes s ON s.organisation_id = a.organisation_id AND s.person_id = a.person_id
         WHERE a.organisation_id = $1 AND a.id = $2 AND a.state IN ('active', 'locked')
           AND account_is_valid(a, $3)",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(backend.now())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let today = backend.today(row.time_zone.parse::<Tz>().map_err(Error::unexpected)?);
    row.scopes.actor(organisation, account, PersonId(row.person_id), today).map(Some)
}
