//! Wrong second factors behind a right password: somebody else may know the password, so its owner is told (OWASP ASVS 5.0,
//! V6.3.5). Whoever shows them learns no more than that they are wrong.

use domain::access::actor::Actor;
use domain::access::recovery::RecoveryMail;
use domain::audit::AuditAction;

use crate::access::limits::{self, GUESSES, GUESSES_TOLD};
use crate::access::pending::Way;
use crate::access::recovery::tell_owner;
use crate::access::visitor::Visitor;
use crate::audit::{self, AuditEntry};
use crate::{Backend, Result};

/// Notes a wrong one in a sign-in. Where there were several, tells the owner and writes it down, once in a day.
pub(in crate::access) async fn note(backend: &Backend, visitor: &Visitor, way: &Way) -> Result<()> {
    tracing::info!(account = %way.account, "wrong second factor");
    let account = way.account.0.as_bytes();
    if limits::take(backend, &[GUESSES.of(backend, account)]).await?
        || !limits::take(backend, &[GUESSES_TOLD.of(backend, account)]).await?
    {
        return Ok(());
    }
    let mut transaction = backend.within(way.organisation).await?;
    tell_owner(backend, &mut transaction, way.organisation, RecoveryMail::Guesses, way.account).await?;
    let actor = Actor::system(way.organisation).at(visitor.source);
    let entry = AuditEntry::new(AuditAction::SecondFactorsGuessed).person(way.person);
    audit::record(backend, &mut transaction, &actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
