//! The log of what was erased.

use chrono::{DateTime, Utc};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::data_rights::held::{ErasedPerson, ErasedWhat};
use domain::ids::{OrganisationId, PersonId, SchoolId};
use domain::lists::page::{Cursor, Page, TimeKey};
use domain::roll::name::display_name;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::account::ErasedCounts;
use crate::db::one_more;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

/// How many are shown on a page.
const PAGE: usize = 50;

#[derive(sqlx::FromRow)]
struct ErasedRow {
    id: Uuid,
    person_id: Uuid,
    what: String,
    username: String,
    erased_at: DateTime<Utc>,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_name: Option<String>,
    erased: i64,
}

/// One erasure, for the log.
pub(super) struct Erasure {
    pub(super) school: Uuid,
    pub(super) person: Uuid,
    pub(super) counts: ErasedCounts,
}

/// Writes the log: what was erased of whom, by whose account; none for the operator and the night.
pub(super) async fn note(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    (what, by): (ErasedWhat, Option<Uuid>),
    erasures: &[Erasure],
) -> Result<()> {
    sqlx::query(
        "INSERT INTO erasures (id, organisation_id, school_id, person_id, what, username, erased_at, erased_by, counts)
         SELECT row.id, $1, row.school_id, row.person_id, $2, coalesce(a.username, ''), $3, $4, row.counts
         FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::jsonb[]) AS row (id, school_id, person_id, counts)
         LEFT JOIN accounts a ON a.organisation_id = $1 AND a.person_id = row.person_id",
    )
    .bind(organisation.0)
    .bind(what.slug())
    .bind(backend.now())
    .bind(by)
    .bind(erasures.iter().map(|_| backend.new_id::<Uuid>()).collect::<Vec<_>>())
    .bind(erasures.iter().map(|erasure| erasure.school).collect::<Vec<_>>())
    .bind(erasures.iter().map(|erasure| erasure.person).collect::<Vec<_>>())
    .bind(erasures.iter().map(|erasure| Json(Value::Object(erasure.counts.clone()))).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns a page of what this school erased after `after`, latest first.
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
        "SELECT x.id, x.person_id, x.what, x.username, x.erased_at, b.given_name, b.family_name, b.preferred_name,
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
    let erased = |row: ErasedRow| {
        let what = ErasedWhat::from_slug(&row.what)
            .ok_or_else(|| Error::unexpected(format!("erased {}", row.what)))?;
        let by = row.given_name.zip(row.family_name).map(|(given, family)| {
            display_name(&given, &family, row.preferred_name.as_deref().unwrap_or_default())
        });
        Ok(ErasedPerson {
            id: row.id,
            person: PersonId(row.person_id),
            what,
            username: row.username,
            at: row.erased_at,
            by,
            rows: row.erased.unsigned_abs(),
        })
    };
    let people: Vec<ErasedPerson> = rows.into_iter().map(erased).collect::<Result<_>>()?;
    Ok(Page::of(people, PAGE, |person| TimeKey { at: person.at, id: person.id }))
}
