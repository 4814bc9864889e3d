//! Changing usernames: of one person or by the pattern, exactly as the plan was seen. The old username stays its
//! person's and signs in for some days, if that is wanted; then never again.

use chrono::TimeDelta;
use domain::accounts::action::LeftAlone;
use domain::accounts::naming::Naming;
use domain::accounts::plan::PlannedUsername;
use domain::accounts::rename::{
    OldUsernameDays, RenameOutcome, RenamePlan, RenameRow, RenameView, Unchanged,
};
use domain::accounts::settings::OLD_USERNAME_DAYS;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OperationId, OrganisationId, PersonId, SchoolId};
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::roll::selection::Selection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::create::Among;
use super::queries::{self, Holding};
use super::writing::met_another;
use crate::authorization::roles::outranking;
use crate::messages::notice::{LoadedNotice, Notice};
use crate::messages::queue::tell_owners;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, preview,
    run,
};
use crate::roll::schools::SchoolContext;
use crate::settings::of_organisation;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

mod undo;

/// How many accounts are changed per statement, which limits the memory used.
const PART: usize = 10_000;

/// Tells a person their new username. It names no former one.
pub struct UsernameChanged;

impl Notice for UsernameChanged {
    const KIND: &'static str = "username_changed";
}

/// Changes the usernames of those in a selection who have an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RenameAccounts {
    /// Whose usernames.
    pub selection: Selection,
    /// Whether they are students or staff.
    #[serde(default)]
    pub among: Among,
    /// How the new ones are made.
    pub naming: Naming,
    /// How long the old ones still sign in; `None` as long as the organisation's setting says.
    pub days: Option<OldUsernameDays>,
    /// Whether people are told by email.
    pub tell: bool,
}

/// What planning finds besides the rows.
pub struct RenameLeftOut {
    /// Those whose username already fits.
    pub unchanged: Unchanged,
    /// How many people were left out, by reason.
    pub left_out: Vec<LeftAlone>,
}

impl Operation for RenameAccounts {
    const KIND: &'static str = "rename_accounts";
    const PERMISSION: Permission = Permission::ManageAccounts;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePlan;
    const VERB: &'static str = "Change";
    const KEPT: Option<TimeDelta> = None;

    type Row = RenameRow;
    type Beside = RenameLeftOut;
    type Written = usize;
    type Outcome = usize;

    fn describe(&self, rows: usize) -> String {
        if rows == 1 { "1 username".to_owned() } else { format!("{rows} usernames") }
    }

    fn result(&self, operation: OperationId) -> ResultPage {
        ResultPage {
            href: format!("/accounts/renames/{operation}"),
            label: "Open the changed usernames".to_owned(),
        }
    }

    fn left_out(beside: &RenameLeftOut) -> Vec<LeftOutCount> {
        let count = |left: &LeftAlone| LeftOutCount { reason: left.reason.clone(), count: left.count };
        beside.left_out.iter().map(count).collect()
    }

    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        queries::lock_usernames(work.connection, work.school.organisation).await
    }

    async fn try_lock(&self, work: &mut OperationContext<'_>) -> Result<bool> {
        queries::try_lock_usernames(work.connection, work.school.organisation).await
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(RenamePlan, RenameLeftOut)> {
        let now = work.backend.now();
        let among = (self.among, &self.selection);
        let mut chosen =
            queries::choose(work.connection, work.school, among, Holding::Account, &self.naming, now).await?;
        let people: Vec<PersonId> = chosen.people.iter().map(|candidate| candidate.person).collect();
        let outranking = outranking(work.backend, work.connection, work.actor, &people).await?;
        chosen.people.retain(|candidate| !outranking.contains(&candidate.person));
        let outranked = u32::try_from(people.len() - chosen.people.len()).unwrap_or(u32::MAX);
        let left_out = [
            ("no account, or it is closed", chosen.left_out),
            ("more permissions than you have. Ask someone with the same permissions", outranked),
            (LeftAlone::RESTRICTED, chosen.restricted),
        ];
        let left_out = left_out
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(reason, count)| LeftAlone { reason: reason.to_owned(), count })
            .collect();
        let naming = self.naming.clone();
        let (plan, unchanged) =
            queries::off_the_executor(move || RenamePlan::make(&naming, chosen.people, &chosen.taken))
                .await?;
        Ok((plan, RenameLeftOut { unchanged, left_out }))
    }

    fn person(row: &RenameRow) -> Option<PersonId> {
        Some(row.person)
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { selection: Selection::People { ids: people }, ..self.clone() }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<RenameRow>,
        _beside: &RenameLeftOut,
    ) -> Result<AppliedPlan<usize>> {
        let changes = RenameValues::of(&rows);
        changes.lock(work.connection, work.school).await?;
        let days = self.old_days(work.connection, work.school.organisation).await?;
        let mut done = 0;
        for part in rows.chunks(PART) {
            work.report("Changing usernames", done, rows.len()).await?;
            RenameValues::of(part).write(work, days).await?;
            done += part.len();
        }
        if self.tell {
            tell(work, &changes.accounts).await?;
        }
        let accounts = rows.iter().map(|row| (row.account, row.person)).collect();
        let log = AuditLogEntries::Each(
            AuditAction::UsernameChanged,
            accounts,
            json!({ "together": rows.len(), "old_days": i32::from(days) }),
        );
        Ok(AppliedPlan { written: rows.len(), log })
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

impl RenameAccounts {
    /// How many days an old username still signs in.
    async fn old_days(
        &self,
        connection: &mut PgConnection,
        organisation: OrganisationId,
    ) -> Result<OldUsernameDays> {
        match self.days {
            Some(days) => Ok(days),
            None => of_organisation(connection, organisation, &OLD_USERNAME_DAYS).await,
        }
    }
}

/// Rows as statements take them.
struct RenameValues {
    accounts: Vec<Uuid>,
    from: Vec<String>,
    to: Vec<String>,
}

impl RenameValues {
    /// Rows that are ready.
    fn of(rows: &[RenameRow]) -> Self {
        let mut values = Self { accounts: Vec::new(), from: Vec::new(), to: Vec::new() };
        for row in rows {
            if let PlannedUsername::Ready(proposal) = &row.made {
                values.accounts.push(row.account.0);
                values.from.push(row.from.to_string());
                values.to.push(proposal.username.to_string());
            }
        }
        values
    }

    /// Locks the accounts in a fixed order, like every action.
    async fn lock(&self, connection: &mut PgConnection, school: &SchoolContext) -> Result<()> {
        sqlx::query(
            "SELECT FROM accounts WHERE organisation_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE",
        )
        .bind(school.organisation.0)
        .bind(&self.accounts)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Writes the new usernames. A trigger keeps the old ones for the same people.
    async fn write(&self, work: &mut OperationContext<'_>, days: OldUsernameDays) -> Result<()> {
        let now = work.backend.now();
        sqlx::query(
            "UPDATE accounts a SET username = new.username
             FROM unnest($2::uuid[], $3::text[]) AS new (id, username)
             WHERE a.organisation_id = $1 AND a.id = new.id",
        )
        .bind(work.school.organisation.0)
        .bind(&self.accounts)
        .bind(&self.to)
        .execute(&mut *work.connection)
        .await
        .map_err(met_another)?;
        sqlx::query(
            "UPDATE former_usernames f
             SET operation_id = $2, replaced_by = new.username, replaced_at = $3, signs_in_until = $4
             FROM unnest($5::text[], $6::text[]) AS new (former, username)
             WHERE f.organisation_id = $1 AND f.username = new.former",
        )
        .bind(work.school.organisation.0)
        .bind(work.operation.0)
        .bind(now)
        .bind(days.after(now))
        .bind(&self.from)
        .bind(&self.to)
        .execute(&mut *work.connection)
        .await?;
        Ok(())
    }
}

/// Tells those of these people who sign in already.
async fn tell(work: &mut OperationContext<'_>, accounts: &[Uuid]) -> Result<()> {
    let organisation = work.school.organisation;
    let active: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM accounts WHERE organisation_id = $1 AND id = ANY($2) AND state IN ('active', 'locked')",
    )
    .bind(organisation.0)
    .bind(accounts)
    .fetch_all(&mut *work.connection)
    .await?;
    tell_owners::<LoadedNotice<UsernameChanged>>(work.backend, work.connection, organisation, &active).await
}

/// Returns what would change, without changing anything.
pub async fn plan_rename(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: &RenameAccounts,
) -> Result<RenameView> {
    let (plan, beside) = preview(backend, actor, school, input).await?;
    let mut transaction =
        backend.enter(actor, RenameAccounts::PERMISSION, InSchool(school)).await?.transaction;
    let days = input.old_days(&mut transaction, actor.organisation).await?;
    Ok(RenameView { plan, unchanged: beside.unchanged, left_out: beside.left_out, days })
}

/// Changes usernames as planned, or says why nothing was changed.
pub async fn rename(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: RenameAccounts,
    expected: ExpectedPlan,
) -> Result<RenameOutcome> {
    let answer = run(backend, actor, school, input, expected).await?;
    Ok(match answer.end {
        RunEnd::Ran(ran) => RenameOutcome::Renamed {
            operation: Some(ran.operation),
            changed: ran.outcome,
            waiting: answer.waiting,
        },
        RunEnd::Nothing => RenameOutcome::Renamed { operation: None, changed: 0, waiting: answer.waiting },
        RunEnd::Drifted(_) => RenameOutcome::Drifted,
        RunEnd::Waits => RenameOutcome::Waits,
        RunEnd::Queued(operation) => RenameOutcome::Queued(operation),
    })
}

/// Gives everyone in a change their former username back, and returns how many there were.
pub async fn undo_rename(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    operation: OperationId,
) -> Result<u64> {
    crate::operations::undo::<RenameAccounts>(backend, actor, school, operation).await
}
