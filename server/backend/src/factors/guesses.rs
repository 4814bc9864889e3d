//! Wrong second factors after a right password: someone else may have the password, so its owner is notified
//! (OWASP ASVS 5.0, V6.3.5). The person typing only learns that they are wrong.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::{AccountId, OrganisationId, PersonId};

use crate::audit;
use crate::audit::AuditEntry;
use crate::credentials::limits;
use crate::credentials::limits::{GUESSES, GUESSES_TOLD};
use crate::messages::notice::{LoadedNotice, Notice};
use crate::messages::queue::tell_owner;
use crate::sessions::visitor::Visitor;
use crate::{Backend, Result};

/// Tells a person that someone reached the second factor of their account and typed wrong ones.
pub struct WrongCodes;

impl Notice for WrongCodes {
    const KIND: &'static str = "guesses";
}

/// Counts a wrong one in a sign-in. After several, notifies the owner and records it, once a day.
pub(crate) async fn note(
    backend: &Backend,
    visitor: &Visitor,
    organisation: OrganisationId,
    account: AccountId,
    person: PersonId,
) -> Result<()> {
    tracing::info!(%account, "wrong second factor");
    let name = account.0.as_bytes();
    if limits::take(backend, &[GUESSES.of(backend, name)]).await?
        || !limits::take(backend, &[GUESSES_TOLD.of(backend, name)]).await?
    {
        return Ok(());
    }
    let mut transaction = backend.tenant_transaction(organisation).await?;
    tell_owner::<LoadedNotice<WrongCodes>>(backend, &mut transaction, organisation, account).await?;
    let actor = Actor::system(organisation).at(visitor.source);
    let entry = AuditEntry::new(AuditAction::SecondFactorsGuessed).person(person);
    audit::record(backend, &mut transaction, &actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
