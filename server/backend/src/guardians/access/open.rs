//! Gives adults access to children, any number in one statement.

use chrono::NaiveDate;
use domain::authorization::grant::{GrantGround, PortalScope};
use domain::ids::{AccountId, GrantId, OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Backend, Result};

/// A part of a child's portal to open for an adult.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewGrant {
    /// The adult.
    pub(crate) adult: PersonId,
    /// The child.
    pub(crate) child: PersonId,
    /// The part.
    pub(crate) scope: PortalScope,
    /// The reason.
    pub(crate) ground: GrantGround,
    /// The first day.
    pub(crate) starts_on: NaiveDate,
    /// The last day, if set.
    pub(crate) ends_on: Option<NaiveDate>,
}

/// Inserts grants. Those that the adult has already on one of these days are left as they are: the number of those
/// inserted is returned. `with` is the operation or import that gives them.
///
/// Once rights have passed to a child, only their consent or a court opens anything: other grants are left out.
///
/// An adult who has said of the children of an invitation whether they are theirs, and has not used it yet, is asked again:
/// another child may have come.
///
/// The caller has checked restrictions; they win over every grant in the policy all the same.
pub(crate) async fn insert(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    (by, with): (Option<AccountId>, Option<Uuid>),
    grants: &[NewGrant],
) -> Result<u64> {
    let inserted: i64 = sqlx::query_scalar(
        "WITH opened AS (
             INSERT INTO access_grants (id, organisation_id, adult_id, child_id, scope, ground, starts_on, ends_on, given_by,
                                        given_with, created_at)
             SELECT new.id, $1, new.adult_id, new.child_id, new.scope, new.ground, new.starts_on, new.ends_on, $2, $3, $4
             FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::date[], $11::date[])
                  AS new (id, adult_id, child_id, scope, ground, starts_on, ends_on)
             WHERE new.ground IN ('consent', 'order')
                OR new.child_id NOT IN (SELECT c.person_id FROM comings_of_age c
                                        WHERE c.organisation_id = $1 AND c.passed_at IS NOT NULL)
             ON CONFLICT DO NOTHING RETURNING adult_id
         ), asked AS (
             UPDATE invitations i SET children_answered_at = NULL FROM accounts a
             WHERE i.organisation_id = $1 AND i.account_id = a.id AND i.used_at IS NULL AND i.children_answered_at IS NOT NULL
               AND a.organisation_id = $1 AND a.person_id IN (SELECT o.adult_id FROM opened o)
         )
         SELECT count(*) FROM opened",
    )
    .bind(organisation.0)
    .bind(by.map(|account| account.0))
    .bind(with)
    .bind(backend.now())
    .bind(grants.iter().map(|_| backend.new_id::<GrantId>().0).collect::<Vec<Uuid>>())
    .bind(grants.iter().map(|grant| grant.adult.0).collect::<Vec<Uuid>>())
    .bind(grants.iter().map(|grant| grant.child.0).collect::<Vec<Uuid>>())
    .bind(grants.iter().map(|grant| grant.scope.slug()).collect::<Vec<_>>())
    .bind(grants.iter().map(|grant| grant.ground.slug()).collect::<Vec<_>>())
    .bind(grants.iter().map(|grant| grant.starts_on).collect::<Vec<_>>())
    .bind(grants.iter().map(|grant| grant.ends_on).collect::<Vec<_>>())
    .fetch_one(connection)
    .await?;
    Ok(inserted.unsigned_abs())
}
