//! Choosing which parts of the portal accounts show.

use chrono::TimeDelta;
use domain::accounts::portal_choice::PortalChoice;
use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, OperationId, PersonId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::roll::selection::Selection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::create::Among;
use super::queries::holders;
use super::undo::refuse_beyond_reach;
use super::undo_state::{accounts_of, changed_since};
use crate::authorization::roles::outranking;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, Operation, OperationContext, Undoable, UndoneOperation,
};
use crate::roll::simulation::{OfPerson, StaysAsItIs};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Result};

/// Gives the accounts in a selection a portal group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetPortalGroup {
    /// Whose accounts.
    pub selection: Selection,
    /// Whether they are students, staff or guardians.
    #[serde(default)]
    pub among: Among,
    /// The portal group.
    pub choice: PortalChoice,
}

/// An account whose portal group changes.
pub struct PortalGroupChange {
    account: AccountId,
    /// Whose it is.
    pub(super) person: PersonId,
    after: PortalChoice,
}

const ACCOUNT: Tag = Tag::new(1);
const AFTER: Tag = Tag::new(2);

impl Facts for PortalGroupChange {
    const FORM: FactsFormat = FactsFormat { name: "set_portal_group", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(ACCOUNT, self.account.0).text(AFTER, self.after.slug());
    }
}

impl PlannedRow for PortalGroupChange {}

#[derive(sqlx::FromRow)]
struct PortalGroupRow {
    id: Uuid,
    person_id: Uuid,
    closed: bool,
    portal_group: Option<String>,
}

impl OfPerson for PortalGroupRow {
    fn person(&self) -> PersonId {
        PersonId(self.person_id)
    }
}

impl Operation for SetPortalGroup {
    const KIND: &'static str = "set_portal_group";
    const PERMISSION: Permission = Permission::ManageAccounts;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Change";
    const KEPT: Option<TimeDelta> = Some(TimeDelta::days(30));

    type Row = PortalGroupChange;
    type Beside = StaysAsItIs;
    type Written = usize;
    type Outcome = usize;

    fn describe(&self, rows: usize) -> String {
        format!("the portal group of {rows} accounts to \u{201c}{}\u{201d}", self.choice.label())
    }

    /// It can be undone, and opens nothing to anyone.
    fn needs_second_person(&self) -> bool {
        false
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

    /// Locks the accounts in a fixed order, like every action.
    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<PortalGroupChange>, StaysAsItIs)> {
        let now = work.backend.now();
        let whose = (self.among, &self.selection);
        let (people, restricted) = holders(work.connection, work.school, whose, now).await?;
        let outranking = outranking(work.backend, work.connection, work.actor, &people).await?;
        let rows = sqlx::query_as::<_, PortalGroupRow>(
            "SELECT id, person_id, state = 'closed' AS closed, portal_group FROM accounts
             WHERE organisation_id = $1 AND person_id = ANY($2) ORDER BY id FOR UPDATE",
        )
        .bind(work.school.organisation.0)
        .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
        .fetch_all(&mut *work.connection)
        .await?;
        let mut stays = StaysAsItIs::hiding(restricted);
        stays.keep_others("no account", &people, &rows);
        let rows = stays.sort_out(rows, |row| match row {
            row if row.closed => Some("the account is closed"),
            row if outranking.contains(&row.person()) => {
                Some("more permissions than you have. Ask someone with the same permissions")
            }
            row if row.portal_group.as_deref() == self.choice.stored() => {
                Some("already has this portal group")
            }
            _ => None,
        });
        let change = |row: PortalGroupRow| PortalGroupChange {
            account: AccountId(row.id),
            person: row.person(),
            after: self.choice,
        };
        Ok((Plan::of(rows.into_iter().map(change).collect()), stays))
    }

    fn person(row: &PortalGroupChange) -> Option<PersonId> {
        Some(row.person)
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { selection: Selection::People { ids: people }, ..*self }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        changes: Vec<PortalGroupChange>,
        _stays: &StaysAsItIs,
    ) -> Result<AppliedPlan<usize>> {
        let ids: Vec<Uuid> = changes.iter().map(|change| change.account.0).collect();
        sqlx::query(
            "INSERT INTO account_portal_changes (organisation_id, operation_id, account_id, before, after)
             SELECT organisation_id, $2, id, portal_group, $3 FROM accounts WHERE organisation_id = $1 AND id = ANY($4)",
        )
        .bind(work.school.organisation.0)
        .bind(work.operation.0)
        .bind(self.choice.stored())
        .bind(&ids)
        .execute(&mut *work.connection)
        .await?;
        sqlx::query("UPDATE accounts SET portal_group = $2 WHERE organisation_id = $1 AND id = ANY($3)")
            .bind(work.school.organisation.0)
            .bind(self.choice.stored())
            .bind(&ids)
            .execute(&mut *work.connection)
            .await?;
        let accounts = changes.iter().map(|change| (change.account, change.person)).collect();
        let details = json!({ "together": changes.len(), "portal_group": self.choice.slug() });
        let log = AuditLogEntries::Each(AuditAction::PortalGroupChanged, accounts, details);
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

impl Undoable for SetPortalGroup {
    /// Gives every account the portal group it had. Refused, by name, if one was changed again since.
    async fn undo(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
        let (organisation, operation) = (work.school.organisation, work.operation);
        let people: Vec<Uuid> = sqlx::query_scalar(
            "SELECT a.person_id FROM account_portal_changes c
             JOIN accounts a ON a.organisation_id = c.organisation_id AND a.id = c.account_id
             WHERE c.organisation_id = $1 AND c.operation_id = $2 ORDER BY a.id FOR UPDATE OF a",
        )
        .bind(organisation.0)
        .bind(operation.0)
        .fetch_all(&mut *work.connection)
        .await?;
        refuse_beyond_reach(work, Self::PERMISSION, people).await?;
        let names: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT p.given_name, p.family_name, p.preferred_name FROM account_portal_changes c
             JOIN accounts a ON a.organisation_id = c.organisation_id AND a.id = c.account_id
             JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
             WHERE c.organisation_id = $1 AND c.operation_id = $2 AND a.portal_group IS DISTINCT FROM c.after
             ORDER BY p.sort_key, p.id",
        )
        .bind(organisation.0)
        .bind(operation.0)
        .fetch_all(&mut *work.connection)
        .await?;
        if let Some(refusal) = changed_since(&names) {
            return Err(refusal);
        }
        let reverted: Vec<(Uuid, Uuid)> = sqlx::query_as(
            "UPDATE accounts a SET portal_group = c.before FROM account_portal_changes c
             WHERE c.organisation_id = $1 AND c.operation_id = $2
               AND a.organisation_id = c.organisation_id AND a.id = c.account_id
             RETURNING a.id, a.person_id",
        )
        .bind(organisation.0)
        .bind(operation.0)
        .fetch_all(&mut *work.connection)
        .await?;
        let details = json!({ "together": reverted.len(), "undone": "yes" });
        let rows = reverted.len() as u64;
        let log = AuditLogEntries::Each(AuditAction::PortalGroupChanged, accounts_of(reverted), details);
        Ok(UndoneOperation { rows, log })
    }
}
