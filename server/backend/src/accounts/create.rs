//! Creating accounts: exactly those of the plan that was seen, all or none.

use std::collections::HashSet;

use chrono::TimeDelta;
use domain::accounts::batch::{BatchView, CreatedAccount, DriftedPlan, GonePerson, SaveOutcome};
use domain::accounts::naming::{Candidates, Naming};
use domain::accounts::plan::{AccountPlan, PlanRow};
use domain::accounts::username::Username;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OperationId, PersonId, SchoolId};
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::roll::name::display_name;
use domain::roll::selection::Selection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, Holding};
use super::reopen;
use super::undo::{refuse_beyond_reach, remove_batch};
use super::writing::{self, NewAccount};
use crate::audit::AuditEntry;
use crate::authorization::roles::outranking;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, Undoable,
    UndoneOperation, run,
};
use crate::roll::schools::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Which people of a school a selection is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    /// Those on its roll.
    #[default]
    Students,
    /// Those who work there.
    Staff,
    /// The contacts of those on its roll.
    Guardians,
}

impl Among {
    /// The name in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Students => "students",
            Self::Staff => "staff",
            Self::Guardians => "guardians",
        }
    }

    /// Reads [`Self::slug`]; anything else means students.
    pub fn read(slug: &str) -> Self {
        match slug {
            "staff" => Self::Staff,
            "guardians" => Self::Guardians,
            _ => Self::Students,
        }
    }
}

/// Creates accounts for the people in a selection who have none, and opens the closed ones of those who are back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateAccounts {
    /// Whose accounts.
    pub selection: Selection,
    /// Whether they are students or staff.
    #[serde(default)]
    pub among: Among,
    /// How usernames are made.
    pub naming: Naming,
}

/// What planning finds besides the rows.
pub struct CreationLeftOut {
    /// How many of the selected people already have an account, or are no longer on the school's roll.
    pub left_out: u32,
}

impl Operation for CreateAccounts {
    const KIND: &'static str = "create_accounts";
    const PERMISSION: Permission = Permission::ManageAccounts;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePlan;
    const VERB: &'static str = "Create";
    const KEPT: Option<TimeDelta> = None;

    type Row = PlanRow;
    type Beside = CreationLeftOut;
    type Written = Vec<NewAccount>;
    type Outcome = Vec<CreatedAccount>;

    fn describe(&self, rows: usize) -> String {
        format!("{rows} new accounts")
    }

    fn result(&self, operation: OperationId) -> ResultPage {
        ResultPage {
            href: format!("/accounts/batches/{operation}?step=3"),
            label: "Open the batch and send invitations".to_owned(),
        }
    }

    fn left_out(beside: &CreationLeftOut) -> Vec<LeftOutCount> {
        let reason = "already have an account, or are no longer on the roll".to_owned();
        let count = beside.left_out;
        if count == 0 { Vec::new() } else { vec![LeftOutCount { reason, count }] }
    }

    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        queries::lock_usernames(work.connection, work.school.organisation).await
    }

    async fn try_lock(&self, work: &mut OperationContext<'_>) -> Result<bool> {
        queries::try_lock_usernames(work.connection, work.school.organisation).await
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(AccountPlan, CreationLeftOut)> {
        let now = work.backend.now();
        let beside = (self.among, &self.selection);
        let mut candidates =
            queries::choose(work.connection, work.school, beside, Holding::Nothing, &self.naming, now)
                .await?;
        leave_out_outranking(work, &mut candidates).await?;
        queries::make_plan(self.naming.clone(), candidates).await
    }

    fn person(row: &PlanRow) -> Option<PersonId> {
        Some(row.person)
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        let selection = Selection::People { ids: people };
        Self { selection, among: self.among, naming: self.naming.clone() }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<PlanRow>,
        _chosen: &CreationLeftOut,
    ) -> Result<AppliedPlan<Vec<NewAccount>>> {
        let ready = writing::new_accounts(work.backend, rows);
        let organisation = work.school.organisation;
        let (backend, batch) = (work.backend, work.operation);
        let mut made = 0;
        for part in ready.chunks(writing::PART) {
            work.report("Creating accounts", made, ready.len()).await?;
            writing::insert_accounts(backend, work.connection, organisation, batch, part).await?;
            reopen::reopen(backend, work.connection, organisation, batch, part).await?;
            made += part.len();
        }
        let entry = AuditEntry::new(AuditAction::AccountsCreated)
            .subject("batch", work.operation.0)
            .details(json!({ "accounts": ready.len(), "school": work.school.school }));
        let reopened: Vec<_> = ready
            .iter()
            .filter(|new| new.row.reopens.is_some())
            .map(|new| (new.account, new.row.person))
            .collect();
        let mut log = vec![AuditLogEntries::One(entry)];
        if !reopened.is_empty() {
            let details = json!({ "together": reopened.len() });
            log.push(AuditLogEntries::Each(AuditAction::AccountReopened, reopened, details));
        }
        Ok(AppliedPlan { written: ready, log: AuditLogEntries::All(log) })
    }

    async fn after_commit(&self, backend: &Backend, school: &SchoolContext, written: &Vec<NewAccount>) {
        writing::refresh_statistics(backend, school.organisation, written.len()).await;
    }

    async fn finish(
        &self,
        backend: &Backend,
        school: &SchoolContext,
        operation: OperationId,
        written: Vec<NewAccount>,
    ) -> Result<Vec<CreatedAccount>> {
        let mut connection = backend.tenant_transaction(school.organisation).await?;
        let mut emails = writing::emails(&mut connection, school.organisation, operation).await?;
        Ok(written.into_iter().map(|new| new.created(&mut emails)).collect())
    }
}

impl Undoable for CreateAccounts {
    /// Deletes the accounts and their invitations, and closes those again that were closed. Usernames stay reserved
    /// for the same people. Refused, by name, if one of the accounts has been activated, and if one is of somebody whose
    /// account the actor could not close.
    async fn undo(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
        queries::lock_usernames(work.connection, work.school.organisation).await?;
        let people: Vec<Uuid> =
            sqlx::query_scalar("SELECT person_id FROM accounts WHERE organisation_id = $1 AND batch_id = $2")
                .bind(work.school.organisation.0)
                .bind(work.operation.0)
                .fetch_all(&mut *work.connection)
                .await?;
        refuse_beyond_reach(work, Self::PERMISSION, people).await?;
        let removed = remove_batch(work).await?;
        let entry = AuditEntry::new(AuditAction::BatchUndone)
            .subject("batch", work.operation.0)
            .details(json!({ "accounts": removed, "school": work.school.school }));
        Ok(UndoneOperation { rows: removed, log: AuditLogEntries::One(entry) })
    }
}

/// Leaves out those whose closed account has more permissions than the actor: their roles would come back with it.
async fn leave_out_outranking(work: &mut OperationContext<'_>, candidates: &mut Candidates) -> Result<()> {
    let closed: Vec<PersonId> = candidates
        .people
        .iter()
        .filter(|candidate| candidate.account.is_some())
        .map(|candidate| candidate.person)
        .collect();
    if closed.is_empty() {
        return Ok(());
    }
    let outranking = outranking(work.backend, work.connection, work.actor, &closed).await?;
    let before = candidates.people.len();
    candidates.people.retain(|candidate| !outranking.contains(&candidate.person));
    candidates.left_out += u32::try_from(before - candidates.people.len()).unwrap_or(u32::MAX);
    Ok(())
}

/// Creates the accounts of a plan for students, or returns how the current plan differs from it.
pub async fn save(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    selection: &Selection,
    naming: &Naming,
    expected: ExpectedPlan,
) -> Result<SaveOutcome> {
    let input =
        CreateAccounts { selection: selection.clone(), among: Among::Students, naming: naming.clone() };
    save_as(backend, actor, school, input, expected).await
}

/// The same, for students or for staff.
pub async fn save_as(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: CreateAccounts,
    expected: ExpectedPlan,
) -> Result<SaveOutcome> {
    let selection = input.selection.clone();
    let answer = run(backend, actor, school, input, expected).await?;
    let (waiting, left_out) = (answer.waiting, answer.beside.map_or(0, |beside| beside.left_out));
    Ok(match answer.end {
        RunEnd::Ran(ran) => {
            let id = Some(ran.operation.into());
            SaveOutcome::Saved(BatchView { id, created: ran.outcome, waiting, left_out })
        }
        RunEnd::Nothing => SaveOutcome::Saved(BatchView { id: None, created: Vec::new(), waiting, left_out }),
        RunEnd::Drifted(now) => {
            let gone = gone(backend, actor, school, &selection, &now).await?;
            SaveOutcome::Drifted(DriftedPlan { now, gone })
        }
        RunEnd::Waits => SaveOutcome::Waits,
        RunEnd::Queued(operation) => SaveOutcome::Queued(operation),
    })
}

#[derive(sqlx::FromRow)]
struct GoneRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: Option<String>,
}

/// Finds the individually selected people who are missing from the plan. Names only people on the school's
/// lists that the actor may see.
async fn gone(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    selection: &Selection,
    plan: &AccountPlan,
) -> Result<Vec<GonePerson>> {
    let Selection::People { ids } = selection else { return Ok(Vec::new()) };
    let kept: HashSet<PersonId> = plan.rows.iter().map(|row| row.person).collect();
    let missing: Vec<Uuid> = ids.iter().filter(|id| !kept.contains(id)).map(|id| id.0).collect();
    let mut transaction =
        backend.enter(actor, CreateAccounts::PERMISSION, InSchool(school)).await?.transaction;
    let rows = sqlx::query_as::<_, GoneRow>(
        "SELECT DISTINCT p.id, p.given_name, p.family_name, p.preferred_name, a.username
         FROM unnest($3::uuid[]) AS missing (id)
         JOIN visible_people v ON v.person_id = missing.id
         JOIN people p ON p.id = missing.id AND p.organisation_id = $1
         JOIN enrolments e ON e.person_id = p.id AND e.school_id = $2
         LEFT JOIN accounts a ON a.organisation_id = $1 AND a.person_id = p.id
         ORDER BY p.family_name, p.given_name, p.id",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(missing)
    .fetch_all(&mut *transaction)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(GonePerson {
                person: PersonId(row.id),
                name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
                has_account: row.username.map(Username::try_from).transpose().map_err(Error::unexpected)?,
            })
        })
        .collect()
}
