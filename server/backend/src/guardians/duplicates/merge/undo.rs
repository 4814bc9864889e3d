//! Undoing a merge or a split, also after later changes: what it moved goes back, what it chose becomes what it was unless
//! somebody changed it since, and what is new stays where it was made unless it is said to belong to the other.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{MergeId, PersonId};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::ledger::Ledger;
use super::list::{MergeLine, one};
use super::parties::lock;
use super::since::{SinceFact, since};
use crate::audit::{AuditEntry, record_all};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// The page of an undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoPreview {
    /// What would be undone.
    pub merge: MergeLine,
    /// What was made since about children that came with the other person: asked one by one.
    pub since: Vec<SinceFact>,
}

/// Shows what an undo would ask.
pub async fn preview(backend: &Backend, actor: &Actor, merge: MergeId) -> Result<UndoPreview> {
    let Entered { mut transaction, at } =
        backend.enter_snapshot(actor, Permission::ManageGuardians, AnySchool).await?;
    let line = one(&mut transaction, actor, merge, at.zone).await?;
    let since = if line.is_split { Vec::new() } else { since(&mut transaction, actor, merge).await? };
    Ok(UndoPreview { merge: line, since })
}

/// Undoes a merge or a split. Of what was made since, `belongs_to_other` goes to the person who was merged away.
///
/// # Errors
/// A conflict if it was undone, or if one of the two was merged with somebody later: that has to be undone first.
#[tracing::instrument(skip_all, fields(%merge))]
pub async fn undo(
    backend: &Backend,
    actor: &Actor,
    merge: MergeId,
    belongs_to_other: &[Uuid],
) -> Result<MergeLine> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, AnySchool).await?;
    let line = one(&mut transaction, actor, merge, at.zone).await?;
    lock(&mut transaction, actor, &[line.survivor.0, line.other.0]).await?;
    // Read again under the lock.
    let line = one(&mut transaction, actor, merge, at.zone).await?;
    if line.is_undone {
        return Err(Error::conflict("already_undone", "This has already been undone."));
    }
    refuse_later_merge(&mut transaction, &line).await?;
    if line.is_split {
        refuse_own_life(&mut transaction, merge, &line).await?;
    }
    // The ledger moved rows from one to the other; they go the opposite way.
    let (from, to) =
        if line.is_split { (line.survivor.0, line.other.0) } else { (line.other.0, line.survivor.0) };
    let ledger = Ledger { merge, organisation: actor.organisation, from, to, at: backend.now() };
    let facts = if line.is_split { Vec::new() } else { since(&mut transaction, actor, merge).await? };
    ledger.put_back_contacts(&mut transaction).await?;
    ledger.put_back_grants(&mut transaction).await?;
    ledger.put_back_the_rest(&mut transaction).await?;
    ledger.put_back_addresses(&mut transaction).await?;
    ledger.put_back_login(&mut transaction).await?;
    ledger.put_back_chosen(&mut transaction, actor).await?;
    let chosen: Vec<Uuid> =
        facts.iter().map(|fact| fact.id).filter(|id| belongs_to_other.contains(id)).collect();
    ledger.give_since(&mut transaction, &chosen).await?;
    if line.is_split {
        ledger.move_what_is_new(&mut transaction, actor).await?;
    } else {
        ledger.restrict_both(backend, &mut transaction).await?;
    }
    ledger.finish(&mut transaction, actor, &line).await?;
    let entries = [line.survivor.0, line.other.0].map(|person| {
        AuditEntry::new(AuditAction::MergeUndone)
            .person(person)
            .subject("merge", merge.0)
            .details(json!({ "made_since": facts.len(), "given_to_other": chosen.len() }))
    });
    record_all(backend, &mut transaction, actor, entries.into()).await?;
    transaction.commit().await?;
    Ok(line)
}

async fn refuse_later_merge(connection: &mut PgConnection, line: &MergeLine) -> Result<()> {
    // The person who was merged away points to the one who stayed; nobody else may point anywhere.
    let merged: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM people WHERE id = $1 AND merged_into IS NOT NULL)
             OR EXISTS (SELECT FROM people WHERE id = $2 AND merged_into IS DISTINCT FROM $3)",
    )
    .bind(line.survivor.0.0)
    .bind(line.other.0.0)
    .bind((!line.is_split).then_some(line.survivor.0.0))
    .fetch_one(connection)
    .await?;
    if merged {
        return Err(Error::conflict(
            "merged_later",
            "One of these two people was merged with somebody later. Undo that merge first.",
        ));
    }
    Ok(())
}

/// Refuses to undo a split while the new person has a login or access of their own: their login would end, and that of the one
/// who stayed would see more, without anybody asking.
async fn refuse_own_life(connection: &mut PgConnection, merge: MergeId, line: &MergeLine) -> Result<()> {
    let lives: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM accounts WHERE person_id = $1 AND state <> 'closed')
             OR EXISTS (SELECT FROM access_grants g WHERE g.adult_id = $1 AND g.stopped_at IS NULL
                          AND NOT EXISTS (SELECT FROM merge_items i WHERE i.merge_id = $2 AND i.thing = 'grant'
                                            AND i.row_key = g.id::text))",
    )
    .bind(line.other.0.0)
    .bind(merge.0)
    .fetch_one(connection)
    .await?;
    if lives {
        return Err(Error::conflict(
            "split_lives_on",
            format!(
                "{} has an account or access of their own since the split. Close the account and end that access, then undo the split.",
                line.other.1
            ),
        ));
    }
    Ok(())
}

impl Ledger {
    /// What the new person of a split got since goes to the one who stayed, when the split is undone: nobody looks behind a
    /// merged record.
    async fn move_what_is_new(&self, connection: &mut PgConnection, actor: &Actor) -> Result<()> {
        let back = Self { from: self.to, to: self.from, ..*self };
        let by = actor.account().map(|account| account.0);
        back.move_contacts(&mut *connection, by, None).await?;
        back.move_restrictions_and_tasks(&mut *connection).await?;
        back.move_keys(&mut *connection, None).await?;
        back.move_messages(&mut *connection, true).await?;
        back.move_addresses(connection, None).await
    }

    /// Records that it is undone. Of a split, the new person is merged back; of a merge, the office has said that they are two.
    async fn finish(&self, connection: &mut PgConnection, actor: &Actor, line: &MergeLine) -> Result<()> {
        let merged: Option<PersonId> = line.is_split.then_some(line.survivor.0);
        sqlx::query(
            "WITH undone AS (
                 UPDATE merges SET undone_at = $3, undone_by = $4 WHERE organisation_id = $1 AND id = $2
             ), pairs AS (
                 UPDATE person_pairs SET state = 'two_people', known_then = evidence, answered_by = $4, answered_at = $3
                 WHERE organisation_id = $1 AND a_id = least($5::uuid, $6::uuid) AND b_id = greatest($5::uuid, $6::uuid) AND state = 'merged')
             UPDATE people SET merged_into = $7, updated_at = $3 WHERE organisation_id = $1 AND id = $6",
        )
        .bind(self.organisation.0)
        .bind(self.merge.0)
        .bind(self.at)
        .bind(actor.account().map(|account| account.0))
        .bind(line.survivor.0.0)
        .bind(line.other.0.0)
        .bind(merged.map(|person| person.0))
        .execute(connection)
        .await?;
        Ok(())
    }
}
