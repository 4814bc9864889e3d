//! The board as a file: the students without an adult who can sign in.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::SchoolId;
use domain::spreadsheet::neutral;
use serde_json::json;

use super::board::{BoardFilter, MissingStudent, read};
use crate::audit::AuditEntry;
use crate::exports::{note, refuse_too_many};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

const HEAD: [&str; 8] = [
    "Admission number",
    "Name",
    "Year",
    "Registration group",
    "Language",
    "Reason",
    "Nearest adult",
    "What to do",
];

/// Exports what a filter finds, by name, as CSV (RFC 4180) in UTF-8 with a byte order mark. It counts towards the limits of
/// exports and is recorded in the log.
pub async fn export(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &BoardFilter,
) -> Result<Vec<u8>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ExportAccounts, InSchool(school)).await?;
    let all = BoardFilter { skip: 0, ..filter.clone() };
    let students = read(backend, &mut transaction, &at, &all, None).await?;
    let mut transaction = refuse_too_many(backend, transaction, actor, students.len()).await?;
    let mut writer = csv::Writer::from_writer(Vec::from("\u{FEFF}"));
    writer.write_record(HEAD).map_err(Error::unexpected)?;
    for student in &students {
        writer.write_record(cells(student)).map_err(Error::unexpected)?;
    }
    let details = json!({ "rows": students.len(), "list": "guardians_missing" });
    let entry = AuditEntry::new(AuditAction::AccountsExported).subject("school", school.0).details(details);
    note(backend, &mut transaction, actor, entry, students.len()).await?;
    transaction.commit().await?;
    writer.into_inner().map_err(|error| Error::unexpected(error.to_string()))
}

fn cells(student: &MissingStudent) -> [String; 8] {
    [
        student.admission_number.as_str(),
        &student.name,
        &student.year,
        &student.group,
        &student.language,
        student.reason.label(),
        student.adult.as_ref().map(|(_, name)| name.as_str()).unwrap_or_default(),
        student.reason.next(),
    ]
    .map(|cell| neutral(cell).into_owned())
}
