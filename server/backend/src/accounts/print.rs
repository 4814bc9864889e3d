//! Invitation codes on paper, for people whose account waits for a password and who cannot get an email.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{AccountId, OperationId, PersonId, SchoolId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::recovery::CodeSlip;
use domain::roll::name::display_name;
use domain::roll::selection::Selection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::create::Among;
use super::queries::holders;
use super::slips::{PaperCode, slips};
use crate::audit::AuditEntry;
use crate::authorization::roles::outranking;
use crate::invitations::queue::hand_over;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, Rehearsal,
    RunEnd, rehearse, run,
};
use crate::roll::simulation::{OfPerson, StaysAsItIs};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// Makes an invitation on paper for everyone in a selection whose account waits for a password. The codes are shown once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrintInvitations {
    /// The people.
    pub selection: Selection,
    /// Whether they are students, staff or guardians.
    #[serde(default = "guardians")]
    pub among: Among,
}

/// Whose codes were asked for before there were others.
fn guardians() -> Among {
    Among::Guardians
}

/// Somebody whose account waits for a password.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WaitingAccountRow {
    account_id: Uuid,
    person_id: Uuid,
    username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
}

const ACCOUNT: Tag = Tag::new(1);

impl Facts for WaitingAccountRow {
    const FORM: FactsFormat = FactsFormat { name: "print_invitations", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(ACCOUNT, self.account_id);
    }
}

impl PlannedRow for WaitingAccountRow {}

impl OfPerson for WaitingAccountRow {
    fn person(&self) -> PersonId {
        PersonId(self.person_id)
    }
}

/// The printed codes: shown once.
#[derive(Debug, Clone)]
pub struct PrintedInvitations {
    /// One for each person, in the order in which they are handed out.
    pub slips: Vec<CodeSlip>,
    /// Where they are typed.
    pub page: String,
    /// The last day on which they work, in words.
    pub until: String,
}

impl Operation for PrintInvitations {
    const KIND: &'static str = "print_invitations";
    const PERMISSION: Permission = Permission::ManageAccounts;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Print";
    const KEPT: Option<TimeDelta> = Some(TimeDelta::days(30));

    type Row = WaitingAccountRow;
    type Beside = StaysAsItIs;
    type Written = (Vec<CodeSlip>, DateTime<Utc>);
    type Outcome = PrintedInvitations;

    fn describe(&self, rows: usize) -> String {
        match rows {
            1 => "1 invitation code on paper".to_owned(),
            rows => format!("{rows} invitation codes on paper"),
        }
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        let (href, label) = match self.among {
            Among::Students => ("/accounts", "Open User accounts"),
            Among::Staff => ("/staff", "Open the staff"),
            Among::Guardians => ("/guardians", "Open the guardians"),
        };
        ResultPage { href: href.to_owned(), label: label.to_owned() }
    }

    /// Who prints the codes could use them.
    fn ways_in(rows: &[WaitingAccountRow]) -> Option<usize> {
        Some(rows.len())
    }

    fn is_answer(&self) -> bool {
        true
    }

    fn left_out(stays: &StaysAsItIs) -> Vec<LeftOutCount> {
        stays.left_out()
    }

    /// Locks their accounts.
    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<WaitingAccountRow>, StaysAsItIs)> {
        let whose = (self.among, &self.selection);
        let (people, restricted) = holders(work.connection, work.school, whose, work.backend.now()).await?;
        let outranking = outranking(work.backend, work.connection, work.actor, &people).await?;
        let rows: Vec<WaitingAccountRow> = sqlx::query_as(
            // In a fixed order, so that two bulk actions wait for each other instead of deadlocking.
            "SELECT a.id AS account_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name
             FROM accounts a JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
             WHERE a.organisation_id = $1 AND a.person_id = ANY ($2) AND a.state IN ('created', 'invited')
             ORDER BY a.id FOR NO KEY UPDATE OF a",
        )
        .bind(work.school.organisation.0)
        .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
        .fetch_all(&mut *work.connection)
        .await?;
        let mut stays = StaysAsItIs::hiding(restricted);
        stays.keep_others("no account that waits for a password", &people, &rows);
        // The code would give access to their permissions.
        let outranked = |row: &WaitingAccountRow| outranking.contains(&row.person());
        let rows = stays.sort_out(rows, |row| outranked(row).then_some("more permissions than you have"));
        Ok((Plan::of(rows), stays))
    }

    fn person(row: &WaitingAccountRow) -> Option<PersonId> {
        Some(PersonId(row.person_id))
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { selection: Selection::People { ids: people }, ..self.clone() }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<WaitingAccountRow>,
        _stays: &StaysAsItIs,
    ) -> Result<AppliedPlan<(Vec<CodeSlip>, DateTime<Utc>)>> {
        let (organisation, school) = (work.school.organisation, work.school.school);
        let (days, approved): (i32, bool) = sqlx::query_as(
            "SELECT s.invitation_days,
                    EXISTS (SELECT FROM operations w WHERE w.organisation_id = $1 AND w.id = $3 AND w.second_person)
             FROM schools s WHERE s.organisation_id = $1 AND s.id = $2",
        )
        .bind(organisation.0)
        .bind(school.0)
        .bind(work.operation.0)
        .fetch_optional(&mut *work.connection)
        .await?
        .ok_or(Error::NotFound("school"))?;
        let accounts: Vec<AccountId> = rows.iter().map(|row| AccountId(row.account_id)).collect();
        let how = (work.actor.account(), days, !approved);
        let codes = hand_over(work.backend, work.connection, organisation, how, &accounts).await?;
        let codes = rows
            .into_iter()
            .zip(codes)
            .map(|(row, code)| PaperCode {
                person: PersonId(row.person_id),
                name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
                username: row.username,
                code: code.to_string(),
            })
            .collect();
        let slips = slips(work.connection, work.school, self.among, codes).await?;
        let entry = AuditEntry::new(AuditAction::InvitationsQueued)
            .details(json!({ "queued": slips.len(), "handed_out": "paper" }));
        let entry = match accounts.as_slice() {
            [one] => entry.subject("account", one.0),
            _ => entry.subject("school", school.0),
        };
        let until = work.backend.now() + TimeDelta::days(i64::from(days));
        Ok(AppliedPlan { written: (slips, until), log: AuditLogEntries::One(entry) })
    }

    async fn finish(
        &self,
        backend: &Backend,
        school: &SchoolContext,
        _operation: OperationId,
        (slips, until): (Vec<CodeSlip>, DateTime<Utc>),
    ) -> Result<PrintedInvitations> {
        Ok(printed(backend, school.zone, slips, until))
    }
}

fn printed(backend: &Backend, zone: Tz, slips: Vec<CodeSlip>, until: DateTime<Utc>) -> PrintedInvitations {
    PrintedInvitations {
        slips,
        page: format!("{}/activate", backend.config.base_url),
        until: until.with_timezone(&zone).format("%-d %B %Y").to_string(),
    }
}

/// The result of asking for codes on paper.
pub enum PrintEnd {
    /// They were made.
    Printed(PrintedInvitations),
    /// A second person has to approve it first.
    Waits,
    /// None of the chosen people has an account that waits for a password.
    Nobody,
}

/// Says how many codes on paper would be made for the chosen people, and who is left out. Makes none.
pub async fn ask_to_print(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (among, selection): (Among, &Selection),
) -> Result<Rehearsal> {
    let input = PrintInvitations { selection: selection.clone(), among };
    rehearse(backend, actor, school, &input).await
}

/// Makes invitation codes on paper for the chosen people whose account waits for a password.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn print(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (among, selection): (Among, Selection),
) -> Result<PrintEnd> {
    let input = PrintInvitations { selection, among };
    Ok(match run(backend, actor, school, input, ExpectedPlan::WhateverIsReady).await?.end {
        RunEnd::Ran(ran) => PrintEnd::Printed(ran.outcome),
        RunEnd::Waits => PrintEnd::Waits,
        // An answer never runs as a job.
        RunEnd::Nothing | RunEnd::Drifted(_) | RunEnd::Queued(_) => PrintEnd::Nobody,
    })
}
