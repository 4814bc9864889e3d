//! What the office answers about a pair.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::duplicates::pair::PairState;
use domain::ids::PairId;
use serde_json::json;

use super::board::pair;
use crate::audit::{AuditEntry, record_all};
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// Records that two people are two, that they are to be asked about later, or that they are open again. That they are one
/// is said by merging them.
#[tracing::instrument(skip_all, fields(%of))]
pub async fn answer(backend: &Backend, actor: &Actor, of: PairId, says: PairState) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageGuardians, AnySchool).await?.transaction;
    let known = pair(&mut transaction, actor, of).await?;
    if known.state == PairState::Merged || says == PairState::Merged {
        return Err(Error::conflict(
            "merged",
            "These two people are merged. To take that back, undo the merge.",
        ));
    }
    sqlx::query(
        "UPDATE person_pairs SET state = $3, known_then = evidence, answered_by = $4, answered_at = $5
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(of.0)
    .bind(says.slug())
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    let entries = known.people.iter().map(|card| {
        AuditEntry::new(AuditAction::DuplicateAnswered)
            .person(card.person)
            .subject("person_pair", of.0)
            .details(json!({ "answer": says.slug() }))
    });
    record_all(backend, &mut transaction, actor, entries.collect()).await?;
    transaction.commit().await?;
    Ok(())
}
