//! Changing who an adult is: their name, their title, their language.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fold::{search_key, sort_key};
use domain::guardians::adult::AdultDetails;
use domain::ids::PersonId;
use serde_json::json;
use sqlx::PgConnection;

use crate::audit::{AuditEntry, record};
use crate::authorization::roles::refuse_outranked;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// The names that the form does not ask for.
#[derive(Default, sqlx::FromRow)]
struct KeptNamesRow {
    middle_name: String,
    preferred_name: String,
}

/// Middle and preferred names stay, and are still found, unless the given name changes: they were of another one then.
async fn kept_names(
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    given: &str,
) -> Result<KeptNamesRow> {
    let kept: Option<KeptNamesRow> = sqlx::query_as(
        "SELECT middle_name, preferred_name FROM people
         WHERE organisation_id = $1 AND id = $2 AND given_name = $3 FOR UPDATE",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(given)
    .fetch_optional(connection)
    .await?;
    Ok(kept.unwrap_or_default())
}

/// Changes an adult's name, title and language. A student's or a colleague's come from their lists.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn change(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    details: &AdultDetails,
) -> Result<()> {
    let transaction = backend.enter(actor, Permission::ManageGuardians, Person(person)).await?.transaction;
    let mut transaction =
        refuse_outranked(backend, transaction, actor, Permission::ManageGuardians, person).await?;
    let name = &details.name;
    let kept = kept_names(&mut transaction, actor, person, name.given()).await?;
    let changed = sqlx::query(
        "UPDATE people p
         SET given_name = $3, family_name = $4, middle_name = $11, preferred_name = $12, language = $5, title = $6, is_organisation = $7, search_key = $8, sort_key = $9, updated_at = $10
         WHERE p.organisation_id = $1 AND p.id = $2 AND p.merged_into IS NULL
           AND NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id)
           AND NOT EXISTS (SELECT FROM employments w WHERE w.person_id = p.id)",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(name.given())
    .bind(name.family())
    .bind(details.language.as_str())
    .bind(&details.title)
    .bind(details.is_organisation)
    .bind(search_key(name.given(), &kept.middle_name, name.family(), &kept.preferred_name, ""))
    .bind(sort_key(name.given(), name.family()))
    .bind(backend.now())
    .bind(&kept.middle_name)
    .bind(&kept.preferred_name)
    .execute(&mut *transaction)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Error::conflict(
            "on_a_list",
            "The name of a student or a member of staff comes from their list. Correct it there.",
        ));
    }
    let entry =
        AuditEntry::new(AuditAction::ContactChanged).person(person).details(json!({ "fields": "details" }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
