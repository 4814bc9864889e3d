//! One-time codes for many people who forgot their password at once, such as a class after the holidays.

use chrono::TimeDelta;
use domain::accounts::action::LeftAlone;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OperationId, PersonId, SchoolId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::ResultPage;
use domain::recovery::{CodeHandout, CodeSlip, CodesMade, CodesRequest};
use domain::roll::selection::Selection;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::office_code::{OfficeCodeRow, hand_out, page, told, until};
use crate::accounts::create::Among;
use crate::accounts::queries::holders;
use crate::accounts::slips::{PaperCode, slips};
use crate::authorization::roles::outranking;
use crate::credentials::resting::staff_reset;
use crate::operations::second_person::ways_in_over;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, run,
};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Creates a one-time code for everyone in a selection with an active account, like
/// [`super::office_code::make_code`]. Codes to be emailed are created only for people with an address.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MakeCodes {
    /// The people.
    pub selection: Selection,
    /// Whether they are students, staff or guardians.
    #[serde(default)]
    pub among: Among,
    /// How people get their codes.
    pub handout: CodeHandout,
}

const PERSON: Tag = Tag::new(1);

impl Facts for OfficeCodeRow {
    const FORM: FactsFormat = FactsFormat { name: "make_codes", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(PERSON, self.person_id);
    }
}

impl PlannedRow for OfficeCodeRow {}

impl Operation for MakeCodes {
    const KIND: &'static str = "make_codes";
    const PERMISSION: Permission = Permission::ManageAccounts;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Create";
    const KEPT: Option<TimeDelta> = Some(TimeDelta::days(30));

    type Row = OfficeCodeRow;
    type Beside = ();
    type Written = (usize, Vec<CodeSlip>);
    type Outcome = CodesMade;

    fn describe(&self, rows: usize) -> String {
        match self.handout {
            CodeHandout::Emailed => format!("{rows} one-time codes by email"),
            CodeHandout::Shown => format!("{rows} one-time codes to print"),
        }
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        ResultPage { href: "/accounts".to_owned(), label: "Open User accounts".to_owned() }
    }

    fn ways_in(rows: &[OfficeCodeRow]) -> Option<usize> {
        Some(rows.len())
    }

    /// Codes to print are shown once, in the response.
    fn is_answer(&self) -> bool {
        self.handout == CodeHandout::Shown
    }

    /// Locks their accounts.
    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<OfficeCodeRow>, ())> {
        let (mut subjects, _) =
            sort_out(work.backend, work.connection, work.actor, work.school, (self.among, &self.selection))
                .await?;
        if self.handout == CodeHandout::Emailed {
            subjects.retain(|subject| subject.address_id.is_some());
        }
        Ok((Plan::of(subjects), ()))
    }

    fn person(row: &OfficeCodeRow) -> Option<PersonId> {
        Some(PersonId(row.person_id))
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { selection: Selection::People { ids: people }, ..*self }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        subjects: Vec<OfficeCodeRow>,
        (): &(),
    ) -> Result<AppliedPlan<(usize, Vec<CodeSlip>)>> {
        let codes = hand_out(
            work.backend,
            work.connection,
            work.actor,
            &subjects,
            self.handout,
            Some(work.operation),
        )
        .await?;
        let (accounts, details) = told(&subjects, self.handout);
        let staff: Vec<Uuid> = accounts.iter().map(|(account, _)| account.0).collect();
        let alert = staff_reset(work.connection, work.school.organisation, &staff, "code").await?;
        let log = AuditLogEntries::Each(AuditAction::ResetCodeMade, accounts, details);
        let log = match alert {
            Some(alert) => AuditLogEntries::All(vec![AuditLogEntries::Alert(alert), log]),
            None => log,
        };
        let codes = subjects.iter().zip(codes).map(|(subject, code)| PaperCode {
            person: PersonId(subject.person_id),
            name: subject.name(),
            username: subject.username.clone(),
            code,
        });
        let slips = slips(work.connection, work.school, self.among, codes.collect()).await?;
        Ok(AppliedPlan { written: (subjects.len(), slips), log })
    }

    async fn finish(
        &self,
        backend: &Backend,
        school: &SchoolContext,
        _operation: OperationId,
        (made, slips): (usize, Vec<CodeSlip>),
    ) -> Result<CodesMade> {
        let (page, until) = (page(backend), until(backend, school.zone));
        Ok(CodesMade { handout: self.handout, made, slips, page, until })
    }
}

/// Returns who in a selection can get a code and who cannot. Creates none.
#[tracing::instrument(skip_all)]
pub async fn ask_for_codes(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: (Among, &Selection),
) -> Result<CodesRequest> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let (subjects, left_alone) = sort_out(backend, &mut transaction, actor, &school, chosen).await?;
    let with_address = subjects.iter().filter(|subject| subject.address_id.is_some()).count();
    let waits_over = ways_in_over(backend, &mut transaction, actor, subjects.len(), None).await?;
    Ok(CodesRequest { people: subjects.len(), with_address, left_alone, waits_over })
}

/// The result of asking for codes.
pub enum CodesOutcome {
    /// They were created.
    Made(CodesMade),
    /// They wait for a second person.
    Wait,
    /// A job creates them, because there are many to email.
    Queued(OperationId),
}

/// Creates a code for everyone in a selection with an active account, in one transaction, or asks a second
/// person first.
#[tracing::instrument(skip_all)]
pub async fn make_codes(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (among, chosen): (Among, &Selection),
    handout: CodeHandout,
) -> Result<CodesOutcome> {
    let input = MakeCodes { selection: chosen.clone(), among, handout };
    Ok(match run(backend, actor, school, input, ExpectedPlan::WhateverIsReady).await?.end {
        RunEnd::Ran(ran) => CodesOutcome::Made(ran.outcome),
        RunEnd::Waits => CodesOutcome::Wait,
        RunEnd::Queued(operation) => CodesOutcome::Queued(operation),
        RunEnd::Nothing | RunEnd::Drifted(_) => {
            let Entered { at: school, .. } =
                backend.enter(actor, MakeCodes::PERMISSION, InSchool(school)).await?;
            let (page, until) = (page(backend), until(backend, school.zone));
            CodesOutcome::Made(CodesMade { handout, made: 0, slips: Vec::new(), page, until })
        }
    })
}

/// Locks the accounts of a selection, and returns those who can get a code, and how many cannot, by reason.
async fn sort_out(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    chosen: (Among, &Selection),
) -> Result<(Vec<OfficeCodeRow>, Vec<LeftAlone>)> {
    let (people, restricted) = holders(connection, school, chosen, backend.now()).await?;
    let outranking = outranking(backend, connection, actor, &people).await?;
    let mut subjects: Vec<OfficeCodeRow> = sqlx::query_as(
        // In a fixed order, so that two bulk actions wait for each other instead of deadlocking.
        "SELECT a.id AS account_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name,
                m.id AS address_id, password_is_off(a.organisation_id, a.person_id, $3) AS password_is_off
         FROM accounts a
         JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
         LEFT JOIN addresses m ON m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         WHERE a.organisation_id = $1 AND a.person_id = ANY($2) AND a.state IN ('active', 'locked')
         ORDER BY a.id FOR UPDATE OF a",
    )
    .bind(actor.organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(backend.now())
    .fetch_all(connection)
    .await?;
    let in_use = subjects.len();
    // The code would give access to their permissions.
    subjects.retain(|subject| !outranking.contains(&PersonId(subject.person_id)));
    let within = subjects.len();
    // Otherwise someone at an unattended desk could use it to bypass the actor's own password.
    subjects.retain(|subject| actor.person() != Some(PersonId(subject.person_id)));
    let others = subjects.len();
    subjects.retain(|subject| !subject.password_is_off);
    let left = [
        ("no active account", people.len().saturating_sub(in_use)),
        ("more permissions than you have", in_use - within),
        ("your own account", within - others),
        ("single sign-on instead of a password", others - subjects.len()),
        (LeftAlone::RESTRICTED, restricted),
    ];
    let left_alone = left
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(reason, count)| LeftAlone {
            reason: reason.to_owned(),
            count: u32::try_from(count).unwrap_or(u32::MAX),
        })
        .collect();
    Ok((subjects, left_alone))
}
