//! Who a selection is, at the moment of the operation.

use chrono::{DateTime, Utc};
use domain::ids::PersonId;
use domain::roll::filter::RollFilter;
use domain::selection::Selection;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::authorization::places::SchoolContext;

/// The people of a selection who are on this school's lists, without doubles, as far as the actor who entered the transaction
/// may do this to them. Everybody else is left out: to this operation they do not exist. A transaction that was not entered
/// ([`Backend::enter`](crate::Backend::enter)) belongs to a use case that was allowed for the whole school.
///
/// A filter is applied in the transaction of the operation, not to a copy in memory; it is the rule of
/// [`RollFilter::matches`] in SQL.
pub async fn people(
    connection: &mut PgConnection,
    school: &SchoolContext,
    selection: &Selection,
    now: DateTime<Utc>,
) -> Result<Vec<PersonId>> {
    let found = match selection {
        Selection::People { ids } => {
            sqlx::query_scalar::<_, Uuid>(
                "SELECT person_id FROM enrolments
                 WHERE organisation_id = $1 AND school_id = $2 AND latest AND person_id = ANY($3)
                   AND ((SELECT coalesce(current_setting('greencap.everyone', true), '') = '')
                        OR (SELECT sees_whole_school($2)) OR person_id IN (SELECT v.person_id FROM visible_people v))",
            )
            .bind(school.organisation.0)
            .bind(school.school.0)
            .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
            .fetch_all(connection)
            .await?
        }
        Selection::Matching { filter } => matching(connection, school, filter, now).await?,
    };
    Ok(found.into_iter().map(PersonId).collect())
}

async fn matching(
    connection: &mut PgConnection,
    school: &SchoolContext,
    filter: &RollFilter,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar::<_, Uuid>(
        // Words are folded: letters and digits alone, nothing that means something to LIKE.
        "SELECT person_id FROM roll_entries
         WHERE organisation_id = $1 AND school_id = $2
           AND ((SELECT coalesce(current_setting('greencap.everyone', true), '') = '')
                OR (SELECT sees_whole_school($2)) OR person_id IN (SELECT v.person_id FROM visible_people v))
           AND ($3 = '' OR year_group = $3)
           AND ($4 = '' OR registration_group = $4)
           AND ($5::text[] = '{}' OR roll_status_on($6, starts_on, ends_on) = ANY($5))
           AND ($7::text[] = '{}'
                OR account_status_group(state, delivery_state, invitation_expires_at, email IS NOT NULL, $8) = ANY($7))
           AND NOT EXISTS (SELECT FROM unnest($9::text[]) AS word WHERE search_key NOT LIKE '% ' || word || '%')",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(&filter.year)
    .bind(&filter.group)
    .bind(filter.roll.iter().map(|status| status.slug()).collect::<Vec<_>>())
    .bind(school.today)
    .bind(filter.status.iter().map(|group| group.slug()).collect::<Vec<_>>())
    .bind(now)
    .bind(filter.words())
    .fetch_all(connection)
    .await?)
}
