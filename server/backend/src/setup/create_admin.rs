//! Creating an administrator from the command line.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::authorization::role::Role;
use domain::ids::AccountId;

use super::administrator::AdministratorForm;
use crate::audit;
use crate::audit::AuditEntry;
use crate::tenancy::target::Organisation;
use crate::{Backend, Result};

/// Creates an administrator of all schools, with an account that can sign in at once.
pub async fn create_admin(backend: &Backend, actor: &Actor, form: &AdministratorForm) -> Result<AccountId> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, Organisation).await?.transaction;
    let administrator = form.parse(backend, "").await?;
    let (account, person) =
        administrator.insert(backend, &mut transaction, actor.organisation, Role::Administrator).await?;
    let entry =
        AuditEntry::new(AuditAction::AdministratorCreated).person(person).subject("account", account.0);
    audit::record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(account)
}
