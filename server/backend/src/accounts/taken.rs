//! The taken usernames that a plan could clash with, and who has them.

use chrono::NaiveDate;
use domain::accounts::clash::ClashCandidates;
use domain::accounts::naming::name_and_group;
use domain::accounts::taken::{TakenBy, TakenUsernames};
use domain::ids::OrganisationId;
use domain::roll::name::display_name;
use domain::roll::status::RollStatus;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::group;
use crate::Result;
use crate::roll::schools::SchoolContext;

#[derive(sqlx::FromRow)]
struct TakenUsernameRow {
    username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    registration_group: Option<String>,
    year_group: Option<String>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    has_account: bool,
    /// `here`, `elsewhere`, or none: where they are on a roll or work.
    place: Option<String>,
    hidden: bool,
}

/// Reads the taken usernames, and whose they are as far as `school` may know.
pub(super) async fn taken(
    connection: &mut PgConnection,
    school: &SchoolContext,
    clashes: ClashCandidates,
) -> Result<TakenUsernames> {
    let (usernames, people): (Vec<String>, Vec<Uuid>) =
        find(connection, school.organisation, clashes).await?.into_iter().unzip();
    // With the usernames in hand, PostgreSQL knows how few they usually are, and looks up nobody else.
    let rows: Vec<TakenUsernameRow> = sqlx::query_as(
        "SELECT u.username, p.given_name, p.family_name, p.preferred_name, e.registration_group, e.year_group,
                e.starts_on, e.ends_on, a.id IS NOT NULL AS has_account,
                CASE WHEN e.id IS NOT NULL OR w.id IS NOT NULL THEN 'here' WHEN o.person_id IS NOT NULL THEN 'elsewhere' END
                    AS place,
                p.id = ANY ((SELECT carried_ids('greencap.hidden'))::uuid[]) AS hidden
         FROM unnest($3::text[], $4::uuid[]) AS u (username, person_id)
         JOIN people p ON p.organisation_id = $1 AND p.id = u.person_id
         LEFT JOIN enrolments e ON e.person_id = p.id AND e.school_id = $2 AND e.latest
         LEFT JOIN employments w ON w.person_id = p.id AND w.school_id = $2
         LEFT JOIN accounts a ON a.organisation_id = $1 AND a.username = u.username
         LEFT JOIN LATERAL (SELECT person_id FROM enrolments WHERE person_id = p.id
                            UNION ALL SELECT person_id FROM employments WHERE person_id = p.id
                            LIMIT 1) o ON e.id IS NULL AND w.id IS NULL",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(usernames)
    .bind(people)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.taken(school.today)).collect())
}

/// Reads them without saying whose they are.
pub(crate) async fn taken_by_anyone(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    clashes: ClashCandidates,
) -> Result<TakenUsernames> {
    let found = find(connection, organisation, clashes).await?;
    Ok(found.into_iter().map(|(username, _)| (username, TakenBy::Unnamed)).collect())
}

/// Finds them, each set by its index, and the people they belong to.
async fn find(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    clashes: ClashCandidates,
) -> Result<Vec<(String, Uuid)>> {
    let ClashCandidates { stems, around, ranges } = clashes;
    let (low, high): (Vec<_>, Vec<_>) = ranges.into_iter().unzip();
    Ok(sqlx::query_as(
        "SELECT u.username, u.person_id FROM unnest($2::text[]) AS near (stem)
         JOIN usernames u ON u.organisation_id = $1 AND u.username_stem = near.stem
         UNION
         SELECT u.username, u.person_id FROM unnest($3::text[]) AS near (bare)
         JOIN usernames u ON u.organisation_id = $1 AND u.username_around = near.bare
         UNION
         SELECT u.username, u.person_id FROM unnest($4::text[], $5::text[]) AS near (low, high)
         JOIN usernames u ON u.organisation_id = $1
          AND u.username >= near.low COLLATE \"C\" AND u.username < near.high COLLATE \"C\"",
    )
    .bind(organisation.0)
    .bind(stems.into_iter().collect::<Vec<_>>())
    .bind(around.into_iter().collect::<Vec<_>>())
    .bind(low)
    .bind(high)
    .fetch_all(connection)
    .await?)
}

impl TakenUsernameRow {
    fn taken(self, today: NaiveDate) -> (String, TakenBy) {
        let left = self
            .starts_on
            .is_some_and(|starts_on| RollStatus::on(today, starts_on, self.ends_on) == RollStatus::Leaver);
        let by = match self.place.as_deref() {
            _ if self.hidden => TakenBy::Unnamed,
            _ if left => TakenBy::Leaver,
            _ if !self.has_account => TakenBy::Past,
            Some("here") => {
                let name = display_name(&self.given_name, &self.family_name, &self.preferred_name);
                let group =
                    group(self.registration_group.unwrap_or_default(), self.year_group.unwrap_or_default());
                TakenBy::Person(name_and_group(&name, &group))
            }
            Some(_) => TakenBy::Elsewhere,
            None => TakenBy::Unnamed,
        };
        (self.username, by)
    }
}
