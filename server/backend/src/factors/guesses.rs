//! Wrong second factors behind a right password: someone else may know the password, so its owner is told (OWASP ASVS
//! 5.0, V6.3.5). The person typing them only learns that they are wrong.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;

use crate::audit;
use crate::audit::AuditEntry;
use crate::credentials::limits;
use crate::credentials::limits::{GUESSES, GUESSES_TOLD};
use crate::messages::notice::{Notice, Told};
use crate::messages::queue::tell_owner;
use crate::sessions::visitor::Visitor;
use crate::sign_in::flow::SignInCandidate;
use crate::{Backend, Result};

/// That somebody came as far as the second factor of one person and showed wrong ones.
pub struct WrongCodes;

impl Notice for WrongCodes {
    const KIND: &'static str = "guesses";
}

/// Notes a wrong one in a sign-in. Where there were several, tells the owner and writes it down, once in a day.
pub(crate) async fn note(backend: &Backend, visitor: &Visitor, way: &SignInCandidate) -> Result<()> {
    tracing::info!(account = %way.account, "wrong second factor");
    let account = way.account.0.as_bytes();
    if limits::take(backend, &[GUESSES.of(backend, account)]).await?
        || !limits::take(backend, &[GUESSES_TOLD.of(backend, account)]).await?
    {
        return Ok(());
    }
    let mut transaction = backend.tenant_transaction(way.organisation).await?;
    tell_owner::<Told<WrongCodes>>(backend, &mut transaction, way.organisation, way.account).await?;
    let actor = Actor::system(way.organisation).at(visitor.source);
    let entry = AuditEntry::new(AuditAction::SecondFactorsGuessed).person(way.person);
    audit::record(backend, &mut transaction, &actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
