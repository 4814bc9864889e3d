//! Exporting the audit log to a spreadsheet file.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::spreadsheet::neutral;
use serde_json::json;

use super::note;
use crate::audit::AuditEntry;
use crate::audit::list::{AuditFilter, AuditLine, read};
use crate::tenancy::target::Organisation;
use crate::{Backend, Error, Result};

/// The most lines in one file.
const MOST: usize = 100_000;

const HEAD: [&str; 8] = ["Number", "Time", "Who", "What", "About", "On behalf of", "IP address", "Details"];

/// Exports what a filter finds, newest first, as CSV (RFC 4180) in UTF-8 with a byte order mark. Cells are
/// made safe for spreadsheets: see [`domain::spreadsheet`]. The export is itself recorded in the log.
pub async fn export(backend: &Backend, actor: &Actor, filter: &AuditFilter) -> Result<Vec<u8>> {
    let mut transaction = backend.enter(actor, Permission::ViewAudit, Organisation).await?.transaction;
    let lines = read(&mut transaction, actor, filter, None, MOST).await?;
    let mut writer = csv::Writer::from_writer(Vec::from("\u{FEFF}"));
    writer.write_record(HEAD).map_err(Error::unexpected)?;
    for line in &lines {
        writer.write_record(cells(line)).map_err(Error::unexpected)?;
    }
    let entry = AuditEntry::new(AuditAction::AuditExported).details(json!({ "entries": lines.len() }));
    note(backend, &mut transaction, actor, entry, lines.len()).await?;
    transaction.commit().await?;
    writer.into_inner().map_err(|error| Error::unexpected(error.to_string()))
}

fn cells(line: &AuditLine) -> [String; 8] {
    let number = line.sequence.map(|number| number.to_string()).unwrap_or_default();
    let at = line.at.format("%Y-%m-%d %H:%M:%S").to_string();
    let whom = line.whom.as_ref().map(|(_, name)| name.as_str()).unwrap_or_default();
    [
        &number,
        &at,
        line.who.as_deref().unwrap_or("Greencap"),
        line.action.sentence(),
        whom,
        line.in_name_of.as_deref().unwrap_or_default(),
        line.source.as_deref().unwrap_or_default(),
        &line.details.join("; "),
    ]
    .map(|cell| neutral(cell).into_owned())
}
