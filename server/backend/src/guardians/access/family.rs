//! A guardian's own part of the access map: what they see of a child, and why. It says nothing about other adults.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::grant::{GrantGround, PortalScope};
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::PersonId;

use super::views::looked;
use crate::guardians::of_age::day::decides;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Child;
use crate::{Backend, Error, Result};

/// What the signed-in adult sees of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAccess {
    /// The child.
    pub child: PersonId,
    /// What to call them.
    pub name: String,
    /// What the adult sees, and since when.
    pub grants: Vec<OwnGrant>,
    /// The day from which the child decides, if they were told already and it is to come.
    pub decides_from: Option<NaiveDate>,
}

/// A part that the adult sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnGrant {
    /// The part.
    pub scope: PortalScope,
    /// The reason.
    pub ground: GrantGround,
    /// The first day.
    pub since: NaiveDate,
    /// The last day, if set.
    pub until: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct OwnGrantRow {
    scope: String,
    ground: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// Returns what the signed-in adult sees of a child, and records that they looked.
///
/// # Errors
/// [`Error::NotFound`] if they see nothing of the child, whatever the reason: a child under a restriction is like one that
/// nobody has.
pub async fn own_access(backend: &Backend, actor: &Actor, child: PersonId) -> Result<OwnAccess> {
    let seen = PortalScope::FAMILY.into_iter().filter(|scope| {
        let part = Resource::Child(actor.organisation, child, *scope);
        decide(actor, Permission::ViewChild, part).is_ok()
    });
    let seen: Vec<PortalScope> = seen.collect();
    let adult = actor.person().filter(|person| *person != child).ok_or(Error::NotFound("student"))?;
    let first = *seen.first().ok_or(Error::NotFound("student"))?;
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewChild, Child(child, first)).await?;
    let (given, preferred): (String, String) = sqlx::query_as(
        "SELECT given_name, preferred_name FROM people WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(child.0)
    .fetch_one(&mut *transaction)
    .await?;
    let rows: Vec<OwnGrantRow> = sqlx::query_as(
        "SELECT scope, ground, starts_on, ends_on FROM access_grants
         WHERE organisation_id = $1 AND adult_id = $2 AND child_id = $3 AND stopped_at IS NULL
           AND daterange(starts_on, ends_on, '[]') @> $4::date AND scope = ANY($5)
         ORDER BY scope",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(at.today)
    .bind(seen.iter().copied().map(PortalScope::slug).collect::<Vec<_>>())
    .fetch_all(&mut *transaction)
    .await?;
    let decides = decides(&mut transaction, actor.organisation, child).await?;
    let decides_from = decides.and_then(|(day, has_passed)| (!has_passed).then_some(day));
    looked(&mut transaction, actor.organisation, (adult, child), at.today).await?;
    transaction.commit().await?;
    let mut grants: Vec<OwnGrant> = rows.into_iter().filter_map(OwnGrantRow::grant).collect();
    grants.sort_by_key(|grant| PortalScope::FAMILY.iter().position(|scope| *scope == grant.scope));
    let name = if preferred.is_empty() { given } else { preferred };
    Ok(OwnAccess { child, name, grants, decides_from })
}

impl OwnGrantRow {
    fn grant(self) -> Option<OwnGrant> {
        Some(OwnGrant {
            scope: PortalScope::from_slug(&self.scope)?,
            ground: GrantGround::from_slug(&self.ground)?,
            since: self.starts_on,
            until: self.ends_on,
        })
    }
}
