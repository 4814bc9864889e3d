//! The teaching groups of a school as a file.

use domain::accounts::export::ExportFormat;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::SchoolId;
use serde_json::json;

use super::export::{ExportFile, written};
use crate::audit::{AuditEntry, record};
use crate::groups::list::{GroupFilter, GroupLine, list};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

const HEAD: [&str; 5] = ["Group", "Academic year", "Courses", "Tutors", "Students"];

/// Exports every group that matches a filter and that the actor may see, by name.
#[tracing::instrument(skip_all, fields(%school))]
pub async fn export(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (filter, format): (&GroupFilter, ExportFormat),
) -> Result<ExportFile> {
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let page = list(backend, actor, school, filter, after.as_ref()).await?.page;
        lines.extend(page.rows.into_iter().map(cells));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ExportAccounts, InSchool(school)).await?;
    let bytes = written("Groups", &HEAD, &lines, format)?;
    let entry = AuditEntry::new(AuditAction::AccountsExported)
        .subject("school", school.0)
        .details(json!({ "groups": lines.len(), "format": format.slug() }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    let name = format!("groups-{}-{}.{}", at.code, at.today, format.slug());
    Ok(ExportFile { name, format, bytes })
}

fn cells(line: GroupLine) -> [String; 5] {
    let tutors: Vec<String> = line.tutors.into_iter().map(|tutor| tutor.name).collect();
    [
        line.name,
        line.year.unwrap_or_default(),
        line.courses.join("; "),
        tutors.join("; "),
        line.members.to_string(),
    ]
}
