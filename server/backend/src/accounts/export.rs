//! A list of accounts as a file for a spreadsheet.

use std::collections::HashSet;

use chrono_tz::Tz;
use domain::accounts::approval::Matter;
use domain::accounts::export::ExportFormat;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::{PersonId, SchoolId};
use domain::roll::views::RollRow;
use domain::selection::Selection;
use domain::spreadsheet::neutral;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::json;
use sqlx::{Postgres, Transaction};

use super::approvals;
use crate::audit::AuditEntry;
use crate::audit::exports::{note, refuse_too_many};
use crate::roll::schools::{self, SchoolContext};
use crate::roll::selection;
use crate::{Backend, Error, Result};

/// A file to be saved.
#[derive(Debug, Clone)]
pub struct ExportFile {
    /// A name for it, of letters, digits, dots and dashes.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A line of it, with whom it is about.
pub(super) struct Line {
    person: PersonId,
    cells: [String; 8],
}

/// What came of asking for one.
pub enum Exported {
    /// Here it is.
    File(ExportFile),
    /// It waits for a second person.
    Waits,
}

const HEAD: [&str; 8] = [
    "Name",
    "Admission number",
    "Year group",
    "Registration group",
    "Username",
    "Status",
    "Email",
    "Last sign-in",
];

/// Those of a selection who have an account, one line each, in the order of names. Times are the school's.
pub async fn export(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &Selection,
    format: ExportFormat,
) -> Result<Exported> {
    backend.authorize(actor, Permission::ExportAccounts, Resource::School(actor.organisation, school))?;
    let school = schools::context(backend, actor, Permission::ExportAccounts, school).await?;
    let lines = lines(backend, &school, chosen).await?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    if approvals::waits(&mut transaction, actor, lines.len()).await? {
        let people: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
        approvals::ask(backend, transaction, actor, &school, Matter::Export { format }, &people).await?;
        return Ok(Exported::Waits);
    }
    Ok(Exported::File(write_out(backend, transaction, actor, &school, lines, format).await?))
}

/// A line for each of a selection who has an account. Read before the transaction that records it: a reader that holds a
/// connection asks for no second one.
pub(super) async fn lines(
    backend: &Backend,
    school: &SchoolContext,
    chosen: &Selection,
) -> Result<Vec<Line>> {
    let now = backend.now();
    let roll = backend.rolls.current(backend, school).await?;
    let mut connection = backend.tenant_transaction(school.organisation).await?;
    let people: HashSet<PersonId> =
        selection::people(&mut connection, school, chosen, now).await?.into_iter().collect();
    Ok((0..roll.snapshot.len())
        .filter(|at| roll.snapshot.has_account(*at) && people.contains(&roll.snapshot.person(*at)))
        .map(|at| Line {
            person: roll.snapshot.person(at),
            cells: cells(roll.snapshot.row(at), roll.snapshot.status(at, now).label(), school.zone),
        })
        .collect())
}

/// Counts them, notes it, commits, and writes the file.
pub(super) async fn write_out(
    backend: &Backend,
    transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    school: &SchoolContext,
    lines: Vec<Line>,
    format: ExportFormat,
) -> Result<ExportFile> {
    let mut transaction = refuse_too_many(backend, transaction, actor, lines.len()).await?;
    let entry = AuditEntry::new(AuditAction::AccountsExported)
        .subject("school", school.school.0)
        .details(json!({ "accounts": lines.len(), "format": format.slug() }));
    note(backend, &mut transaction, actor, entry, lines.len()).await?;
    transaction.commit().await?;
    let bytes = match format {
        ExportFormat::Csv => csv(&lines)?,
        ExportFormat::Xlsx => xlsx(&lines)?,
    };
    Ok(ExportFile { name: format!("accounts-{}-{}.{}", school.code, school.today, format.slug()), bytes })
}

fn cells(row: RollRow, status: &str, zone: Tz) -> [String; 8] {
    let (username, signed_in) = row.account.map_or_else(Default::default, |account| {
        let at =
            account.last_sign_in_at.map(|at| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string());
        (account.username, at.unwrap_or_default())
    });
    let email = row.email.unwrap_or_default();
    [row.name, row.admission_number, row.year, row.group, username, status.to_owned(), email, signed_in]
}

/// RFC 4180 in UTF-8, with the byte order mark that spreadsheets need to see that. Cells are made harmless to them: see
/// [`domain::spreadsheet`].
fn csv(lines: &[Line]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::from("\u{FEFF}"));
    writer.write_record(HEAD).map_err(Error::unexpected)?;
    for line in lines {
        writer
            .write_record(line.cells.iter().map(|cell| neutral(cell).into_owned()))
            .map_err(Error::unexpected)?;
    }
    writer.into_inner().map_err(|error| Error::unexpected(error.to_string()))
}

/// A workbook of one sheet. Every cell is text and never a formula: admission numbers keep their zeros.
fn xlsx(lines: &[Line]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Accounts").map_err(Error::unexpected)?;
    sheet.write_row_with_format(0, 0, HEAD, &Format::new().set_bold()).map_err(Error::unexpected)?;
    sheet.set_freeze_panes(1, 1).map_err(Error::unexpected)?;
    for (row, line) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(&line.cells) {
            sheet.write_string(row, column, cell).map_err(Error::unexpected)?;
        }
    }
    sheet.autofit();
    workbook.save_to_buffer().map_err(Error::unexpected)
}
