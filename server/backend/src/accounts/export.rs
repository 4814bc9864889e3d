//! Exporting accounts to a spreadsheet file.

use std::collections::HashMap;

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::accounts::action::LeftAlone;
use domain::accounts::export::ExportFormat;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OperationId, PersonId, SchoolId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::roll::import::people::{FAMILY_NAME, GIVEN_NAME, MIDDLE_NAME, PREFERRED_NAME};
use domain::roll::selection::Selection;
use domain::roll::views::RollRow;
use domain::spreadsheet::neutral;
use rust_xlsxwriter::{Format, Workbook};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::audit::AuditEntry;
use crate::exports::too_many;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, run,
};
use crate::roll::cache::rolls;
use crate::roll::schools::SchoolContext;
use crate::roll::selection;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// A file to download.
#[derive(Debug, Clone)]
pub struct ExportFile {
    /// Its name: letters, digits, dots and hyphens.
    pub name: String,
    /// Its format.
    pub format: ExportFormat,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The result of asking for an export.
pub enum ExportOutcome {
    /// The file.
    File(ExportFile),
    /// It waits for a second person.
    Waits,
}

/// Exports those people in a selection who have an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportAccounts {
    /// The people.
    pub selection: Selection,
    /// The file format.
    pub format: ExportFormat,
}

/// A person with an account, for the list.
pub struct ExportedAccount(PersonId);

const PERSON: Tag = Tag::new(1);

impl Facts for ExportedAccount {
    const FORM: FactsFormat = FactsFormat { name: "export_accounts", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(PERSON, self.0.0);
    }
}

impl PlannedRow for ExportedAccount {}

/// Who is chosen and is not on the list.
pub struct NotListed {
    /// How many a restriction hides from the actor, who are not named.
    restricted: u32,
}

/// The columns. The parts of a name are in columns of their own, headed as an import calls them, so that a list
/// can be imported again and changes nothing: a name as it is shown cannot be taken apart again.
const HEAD: [&str; 12] = [
    "Name",
    "Admission number",
    "Year group",
    "Registration group",
    "Username",
    "Portal account",
    "Email",
    "Last sign-in",
    GIVEN_NAME.label,
    MIDDLE_NAME.label,
    FAMILY_NAME.label,
    PREFERRED_NAME.label,
];

/// Given, middle, family and preferred name.
type NameParts = [String; 4];

#[derive(sqlx::FromRow)]
struct NameRow {
    id: Uuid,
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
}

impl Operation for ExportAccounts {
    const KIND: &'static str = "export_accounts";
    const PERMISSION: Permission = Permission::ExportAccounts;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const EVEN_ONE: bool = true;
    const VERB: &'static str = "Download";
    const KEPT: Option<TimeDelta> = Some(TimeDelta::days(30));

    type Row = ExportedAccount;
    type Beside = NotListed;
    type Written = HashMap<PersonId, NameParts>;
    type Outcome = ExportFile;

    fn describe(&self, rows: usize) -> String {
        format!("{rows} accounts as {}", self.format.slug().to_uppercase())
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        ResultPage { href: "/accounts".to_owned(), label: "Open User accounts".to_owned() }
    }

    fn is_answer(&self) -> bool {
        true
    }

    fn left_out(not_listed: &NotListed) -> Vec<LeftOutCount> {
        let reason = LeftAlone::RESTRICTED.to_owned();
        let count = not_listed.restricted;
        if count == 0 { Vec::new() } else { vec![LeftOutCount { reason, count }] }
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<ExportedAccount>, NotListed)> {
        let now = work.backend.now();
        let people = selection::people(work.connection, work.school, &self.selection, now).await?;
        let with_account: Vec<Uuid> = sqlx::query_scalar(
            "SELECT person_id FROM accounts WHERE organisation_id = $1 AND person_id = ANY($2) ORDER BY person_id",
        )
        .bind(work.school.organisation.0)
        .bind(people.into_iter().map(|person| person.0).collect::<Vec<_>>())
        .fetch_all(&mut *work.connection)
        .await?;
        let restricted = selection::restricted(work.connection, work.school, &self.selection, now).await?;
        let listed = with_account.into_iter().map(|person| ExportedAccount(PersonId(person))).collect();
        Ok((Plan::of(listed), NotListed { restricted: count(restricted) }))
    }

    fn person(row: &ExportedAccount) -> Option<PersonId> {
        Some(row.0)
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { selection: Selection::People { ids: people }, ..*self }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<ExportedAccount>,
        _not_listed: &NotListed,
    ) -> Result<AppliedPlan<HashMap<PersonId, NameParts>>> {
        if let Some(too_many) = too_many(work.backend, work.connection, work.actor, rows.len()).await? {
            return Err(work.refuse_and_tell(too_many.told, too_many.error));
        }
        let entry = AuditEntry::new(AuditAction::AccountsExported)
            .subject("school", work.school.school.0)
            .details(json!({ "accounts": rows.len(), "format": self.format.slug() }));
        let log = AuditLogEntries::TakenOut(entry, rows.len());
        let named = sqlx::query_as::<_, NameRow>(
            "SELECT id, given_name, middle_name, family_name, preferred_name FROM people
             WHERE organisation_id = $1 AND id = ANY($2)",
        )
        .bind(work.school.organisation.0)
        .bind(rows.iter().map(|row| row.0.0).collect::<Vec<_>>())
        .fetch_all(&mut *work.connection)
        .await?;
        let parts = |row: NameRow| [row.given_name, row.middle_name, row.family_name, row.preferred_name];
        let written = named.into_iter().map(|row| (PersonId(row.id), parts(row))).collect();
        Ok(AppliedPlan { written, log })
    }

    /// Writes the file from the cached roll. The roll is read only after the export is recorded, so that the
    /// request never holds two connections.
    async fn finish(
        &self,
        backend: &Backend,
        school: &SchoolContext,
        _operation: OperationId,
        people: HashMap<PersonId, NameParts>,
    ) -> Result<ExportFile> {
        write_file(backend, school, &people, self.format).await
    }
}

/// Exports the people in a selection who have an account, one per line, sorted by name. Times are in the
/// school's time zone.
pub async fn export(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &Selection,
    format: ExportFormat,
) -> Result<ExportOutcome> {
    let input = ExportAccounts { selection: chosen.clone(), format };
    Ok(match run(backend, actor, school, input, ExpectedPlan::WhateverIsReady).await?.end {
        RunEnd::Ran(ran) => ExportOutcome::File(ran.outcome),
        RunEnd::Waits => ExportOutcome::Waits,
        // Nobody has an account: an empty list.
        RunEnd::Nothing | RunEnd::Drifted(_) | RunEnd::Queued(_) => {
            let Entered { at: school, .. } =
                backend.enter(actor, ExportAccounts::PERMISSION, InSchool(school)).await?;
            ExportOutcome::File(write_file(backend, &school, &HashMap::new(), format).await?)
        }
    })
}

/// How many of a selection would not be on the list because a restriction hides them from the actor.
pub async fn hidden_of(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &Selection,
) -> Result<u32> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, ExportAccounts::PERMISSION, InSchool(school)).await?;
    Ok(count(selection::restricted(&mut transaction, &school, chosen, backend.now()).await?))
}

fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}

async fn write_file(
    backend: &Backend,
    school: &SchoolContext,
    people: &HashMap<PersonId, NameParts>,
    format: ExportFormat,
) -> Result<ExportFile> {
    let now = backend.now();
    let roll = rolls(backend).current(backend, school).await?;
    let with_account = (0..roll.snapshot.len()).filter(|at| roll.snapshot.has_account(*at));
    let lines: Vec<[String; 12]> = with_account
        .filter_map(|at| Some((at, people.get(&roll.snapshot.person(at))?)))
        .map(|(at, name)| {
            cells(roll.snapshot.row(at), roll.snapshot.status(at, now).label(), name, school.zone)
        })
        .collect();
    let bytes = written("Accounts", &HEAD, &lines, format)?;
    let name = format!("accounts-{}-{}.{}", school.code, school.today, format.slug());
    Ok(ExportFile { name, format, bytes })
}

fn cells(row: RollRow, status: &str, name: &NameParts, zone: Tz) -> [String; 12] {
    let (username, signed_in) = row.account.map_or_else(Default::default, |account| {
        let at =
            account.last_sign_in_at.map(|at| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string());
        (account.username, at.unwrap_or_default())
    });
    let email = row.email.unwrap_or_default();
    let [given, middle, family, preferred] = name.clone();
    let RollRow { name, admission_number, year, group, .. } = row;
    let status = status.to_owned();
    [
        name,
        admission_number,
        year,
        group,
        username,
        status,
        email,
        signed_in,
        given,
        middle,
        family,
        preferred,
    ]
}

/// A list as a file.
pub(crate) fn written<const COLUMNS: usize>(
    sheet: &str,
    head: &[&str; COLUMNS],
    lines: &[[String; COLUMNS]],
    format: ExportFormat,
) -> Result<Vec<u8>> {
    match format {
        ExportFormat::Csv => csv(head, lines),
        ExportFormat::Xlsx => xlsx(sheet, head, lines),
    }
}

/// RFC 4180 in UTF-8, with the byte order mark that spreadsheets need to recognise it. Cells are made safe
/// for spreadsheets: see [`domain::spreadsheet`].
fn csv<const COLUMNS: usize>(head: &[&str; COLUMNS], lines: &[[String; COLUMNS]]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::from("\u{FEFF}"));
    writer.write_record(head).map_err(Error::unexpected)?;
    for line in lines {
        writer.write_record(line.iter().map(|cell| neutral(cell).into_owned())).map_err(Error::unexpected)?;
    }
    writer.into_inner().map_err(|error| Error::unexpected(error.to_string()))
}

/// A workbook with one sheet. Every cell is text and never a formula, so admission numbers keep their leading
/// zeros.
fn xlsx<const COLUMNS: usize>(
    name: &str,
    head: &[&str; COLUMNS],
    lines: &[[String; COLUMNS]],
) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).map_err(Error::unexpected)?;
    sheet.write_row_with_format(0, 0, *head, &Format::new().set_bold()).map_err(Error::unexpected)?;
    sheet.set_freeze_panes(1, 1).map_err(Error::unexpected)?;
    for (row, line) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(line) {
            sheet.write_string(row, column, cell).map_err(Error::unexpected)?;
        }
    }
    sheet.autofit();
    workbook.save_to_buffer().map_err(Error::unexpected)
}
