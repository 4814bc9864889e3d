//! Looking at a restriction again: the next review date, and where the order is kept. What it closes does not change.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::ids::{PersonId, RestrictionId};
use domain::when::typed_day;

use super::record::adults_of;
use crate::audit::{AuditEntry, record};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// Sets the next review date of a restriction, and closes the office's task about the last one.
///
/// # Errors
/// A sentence about the date; a conflict if the actor is one of the child's adults; [`Error::NotFound`] if the restriction is
/// not one of this child's, or was lifted.
#[tracing::instrument(skip_all, fields(child = %child, restriction = %restriction))]
pub async fn review(
    backend: &Backend,
    actor: &Actor,
    child: PersonId,
    restriction: RestrictionId,
    typed: &str,
) -> Result<()> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageRestrictions, Person(child)).await?;
    let known = adults_of(&mut transaction, actor.organisation, child).await?;
    if actor.person().is_some_and(|person| known.contains(&person.0)) {
        return Err(Error::conflict(
            "own_child",
            "This is about a child of yours. Ask a colleague to set the date.",
        ));
    }
    let next = typed_day(typed).map_err(|error| FieldErrors::one("review", error.to_string()))?;
    if next.is_some_and(|day| day <= at.today) {
        return Err(FieldErrors::one("review", "Enter a day after today, or leave it empty.").into());
    }
    let found: Option<bool> = sqlx::query_scalar(
        "WITH changed AS (
             UPDATE access_restrictions SET review_on = $4
             WHERE organisation_id = $1 AND child_id = $2 AND id = $3 AND lifted_at IS NULL RETURNING adult_id
         ), done AS (
             UPDATE office_tasks t SET done_at = $5, done_by = $6 FROM changed
             WHERE t.organisation_id = $1 AND t.kind = 'restriction_review' AND t.child_id = $2
               AND t.adult_id IS NOT DISTINCT FROM changed.adult_id AND t.done_at IS NULL
         )
         SELECT true FROM changed",
    )
    .bind(actor.organisation.0)
    .bind(child.0)
    .bind(restriction.0)
    .bind(next)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .fetch_optional(&mut *transaction)
    .await?;
    if found.is_none() {
        return Err(Error::NotFound("restriction"));
    }
    let entry = AuditEntry::new(AuditAction::RestrictionChanged)
        .person(child)
        .subject("restriction", restriction.0)
        .details(serde_json::json!({ "review_on": next.map(|day| day.to_string()) }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
