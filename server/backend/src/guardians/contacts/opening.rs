//! What becomes of access when a contact begins, changes or ends.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::guardians::access::{NotOpened, Opening};
use domain::guardians::contact::ContactFacts;
use domain::ids::{PersonId, SchoolId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::guardians::access::defaults;
use crate::guardians::access::open::{NewGrant, insert};
use crate::{Backend, Result};

/// An adult and a child.
#[derive(Debug, Clone, Copy)]
pub(in crate::guardians) struct Pair {
    pub(in crate::guardians) adult: PersonId,
    pub(in crate::guardians) child: PersonId,
}

/// Whether a restriction keeps anything of the child from the adult, today or later; or whether the child is of age.
async fn is_closed(
    connection: &mut PgConnection,
    actor: &Actor,
    Pair { adult, child }: Pair,
    today: NaiveDate,
) -> Result<Option<NotOpened>> {
    let (restricted, of_age): (bool, bool) = sqlx::query_as(
        "SELECT EXISTS (SELECT FROM restrictions_between($2, $3) r
                        WHERE r.organisation_id = $1 AND (r.ends_on < $4) IS NOT TRUE),
                EXISTS (SELECT FROM comings_of_age c
                        WHERE c.organisation_id = $1 AND c.person_id = $3 AND c.passed_at IS NOT NULL)",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(today)
    .fetch_one(connection)
    .await?;
    Ok(if restricted { Some(NotOpened::Restricted) } else { of_age.then_some(NotOpened::OfAge) })
}

/// The school whose defaults count for a child: where they are on roll, or else were last.
async fn school_of(
    connection: &mut PgConnection,
    actor: &Actor,
    child: PersonId,
    today: NaiveDate,
) -> Result<Option<SchoolId>> {
    let school: Option<Uuid> = sqlx::query_scalar(
        "SELECT school_id FROM enrolments WHERE organisation_id = $1 AND person_id = $2 AND latest
         ORDER BY daterange(starts_on, ends_on, '[]') @> $3 DESC, starts_on DESC, id LIMIT 1",
    )
    .bind(actor.organisation.0)
    .bind(child.0)
    .bind(today)
    .fetch_optional(connection)
    .await?;
    Ok(school.map(SchoolId))
}

/// Gives an adult what the school gives such adults by default: nothing to those marked "no portal", nor under a restriction, nor
/// of a student who is of age.
pub(super) async fn open_defaults(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    pair: Pair,
    facts: &ContactFacts,
    today: NaiveDate,
) -> Result<Opening> {
    if facts.no_portal {
        return Ok(NotOpened::NoPortal.into());
    }
    if let Some(why) = is_closed(connection, actor, pair, today).await? {
        return Ok(why.into());
    }
    let by_default = Ok(NotOpened::ByDefault.into());
    let Some(school) = school_of(connection, actor, pair.child, today).await? else { return by_default };
    let usual = defaults::of_school(connection, actor.organisation, school).await?;
    let Some((ground, scopes)) = usual.of(facts) else { return by_default };
    let starts_on = facts.starts_on.max(today);
    if facts.ends_on.is_some_and(|last| last < starts_on) {
        return by_default;
    }
    let grants: Vec<NewGrant> = scopes
        .iter()
        .map(|scope| NewGrant {
            adult: pair.adult,
            child: pair.child,
            scope: *scope,
            ground,
            starts_on,
            ends_on: facts.ends_on,
        })
        .collect();
    let parts = insert(backend, connection, actor.organisation, (actor.account(), None), &grants).await?;
    Ok(Opening { parts, why: None })
}

/// Stops everything that the adult sees of the child. Returns how many parts of the portal that were.
pub(super) async fn stop_all(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    Pair { adult, child }: Pair,
) -> Result<u64> {
    let stopped = sqlx::query(
        "UPDATE access_grants SET stopped_at = $4, stopped_by = $5, stopped_for = 'contact_ended'
         WHERE organisation_id = $1 AND adult_id = $2 AND child_id = $3 AND stopped_at IS NULL",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .execute(connection)
    .await?;
    Ok(stopped.rows_affected())
}

/// Lets access end on the last day of a contact: grants that would last longer are shortened, and those that would begin
/// later are stopped. Access that ends earlier stays as it is.
pub(super) async fn end_with_contact(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    Pair { adult, child }: Pair,
    last: NaiveDate,
) -> Result<()> {
    sqlx::query(
        "UPDATE access_grants
         SET ends_on = CASE WHEN starts_on <= $4 THEN $4 ELSE ends_on END,
             stopped_at = CASE WHEN starts_on > $4 THEN $5::timestamptz END,
             stopped_by = CASE WHEN starts_on > $4 THEN $6::uuid END,
             stopped_for = CASE WHEN starts_on > $4 THEN 'contact_ended' END
         WHERE organisation_id = $1 AND adult_id = $2 AND child_id = $3 AND stopped_at IS NULL
           AND (ends_on <= $4) IS NOT TRUE",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(last)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .execute(connection)
    .await?;
    Ok(())
}
