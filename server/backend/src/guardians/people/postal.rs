//! Where an adult lives.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::fold::fold;
use domain::ids::PersonId;
use serde_json::json;

use crate::audit::{AuditEntry, record};
use crate::tenancy::target::Person;
use crate::{Backend, Result};

/// The longest postal address, in characters.
const LONGEST: usize = 500;

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct PostalAddress {
    /// One line per line of the envelope.
    pub lines: String,
    /// The postcode; may be empty.
    pub postcode: String,
}

/// Writes where an adult lives; nothing in `typed` removes it.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn set(backend: &Backend, actor: &Actor, person: PersonId, typed: &PostalAddress) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::EditContacts, Person(person)).await?.transaction;
    let lines: Vec<String> = typed
        .lines
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    let (lines, postcode) = (lines.join("\n"), typed.postcode.trim().to_uppercase());
    if lines.chars().count() + postcode.chars().count() > LONGEST {
        return Err(FieldErrors::one("lines", format!("Enter at most {LONGEST} characters.")).into());
    }
    if lines.is_empty() && !postcode.is_empty() {
        return Err(FieldErrors::one("lines", "Enter the lines above the postcode too.").into());
    }
    if lines.is_empty() {
        sqlx::query("DELETE FROM postal_addresses WHERE organisation_id = $1 AND person_id = $2")
            .bind(actor.organisation.0)
            .bind(person.0)
            .execute(&mut *transaction)
            .await?;
    } else {
        sqlx::query(
            "INSERT INTO postal_addresses (organisation_id, person_id, lines, postcode, comparable, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (person_id) DO UPDATE
             SET lines = excluded.lines, postcode = excluded.postcode, comparable = excluded.comparable,
                 updated_at = excluded.updated_at",
        )
        .bind(actor.organisation.0)
        .bind(person.0)
        .bind(&lines)
        .bind(&postcode)
        .bind(fold(&format!("{lines} {postcode}")))
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    }
    let entry = AuditEntry::new(AuditAction::ContactChanged)
        .person(person)
        .details(json!({ "fields": "postal_address" }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
