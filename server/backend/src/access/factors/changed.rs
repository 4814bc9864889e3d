//! What every change of one's own second factors brings with it.

use domain::audit::AuditAction;
use sqlx::PgConnection;

use crate::access::ending::end_all;
use crate::access::session::SignedIn;
use crate::access::visitor::{Visitor, remember};
use crate::audit::{self, AuditEntry};
use crate::{Backend, Result};

/// Writes the change down and ends every other way in, in the transaction of the change (OWASP ASVS 5.0, V7.4.3).
/// Answers with what the browser is known by from now on.
pub(super) async fn changed(
    backend: &Backend,
    connection: &mut PgConnection,
    who: &SignedIn,
    visitor: &Visitor,
    action: AuditAction,
    factor: &'static str,
) -> Result<String> {
    let organisation = who.actor.organisation;
    end_all(connection, organisation, &[who.account.0], Some(who.session), backend.now()).await?;
    let device = remember(backend, connection, organisation, who.account, visitor).await?;
    let entry = AuditEntry::new(action)
        .person(who.person)
        .subject("account", who.account.0)
        .details(serde_json::json!({ "factor": factor }));
    audit::record(backend, connection, &who.actor, entry).await?;
    Ok(device)
}
