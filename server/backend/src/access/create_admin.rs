//! Making an administrator from the command line.

use domain::access::actor::Actor;
use domain::access::policy::{Permission, Resource};
use domain::access::role::Role;
use domain::audit::AuditAction;
use domain::ids::AccountId;

use super::administrator::AdministratorForm;
use crate::audit::{self, AuditEntry};
use crate::{Backend, Result};

/// Makes an administrator of all schools, with an account that can sign in at once.
pub async fn create_admin(backend: &Backend, actor: &Actor, form: &AdministratorForm) -> Result<AccountId> {
    backend.allow(actor, Permission::ManageSettings, Resource::Organisation(actor.organisation))?;
    let administrator = form.parse(backend, "").await?;
    let mut transaction = backend.within(actor.organisation).await?;
    let (account, person) =
        administrator.insert(backend, &mut transaction, actor.organisation, Role::Administrator).await?;
    let entry =
        AuditEntry::new(AuditAction::AdministratorCreated).person(person).subject("account", account.0);
    audit::record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(account)
}
