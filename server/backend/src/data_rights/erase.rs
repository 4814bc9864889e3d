//! Erasing a person: everything that is held on them is deleted, except that they existed, their username, and the audit
//! log. Cannot be undone, and always needs a second person.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::data_rights::held::{ErasedWhat, Fate};
use domain::fold::{search_key, sort_key};
use domain::ids::{OperationId, OrganisationId, PersonId, SchoolId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::ResultPage;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::account::empty_accounts;
use super::catalogue::{self, Held};
use super::erased::{Erasure, note};
use super::export::rows;
use super::obstacles::obstacles;
use super::subject::{DataSubject, subject};
use crate::audit::AuditEntry;
use crate::credentials::revoke::revoke_all;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, run,
};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// The name of somebody whose name was erased.
const GIVEN: &str = "Erased";
const FAMILY: &str = "person";

/// Erases a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ErasePerson {
    /// Who: one person.
    people: Vec<PersonId>,
}

/// The person of the plan.
pub struct ErasedRow(PersonId);

const PERSON: Tag = Tag::new(1);

impl Facts for ErasedRow {
    const FORM: FactsFormat = FactsFormat { name: "erase_person", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(PERSON, self.0.0);
    }
}

impl PlannedRow for ErasedRow {}

impl Operation for ErasePerson {
    const KIND: &'static str = "erase_person";
    const PERMISSION: Permission = Permission::ManageDataRights;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Erase";
    const KEPT: Option<TimeDelta> = Some(TimeDelta::days(30));

    type Row = ErasedRow;
    type Beside = DataSubject;
    type Written = u64;
    type Outcome = u64;

    fn describe(&self, _rows: usize) -> String {
        "everything that is held on one person".to_owned()
    }

    fn review(&self) -> Option<ResultPage> {
        self.people.first().map(|person| ResultPage {
            href: format!("/people/{person}/data"),
            label: "See what it deletes".to_owned(),
        })
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        ResultPage { href: "/data-rights/erased".to_owned(), label: "Open Erased people".to_owned() }
    }

    /// Always, except what the server's operator does.
    async fn alarms(
        &self,
        work: &mut OperationContext<'_>,
        _rows: &[ErasedRow],
        _subject: &DataSubject,
    ) -> Result<bool> {
        Ok(work.actor.account().is_some())
    }

    /// Locks the person's record, and checks that nothing is in the way.
    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<ErasedRow>, DataSubject)> {
        let [person] = self.people.as_slice() else { return Err(Error::NotFound("person")) };
        let subject = subject(work.connection, work.school, *person).await?;
        sqlx::query("SELECT FROM people WHERE organisation_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE")
            .bind(work.school.organisation.0)
            .bind(&subject.records)
            .execute(&mut *work.connection)
            .await?;
        let found = obstacles(work.backend, work.connection, (work.actor, work.school), &subject).await?;
        if let Some(first) = found.first() {
            return Err(Error::conflict("not_erasable", first.sentence()));
        }
        Ok((Plan::of(vec![ErasedRow(*person)]), subject))
    }

    fn person(row: &ErasedRow) -> Option<PersonId> {
        Some(row.0)
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { people }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        _rows: Vec<ErasedRow>,
        subject: &DataSubject,
    ) -> Result<AppliedPlan<u64>> {
        let (backend, organisation) = (work.backend, work.school.organisation);
        let connection = &mut *work.connection;
        let accounts: Vec<Uuid> = sqlx::query_scalar(
            "SELECT id FROM accounts WHERE organisation_id = $1 AND person_id = ANY($2) ORDER BY id FOR UPDATE",
        )
        .bind(organisation.0)
        .bind(&subject.records)
        .fetch_all(&mut *connection)
        .await?;
        let mut counts = Map::new();
        let mut total = 0;
        for kind in rows(connection, organisation, &subject.records).await? {
            if matches!(kind.count.fate, Fate::Stays(_)) {
                continue;
            }
            total += kind.rows.len() as u64;
            counts.insert(kind.count.table.to_owned(), json!(kind.rows.len()));
        }
        // After they were counted, and before the rows that it reads are gone.
        revoke_all(backend, connection, organisation, &accounts, None).await?;
        for sent in catalogue::messages() {
            delete(connection, organisation, subject, sent).await?;
        }
        empty_accounts(backend, connection, organisation, &subject.records).await?;
        for held in catalogue::beside_accounts() {
            delete(connection, organisation, subject, held).await?;
        }
        empty(work, subject).await?;
        let erasure = Erasure { school: work.school.school.0, person: subject.person.0, counts };
        let by = work.actor.account().map(|account| account.0);
        note(backend, work.connection, organisation, (ErasedWhat::Person, by), &[erasure]).await?;
        let entry = AuditEntry::new(AuditAction::PersonErased)
            .person(subject.person)
            .subject("operation", work.operation.0)
            .details(json!({ "rows": total }));
        Ok(AppliedPlan { written: total, log: AuditLogEntries::One(entry) })
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        rows: u64,
    ) -> Result<u64> {
        Ok(rows)
    }
}

/// Empties the rows that stay beside the account: the record, and its times on the roll.
async fn empty(work: &mut OperationContext<'_>, subject: &DataSubject) -> Result<()> {
    let (organisation, now) = (work.school.organisation, work.backend.now());
    let connection: &mut PgConnection = work.connection;
    sqlx::query(
        "UPDATE people
         SET given_name = $3, middle_name = '', family_name = $4, preferred_name = '', title = '', born_on = NULL,
             search_key = $5, sort_key = $6, updated_at = $7
         WHERE organisation_id = $1 AND id = ANY($2)",
    )
    .bind(organisation.0)
    .bind(&subject.records)
    .bind(GIVEN)
    .bind(FAMILY)
    .bind(search_key(GIVEN, "", FAMILY, "", ""))
    .bind(sort_key(GIVEN, FAMILY))
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE enrolments SET year_group = '', registration_group = '', updated_at = $3
         WHERE organisation_id = $1 AND person_id = ANY($2)",
    )
    .bind(organisation.0)
    .bind(&subject.records)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Deletes a kind of rows, if that is what becomes of them.
async fn delete(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    subject: &DataSubject,
    held: &Held,
) -> Result<()> {
    let Some(delete) = held.delete else { return Ok(()) };
    sqlx::query(delete).bind(organisation.0).bind(&subject.records).execute(connection).await?;
    Ok(())
}

/// How asking for an erasure ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureOutcome {
    /// It is done: this many rows were deleted or emptied.
    Erased(u64),
    /// A second person has to approve it first.
    Waits,
}

/// Erases a person, or asks a second person to approve it.
///
/// # Errors
/// A conflict that says what has to be done first.
#[tracing::instrument(skip_all, fields(%person))]
pub async fn erase(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<ErasureOutcome> {
    let input = ErasePerson { people: vec![person] };
    Ok(match run(backend, actor, school, input, ExpectedPlan::WhateverIsReady).await?.end {
        RunEnd::Ran(ran) => ErasureOutcome::Erased(ran.outcome),
        // One person is never long, and the plan is always ready.
        RunEnd::Waits | RunEnd::Nothing | RunEnd::Drifted(_) | RunEnd::Queued(_) => ErasureOutcome::Waits,
    })
}
