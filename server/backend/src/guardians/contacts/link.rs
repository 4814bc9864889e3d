//! Linking a child to the account that one of their contacts has already, under another record.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::access::Opening;
use domain::guardians::attach::PairFacts;
use domain::guardians::ending::EndReason;
use domain::ids::{ContactId, PersonId};
use serde_json::json;

use super::attach::{attach_in, facts_of, refused};
use super::change::refuse_ended;
use super::opening::{Pair, stop_all};
use super::target::Contact;
use crate::audit::{AuditEntry, record_all};
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// Makes the person with the account the child's contact in place of the record without one, with the same facts. The record
/// without an account stays, with its other children: joining both is a merge. Returns what was
/// opened.
#[tracing::instrument(skip_all, fields(contact = %contact, person = %person))]
pub async fn link(
    backend: &Backend,
    actor: &Actor,
    contact: ContactId,
    person: PersonId,
) -> Result<Option<Opening>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, Contact(contact)).await?;
    refuse_ended(&at)?;
    let has_account: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM accounts a
                        WHERE a.organisation_id = $1 AND a.person_id = $2 AND a.state <> 'closed')",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_one(&mut *transaction)
    .await?;
    if !has_account {
        return Err(Error::conflict(
            "no_account",
            "This person has no account any more, so there is nothing to link. Reload the page.",
        ));
    }
    let (old, new) = (Pair { adult: at.adult, child: at.child }, Pair { adult: person, child: at.child });
    let facts = facts_of(&mut transaction, actor, new, at.of.today).await?;
    // Both records may be contacts of the child: then only the one without an account ends.
    PairFacts { is_contact: false, ..facts }.check().map_err(refused)?;
    sqlx::query(
        "UPDATE contacts SET ended_at = $3, ended_by = $4, ended_for = 'merge', ended_reason = $5, updated_at = $3
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(contact.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .bind(EndReason::Linked.slug())
    .execute(&mut *transaction)
    .await?;
    let stopped = stop_all(backend, &mut transaction, actor, old).await?;
    let (mut entries, mut opened) = (Vec::new(), None);
    if !facts.is_contact {
        let attached =
            attach_in(backend, &mut transaction, actor, new, at.facts.clone(), at.of.today).await?;
        entries = attached.entries(AuditAction::ContactAdded, new);
        opened = Some(attached.opened);
    }
    entries.push(
        AuditEntry::new(AuditAction::ContactEnded)
            .person(old.adult)
            .subject("contact", contact.0)
            .details(json!({ "reason": EndReason::Linked.slug(), "stopped": stopped })),
    );
    record_all(backend, &mut transaction, actor, entries).await?;
    transaction.commit().await?;
    Ok(opened)
}
