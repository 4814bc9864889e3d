//! The access map of a child: who can see what, on what ground, since when, and when they last looked.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::grant::{GrantGround, PortalScope};
use domain::authorization::policy::Permission;
use domain::authorization::role::RoleValidity;
use domain::guardians::relationship::Relationship;
use domain::guardians::restriction::{RestrictionEffects, RestrictionReason};
use domain::ids::{PersonId, RestrictionId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::grants::page::validity;
use super::restrictions::approvers::approvers;
use super::restrictions::loosen::{AskedLoosening, asked};
use crate::guardians::of_age::day::decides;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::PersonContext;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// Who can see what of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessMap {
    /// The child.
    pub child: PersonId,
    /// Their name.
    pub name: String,
    /// The current date at their school.
    pub today: NaiveDate,
    /// The adults, those who see something first.
    pub adults: Vec<AdultAccess>,
    /// The restrictions, newest first; empty for readers who may not see them.
    pub restrictions: Vec<RestrictionLine>,
    /// Whether the reader may change what adults see.
    pub may_manage: bool,
    /// Whether the reader may see, record and lift restrictions.
    pub may_restrict: bool,
    /// The child, and adults who see them, who share a mailbox with somebody who must not see the child; empty for readers who may
    /// not see restrictions.
    pub shared_mailboxes: Vec<String>,
    /// The day from which the child decides, and whether it has come; `None` before they are told.
    pub of_age: Option<(NaiveDate, bool)>,
    /// The colleagues who can be the second person when one is lifted; empty for readers who may not see restrictions.
    pub approvers: Vec<String>,
}

/// What an adult sees of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdultAccess {
    /// The adult.
    pub adult: PersonId,
    /// Their name.
    pub name: String,
    /// What they are to the child; `None` if they are no contact any more.
    pub relationship: Option<Relationship>,
    /// Whether they have parental responsibility.
    pub responsible: Option<bool>,
    /// Whether they can sign in: their account was activated and is not disabled.
    pub signs_in: bool,
    /// Whether they have an account.
    pub has_account: bool,
    /// Whether a restriction is in force.
    pub is_restricted: bool,
    /// What they have been given and still have, with dates, without what a restriction closes.
    pub grants: Vec<GrantLine>,
    /// The day they last looked.
    pub last_looked: Option<NaiveDate>,
}

/// A part of the portal that an adult was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantLine {
    /// The part.
    pub scope: PortalScope,
    /// The reason.
    pub ground: GrantGround,
    /// The first day.
    pub since: NaiveDate,
    /// The last day, if set.
    pub until: Option<NaiveDate>,
    /// Whether it holds today.
    pub holds: RoleValidity,
}

/// A restriction, for those who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestrictionLine {
    /// The restriction.
    pub id: RestrictionId,
    /// The adult it is about; `None` if it is about every adult.
    pub adult: Option<String>,
    /// The adults it leaves out.
    pub but: Vec<String>,
    /// What is closed.
    pub scopes: Vec<PortalScope>,
    /// Why.
    pub reason: Option<RestrictionReason>,
    /// Where the office keeps the order.
    pub reference: String,
    /// The first day.
    pub since: NaiveDate,
    /// The last day, if set.
    pub until: Option<NaiveDate>,
    /// When to look at it again.
    pub review_on: Option<NaiveDate>,
    /// What it ended when it came into force.
    pub effects: Option<RestrictionEffects>,
    /// Whether it holds today; a lifted one has ended.
    pub holds: RoleValidity,
    /// The day it was lifted.
    pub lifted_on: Option<NaiveDate>,
    /// What was asked for and is not done yet: to lift it, or to narrow it.
    pub asked: Option<AskedLoosening>,
}

#[derive(sqlx::FromRow)]
struct AdultAccessRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    relationship: Option<String>,
    parental_responsibility: Option<bool>,
    account_state: Option<String>,
    closed: Vec<String>,
    last_looked: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct MapGrantRow {
    adult_id: Uuid,
    scope: String,
    ground: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// Returns who can see what of a child.
pub async fn map(backend: &Backend, actor: &Actor, child: PersonId) -> Result<AccessMap> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::ViewRoll, Person(child)).await?;
    let (given, family, preferred): (String, String, String) = sqlx::query_as(
        "SELECT given_name, family_name, preferred_name FROM people WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(child.0)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("student"))?;
    let may_restrict = at.allows(actor, Permission::ManageRestrictions);
    let (restrictions, approvers, shared_mailboxes) = if may_restrict {
        let lines = restrictions(backend, &mut transaction, actor, child, &at).await?;
        let shared = shared_mailboxes(&mut transaction, actor, child, at.today).await?;
        (lines, approvers(&mut transaction, actor, child, &at).await?, shared)
    } else {
        (Vec::new(), Vec::new(), Vec::new())
    };
    let of_age = decides(&mut transaction, actor.organisation, child).await?;
    Ok(AccessMap {
        child,
        name: display_name(&given, &family, &preferred),
        today: at.today,
        adults: adults(&mut transaction, actor, child, at.today).await?,
        restrictions,
        may_manage: at.allows(actor, Permission::ManageGuardians),
        may_restrict,
        shared_mailboxes,
        of_age,
        approvers,
    })
}

/// The child, and the adults who see them, whose email address somebody has too who must not see the child.
async fn shared_mailboxes(
    connection: &mut PgConnection,
    actor: &Actor,
    child: PersonId,
    today: NaiveDate,
) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "SELECT concat_ws(' ', coalesce(nullif(p.preferred_name, ''), p.given_name), p.family_name)
         FROM people p
         WHERE p.organisation_id = $1
           AND (p.id = $2 OR p.id IN (SELECT g.adult_id FROM access_grants g WHERE g.organisation_id = $1 AND g.child_id = $2
                                                                               AND g.stopped_at IS NULL))
           AND EXISTS (SELECT FROM addresses d
                       WHERE d.organisation_id = $1 AND d.person_id = p.id AND d.kind = 'email'
                         AND mailbox_is_closed($1, p.id, d.comparable, $3))
         ORDER BY p.sort_key, p.id",
    )
    .bind(actor.organisation.0)
    .bind(child.0)
    .bind(today)
    .fetch_all(connection)
    .await?)
}

/// The adults of a child, with what they see; those who see something come first.
pub(super) async fn adults(
    connection: &mut PgConnection,
    actor: &Actor,
    child: PersonId,
    today: NaiveDate,
) -> Result<Vec<AdultAccess>> {
    let rows: Vec<AdultAccessRow> = sqlx::query_as(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name, k.relationship, k.parental_responsibility,
                a.state AS account_state, closed_parts(p.id, $2, $3) AS closed,
                (SELECT max(w.day) FROM child_views w
                 WHERE w.child_id = $2 AND w.adult_id IN (SELECT m.id FROM people m WHERE m.id = p.id OR m.merged_into = p.id)
                ) AS last_looked
         FROM people p
         LEFT JOIN contacts k ON k.adult_id = p.id AND k.child_id = $2 AND k.ended_at IS NULL
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE p.organisation_id = $1
           AND (k.id IS NOT NULL
                OR p.id IN (SELECT g.adult_id FROM access_grants g
                            WHERE g.organisation_id = $1 AND g.child_id = $2 AND g.stopped_at IS NULL
                              AND (g.ends_on IS NULL OR g.ends_on >= $3)))
         ORDER BY k.priority NULLS LAST, p.sort_key, p.id",
    )
    .bind(actor.organisation.0)
    .bind(child.0)
    .bind(today)
    .fetch_all(&mut *connection)
    .await?;
    let grants: Vec<MapGrantRow> = sqlx::query_as(
        "SELECT adult_id, scope, ground, starts_on, ends_on FROM access_grants
         WHERE organisation_id = $1 AND child_id = $2 AND stopped_at IS NULL AND (ends_on IS NULL OR ends_on >= $3)
         ORDER BY starts_on, id",
    )
    .bind(actor.organisation.0)
    .bind(child.0)
    .bind(today)
    .fetch_all(connection)
    .await?;
    let mut adults: Vec<AdultAccess> = rows.into_iter().map(|row| row.adult(&grants, today)).collect();
    adults.sort_by_key(|adult| adult.grants.is_empty());
    Ok(adults)
}

impl AdultAccessRow {
    /// Whether a restriction closes a part. Without the profile nothing of a child is shown.
    fn closes(&self, scope: &str) -> bool {
        self.closed.iter().any(|closed| closed == scope || closed == PortalScope::Profile.slug())
    }

    fn adult(self, grants: &[MapGrantRow], today: NaiveDate) -> AdultAccess {
        let theirs = grants.iter().filter(|grant| grant.adult_id == self.id && !self.closes(&grant.scope));
        let mut grants: Vec<GrantLine> = theirs
            .filter_map(|grant| {
                Some(GrantLine {
                    scope: PortalScope::from_slug(&grant.scope)?,
                    ground: GrantGround::from_slug(&grant.ground)?,
                    since: grant.starts_on,
                    until: grant.ends_on,
                    holds: validity(grant.starts_on, grant.ends_on, today),
                })
            })
            .collect();
        grants.sort_by_key(|grant| PortalScope::FAMILY.iter().position(|scope| *scope == grant.scope));
        AdultAccess {
            adult: PersonId(self.id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            relationship: self.relationship.as_deref().and_then(Relationship::from_slug),
            responsible: self.parental_responsibility,
            signs_in: matches!(self.account_state.as_deref(), Some("active" | "locked")),
            has_account: self.account_state.as_deref().is_some_and(|state| state != "closed"),
            is_restricted: !self.closed.is_empty(),
            grants,
            last_looked: self.last_looked,
        }
    }
}

#[derive(sqlx::FromRow)]
struct RestrictionLineRow {
    id: Uuid,
    adult: Option<Vec<String>>,
    but: Option<Vec<String>>,
    scopes: Vec<String>,
    reason: String,
    reference: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    review_on: Option<NaiveDate>,
    effects: Option<Json<RestrictionEffects>>,
    lifted_on: Option<NaiveDate>,
}

async fn restrictions(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    child: PersonId,
    at: &PersonContext,
) -> Result<Vec<RestrictionLine>> {
    let rows: Vec<RestrictionLineRow> = sqlx::query_as(
        "SELECT r.id, r.scopes, r.reason, r.reference, r.starts_on, r.ends_on, r.review_on, r.effects,
                (r.lifted_at AT TIME ZONE o.time_zone)::date AS lifted_on,
                (SELECT ARRAY[p.given_name, p.family_name, p.preferred_name] FROM people p WHERE p.id = r.adult_id) AS adult,
                (SELECT array_agg(concat_ws(' ', coalesce(nullif(p.preferred_name, ''), p.given_name), p.family_name)
                                  ORDER BY p.sort_key, p.id)
                 FROM people p WHERE p.organisation_id = $1 AND p.id = ANY (r.except_ids)) AS but
         FROM access_restrictions r JOIN organisations o ON o.id = r.organisation_id
         WHERE r.organisation_id = $1 AND r.child_id = $2
         ORDER BY r.created_at DESC, r.id DESC",
    )
    .bind(actor.organisation.0)
    .bind(child.0)
    .fetch_all(&mut *connection)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut asked = asked(backend, connection, actor, (at.zone, &ids)).await?;
    let lines = rows.into_iter().map(|row| {
        let asked = asked.remove(&row.id);
        row.line(asked, at.today)
    });
    Ok(lines.collect())
}

impl RestrictionLineRow {
    fn line(self, asked: Option<AskedLoosening>, today: NaiveDate) -> RestrictionLine {
        let name = |parts: Vec<String>| match parts.as_slice() {
            [given, family, preferred] => display_name(given, family, preferred),
            _ => String::new(),
        };
        let holds = match self.lifted_on {
            Some(day) => RoleValidity::Ended(day),
            None => validity(self.starts_on, self.ends_on, today),
        };
        RestrictionLine {
            id: RestrictionId(self.id),
            adult: self.adult.map(name),
            but: self.but.unwrap_or_default(),
            scopes: self.scopes.iter().filter_map(|scope| PortalScope::from_slug(scope)).collect(),
            reason: RestrictionReason::from_slug(&self.reason),
            reference: self.reference,
            since: self.starts_on,
            until: self.ends_on,
            review_on: self.review_on,
            effects: self.effects.map(|Json(effects)| effects),
            holds,
            lifted_on: self.lifted_on,
            asked,
        }
    }
}
