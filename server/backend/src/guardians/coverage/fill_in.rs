//! A sheet for what is missing: the students with their nearest adult, to fill in and import as contacts.

use domain::accounts::export::ExportFormat;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::coverage::BulkStep;
use domain::guardians::import::fields::{CHILD, CHILD_NAME, EMAIL, FULL_NAME, MOBILE, RELATIONSHIP};
use domain::ids::SchoolId;
use serde_json::json;

use super::board::{BoardFilter, Chosen, MissingStudent};
use super::chosen::chosen_students;
use crate::accounts::export::{ExportFile, written};
use crate::audit::AuditEntry;
use crate::exports::{note, refuse_too_many};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Headed as the import of contacts calls the columns, so that the sheet is recognised when it comes back.
const HEAD: [&str; 7] = [
    CHILD.label,
    CHILD_NAME.label,
    FULL_NAME.label,
    RELATIONSHIP.label,
    EMAIL.label,
    MOBILE.label,
    "What is missing",
];

/// Writes the chosen students for whom a contact or an address is missing into a workbook. It counts towards the limits of
/// exports and is recorded in the log.
pub async fn fill_in(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &BoardFilter,
    chosen: &Chosen,
) -> Result<ExportFile> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ExportAccounts, InSchool(school)).await?;
    let students = chosen_students(backend, &mut transaction, &at, filter, chosen).await?;
    let lines: Vec<[String; 7]> =
        students.iter().filter(|student| student.reason.bulk() == BulkStep::FillIn).map(cells).collect();
    let mut transaction = refuse_too_many(backend, transaction, actor, lines.len()).await?;
    let details = json!({ "rows": lines.len(), "list": "guardians_to_fill_in" });
    let entry = AuditEntry::new(AuditAction::AccountsExported).subject("school", school.0).details(details);
    note(backend, &mut transaction, actor, entry, lines.len()).await?;
    transaction.commit().await?;
    let format = ExportFormat::Xlsx;
    let name = format!("contacts-to-fill-in-{}-{}.{}", at.code, at.today, format.slug());
    Ok(ExportFile { name, format, bytes: written("Contacts", &HEAD, &lines, format)? })
}

fn cells(student: &MissingStudent) -> [String; 7] {
    let adult = student.adult.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    [
        student.admission_number.clone(),
        student.name.clone(),
        adult,
        String::new(),
        String::new(),
        String::new(),
        student.reason.label().to_owned(),
    ]
}
