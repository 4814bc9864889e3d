//! What an adult sees of a child by default: a setting of the school.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::access::DefaultAccess;
use domain::guardians::settings::DEFAULT_ACCESS;
use domain::ids::{OrganisationId, SchoolId};
use domain::settings::SettingValue as _;
use serde_json::json;
use sqlx::PgConnection;

use crate::audit::{AuditEntry, record};
use crate::settings;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// Returns what adults get by default at a school.
pub(crate) async fn of_school(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    school: SchoolId,
) -> Result<DefaultAccess> {
    settings::of_school(connection, organisation, school, &DEFAULT_ACCESS).await
}

/// Returns what adults get by default at a school, for its page.
pub async fn load(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<DefaultAccess> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, School(school)).await?.transaction;
    of_school(&mut transaction, actor.organisation, school).await
}

/// Sets what adults get by default at a school. Access that somebody already has stays as it is.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn save(backend: &Backend, actor: &Actor, school: SchoolId, access: &DefaultAccess) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, School(school)).await?.transaction;
    settings::set_for_school(backend, &mut transaction, actor.organisation, school, &DEFAULT_ACCESS, access)
        .await?;
    let entry = AuditEntry::new(AuditAction::SettingChanged)
        .subject("school", school.0)
        .details(json!({ DEFAULT_ACCESS.slug: access.typed() }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
