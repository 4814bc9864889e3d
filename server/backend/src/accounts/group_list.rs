//! A teaching group's list as a file.

use domain::accounts::export::ExportFormat;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::GroupId;
use serde_json::json;

use super::export::{ExportFile, written};
use crate::audit::AuditEntry;
use crate::exports::{note, refuse_too_many};
use crate::groups::group::{GroupPage, Member, group as group_page};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Group;
use crate::{Backend, Result};

const HEAD: [&str; 9] = [
    "Name",
    "Admission number",
    "Year",
    "Registration group",
    "Username",
    "Status",
    "Group",
    "Since",
    "Until",
];

/// Exports the members of a group whom the actor may see, by name, with or without an account.
#[tracing::instrument(skip_all, fields(%group))]
pub async fn export(
    backend: &Backend,
    actor: &Actor,
    group: GroupId,
    format: ExportFormat,
) -> Result<ExportFile> {
    let GroupPage { name, members, .. } = group_page(backend, actor, group).await?;
    let Entered { transaction, at } = backend.enter(actor, Permission::ExportAccounts, Group(group)).await?;
    let mut transaction = refuse_too_many(backend, transaction, actor, members.len()).await?;
    let rows = members.len();
    let lines: Vec<[String; 9]> = members.into_iter().map(|member| cells(member, &name)).collect();
    let bytes = written("Group", &HEAD, &lines, format)?;
    let entry = AuditEntry::new(AuditAction::AccountsExported)
        .subject("group", group.0)
        .details(json!({ "accounts": rows, "format": format.slug() }));
    note(backend, &mut transaction, actor, entry, rows).await?;
    transaction.commit().await?;
    let name = format!("group-{}-{}.{}", at.school.code, at.school.today, format.slug());
    Ok(ExportFile { name, format, bytes })
}

fn cells(member: Member, group: &str) -> [String; 9] {
    [
        member.name,
        member.admission_number,
        member.year_group,
        member.registration_group,
        member.username.unwrap_or_default(),
        member.status.map(|status| status.label().to_owned()).unwrap_or_default(),
        group.to_owned(),
        member.since.to_string(),
        member.until.map(|day| day.to_string()).unwrap_or_default(),
    ]
}
