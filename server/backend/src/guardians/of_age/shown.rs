//! Who sees a student's portal, for the student: names, never how to reach somebody.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::authorization::policy::Permission;
use domain::guardians::relationship::Relationship;
use domain::ids::{OrganisationId, PersonId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::day;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Own;
use crate::{Backend, Result};

/// What a student's page about their portal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSight {
    /// The adults who see something or, around the day of age, saw something.
    pub adults: Vec<SeeingAdult>,
    /// The day on which they decide, and whether it has come; `None` before they are told.
    pub decides: Option<(NaiveDate, bool)>,
}

/// An adult and what they see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeeingAdult {
    /// The adult.
    pub adult: PersonId,
    /// Their name.
    pub name: String,
    /// What they are to the student.
    pub relationship: Option<Relationship>,
    /// What they see today.
    pub sees: Vec<PortalScope>,
    /// What the student can let them keep.
    pub offered: Vec<PortalScope>,
    /// What the student lets them keep.
    pub kept: Vec<PortalScope>,
}

#[derive(sqlx::FromRow)]
struct SeeingAdultRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    relationship: Option<String>,
    sees: Vec<String>,
    offered: Vec<String>,
    kept: Vec<String>,
}

/// Returns who sees the portal of the signed-in student.
pub async fn own(backend: &Backend, actor: &Actor) -> Result<OwnSight> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    load(&mut transaction, actor.organisation, at.person, at.today).await
}

/// The same in a transaction. What a restriction closes to an adult is left out: they do not see it, and cannot be let in here.
pub(super) async fn load(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    student: PersonId,
    today: NaiveDate,
) -> Result<OwnSight> {
    let decides = day::decides(connection, organisation, student).await?;
    let rows: Vec<SeeingAdultRow> = sqlx::query_as(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name, k.relationship,
                coalesce(array_agg(DISTINCT g.scope) FILTER (WHERE g.stopped_at IS NULL
                    AND daterange(g.starts_on, g.ends_on, '[]') @> $3::date), '{}') AS sees,
                coalesce(array_agg(DISTINCT g.scope) FILTER (WHERE g.ground <> 'order'), '{}') AS offered,
                ARRAY(SELECT c.scope FROM of_age_consents c
                      WHERE c.child_id = $2 AND c.adult_id IN (SELECT m.id FROM people m WHERE m.id = p.id OR m.merged_into = p.id)
                     ) AS kept
         FROM access_grants g
         JOIN people p ON p.id = g.adult_id
         LEFT JOIN contacts k ON k.adult_id = p.id AND k.child_id = $2 AND k.ended_at IS NULL
         WHERE g.organisation_id = $1 AND g.child_id = $2 AND (g.stopped_at IS NULL OR g.stopped_for = 'of_age')
           AND (g.ends_on IS NULL OR g.ends_on >= $3::date OR g.stopped_for = 'of_age')
           AND NOT ARRAY[g.scope, 'profile'] && closed_parts(p.id, $2, $3)
         GROUP BY p.id, k.id
         ORDER BY p.sort_key, p.id",
    )
    .bind(organisation.0)
    .bind(student.0)
    .bind(today)
    .fetch_all(connection)
    .await?;
    let adults = rows.into_iter().map(SeeingAdultRow::adult).collect();
    Ok(OwnSight { adults, decides })
}

impl SeeingAdultRow {
    fn adult(self) -> SeeingAdult {
        let scopes = |slugs: &[String]| {
            PortalScope::FAMILY
                .into_iter()
                .filter(|scope| slugs.iter().any(|slug| slug == scope.slug()))
                .collect()
        };
        SeeingAdult {
            adult: PersonId(self.id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            relationship: self.relationship.as_deref().and_then(Relationship::from_slug),
            sees: scopes(&self.sees),
            offered: scopes(&self.offered),
            kept: scopes(&self.kept),
        }
    }
}
