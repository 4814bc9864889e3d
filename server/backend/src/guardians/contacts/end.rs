//! Ending a contact, and starting it again. It stays as a record, so that a file cannot bring it back unasked.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::guardians::ending::EndReason;
use domain::ids::ContactId;
use serde_json::json;

use super::attach::{Attached, check};
use super::change::refuse_ended;
use super::opening::{Pair, open_defaults, stop_all};
use super::target::Contact;
use crate::audit::{AuditEntry, record_all};
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// Ends a contact, and with it everything that the adult sees of the child. Returns how many parts of the portal that were.
#[tracing::instrument(skip_all, fields(contact = %contact))]
pub async fn end(backend: &Backend, actor: &Actor, contact: ContactId, reason: EndReason) -> Result<u64> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, Contact(contact)).await?;
    refuse_ended(&at)?;
    sqlx::query(
        "UPDATE contacts SET ended_at = $3, ended_by = $4, ended_for = 'office', ended_reason = $5, updated_at = $3
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(contact.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .bind(reason.slug())
    .execute(&mut *transaction)
    .await?;
    let pair = Pair { adult: at.adult, child: at.child };
    let stopped = stop_all(backend, &mut transaction, actor, pair).await?;
    let entries = [at.child, at.adult].map(|person| {
        AuditEntry::new(AuditAction::ContactEnded)
            .person(person)
            .subject("contact", contact.0)
            .details(json!({ "reason": reason.slug(), "stopped": stopped }))
    });
    record_all(backend, &mut transaction, actor, entries.into()).await?;
    transaction.commit().await?;
    Ok(stopped)
}

/// Starts an ended contact again, with the default access.
#[tracing::instrument(skip_all, fields(contact = %contact))]
pub async fn start_again(backend: &Backend, actor: &Actor, contact: ContactId) -> Result<Attached> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, Contact(contact)).await?;
    if at.ended.is_none() {
        return Err(Error::conflict("contact_holds", "This contact has not ended. Reload the page."));
    }
    let (pair, today) = (Pair { adult: at.adult, child: at.child }, at.of.today);
    if at.facts.ends_on.is_some_and(|last| last < today) {
        let why = "The last day has passed. Add them as a contact again, with new days.";
        return Err(FieldErrors::one("student", why).into());
    }
    check(&mut transaction, actor, pair, today).await?;
    sqlx::query(
        "UPDATE contacts SET ended_at = NULL, ended_by = NULL, ended_for = NULL, ended_reason = '', updated_at = $3
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(contact.0)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    let opened = open_defaults(backend, &mut transaction, actor, pair, &at.facts, today).await?;
    let attached = Attached { contact, opened };
    record_all(backend, &mut transaction, actor, attached.entries(AuditAction::ContactAdded, pair)).await?;
    transaction.commit().await?;
    Ok(attached)
}
