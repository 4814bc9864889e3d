//! Disabling, enabling, unlocking and closing accounts.

use std::collections::HashSet;

use chrono::TimeDelta;
use domain::accounts::action::{AccountAction, ActionOutcome, LeftAlone};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::credentials::state::AccountState;
use domain::ids::{AccountId, OperationId, PersonId, SchoolId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::roll::selection::Selection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::create::Among;
use super::queries::holders;
use super::state_writing::{queue_again, remember, revoke, stop, write_states};
use crate::authorization::roles::{
    ensure_administrator_stays, has_lasting_administrator, lock_roles, outranking,
};
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, run,
};
use crate::roll::schools::SchoolContext;
use crate::roll::simulation::{OfPerson, StaysAsItIs};
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct AccountStateRow {
    id: Uuid,
    person_id: Uuid,
    state: String,
    activated: bool,
    invited: bool,
    merged: bool,
}

impl OfPerson for AccountStateRow {
    fn person(&self) -> PersonId {
        PersonId(self.person_id)
    }
}

/// Applies one [`AccountAction`] to every account in a selection for which it is possible.
///
/// Disabling or closing an account ends its sessions at once and cancels its queued messages. Enabling
/// restores everything: messages whose invitation is still valid are queued again. Closing also revokes the
/// invitations.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeState {
    /// Whose accounts.
    pub selection: Selection,
    /// Whether they are students, staff or guardians.
    #[serde(default)]
    pub among: Among,
    /// The action.
    pub action: AccountAction,
}

/// An account whose state can change.
pub struct AccountStateChange {
    account: AccountId,
    /// Whose it is.
    pub(super) person: PersonId,
    after: AccountState,
}

const ACCOUNT: Tag = Tag::new(1);
const AFTER: Tag = Tag::new(2);

impl Facts for AccountStateChange {
    const FORM: FactsFormat = FactsFormat { name: "change_state", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(ACCOUNT, self.account.0).text(AFTER, self.after.slug());
    }
}

impl PlannedRow for AccountStateChange {}

impl Operation for ChangeState {
    const KIND: &'static str = "change_state";
    const PERMISSION: Permission = Permission::ManageAccounts;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Close";
    const KEPT: Option<TimeDelta> = Some(TimeDelta::days(30));

    type Row = AccountStateChange;
    /// Whose accounts stay unchanged, and why.
    type Beside = StaysAsItIs;
    type Written = usize;
    type Outcome = usize;

    fn describe(&self, rows: usize) -> String {
        format!("{rows} accounts: {}", self.action.label().to_lowercase())
    }

    /// Only closing is final. Disabling accounts has to be quick, and the other actions reverse it.
    fn needs_second_person(&self) -> bool {
        self.action == AccountAction::Close
    }

    fn result(&self, operation: OperationId) -> ResultPage {
        ResultPage {
            href: format!("/accounts/changes/{operation}"),
            label: "Open the changed accounts".to_owned(),
        }
    }

    fn left_out(stays: &StaysAsItIs) -> Vec<LeftOutCount> {
        stays.left_out()
    }

    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        if self.action.stops() {
            lock_roles(work.connection, work.school.organisation).await?;
        }
        Ok(())
    }

    /// Locks the accounts and checks for each whether its state allows the action.
    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<AccountStateChange>, StaysAsItIs)> {
        let now = work.backend.now();
        let whose = (self.among, &self.selection);
        let (people, restricted) = holders(work.connection, work.school, whose, now).await?;
        let outranking = outranking(work.backend, work.connection, work.actor, &people).await?;
        let stays = StaysAsItIs::hiding(restricted);
        let (changes, stays) =
            sort_out(work.connection, work.actor, (&people, &outranking), self.action, stays).await?;
        Ok((Plan::of(changes), stays))
    }

    fn person(row: &AccountStateChange) -> Option<PersonId> {
        Some(row.person)
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { selection: Selection::People { ids: people }, ..*self }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        changes: Vec<AccountStateChange>,
        _stays: &StaysAsItIs,
    ) -> Result<AppliedPlan<usize>> {
        let (backend, actor) = (work.backend, work.actor);
        let connection = &mut *work.connection;
        let had_administrator = has_lasting_administrator(backend, connection, actor.organisation).await?;
        let ids: Vec<Uuid> = changes.iter().map(|change| change.account.0).collect();
        let states: Vec<&str> = changes.iter().map(|change| change.after.stored()).collect();
        remember(backend, connection, (actor, work.operation), &ids, &states).await?;
        write_states(backend, connection, actor, &ids, &states).await?;
        match self.action {
            AccountAction::Disable => stop(backend, connection, actor, &ids).await?,
            AccountAction::Close => {
                stop(backend, connection, actor, &ids).await?;
                revoke(backend, connection, actor, &ids).await?;
            }
            AccountAction::Enable => queue_again(backend, connection, actor, &ids).await?,
            AccountAction::Unlock => {}
        }
        ensure_administrator_stays(backend, connection, actor.organisation, had_administrator).await?;
        let accounts = changes.iter().map(|change| (change.account, change.person)).collect();
        let log = AuditLogEntries::Each(self.action.audit(), accounts, json!({ "together": changes.len() }));
        Ok(AppliedPlan { written: changes.len(), log })
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

/// Applies `action` to every account in a selection for which it is possible, in one transaction, and reports
/// the others; or asks a second person first.
pub async fn change_state(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &Selection,
    action: AccountAction,
) -> Result<ActionOutcome> {
    change_state_among(backend, actor, school, (Among::Students, chosen), action).await
}

/// The same for students, staff or guardians.
pub async fn change_state_among(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (among, chosen): (Among, &Selection),
    action: AccountAction,
) -> Result<ActionOutcome> {
    let input = ChangeState { selection: chosen.clone(), among, action };
    let answer = run(backend, actor, school, input, ExpectedPlan::WhateverIsReady).await?;
    let waits = matches!(answer.end, RunEnd::Waits);
    let queued = if let RunEnd::Queued(operation) = answer.end { Some(operation) } else { None };
    let changed = if let RunEnd::Ran(ran) = answer.end { ran.outcome } else { 0 };
    let mut left_alone: Vec<LeftAlone> = answer
        .beside
        .unwrap_or_default()
        .counts()
        .into_iter()
        .map(|(reason, count)| LeftAlone { reason, count })
        .collect();
    left_alone.sort_by_key(|left| std::cmp::Reverse(left.count));
    Ok(ActionOutcome { changed: u32::try_from(changed).unwrap_or(u32::MAX), left_alone, waits, queued })
}

/// Locks the accounts of `people`, and returns those whose state can change, and who stays as they are, by reason.
async fn sort_out(
    connection: &mut PgConnection,
    actor: &Actor,
    (people, outranking): (&[PersonId], &HashSet<PersonId>),
    action: AccountAction,
    mut stays: StaysAsItIs,
) -> Result<(Vec<AccountStateChange>, StaysAsItIs)> {
    let rows = sqlx::query_as::<_, AccountStateRow>(
        // In a fixed order, so that two bulk actions wait for each other instead of deadlocking.
        "SELECT a.id, a.person_id, a.state, a.activated_at IS NOT NULL AS activated,
                EXISTS (SELECT FROM invitations i WHERE i.account_id = a.id AND i.current) AS invited,
                p.merged_into IS NOT NULL AS merged
         FROM accounts a JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
         WHERE a.organisation_id = $1 AND a.person_id = ANY($2) ORDER BY a.id FOR UPDATE OF a",
    )
    .bind(actor.organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let mut changes = Vec::new();
    stays.keep_others("no account", people, &rows);
    for row in rows {
        let state = AccountState::from_stored(&row.state, row.invited)
            .ok_or_else(|| Error::unexpected(format!("account state {}", row.state)))?;
        let person = PersonId(row.person_id);
        let after = if actor.person() == Some(person) {
            Err("your own account. Ask someone else to do this".to_owned())
        } else if outranking.contains(&person) {
            Err("more permissions than you have. Ask someone with the same permissions".to_owned())
        } else if row.merged && action == AccountAction::Enable {
            Err("the account of a record that was merged with another. Undo the merge first".to_owned())
        } else {
            state
                .after(action.event(), AccountState::resting(row.activated, row.invited))
                .map_err(|error| error.to_string())
        };
        match after {
            Ok(after) => {
                changes.push(AccountStateChange { account: AccountId(row.id), person, after });
            }
            Err(reason) => stays.keep(&reason, person),
        }
    }
    Ok((changes, stays))
}
