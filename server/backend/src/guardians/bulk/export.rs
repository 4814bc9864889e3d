//! The chosen guardians as a file.

use domain::accounts::export::ExportFormat;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::bulk::ChosenGuardians;
use domain::guardians::views::GuardianEntry;
use domain::ids::SchoolId;
use serde_json::json;

use super::people::people_of;
use crate::accounts::export::{ExportFile, written};
use crate::audit::AuditEntry;
use crate::exports::{note, refuse_too_many};
use crate::guardians::list::entries;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

const HEAD: [&str; 5] = ["Name", "Students", "Email", "Username", "Status"];

/// Exports the chosen guardians, by name. It counts towards the limits of exports and is recorded in the log.
pub async fn export(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &ChosenGuardians,
    format: ExportFormat,
) -> Result<ExportFile> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ExportAccounts, InSchool(school)).await?;
    let people = people_of(backend, &mut transaction, actor, &at, chosen).await?;
    let rows = entries(backend, &mut transaction, actor, &at, &people).await?;
    let mut transaction = refuse_too_many(backend, transaction, actor, rows.len()).await?;
    let lines: Vec<[String; 5]> = rows.into_iter().map(cells).collect();
    let details = json!({ "rows": lines.len(), "list": "guardians", "format": format.slug() });
    let entry = AuditEntry::new(AuditAction::AccountsExported).subject("school", school.0).details(details);
    note(backend, &mut transaction, actor, entry, lines.len()).await?;
    transaction.commit().await?;
    let name = format!("guardians-{}-{}.{}", at.code, at.today, format.slug());
    Ok(ExportFile { name, format, bytes: written("Guardians", &HEAD, &lines, format)? })
}

fn cells(entry: GuardianEntry) -> [String; 5] {
    let hidden = if entry.addresses_hidden { "Hidden" } else { "" };
    let students: Vec<String> = entry.children.into_iter().map(|(_, name)| name).collect();
    [
        entry.name,
        students.join("; "),
        entry.email.unwrap_or_else(|| hidden.to_owned()),
        entry.username.unwrap_or_default(),
        entry.status.map_or("", |status| status.label()).to_owned(),
    ]
}
