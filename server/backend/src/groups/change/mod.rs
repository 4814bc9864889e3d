//! Adding people to a group, moving them to another and taking them out of one: for one as for hundreds, from a day on.

mod plan;
pub(crate) mod recent;
mod undo;

use chrono::{NaiveDate, TimeDelta};
use domain::accounts::bulk::BulkSimulation;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::fields::FieldErrors;
use domain::groups::members::MemberChange;
use domain::ids::{GroupId, OperationId, PersonId, SchoolId};
use domain::operations::plan::Plan;
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::roll::selection::Selection;
use domain::when::typed_day;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::members::begin;
use crate::audit::AuditEntry;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RehearsedPlan,
    RunEnd, rehearse_plan, run,
};
use crate::roll::simulation::{OfPerson as _, StaysAsItIs, told};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

pub use plan::MemberRow;
pub use recent::RecentChange;

/// Changes who is in which group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeMembers {
    /// The people.
    pub selection: Selection,
    /// What is done.
    pub change: MemberChange,
    /// The first day on which it holds: of a new membership its first day, of one that ends the day after its last.
    pub on: NaiveDate,
}

impl Operation for ChangeMembers {
    const KIND: &'static str = "change_members";
    const PERMISSION: Permission = Permission::ManageGroups;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Change";
    const KEPT: Option<TimeDelta> = None;

    type Row = MemberRow;
    type Beside = StaysAsItIs;
    type Written = usize;
    type Outcome = usize;

    fn describe(&self, rows: usize) -> String {
        let students = if rows == 1 { "1 student".to_owned() } else { format!("{rows} students") };
        match self.change {
            MemberChange::Join { .. } => format!("{students} to add to a group"),
            MemberChange::Move { .. } => format!("{students} to move to another group"),
            MemberChange::Leave { .. } => format!("{students} to take out of a group"),
        }
    }

    /// It opens no account and can be undone.
    fn needs_second_person(&self) -> bool {
        false
    }

    fn result(&self, operation: OperationId) -> ResultPage {
        ResultPage {
            href: format!("/groups/{}?did={}&operation={operation}", self.change.shown(), self.change.slug()),
            label: "Open the group".to_owned(),
        }
    }

    fn left_out(stays: &StaysAsItIs) -> Vec<LeftOutCount> {
        stays.left_out()
    }

    /// Locks both groups: of two changes at once, the second sees the first.
    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        sqlx::query(
            "SELECT FROM groups WHERE organisation_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE",
        )
        .bind(work.school.organisation.0)
        .bind(self.groups())
        .execute(&mut *work.connection)
        .await?;
        Ok(())
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<MemberRow>, StaysAsItIs)> {
        self.check(work).await?;
        plan::plan(self, work).await
    }

    fn person(row: &MemberRow) -> Option<PersonId> {
        Some(row.person())
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { selection: Selection::People { ids: people }, ..self.clone() }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<MemberRow>,
        _stays: &StaysAsItIs,
    ) -> Result<AppliedPlan<usize>> {
        let people: Vec<PersonId> = rows.iter().map(MemberRow::person).collect();
        if let Some(from) = self.change.from() {
            end(work, (from, self.on), &people).await?;
        }
        if let Some(to) = self.change.to() {
            let joining: Vec<PersonId> =
                rows.iter().filter(|row| row.joins()).map(MemberRow::person).collect();
            start(work, (to, self.on), &joining).await?;
        }
        let entries = people.into_iter().map(|person| entry(self.change, person, self.on, false)).collect();
        Ok(AppliedPlan { written: rows.len(), log: AuditLogEntries::EachOwn(entries) })
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        changed: usize,
    ) -> Result<usize> {
        Ok(changed)
    }
}

impl ChangeMembers {
    fn groups(&self) -> Vec<Uuid> {
        [self.change.from(), self.change.to()].into_iter().flatten().map(|group| group.0).collect()
    }

    /// Refuses groups that are not this school's, a closed one to join, and a move to the same group.
    async fn check(&self, work: &mut OperationContext<'_>) -> Result<()> {
        if self.change.from().is_some() && self.change.from() == self.change.to() {
            return Err(Error::conflict("same_group", "Choose a group other than the one they are in."));
        }
        let closed: Vec<(Uuid, bool, String)> = sqlx::query_as(
            "SELECT id, closed_at IS NOT NULL AS closed, name FROM groups
             WHERE organisation_id = $1 AND school_id = $2 AND id = ANY ($3) AND kind = 'teaching'",
        )
        .bind(work.school.organisation.0)
        .bind(work.school.school.0)
        .bind(self.groups())
        .fetch_all(&mut *work.connection)
        .await?;
        if closed.len() < self.groups().len() {
            return Err(Error::NotFound("group"));
        }
        let joined = self.change.to().map(|group| group.0);
        match closed.into_iter().find(|(id, closed, _)| *closed && Some(*id) == joined) {
            Some((.., name)) => Err(Error::conflict(
                "group_closed",
                format!("{name} is closed. Open it first, or choose another group."),
            )),
            None => Ok(()),
        }
    }
}

/// Ends the memberships of these people from a day on, and keeps what they were.
async fn end(
    work: &mut OperationContext<'_>,
    (group, on): (GroupId, NaiveDate),
    people: &[PersonId],
) -> Result<()> {
    sqlx::query(
        "INSERT INTO membership_changes (organisation_id, operation_id, membership_id, group_id, person_id, change,
                                         starts_on, ended_on, ends_on)
         SELECT m.organisation_id, $2, m.id, m.group_id, m.person_id,
                CASE WHEN m.starts_on < $4 THEN 'ended' ELSE 'withdrawn' END, m.starts_on, m.ends_on,
                CASE WHEN m.starts_on < $4 THEN $4 - 1 END
         FROM group_members m
         WHERE m.organisation_id = $1 AND m.group_id = $3 AND m.person_id = ANY ($5) AND (m.ends_on < $4) IS NOT TRUE
         FOR UPDATE",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .bind(group.0)
    .bind(on)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .execute(&mut *work.connection)
    .await?;
    carry_out(work.connection, work.operation).await
}

/// Gives memberships their last day, and removes those that had not begun.
async fn carry_out(connection: &mut PgConnection, operation: OperationId) -> Result<()> {
    sqlx::query(
        "UPDATE group_members m SET ends_on = c.ends_on FROM membership_changes c
         WHERE c.operation_id = $1 AND c.change = 'ended' AND m.organisation_id = c.organisation_id AND m.id = c.membership_id",
    )
    .bind(operation.0)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "DELETE FROM group_members m USING membership_changes c
         WHERE c.operation_id = $1 AND c.change = 'withdrawn' AND m.organisation_id = c.organisation_id AND m.id = c.membership_id",
    )
    .bind(operation.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Begins memberships, and keeps which.
async fn start(
    work: &mut OperationContext<'_>,
    (group, on): (GroupId, NaiveDate),
    people: &[PersonId],
) -> Result<()> {
    let organisation = work.school.organisation;
    let begun = begin(work.backend, work.connection, organisation, group, (people, on)).await?;
    let (memberships, people): (Vec<Uuid>, Vec<Uuid>) = begun.into_iter().unzip();
    sqlx::query(
        "INSERT INTO membership_changes (organisation_id, operation_id, membership_id, group_id, person_id, change, starts_on)
         SELECT $1, $2, new.id, $3, new.person_id, 'began', $4 FROM unnest($5::uuid[], $6::uuid[]) AS new (id, person_id)",
    )
    .bind(organisation.0)
    .bind(work.operation.0)
    .bind(group.0)
    .bind(on)
    .bind(memberships)
    .bind(people)
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

/// The entry of the audit log for one person.
fn entry(change: MemberChange, person: PersonId, on: NaiveDate, undone: bool) -> AuditEntry {
    let action = match change {
        MemberChange::Join { .. } => AuditAction::GroupJoined,
        MemberChange::Move { .. } => AuditAction::GroupMoved,
        MemberChange::Leave { .. } => AuditAction::GroupLeft,
    };
    let entry = AuditEntry::new(action).person(person).subject("group", change.shown().0);
    entry.details(
        json!({ "from": change.from(), "to": change.to(), "on": on, "undone": undone.then_some(true) }),
    )
}

/// How a change ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeEnd {
    /// It was made.
    Done {
        /// Its operation, for the undo.
        operation: OperationId,
        /// How many people it was made for.
        changed: usize,
        /// Who was left out, and why.
        left_out: Vec<LeftOutCount>,
    },
    /// There was nobody to make it for.
    Nobody(Vec<LeftOutCount>),
    /// It is long, so a job makes it.
    Queued(OperationId),
    /// It would not be the one that was shown any more.
    Drifted,
}

/// Reads the day of a form; today if it is empty.
///
/// # Errors
/// For text that is no day.
pub fn day_of(text: &str, today: NaiveDate) -> Result<NaiveDate> {
    let day = typed_day(text).map_err(|error| FieldErrors::one("on", error.to_string()))?;
    Ok(day.unwrap_or(today))
}

/// Says for whom a change would be made, and who would stay where they are. Changes nothing.
pub async fn simulate(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: &ChangeMembers,
) -> Result<BulkSimulation> {
    let RehearsedPlan { plan, beside, waits } = rehearse_plan(backend, actor, school, input).await?;
    let people = plan.rows.iter().map(MemberRow::person).collect();
    told(backend, actor, (school, ChangeMembers::PERMISSION), (people, beside), (waits, plan.hash)).await
}

/// Makes a change for everyone for whom it is possible, or exactly the one that was shown.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn change(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (input, expected): (ChangeMembers, ExpectedPlan),
) -> Result<ChangeEnd> {
    let answer = run(backend, actor, school, input, expected).await?;
    let left_out = answer.beside.as_ref().map(StaysAsItIs::left_out).unwrap_or_default();
    Ok(match answer.end {
        RunEnd::Ran(ran) => ChangeEnd::Done { operation: ran.operation, changed: ran.outcome, left_out },
        RunEnd::Queued(operation) => ChangeEnd::Queued(operation),
        RunEnd::Nothing => ChangeEnd::Nobody(left_out),
        RunEnd::Drifted(_) => ChangeEnd::Drifted,
        RunEnd::Waits => return Err(Error::unexpected("a change of members that waits")),
    })
}

/// Takes a change back: everyone is in the groups where they were, since the day since when they were. Returns the number
/// of people.
pub async fn undo(backend: &Backend, actor: &Actor, school: SchoolId, operation: OperationId) -> Result<u64> {
    crate::operations::undo::<ChangeMembers>(backend, actor, school, operation).await
}
