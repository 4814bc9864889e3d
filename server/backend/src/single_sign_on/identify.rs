//! Finds the person behind an identity at a provider: the owner of the linked account; or, the first time,
//! possibly someone with the address that the provider confirms.

use chrono::{DateTime, Utc};
use domain::credentials::state::AccountState;
use domain::ids::{AccountId, OrganisationId, PersonId};
use domain::sign_in::steps::SignInStep;
use domain::single_sign_on::ClaimedAddress;
use uuid::Uuid;

use super::code::send_codes;
use super::providers::Provider;
use super::token::ConfirmedPerson;
use super::verify::{candidates, store};
use crate::crypto::TokenHash;
use crate::sessions::visitor::Visitor;
use crate::sign_in::flow::{SignInCandidate, SignInFlow, proceed};
use crate::sign_in::sign_in::SignInOutcome;
use crate::{Backend, Result};

/// A confirmed identity, and what it may be linked by.
pub(super) struct Identity {
    pub(super) organisation: OrganisationId,
    pub(super) provider: Uuid,
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) second_factor_shown: bool,
    /// When they confirmed there who they are.
    pub(super) proven_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct LinkedRow {
    account_id: Uuid,
    person_id: Uuid,
    state: String,
}

/// Continues with a person confirmed by a provider; `None` if they can be nobody in Greencap. `asked_anew`:
/// the provider was told to ask them for a proof.
pub(super) async fn identify(
    backend: &Backend,
    visitor: &Visitor,
    provider: &Provider,
    confirmed: ConfirmedPerson,
    asked_anew: bool,
) -> Result<Option<SignInOutcome>> {
    let identity = Identity {
        organisation: provider.organisation,
        provider: provider.id.0,
        issuer: provider.issuer.clone(),
        subject: confirmed.subject,
        second_factor_shown: provider.trusts_second_factor && confirmed.claims.second_factor(),
        proven_at: confirmed.claims.proven_at(asked_anew, backend.now()),
    };
    if let Some(linked) = linked(backend, &identity).await? {
        let state = AccountState::from_slug(&linked.state);
        // Locking is against people who guess passwords.
        if !matches!(state, Some(AccountState::Active | AccountState::Locked)) {
            return Ok(None);
        }
        let way = identity.candidate(backend, AccountId(linked.account_id), PersonId(linked.person_id), None);
        return Ok(Some(proceed(backend, visitor, vec![way]).await?));
    }
    let Some(claimed) = confirmed.claims.address(provider.kind, &provider.domains) else { return Ok(None) };
    let verified = matches!(claimed, ClaimedAddress::Verified(_));
    let address = claimed.address().comparable();
    let found = candidates(backend, identity.organisation, &identity.issuer, &address).await?;
    match found.as_slice() {
        [] if verified => return Ok(None),
        [_] if verified => {}
        // Only a message to the address proves which person it is; someone who merely claims the address
        // learns nothing.
        _ => send_codes(backend, visitor, identity.organisation, &address, &found).await?,
    }
    // A provider's second factor is trusted only for people it confirms.
    let second_factor_shown = identity.second_factor_shown && verified;
    let identity = Identity { second_factor_shown, ..identity };
    let token = store(backend, &identity, &address, verified).await?;
    Ok(Some(SignInOutcome::Owes(SignInFlow { token, step: SignInStep::VerifyAccount })))
}

async fn linked(backend: &Backend, identity: &Identity) -> Result<Option<LinkedRow>> {
    Ok(sqlx::query_as(
        "SELECT l.account_id, a.person_id, a.state
         FROM linked_identities l
         JOIN accounts a ON a.organisation_id = l.organisation_id AND a.id = l.account_id
         WHERE l.organisation_id = $1 AND l.issuer = $2 AND l.subject = $3",
    )
    .bind(identity.organisation.0)
    .bind(&identity.issuer)
    .bind(&identity.subject)
    .fetch_optional(&mut *backend.tenant_transaction(identity.organisation).await?)
    .await?)
}

impl Identity {
    /// The sign-in candidate for its owner.
    pub(super) fn candidate(
        &self,
        backend: &Backend,
        account: AccountId,
        person: PersonId,
        unlinked: Option<TokenHash>,
    ) -> SignInCandidate {
        SignInCandidate {
            provider: Some(self.provider),
            unlinked,
            second_factor_shown: self.second_factor_shown,
            proven_at: self.proven_at,
            ..SignInCandidate::new(self.organisation, account, person, backend.now())
        }
    }
}
