//! What a student lets adults see, from the day they come of age.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::grant::{GrantGround, PortalScope};
use domain::authorization::policy::Permission;
use domain::ids::PersonId;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::shown::{OwnSight, load};
use crate::audit::{AuditEntry, record};
use crate::guardians::access::open::{NewGrant, insert};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::PersonContext;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// The name of a tick in the form: which adult keeps seeing what.
pub fn tick(adult: PersonId, scope: PortalScope) -> String {
    format!("keep-{adult}-{}", scope.slug())
}

/// Sets which adults see what from the day on which the signed-in student comes of age: exactly what is ticked. After that
/// day it takes effect at once.
///
/// # Errors
/// A conflict before the student has been told: until then it is not theirs to decide.
#[tracing::instrument(skip_all)]
pub async fn choose(backend: &Backend, actor: &Actor, ticks: &[String]) -> Result<()> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    sqlx::query("SELECT FROM comings_of_age WHERE organisation_id = $1 AND person_id = $2 FOR UPDATE")
        .bind(actor.organisation.0)
        .bind(at.person.0)
        .execute(&mut *transaction)
        .await?;
    let sight = load(&mut transaction, actor.organisation, at.person, at.today).await?;
    let Some((_, has_come)) = sight.decides else {
        return Err(Error::conflict(
            "not_of_age",
            "You can choose this when you come of age. You will be told.",
        ));
    };
    let kept = ticked(&sight, ticks);
    store(backend, &mut transaction, actor, at.person, &kept).await?;
    if has_come {
        open_and_close(backend, &mut transaction, actor, &at, &kept).await?;
    }
    let details = json!({ "by": "student", "kept": kept.len() });
    let entry = AuditEntry::new(AuditAction::AccessGranted).person(at.person).details(details);
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

/// What is ticked, of what can be. Without the profile nothing of a student is shown, so it comes with every other part.
fn ticked(sight: &OwnSight, ticks: &[String]) -> Vec<(PersonId, PortalScope)> {
    sight
        .adults
        .iter()
        .flat_map(|adult| adult.offered.iter().map(|scope| (adult.adult, *scope)))
        .filter(|(adult, scope)| {
            let any =
                |scopes: &[PortalScope]| scopes.iter().any(|scope| ticks.contains(&tick(*adult, *scope)));
            any(&[*scope]) || *scope == PortalScope::Profile && any(&PortalScope::FAMILY)
        })
        .collect()
}

fn columns(kept: &[(PersonId, PortalScope)]) -> (Vec<Uuid>, Vec<&'static str>) {
    kept.iter().map(|(adult, scope)| (adult.0, scope.slug())).unzip()
}

async fn store(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    student: PersonId,
    kept: &[(PersonId, PortalScope)],
) -> Result<()> {
    let (adults, scopes) = columns(kept);
    sqlx::query(
        "WITH gone AS (
             DELETE FROM of_age_consents
             WHERE organisation_id = $1 AND child_id = $2
               AND (adult_id, scope) NOT IN (SELECT * FROM unnest($3::uuid[], $4::text[]))
         )
         INSERT INTO of_age_consents (organisation_id, child_id, adult_id, scope, given_at)
         SELECT $1, $2, kept.adult_id, kept.scope, $5 FROM unnest($3::uuid[], $4::text[]) AS kept (adult_id, scope)
         ON CONFLICT DO NOTHING",
    )
    .bind(actor.organisation.0)
    .bind(student.0)
    .bind(adults)
    .bind(scopes)
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Once the day has come: ends what the student no longer lets adults see, and opens what they do.
async fn open_and_close(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    at: &PersonContext,
    kept: &[(PersonId, PortalScope)],
) -> Result<()> {
    let (adults, scopes) = columns(kept);
    sqlx::query(
        "UPDATE access_grants SET stopped_at = $5, stopped_for = 'of_age', stopped_by = $6
         WHERE organisation_id = $1 AND child_id = $2 AND stopped_at IS NULL AND ground <> 'order'
           AND (adult_id, scope) NOT IN (SELECT * FROM unnest($3::uuid[], $4::text[]))",
    )
    .bind(actor.organisation.0)
    .bind(at.person.0)
    .bind(adults)
    .bind(scopes)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .execute(&mut *connection)
    .await?;
    let grants: Vec<NewGrant> = kept
        .iter()
        .map(|(adult, scope)| NewGrant {
            adult: *adult,
            child: at.person,
            scope: *scope,
            ground: GrantGround::Consent,
            starts_on: at.today,
            ends_on: None,
        })
        .collect();
    insert(backend, connection, actor.organisation, (actor.account(), None), &grants).await?;
    Ok(())
}
