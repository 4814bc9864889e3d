//! Sending invitation codes by email: to a batch, a selection, everyone who was never invited, or anyone who
//! has an account. Earlier invitations stay valid until one of them is used. A batch is sent to once: again only to those
//! who have not answered, and only if that is asked for.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::accounts::action::LeftAlone;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OperationId, PersonId, SchoolId};
use domain::invitations::views::{LeftOutPerson, Recipients, SendReport};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::roll::selection::Selection;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::queue::{CHUNK, Recipient, queue};
use super::recipients::meant;
use crate::audit::AuditEntry;
use crate::jobs::job::Priority;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, run,
};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// Sends an invitation to every recipient who can be invited.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendInvitations {
    /// The recipients.
    pub recipients: Recipients,
}

const ACCOUNT: Tag = Tag::new(1);
const ADDRESS: Tag = Tag::new(2);

impl Facts for Recipient {
    const FORM: FactsFormat = FactsFormat { name: "send_invitations", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(ACCOUNT, self.account.0).id(ADDRESS, self.address.0);
    }
}

impl PlannedRow for Recipient {}

/// The recipients who get none.
#[derive(Debug, Default)]
pub struct NotInvited {
    /// The people left out, by name.
    pub(super) people: Vec<LeftOutPerson>,
    /// How many people a restriction hides from the sender; they are not named.
    pub(super) restricted: usize,
}

impl Operation for SendInvitations {
    const KIND: &'static str = "send_invitations";
    const PERMISSION: Permission = Permission::SendInvitations;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Send";
    const KEPT: Option<TimeDelta> = Some(TimeDelta::days(30));

    type Row = Recipient;
    type Beside = NotInvited;
    type Written = usize;
    type Outcome = usize;

    fn describe(&self, rows: usize) -> String {
        match rows {
            1 => "1 invitation code".to_owned(),
            rows => format!("{rows} invitation codes"),
        }
    }

    /// Who gets an account was decided, and approved, when it was created; and an invitation can be revoked. But an
    /// invitation to an address that its sender chose could be to the sender.
    fn ways_in(rows: &[Recipient]) -> Option<usize> {
        Some(rows.iter().filter(|to| to.way_in).count())
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        ResultPage { href: "/accounts".to_owned(), label: "Open User accounts".to_owned() }
    }

    fn left_out(not_invited: &NotInvited) -> Vec<LeftOutCount> {
        let mut counts = BTreeMap::<&str, u32>::new();
        for person in &not_invited.people {
            *counts.entry(person.reason.phrase()).or_default() += 1;
        }
        let restricted = Some(count(not_invited.restricted)).filter(|count| *count > 0);
        counts
            .into_iter()
            .chain(restricted.map(|count| (LeftAlone::RESTRICTED, count)))
            .map(|(reason, count)| LeftOutCount { reason: reason.to_owned(), count })
            .collect()
    }

    /// Two concurrent sends for one school wait for each other, so that neither sees the other half done.
    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        sqlx::query("SELECT FROM schools WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE")
            .bind(work.school.organisation.0)
            .bind(work.school.school.0)
            .execute(&mut *work.connection)
            .await?;
        Ok(())
    }

    async fn try_lock(&self, work: &mut OperationContext<'_>) -> Result<bool> {
        let locked = sqlx::query(
            "SELECT FROM schools WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE SKIP LOCKED",
        )
        .bind(work.school.organisation.0)
        .bind(work.school.school.0)
        .fetch_optional(&mut *work.connection)
        .await?;
        Ok(locked.is_some())
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<Recipient>, NotInvited)> {
        let (invitable, not_invited) = meant(work, &self.recipients).await?;
        Ok((Plan::of(invitable), not_invited))
    }

    fn person(row: &Recipient) -> Option<PersonId> {
        Some(row.person)
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        let selection = Selection::People { ids: people };
        Self { recipients: Recipients::Selected { selection, only: None } }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        mut recipients: Vec<Recipient>,
        not_invited: &NotInvited,
    ) -> Result<AppliedPlan<usize>> {
        let days: i32 =
            sqlx::query_scalar("SELECT invitation_days FROM schools WHERE organisation_id = $1 AND id = $2")
                .bind(work.school.organisation.0)
                .bind(work.school.school.0)
                .fetch_optional(&mut *work.connection)
                .await?
                .ok_or(Error::NotFound("school"))?;
        if was_approved(work).await? {
            for to in &mut recipients {
                to.way_in = false;
            }
        }
        let (backend, organisation, by) = (work.backend, work.school.organisation, work.actor.account());
        // A single invitation goes before bulk ones.
        let priority = if recipients.len() == 1 { Priority::Normal } else { Priority::Background };
        for (chunk, some) in recipients.chunks(CHUNK).enumerate() {
            queue(backend, work.connection, organisation, by, days, priority, some).await?;
            work.report("Queueing the messages", chunk * CHUNK + some.len(), recipients.len()).await?;
        }
        let mut reasons = BTreeMap::<&str, u32>::new();
        for person in &not_invited.people {
            *reasons.entry(person.reason.slug()).or_default() += 1;
        }
        let details = json!({ "queued": recipients.len(), "left_out": reasons });
        let entry = AuditEntry::new(AuditAction::InvitationsQueued).details(details);
        let entry = match (&self.recipients, recipients.as_slice()) {
            (Recipients::Batch { batch, .. }, _) => entry.subject("batch", batch.0),
            (_, [one]) => entry.subject("account", one.account.0),
            _ => entry.subject("school", work.school.school.0),
        };
        Ok(AppliedPlan { written: recipients.len(), log: AuditLogEntries::One(entry) })
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        queued: usize,
    ) -> Result<usize> {
        Ok(queued)
    }
}

/// Whether a second person approved the operation that runs.
async fn was_approved(work: &mut OperationContext<'_>) -> Result<bool> {
    let approved: Option<bool> =
        sqlx::query_scalar("SELECT second_person FROM operations WHERE organisation_id = $1 AND id = $2")
            .bind(work.school.organisation.0)
            .bind(work.operation.0)
            .fetch_optional(&mut *work.connection)
            .await?;
    Ok(approved.unwrap_or_default())
}

/// Queues an invitation for every recipient who can be invited, and reports who was left out and why. If the sender chose
/// the addresses of more people than the limit, a second person approves it first.
pub async fn send(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    recipients: Recipients,
) -> Result<SendReport> {
    let answer =
        run(backend, actor, school, SendInvitations { recipients }, ExpectedPlan::WhateverIsReady).await?;
    let operation = if let RunEnd::Queued(operation) = answer.end { Some(operation) } else { None };
    let waits = matches!(answer.end, RunEnd::Waits);
    let queued = if let RunEnd::Ran(ran) = answer.end { ran.outcome } else { 0 };
    let not_invited = answer.beside.unwrap_or_default();
    tracing::info!(queued, left_out = not_invited.people.len(), "invitations queued");
    Ok(SendReport {
        queued: count(queued),
        left_out: not_invited.people,
        restricted: count(not_invited.restricted),
        operation,
        waits,
    })
}

fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}
