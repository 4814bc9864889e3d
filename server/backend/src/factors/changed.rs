//! What follows every change of second factors and of linked single sign-on identities.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::{AccountId, PersonId};
use sqlx::PgConnection;

use crate::audit;
use crate::audit::AuditEntry;
use crate::credentials::revoke::revoke_all;
use crate::messages::notice::{LoadedNotice, Notice};
use crate::messages::queue::tell_owner;
use crate::sessions::session;
use crate::sessions::session::SignedIn;
use crate::sessions::visitor::{Visitor, remember};
use crate::{Backend, Result};

/// Tells a person that their second factors, or their linked single sign-on identities, were changed.
pub struct FactorsChanged;

impl Notice for FactorsChanged {
    const KIND: &'static str = "factors";
}

/// A change of a person's ways to sign in.
pub(crate) struct FactorChange {
    pub(crate) account: AccountId,
    pub(crate) person: PersonId,
    pub(crate) action: AuditAction,
    pub(crate) factor: &'static str,
}

/// A person changed their own: every other way to sign in is revoked. Returns the new cookie by which the
/// browser is recognised.
pub(crate) async fn changed_own(
    backend: &Backend,
    connection: &mut PgConnection,
    who: &SignedIn,
    visitor: &Visitor,
    action: AuditAction,
    factor: &'static str,
) -> Result<String> {
    let organisation = who.actor.organisation;
    let change = FactorChange { account: who.account, person: who.person, action, factor };
    session::hold(connection, who).await?;
    revoke_all(backend, connection, organisation, &[who.account.0], Some(who.session)).await?;
    let device = remember(backend, connection, organisation, who.account, visitor).await?;
    tell(backend, connection, &who.actor, change).await?;
    Ok(device)
}

/// Staff made a change: every way to sign in is revoked.
pub(crate) async fn changed_by_staff(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    change: FactorChange,
) -> Result<()> {
    revoke_all(backend, connection, actor.organisation, &[change.account.0], None).await?;
    tell(backend, connection, actor, change).await
}

/// Notifies the person and records the change, in the transaction of the change.
pub(crate) async fn tell(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    change: FactorChange,
) -> Result<()> {
    tell_owner::<LoadedNotice<FactorsChanged>>(backend, connection, actor.organisation, change.account)
        .await?;
    write_down(backend, connection, actor, change).await
}

/// Only records the change, because the person made it themselves.
pub(crate) async fn write_down(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    change: FactorChange,
) -> Result<()> {
    let entry = AuditEntry::new(change.action)
        .person(change.person)
        .subject("account", change.account.0)
        .details(serde_json::json!({ "factor": change.factor }));
    audit::record(backend, connection, actor, entry).await
}
