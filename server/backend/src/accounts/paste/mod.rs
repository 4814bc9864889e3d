//! Creating the accounts of a pasted list: people who are new are put on the roll, all get accounts, and all become members
//! of a group, in one operation that can be undone.

mod file;
mod known;
mod named;
mod place;
mod plan;
mod save;
#[cfg(test)]
mod tests;
mod undo;
mod write;

use std::sync::Arc;

use chrono::TimeDelta;
use domain::accounts::paste::outcome::{PasteDone, PastedAccount};
use domain::accounts::paste::plan::PastePlanRow;
use domain::accounts::paste::{PasteInto, PastedRow};
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, GroupId, OperationId, PersonId};
use domain::operations::plan::Plan;
use domain::operations::progress::{LeftOutCount, ResultPage};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

pub use file::read_file;
pub use named::{group_named, new_group_named};
pub use place::place;
pub use save::{check, create, undo};

use super::{queries, writing};
use crate::operations::{AfterApproval, AppliedPlan, Operation, OperationContext, Undoable, UndoneOperation};
use crate::roll::schools::SchoolContext;
use crate::{Backend, Error, Result};

/// A list, and where its people go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasteContent {
    /// The group.
    pub into: PasteInto,
    /// The rows, in their order; empty ones are left out.
    pub rows: Vec<PastedRow>,
}

/// Creates the accounts of a list. Its record names nobody: the list itself is kept beside it until it ran.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PasteAccounts {
    paste: Uuid,
    #[serde(skip)]
    content: Option<Arc<PasteContent>>,
}

impl PasteAccounts {
    /// For a list that is at hand.
    fn of(backend: &Backend, content: PasteContent) -> Self {
        Self { paste: backend.new_id(), content: Some(Arc::new(content)) }
    }

    async fn content(&self, work: &mut OperationContext<'_>) -> Result<Arc<PasteContent>> {
        if let Some(content) = &self.content {
            return Ok(Arc::clone(content));
        }
        let stored: Option<Json<PasteContent>> = sqlx::query_scalar(
            "SELECT content FROM pastes WHERE organisation_id = $1 AND school_id = $2 AND id = $3 AND content IS NOT NULL",
        )
        .bind(work.school.organisation.0)
        .bind(work.school.school.0)
        .bind(self.paste)
        .fetch_optional(&mut *work.connection)
        .await?;
        let Json(content) = stored.ok_or(Error::NotFound("list"))?;
        Ok(Arc::new(content))
    }
}

/// What planning finds besides the rows that change something.
pub struct PasteBeside {
    place: place::PastePlaceFound,
    /// People of the list who are in the group already.
    stays: Vec<PastePlanRow>,
}

/// What was written.
pub struct PasteWritten {
    group: GroupId,
    group_name: String,
    people: Vec<WrittenPerson>,
    stays: Vec<PastePlanRow>,
}

/// A row that was written.
struct WrittenPerson {
    row: PastePlanRow,
    person: PersonId,
    account: Option<AccountId>,
}

impl Operation for PasteAccounts {
    const KIND: &'static str = "paste_accounts";
    const PERMISSION: Permission = Permission::ManageAccounts;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePlan;
    const VERB: &'static str = "Create";
    const KEPT: Option<TimeDelta> = None;

    type Row = PastePlanRow;
    type Beside = PasteBeside;
    type Written = PasteWritten;
    type Outcome = PasteDone;

    fn describe(&self, rows: usize) -> String {
        format!("accounts for a pasted list of {rows}")
    }

    fn result(&self, operation: OperationId) -> ResultPage {
        ResultPage {
            href: format!("/accounts/batches/{operation}"),
            label: "Open the accounts that were created".to_owned(),
        }
    }

    fn left_out(beside: &PasteBeside) -> Vec<LeftOutCount> {
        let count = u32::try_from(beside.stays.len()).unwrap_or(u32::MAX);
        let reason = "are in the group already".to_owned();
        if count == 0 { Vec::new() } else { vec![LeftOutCount { reason, count }] }
    }

    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        queries::lock_usernames(work.connection, work.school.organisation).await
    }

    async fn try_lock(&self, work: &mut OperationContext<'_>) -> Result<bool> {
        queries::try_lock_usernames(work.connection, work.school.organisation).await
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<PastePlanRow>, PasteBeside)> {
        let content = self.content(work).await?;
        plan::plan(work, &content).await
    }

    fn person(row: &PastePlanRow) -> Option<PersonId> {
        row.person()
    }

    fn about(&self, _: Vec<PersonId>) -> Self {
        Self { paste: self.paste, content: None }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<PastePlanRow>,
        beside: &PasteBeside,
    ) -> Result<AppliedPlan<PasteWritten>> {
        let content = self.content(work).await?;
        write::write(work, (self.paste, &content), rows, beside).await
    }

    async fn after_commit(&self, backend: &Backend, school: &SchoolContext, written: &PasteWritten) {
        writing::refresh_statistics(backend, school.organisation, written.people.len()).await;
    }

    async fn finish(
        &self,
        _: &Backend,
        _: &SchoolContext,
        operation: OperationId,
        written: PasteWritten,
    ) -> Result<PasteDone> {
        let mut people: Vec<(u32, PastedAccount)> = Vec::with_capacity(written.people.len());
        let account = |row: PastePlanRow, person, account| {
            let username = row.username().cloned();
            (row.at, PastedAccount { account, person, name: row.name, number: row.number, username })
        };
        people.extend(written.people.into_iter().map(|made| account(made.row, made.person, made.account)));
        people.extend(written.stays.into_iter().filter_map(|row| {
            let person = row.person()?;
            Some(account(row, person, None))
        }));
        people.sort_by_key(|(at, _)| *at);
        Ok(PasteDone {
            operation,
            group: written.group,
            group_name: written.group_name,
            people: people.into_iter().map(|(_, person)| person).collect(),
            waiting: Vec::new(),
        })
    }
}

impl Undoable for PasteAccounts {
    /// Removes the accounts, the memberships and the people that the list made, and the group if it made that and
    /// nobody else is in it. Refused, by name, if an account was activated or somebody has more on record since.
    async fn undo(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
        undo::undo_paste(work).await
    }
}
