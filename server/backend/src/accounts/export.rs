//! A list of accounts as a file for a spreadsheet.

use std::collections::HashSet;

use chrono_tz::Tz;
use domain::access::actor::Actor;
use domain::access::policy::{Permission, Resource};
use domain::audit::AuditAction;
use domain::ids::{PersonId, SchoolId};
use domain::roll::views::RollRow;
use domain::selection::Selection;
use domain::spreadsheet::neutral;
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::roll::{schools, selection};
use crate::{Backend, Error, Result};

/// A file to be saved.
#[derive(Debug, Clone)]
pub struct ExportFile {
    /// A name for it, of letters, digits, dots and dashes.
    pub name: String,
    /// CSV (RFC 4180) in UTF-8, with the byte order mark that spreadsheets need to see that.
    pub csv: Vec<u8>,
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

/// Those of a selection who have an account, one line each, in the order of names. Cells are made harmless to
/// spreadsheets: see [`domain::spreadsheet`]. Times are the school's.
pub async fn export(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &Selection,
) -> Result<ExportFile> {
    backend.allow(actor, Permission::ExportAccounts, Resource::School(actor.organisation, school))?;
    let school = schools::context(backend, actor, Permission::ExportAccounts, school).await?;
    let now = backend.now();
    let mut transaction = backend.pool.begin().await?;
    let people: HashSet<PersonId> =
        selection::people(&mut transaction, &school, chosen, now).await?.into_iter().collect();
    let roll = backend.rolls.current(backend, &school).await?;
    let mut writer = csv::Writer::from_writer(Vec::from("\u{FEFF}"));
    writer.write_record(HEAD).map_err(Error::unexpected)?;
    let mut count = 0u32;
    let rows = (0..roll.snapshot.len()).filter(|at| roll.snapshot.has_account(*at));
    for at in rows.filter(|at| people.contains(&roll.snapshot.person(*at))) {
        let status = roll.snapshot.status(at, now).label();
        writer.write_record(cells(&roll.snapshot.row(at), status, school.zone)).map_err(Error::unexpected)?;
        count += 1;
    }
    let entry = AuditEntry::new(AuditAction::AccountsExported)
        .subject("school", school.school.0)
        .details(json!({ "accounts": count }));
    audit::record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(ExportFile {
        name: format!("accounts-{}-{}.csv", school.code, school.today),
        csv: writer.into_inner().map_err(|error| Error::unexpected(error.to_string()))?,
    })
}

fn cells(row: &RollRow, status: &str, zone: Tz) -> [String; 8] {
    let account = row.account.as_ref();
    let signed_in = account
        .and_then(|account| account.last_sign_in_at)
        .map(|at| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string());
    [
        row.name.as_str(),
        &row.admission_number,
        &row.year,
        &row.group,
        account.map_or("", |account| &account.username),
        status,
        row.email.as_deref().unwrap_or_default(),
        signed_in.as_deref().unwrap_or_default(),
    ]
    .map(|cell| neutral(cell).into_owned())
}
