//! The children that somebody may see, in one statement.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::authorization::visible::VisiblePeople;
use domain::fold::sort_key;
use domain::guardians::family::{ChildSchool, FamilyChild, initials};
use domain::ids::{OrganisationId, PersonId};
use domain::roll::name::PersonName;
use domain::roll::status::RollStatus;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Error, Result};

/// The children whose profile the policy lets this person see by their grants, without themselves.
pub(crate) fn granted(actor: &Actor) -> Vec<PersonId> {
    let mut children = VisiblePeople::children(actor, PortalScope::Profile).people;
    children.retain(|child| actor.person() != Some(*child));
    children.sort_unstable();
    children.dedup();
    children
}

#[derive(sqlx::FromRow)]
struct FamilyChildRow {
    id: Uuid,
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
    born_on: Option<NaiveDate>,
    school: Option<String>,
    year_group: Option<String>,
    registration_group: Option<String>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
}

/// Who looks at the children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looking {
    /// A guardian.
    Guardian,
    /// Staff who preview a guardian's portal: only children that they may see themselves.
    Staff,
}

/// The statement that reads children by their ids, with what else must be so and the order.
macro_rules! children_of {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.given_name, p.middle_name, p.family_name, p.preferred_name, p.born_on,
                    s.name AS school, e.year_group, e.registration_group, e.starts_on, e.ends_on
             FROM people p
             LEFT JOIN enrolments e ON e.organisation_id = p.organisation_id AND e.person_id = p.id AND e.latest
             LEFT JOIN schools s ON s.organisation_id = e.organisation_id AND s.id = e.school_id
             WHERE p.organisation_id = $1 AND p.id = ANY($2) AND p.merged_into IS NULL ",
            $rest
        )
    };
}

/// Reads children by their ids, by the name they go by.
pub(crate) async fn children(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    today: NaiveDate,
    ids: &[PersonId],
    looking: Looking,
) -> Result<Vec<FamilyChild>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Two statements and not one with a parameter, which PostgreSQL would plan again for each page.
    let statement = match looking {
        Looking::Guardian => {
            sqlx::query_as::<_, FamilyChildRow>(children_of!("ORDER BY p.id, e.starts_on DESC, e.id"))
        }
        Looking::Staff => sqlx::query_as::<_, FamilyChildRow>(children_of!(
            "AND p.id IN (SELECT v.person_id FROM visible_people v) ORDER BY p.id, e.starts_on DESC, e.id"
        )),
    };
    let rows = statement
        .bind(organisation.0)
        .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
    let mut children: Vec<FamilyChild> = Vec::new();
    for row in rows {
        let school = row.school(today);
        match children.last_mut().filter(|last| last.person.0 == row.id) {
            Some(last) => last.schools.extend(school),
            None => children.push(row.child(school)?),
        }
    }
    for child in &mut children {
        child.schools.sort_by_key(|school| school.status != RollStatus::Current);
    }
    children.sort_by_cached_key(|child| (sort_key(&child.name, &child.familiar), child.person));
    Ok(children)
}

impl FamilyChildRow {
    fn school(&self, today: NaiveDate) -> Option<ChildSchool> {
        let starts_on = self.starts_on?;
        Some(ChildSchool {
            name: self.school.clone()?,
            year: self.year_group.clone().unwrap_or_default(),
            group: self.registration_group.clone().unwrap_or_default(),
            starts_on,
            ends_on: self.ends_on,
            status: RollStatus::on(today, starts_on, self.ends_on),
        })
    }

    fn child(self, school: Option<ChildSchool>) -> Result<FamilyChild> {
        let name =
            PersonName::new(&self.given_name, &self.middle_name, &self.family_name, &self.preferred_name)
                .map_err(Error::unexpected)?;
        let parts = [name.given(), name.middle(), name.family()];
        Ok(FamilyChild {
            person: PersonId(self.id),
            familiar: name.familiar().to_owned(),
            initials: initials(name.familiar(), name.family()),
            name: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
            born_on: self.born_on,
            schools: school.into_iter().collect(),
        })
    }
}
