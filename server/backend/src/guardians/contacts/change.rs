//! Changing what an adult is to a child.

use std::collections::BTreeSet;

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::attach::AttachRefusal;
use domain::guardians::contact::{ContactFacts, ContactFunction};
use domain::guardians::kept::ContactField;
use domain::ids::ContactId;
use serde_json::json;

use super::opening::{Pair, end_with_contact};
use super::target::{Contact, StoredContact};
use crate::audit::{AuditEntry, record_all};
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// Changes a contact. What was changed by hand, a file does not overwrite unless asked. Access does not grow by it: a person
/// decides that. It ends with the last day of the contact.
#[tracing::instrument(skip_all, fields(contact = %contact))]
pub async fn change(backend: &Backend, actor: &Actor, contact: ContactId, facts: ContactFacts) -> Result<()> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, Contact(contact)).await?;
    refuse_ended(&at)?;
    if actor.person() == Some(at.adult) {
        return Err(Error::conflict("own_access", AttachRefusal::Yourself.to_string()));
    }
    let changed = ContactField::changed(&at.facts, &facts);
    if changed.is_empty() {
        return Ok(());
    }
    let slugs: Vec<&str> = changed.iter().copied().map(ContactField::slug).collect();
    let kept: BTreeSet<&str> = at.kept.iter().map(String::as_str).chain(slugs.iter().copied()).collect();
    sqlx::query(
        "UPDATE contacts
         SET relationship = $3, relationship_said = $4, functions = $5, priority = $6, parental_responsibility = $7,
             lives_with = $8, no_portal = $9, starts_on = $10, ends_on = $11, kept_fields = $12, updated_at = $13
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(contact.0)
    .bind(facts.relationship.slug())
    .bind(&facts.relationship_said)
    .bind(facts.functions.iter().copied().map(ContactFunction::slug).collect::<Vec<_>>())
    .bind(facts.priority.map(|priority| i16::from(u8::from(priority))))
    .bind(facts.parental_responsibility)
    .bind(facts.lives_with)
    .bind(facts.no_portal)
    .bind(facts.starts_on)
    .bind(facts.ends_on)
    .bind(kept.into_iter().collect::<Vec<_>>())
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    if let Some(last) = facts.ends_on {
        let pair = Pair { adult: at.adult, child: at.child };
        end_with_contact(backend, &mut transaction, actor, pair, last).await?;
    }
    let entries = [at.child, at.adult].map(|person| {
        AuditEntry::new(AuditAction::ContactChanged)
            .person(person)
            .subject("contact", contact.0)
            .details(json!({ "fields": slugs.join(" ") }))
    });
    record_all(backend, &mut transaction, actor, entries.into()).await?;
    transaction.commit().await?;
    Ok(())
}

/// Refuses what is only for contacts that have not ended.
pub(super) fn refuse_ended(contact: &StoredContact) -> Result<()> {
    match contact.ended {
        None => Ok(()),
        Some(_) => Err(Error::conflict("contact_ended", "This contact has ended. Start it again first.")),
    }
}
