//! The people of a part of a roll: a batch, or a teaching group.

use std::collections::HashSet;
use std::sync::Arc;

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::PersonId;
use domain::roll::filter::RollPart;
use sqlx::PgConnection;
use uuid::Uuid;

use super::cache::CachedRoll;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// The people whom a filter names as a part, wherever they are; `None` if it names no part. An address that was changed by
/// hand names nobody.
pub(super) async fn people(
    connection: &mut PgConnection,
    school: &SchoolContext,
    of: &str,
) -> Result<Option<Vec<Uuid>>> {
    if of.is_empty() {
        return Ok(None);
    }
    let (batch, group) = match RollPart::read(of) {
        Some(RollPart::Batch(batch)) => (Some(batch.0), None),
        Some(RollPart::Group(group)) => (None, Some(group.0)),
        None => return Ok(Some(Vec::new())),
    };
    let people = sqlx::query_scalar(
        "SELECT a.person_id FROM accounts a WHERE a.organisation_id = $1 AND a.batch_id = $3
         UNION
         SELECT m.person_id FROM group_members m JOIN groups g ON g.organisation_id = $1 AND g.id = m.group_id
         WHERE m.organisation_id = $1 AND g.school_id = $2 AND m.group_id = $4
           AND daterange(m.starts_on, m.ends_on, '[]') @> $5",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(batch)
    .bind(group)
    .bind(school.today)
    .fetch_all(connection)
    .await?;
    Ok(Some(people))
}

/// The part of a roll that a filter names.
pub(super) async fn of_roll(
    backend: &Backend,
    actor: &Actor,
    school: &SchoolContext,
    roll: Arc<CachedRoll>,
    of: &str,
) -> Result<Arc<CachedRoll>> {
    if of.is_empty() {
        return Ok(roll);
    }
    let mut transaction =
        backend.enter(actor, Permission::ViewRoll, InSchool(school.school)).await?.transaction;
    let found = people(&mut transaction, school, of).await?.unwrap_or_default();
    let people: HashSet<PersonId> = found.into_iter().map(PersonId).collect();
    Ok(Arc::new(roll.of_people(&people)))
}
