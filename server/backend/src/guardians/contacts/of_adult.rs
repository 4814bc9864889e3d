//! An adult's children.

use domain::authorization::actor::Actor;
use domain::guardians::views::ChildLine;
use domain::ids::{ContactId, PersonId};
use domain::roll::enrolment::year_in_words;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::row::{FactsRow, SeesRow, contact_columns};
use crate::Result;
use crate::tenancy::places::PersonContext;

#[derive(sqlx::FromRow)]
struct ChildOfAdultRow {
    id: Uuid,
    child_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    school_name: Option<String>,
    year_group: Option<String>,
    registration_group: Option<String>,
    #[sqlx(flatten)]
    facts: FactsRow,
    #[sqlx(flatten)]
    sees: SeesRow,
}

/// An adult's children, as far as the reader may see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Children {
    /// By name, those that have ended last.
    pub lines: Vec<ChildLine>,
    /// How many others there are, at schools that the reader does not reach.
    pub elsewhere: u32,
}

/// Returns the children of an adult whose record the actor may see.
pub(in crate::guardians) async fn of_adult(
    connection: &mut PgConnection,
    actor: &Actor,
    at: &PersonContext,
) -> Result<Children> {
    let rows: Vec<ChildOfAdultRow> = sqlx::query_as::<_, ChildOfAdultRow>(contact_columns!(
        "SELECT c.id, c.child_id, p.given_name, p.family_name, p.preferred_name, e.school_name, e.year_group,
                e.registration_group,",
        "$3::date",
        "FROM contacts c JOIN people p ON p.id = c.child_id
         LEFT JOIN LATERAL (
             SELECT s.name AS school_name, n.year_group, n.registration_group
             FROM enrolments n JOIN schools s ON s.id = n.school_id
             WHERE n.person_id = c.child_id AND n.latest
             ORDER BY daterange(n.starts_on, n.ends_on, '[]') @> $3::date DESC, n.starts_on DESC, n.id LIMIT 1) e ON true
         WHERE c.organisation_id = $1 AND c.adult_id = $2
           AND c.child_id IN (SELECT v.person_id FROM visible_people v)
         ORDER BY c.ended_at DESC NULLS FIRST, p.sort_key, c.id"
    ))
    .bind(actor.organisation.0)
    .bind(at.person.0)
    .bind(at.today)
    .fetch_all(&mut *connection)
    .await?;
    // Those whom a restriction hides from the reader are not counted: the number would tell that they exist.
    let elsewhere: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM contacts c
         WHERE c.organisation_id = $1 AND c.adult_id = $2 AND c.ended_at IS NULL
           AND c.child_id NOT IN (SELECT r.person_id FROM reached_people r)
           AND c.child_id <> ALL ((SELECT carried_ids('greencap.hidden'))::uuid[])",
    )
    .bind(actor.organisation.0)
    .bind(at.person.0)
    .fetch_one(connection)
    .await?;
    let lines = rows.into_iter().map(|row| row.line(at)).collect::<Result<_>>()?;
    Ok(Children { lines, elsewhere: u32::try_from(elsewhere).unwrap_or(u32::MAX) })
}

impl ChildOfAdultRow {
    fn line(self, at: &PersonContext) -> Result<ChildLine> {
        let year = self.year_group.filter(|year| !year.is_empty()).map(|year| year_in_words(&year));
        let group =
            self.registration_group.filter(|group| !group.is_empty()).map(|group| format!("group {group}"));
        let place: Vec<String> = self.school_name.into_iter().chain(year).chain(group).collect();
        Ok(ChildLine {
            id: ContactId(self.id),
            child: PersonId(self.child_id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            place: place.join(", "),
            facts: self.facts.facts()?,
            sees: self.sees.sees()?,
            ended: self.facts.end(at.zone)?,
        })
    }
}
