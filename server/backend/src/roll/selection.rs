//! Resolves a selection to people, at the time of the operation.

use chrono::{DateTime, Utc};
use domain::ids::PersonId;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use sqlx::PgConnection;
use uuid::Uuid;

use super::part;
use crate::Result;
use crate::tenancy::places::SchoolContext;

/// Returns the people in a selection, without duplicates: those on this school's lists that the actor may do
/// this to, as entered with [`Backend::enter`](crate::Backend::enter). Everyone else is left out, as if they
/// did not exist.
///
/// A filter is applied in the operation's transaction and not to a cached copy; it is [`RollFilter::matches`]
/// in SQL.
pub async fn people(
    connection: &mut PgConnection,
    school: &SchoolContext,
    selection: &Selection,
    now: DateTime<Utc>,
) -> Result<Vec<PersonId>> {
    reached(connection, school, selection, now, HiddenPeople::LeftOut).await
}

/// Returns those of `people` who are contacts of someone on this school's lists, or whom its office added, and whom the actor
/// may do this to. Someone whose only contacts have ended is left out.
pub async fn guardians(
    connection: &mut PgConnection,
    school: &SchoolContext,
    people: &[PersonId],
) -> Result<Vec<PersonId>> {
    of_children(connection, school, people, false).await
}

/// The same with those whose contacts have ended: their account can still be changed and closed.
pub async fn guardians_ever(
    connection: &mut PgConnection,
    school: &SchoolContext,
    people: &[PersonId],
) -> Result<Vec<PersonId>> {
    of_children(connection, school, people, true).await
}

async fn of_children(
    connection: &mut PgConnection,
    school: &SchoolContext,
    people: &[PersonId],
    ever: bool,
) -> Result<Vec<PersonId>> {
    let found: Vec<Uuid> = sqlx::query_scalar(
        "SELECT p.id FROM people p
         WHERE p.organisation_id = $1 AND p.id = ANY ($3) AND p.merged_into IS NULL
           AND ($4 OR p.id IN (SELECT r.person_id FROM reached_people r)) AND p.id <> ALL ($5)
           AND (p.added_at_school = $2
                OR EXISTS (SELECT FROM contacts c JOIN enrolments e ON e.person_id = c.child_id AND e.latest
                           WHERE c.adult_id = p.id AND ($6 OR c.ended_at IS NULL) AND e.school_id = $2))",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(school.everybody())
    .bind(school.hidden())
    .bind(ever)
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().map(PersonId).collect())
}

/// Returns how many people in a selection are left out because a restriction hides them from the actor,
/// although the actor's roles give access to them.
pub async fn restricted(
    connection: &mut PgConnection,
    school: &SchoolContext,
    selection: &Selection,
    now: DateTime<Utc>,
) -> Result<usize> {
    if school.visible.hidden.is_empty() {
        return Ok(0);
    }
    Ok(reached(connection, school, selection, now, HiddenPeople::Alone).await?.len())
}

/// Whether people hidden by a restriction are left out, or are the only ones returned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HiddenPeople {
    LeftOut,
    Alone,
}

/// Returns the people in a selection that the actor's roles give access to. If a role covers the whole
/// school, nobody is checked one by one: PostgreSQL removes the condition.
async fn reached(
    connection: &mut PgConnection,
    school: &SchoolContext,
    selection: &Selection,
    now: DateTime<Utc>,
    hidden: HiddenPeople,
) -> Result<Vec<PersonId>> {
    let found = match selection {
        Selection::People { ids } => {
            sqlx::query_scalar::<_, Uuid>(
                "SELECT person_id FROM enrolments
                 WHERE organisation_id = $1 AND school_id = $2 AND latest AND person_id = ANY($3)
                   AND ($4 OR person_id IN (SELECT r.person_id FROM reached_people r))
                   AND (person_id = ANY($5)) = $6",
            )
            .bind(school.organisation.0)
            .bind(school.school.0)
            .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
            .bind(school.everybody())
            .bind(school.hidden())
            .bind(hidden == HiddenPeople::Alone)
            .fetch_all(connection)
            .await?
        }
        Selection::Matching { filter } => matching(connection, school, filter, now, hidden).await?,
    };
    Ok(found.into_iter().map(PersonId).collect())
}

/// The people in `$rows` that the actor has access to and that match the enrolment parts of a filter.
macro_rules! filtered {
    ($rows:literal) => {
        concat!(
            "SELECT person_id FROM ",
            $rows,
            " AND organisation_id = $1 AND school_id = $2
               AND ($3 = '' OR year_group = $3)
               AND ($4 = '' OR registration_group = $4)
               AND ($5::text[] = '{}' OR roll_status_on($6, starts_on, ends_on) = ANY($5))
               AND ($7 OR person_id IN (SELECT r.person_id FROM reached_people r))
               AND (person_id = ANY($8)) = $9
               AND ($10::uuid[] IS NULL OR person_id = ANY($10))"
        )
    };
}

async fn matching(
    connection: &mut PgConnection,
    school: &SchoolContext,
    filter: &RollFilter,
    now: DateTime<Utc>,
    hidden: HiddenPeople,
) -> Result<Vec<Uuid>> {
    let of = part::people(connection, school, &filter.of).await?;
    let (status, words) = (filter.status.iter().map(|group| group.slug()), filter.words());
    // Filters on the enrolment alone do not need names, addresses and accounts.
    let enrolments_tell = filter.status.is_empty() && words.is_empty();
    let query = if enrolments_tell {
        sqlx::query_scalar::<_, Uuid>(filtered!("enrolments WHERE latest"))
    } else {
        // Words are folded to letters and digits, so they contain no LIKE wildcards.
        sqlx::query_scalar::<_, Uuid>(filtered!(
            "roll_entries
             WHERE ($11::text[] = '{}'
                    OR account_status_group(state, delivery_state, invitation_expires_at, email IS NOT NULL, $12,
                                            roll_status_on($6, starts_on, ends_on) = 'leaver') = ANY($11))
               AND NOT EXISTS (SELECT FROM unnest($13::text[]) AS word WHERE search_key NOT LIKE '% ' || word || '%')"
        ))
    }
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(&filter.year)
    .bind(&filter.group)
    .bind(filter.roll.iter().map(|status| status.slug()).collect::<Vec<_>>())
    .bind(school.today)
    .bind(school.everybody())
    .bind(school.hidden())
    .bind(hidden == HiddenPeople::Alone)
    .bind(of);
    let query =
        if enrolments_tell { query } else { query.bind(status.collect::<Vec<_>>()).bind(now).bind(words) };
    Ok(query.fetch_all(connection).await?)
}
