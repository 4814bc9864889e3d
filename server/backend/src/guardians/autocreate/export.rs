//! Download list: every row of a run as a file.

use domain::accounts::export::ExportFormat;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::guardians::autocreate::line::RunLine;
use domain::guardians::autocreate::outcome::OutcomeGroup;
use domain::ids::{AutocreateId, SchoolId};
use domain::spreadsheet::neutral;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::json;

use super::lines::{LineFilter, read_lines};
use super::store;
use crate::accounts::export::ExportFile;
use crate::audit::AuditEntry;
use crate::exports::{note, refuse_too_many};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// The columns.
const HEAD: [&str; 11] = [
    "household",
    "adult",
    "contact",
    "email",
    "student",
    "group",
    "outcome",
    "rule",
    "why",
    "username",
    "facts",
];

/// Writes every row of a run into a file, one line for each adult and student. Counts as an export of the people in it.
pub async fn export(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    run: AutocreateId,
    format: ExportFormat,
) -> Result<ExportFile> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ExportAccounts, InSchool(school)).await?;
    store::load(&mut transaction, &school, run).await?;
    let everything =
        LineFilter { groups: OutcomeGroup::ALL.to_vec(), most: u32::MAX, ..LineFilter::default() };
    let lines = read_lines(&mut transaction, actor, &school, run, &everything).await?;
    let mut transaction = refuse_too_many(backend, transaction, actor, lines.len()).await?;
    let here = Resource::InSchool(school.organisation, school.school);
    let may_know = decide(actor, Permission::ManageRestrictions, here).is_ok();
    let cells: Vec<[String; 11]> = lines.iter().flat_map(|line| cells(line, may_know)).collect();
    let bytes = match format {
        ExportFormat::Csv => csv(&cells)?,
        ExportFormat::Xlsx => xlsx(&cells)?,
    };
    let entry = AuditEntry::new(AuditAction::AccountsExported)
        .subject("autocreate", run.0)
        .details(json!({ "accounts": lines.len(), "format": format.slug(), "school": school.school }));
    note(backend, &mut transaction, actor, entry, lines.len()).await?;
    transaction.commit().await?;
    let name = format!("autocreate-{}-{}.{}", school.code, school.today, format.slug());
    Ok(ExportFile { name, format, bytes })
}

fn cells(line: &RunLine, may_know: bool) -> Vec<[String; 11]> {
    let email = match (&line.email, line.email_hidden) {
        (_, true) => "hidden".to_owned(),
        (email, false) => email.clone().unwrap_or_default(),
    };
    line.children
        .iter()
        .zip(&line.facts)
        .map(|((_, child), facts)| {
            [
                (line.household + 1).to_string(),
                line.name.clone(),
                line.what.clone(),
                email.clone(),
                child.clone(),
                line.outcome.group().label().to_owned(),
                if line.changed { "changed_since".to_owned() } else { line.outcome.slug().to_owned() },
                line.rule.slug().to_owned(),
                line.why(),
                line.username.clone().unwrap_or_default(),
                facts.in_one_line(may_know),
            ]
        })
        .collect()
}

/// RFC 4180 in UTF-8, with the byte order mark that spreadsheets need. Cells are made safe: see [`domain::spreadsheet`].
fn csv(lines: &[[String; 11]]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::from("\u{FEFF}"));
    writer.write_record(HEAD).map_err(Error::unexpected)?;
    for line in lines {
        writer.write_record(line.iter().map(|cell| neutral(cell).into_owned())).map_err(Error::unexpected)?;
    }
    writer.into_inner().map_err(|error| Error::unexpected(error.to_string()))
}

/// A workbook with one sheet. Every cell is text and never a formula.
fn xlsx(lines: &[[String; 11]]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Autocreate").map_err(Error::unexpected)?;
    sheet.write_row_with_format(0, 0, HEAD, &Format::new().set_bold()).map_err(Error::unexpected)?;
    sheet.set_freeze_panes(1, 2).map_err(Error::unexpected)?;
    for (row, line) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(line) {
            sheet.write_string(row, column, cell).map_err(Error::unexpected)?;
        }
    }
    sheet.autofit();
    workbook.save_to_buffer().map_err(Error::unexpected)
}
