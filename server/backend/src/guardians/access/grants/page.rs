//! What the page for an adult's access shows.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::grant::{GrantGround, PortalScope};
use domain::authorization::policy::Permission;
use domain::authorization::role::{RoleValidity, ValidityPeriod};
use domain::guardians::grants::{GrantForm, GrantRow};
use domain::guardians::relationship::Relationship;
use domain::ids::PersonId;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// An adult, their children, and what they see of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPage {
    /// The adult.
    pub adult: PersonId,
    /// Their name.
    pub name: String,
    /// Their children, by name: id, name, and what the adult is to them.
    pub children: Vec<GuardedChild>,
    /// The child that was chosen, with what the adult sees.
    pub chosen: Option<ChosenChild>,
}

/// A child of an adult.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardedChild {
    /// The child.
    pub child: PersonId,
    /// Their name.
    pub name: String,
    /// What the adult is to them; `None` if they are no contact any more.
    pub relationship: Option<Relationship>,
}

/// What an adult sees of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenChild {
    /// The child.
    pub child: GuardedChild,
    /// The form, filled in with what is so today.
    pub form: GrantForm,
    /// The parts that a restriction closes: all of them with the profile.
    pub closed: Vec<PortalScope>,
    /// Whether the adult is the reader: nobody decides what they see themselves.
    pub is_own: bool,
    /// Whether the office can give back what "This is not my child" stopped.
    pub can_restore: bool,
    /// What the adult saw before, newest first.
    pub ended: Vec<EndedGrant>,
}

/// A grant that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedGrant {
    /// The part.
    pub scope: PortalScope,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ended_on: NaiveDate,
    /// Why, in words.
    pub why: &'static str,
}

#[derive(sqlx::FromRow)]
struct GuardedChildRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    relationship: Option<String>,
    parental_responsibility: Option<bool>,
    closed: Vec<String>,
    can_restore: bool,
}

#[derive(sqlx::FromRow)]
struct GrantOfPairRow {
    scope: String,
    ground: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    stopped_on: Option<NaiveDate>,
    stopped_for: Option<String>,
}

/// Returns an adult's children, and what they see of the chosen one. With a single child, that one is chosen.
pub async fn page(
    backend: &Backend,
    actor: &Actor,
    adult: PersonId,
    chosen: Option<PersonId>,
) -> Result<AccessPage> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, Person(adult)).await?;
    let (given, family, preferred): (String, String, String) = sqlx::query_as(
        "SELECT given_name, family_name, preferred_name FROM people WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("guardian"))?;
    let rows: Vec<GuardedChildRow> = sqlx::query_as(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name, k.relationship, k.parental_responsibility,
                closed_parts($2, p.id, $3) AS closed,
                EXISTS (SELECT FROM contacts gone WHERE gone.adult_id = $2 AND gone.child_id = p.id
                          AND gone.ended_for = 'not_my_child') AND k.id IS NULL AS can_restore
         FROM people p
         JOIN visible_people v ON v.organisation_id = p.organisation_id AND v.person_id = p.id
         LEFT JOIN contacts k ON k.adult_id = $2 AND k.child_id = p.id AND k.ended_at IS NULL
         WHERE p.organisation_id = $1
           AND (p.id IN (SELECT c.child_id FROM contacts c WHERE c.adult_id = $2)
                OR p.id IN (SELECT g.child_id FROM access_grants g WHERE g.adult_id = $2))
         ORDER BY p.sort_key, p.id",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(at.today)
    .fetch_all(&mut *transaction)
    .await?;
    let only = match rows.as_slice() {
        [row] => Some(PersonId(row.id)),
        _ => None,
    };
    let chosen = match chosen.or(only) {
        None => None,
        Some(child) => {
            let row = rows.iter().find(|row| row.id == child.0).ok_or(Error::NotFound("student"))?;
            Some(of_pair(&mut transaction, actor, adult, row, at.today).await?)
        }
    };
    Ok(AccessPage {
        adult,
        name: display_name(&given, &family, &preferred),
        children: rows.iter().map(GuardedChildRow::child).collect(),
        chosen,
    })
}

impl GuardedChildRow {
    fn child(&self) -> GuardedChild {
        GuardedChild {
            child: PersonId(self.id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            relationship: self.relationship.as_deref().and_then(Relationship::from_slug),
        }
    }
}

async fn of_pair(
    connection: &mut PgConnection,
    actor: &Actor,
    adult: PersonId,
    row: &GuardedChildRow,
    today: NaiveDate,
) -> Result<ChosenChild> {
    let grants: Vec<GrantOfPairRow> = sqlx::query_as(
        "SELECT g.scope, g.ground, g.starts_on, g.ends_on, g.stopped_for,
                (g.stopped_at AT TIME ZONE o.time_zone)::date AS stopped_on
         FROM access_grants g JOIN organisations o ON o.id = g.organisation_id
         WHERE g.organisation_id = $1 AND g.adult_id = $2 AND g.child_id = $3
         ORDER BY g.starts_on DESC, g.id DESC",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(row.id)
    .fetch_all(connection)
    .await?;
    let mut form = GrantForm::default();
    let mut ended = Vec::new();
    for grant in grants {
        let Some(scope) = PortalScope::from_slug(&grant.scope) else { continue };
        let over = grant.ends_on.filter(|end| *end < today);
        if let Some(ended_on) = grant.stopped_on.or(over) {
            ended.push(EndedGrant {
                scope,
                starts_on: grant.starts_on,
                ended_on,
                why: why(grant.stopped_for.as_deref()),
            });
        } else if let Some(at) = PortalScope::FAMILY.iter().position(|known| *known == scope) {
            form.0[at] = GrantRow {
                ticked: true,
                ground: grant.ground,
                from: grant.starts_on.to_string(),
                until: grant.ends_on.map(|day| day.to_string()).unwrap_or_default(),
            };
        }
    }
    let ground = usual_ground(row.parental_responsibility, row.relationship.as_deref());
    for empty in form.0.iter_mut().filter(|row| !row.ticked) {
        ground.slug().clone_into(&mut empty.ground);
    }
    Ok(ChosenChild {
        child: row.child(),
        form,
        closed: closed(&row.closed),
        is_own: actor.person() == Some(adult),
        can_restore: row.can_restore,
        ended,
    })
}

/// The parts of the form that are closed. Without the profile nothing of a child is shown.
fn closed(parts: &[String]) -> Vec<PortalScope> {
    let is = |scope: PortalScope| parts.iter().any(|part| part == scope.slug());
    PortalScope::FAMILY.into_iter().filter(|scope| is(*scope) || is(PortalScope::Profile)).collect()
}

/// The ground that is offered first.
fn usual_ground(responsible: Option<bool>, relationship: Option<&str>) -> GrantGround {
    match (responsible, relationship.and_then(Relationship::from_slug)) {
        (Some(true), _) => GrantGround::ParentalResponsibility,
        (_, Some(_)) => GrantGround::Relation,
        (_, None) => GrantGround::Consent,
    }
}

/// Why a grant stopped.
fn why(stopped_for: Option<&str>) -> &'static str {
    match stopped_for {
        None => "Its last day has passed",
        Some("office") => "Ended by the office",
        Some("not_my_child") => "They said: this is not my child",
        Some("import") => "Ended by an import",
        Some("merge") => "Ended by a merge",
        Some("undo") => "Ended by undoing what gave it",
        Some("of_age") => "The student came of age",
        Some("contact_ended") => "They are no contact any more",
        Some(_) => "Ended",
    }
}

/// Whether a period has ended, holds or is to come.
pub(crate) fn validity(starts_on: NaiveDate, ends_on: Option<NaiveDate>, today: NaiveDate) -> RoleValidity {
    // The database refuses periods that end before they begin.
    ValidityPeriod::new(Some(starts_on), ends_on)
        .map_or(RoleValidity::Ended(starts_on), |period| period.on(today))
}
