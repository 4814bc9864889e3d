//! Giving back what "This is not my child" stopped.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::PersonId;
use serde_json::json;

use crate::audit::{AuditEntry, record_all};
use crate::guardians::access::reach::enter_pair;
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// Gives an adult back the contact and the access to a child that they gave up last, and closes the office's task.
///
/// # Errors
/// A conflict if there is nothing to give back, or the two have been brought together since.
#[tracing::instrument(skip_all, fields(adult = %adult, child = %child))]
pub async fn restore(backend: &Backend, actor: &Actor, adult: PersonId, child: PersonId) -> Result<()> {
    let Entered { mut transaction, .. } =
        enter_pair(backend, actor, Permission::ManageGuardians, (adult, child)).await?;
    let (contacts, grants): (i64, i64) = sqlx::query_as(
        "WITH last AS (
             SELECT max(gone.at) AS at FROM (
                 SELECT k.ended_at AS at FROM contacts k
                 WHERE k.organisation_id = $1 AND k.adult_id = $2 AND k.child_id = $3 AND k.ended_for = 'not_my_child'
                 UNION ALL
                 SELECT g.stopped_at FROM access_grants g
                 WHERE g.organisation_id = $1 AND g.adult_id = $2 AND g.child_id = $3 AND g.stopped_for = 'not_my_child') gone
         ), contact AS (
             UPDATE contacts k SET ended_at = NULL, ended_for = NULL, ended_by = NULL, updated_at = $4
             FROM last WHERE k.organisation_id = $1 AND k.adult_id = $2 AND k.child_id = $3
               AND k.ended_for = 'not_my_child' AND k.ended_at = last.at
               AND NOT EXISTS (SELECT FROM contacts live
                               WHERE live.adult_id = $2 AND live.child_id = $3 AND live.ended_at IS NULL)
             RETURNING k.id
         ), given AS (
             UPDATE access_grants g SET stopped_at = NULL, stopped_for = NULL, stopped_by = NULL
             FROM last WHERE g.organisation_id = $1 AND g.adult_id = $2 AND g.child_id = $3
               AND g.stopped_for = 'not_my_child' AND g.stopped_at = last.at
               -- Of a student of age, what was opened before that day stays closed.
               AND (g.ground NOT IN ('parental_responsibility', 'relation')
                    OR NOT EXISTS (SELECT FROM comings_of_age c WHERE c.person_id = g.child_id AND c.passed_at IS NOT NULL))
               AND NOT EXISTS (SELECT FROM access_grants live
                               WHERE live.adult_id = $2 AND live.child_id = $3 AND live.scope = g.scope
                                 AND live.stopped_at IS NULL
                                 AND daterange(live.starts_on, live.ends_on, '[]')
                                     && daterange(g.starts_on, g.ends_on, '[]'))
             RETURNING g.id
         ), done AS (
             UPDATE office_tasks SET done_at = $4, done_by = $5
             WHERE organisation_id = $1 AND kind = 'not_my_child' AND adult_id = $2 AND child_id = $3 AND done_at IS NULL
         )
         SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM given)",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .fetch_one(&mut *transaction)
    .await?;
    if contacts + grants == 0 {
        return Err(Error::conflict(
            "nothing_to_restore",
            "There is nothing to give back: these two have been brought together since. Reload the page.",
        ));
    }
    let entry = |of: PersonId, other: PersonId| {
        AuditEntry::new(AuditAction::AccessGranted)
            .person(of)
            .subject("person", other.0)
            .details(json!({ "after": "not_my_child", "grants": grants, "contacts": contacts }))
    };
    record_all(backend, &mut transaction, actor, vec![entry(child, adult), entry(adult, child)]).await?;
    transaction.commit().await?;
    Ok(())
}
