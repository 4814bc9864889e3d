//! The log of what was erased.

use chrono::{DateTime, Utc};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::data_rights::held::ErasedPerson;
use domain::ids::{PersonId, SchoolId};
use domain::lists::page::{Cursor, Page, TimeKey};
use domain::roll::name::display_name;
use uuid::Uuid;

use crate::db::one_more;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// How many are shown on a page.
const PAGE: usize = 50;

#[derive(sqlx::FromRow)]
struct ErasedRow {
    id: Uuid,
    person_id: Uuid,
    username: String,
    erased_at: DateTime<Utc>,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_name: Option<String>,
    erased: i64,
}

/// Returns a page of the people this school erased after `after`, latest first.
pub async fn erased(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    after: Option<&Cursor>,
) -> Result<Page<ErasedPerson>> {
    let needed = Permission::ManageDataRights;
    let mut transaction = backend.enter(actor, needed, School(school)).await?.transaction;
    let after: Option<TimeKey> = after.map(Cursor::key).transpose()?;
    let rows = sqlx::query_as::<_, ErasedRow>(
        "SELECT x.id, x.person_id, x.username, x.erased_at, b.given_name, b.family_name, b.preferred_name,
                coalesce((SELECT sum(n.value::bigint) FROM jsonb_each_text(x.counts) n), 0)::bigint AS erased
         FROM erasures x
         LEFT JOIN accounts a ON a.organisation_id = x.organisation_id AND a.id = x.erased_by
         LEFT JOIN people b ON b.organisation_id = a.organisation_id AND b.id = a.person_id
         WHERE x.organisation_id = $1 AND x.school_id = $2
           AND ($3::timestamptz IS NULL OR (x.erased_at, x.id) < ($3, $4))
         ORDER BY x.erased_at DESC, x.id DESC LIMIT $5",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(after.as_ref().map(|key| key.at))
    .bind(after.as_ref().map(|key| key.id))
    .bind(one_more(PAGE))
    .fetch_all(&mut *transaction)
    .await?;
    let people = rows.into_iter().map(|row| {
        let by = row.given_name.zip(row.family_name).map(|(given, family)| {
            display_name(&given, &family, row.preferred_name.as_deref().unwrap_or_default())
        });
        ErasedPerson {
            id: row.id,
            person: PersonId(row.person_id),
            username: row.username,
            at: row.erased_at,
            by,
            rows: row.erased.unsigned_abs(),
        }
    });
    Ok(Page::of(people.collect(), PAGE, |person| TimeKey { at: person.at, id: person.id }))
}
