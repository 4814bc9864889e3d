//! Finds the person behind an identity at a provider: the owner of the linked account; or, the first time,
//! possibly someone with the address that the provider confirms.

use chrono::{DateTime, Utc};
use domain::credentials::state::AccountState;
use domain::ids::{AccountId, OrganisationId, PersonId};
use domain::sign_in::steps::SignInStep;
use domain::single_sign_on::{ClaimedAddress, RefusedVisit};
use uuid::Uuid;

use super::code::send_codes;
use super::providers::Provider;
use super::refused::{RefusedPerson, note, outside, why_nobody};
use super::token::ConfirmedPerson;
use super::verify::{OldWay, candidates, store};
use crate::crypto::TokenHash;
use crate::factors::step_up::has_recent_step_up;
use crate::sessions::session::SignedIn;
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
    /// Their id in the directory, at Microsoft.
    pub(super) object: Option<String>,
    pub(super) second_factor_shown: bool,
    /// When they confirmed there who they are.
    pub(super) proven_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct LinkedRow {
    id: Uuid,
    account_id: Uuid,
    person_id: Uuid,
    state: String,
    /// Whether the provider now says more, or something else, about who they are there.
    outdated: bool,
}

/// Continues with a person confirmed by a provider, or says why they can be nobody in Greencap. `asked_anew`:
/// the provider was told to ask them for a proof. `who`: who is signed in in this browser.
pub(super) async fn identify(
    backend: &Backend,
    visitor: &Visitor,
    provider: &Provider,
    confirmed: ConfirmedPerson,
    asked_anew: bool,
    who: Option<&SignedIn>,
) -> Result<std::result::Result<SignInOutcome, RefusedPerson>> {
    let identity = Identity {
        organisation: provider.organisation,
        provider: provider.id.0,
        issuer: provider.issuer.clone(),
        object: confirmed.claims.object(provider.kind, &provider.issuer),
        subject: confirmed.subject,
        second_factor_shown: provider.trusts_second_factor && confirmed.claims.second_factor(),
        proven_at: confirmed.claims.proven_at(asked_anew, backend.now()),
    };
    if let Some(linked) = linked(backend, &identity).await? {
        let person = PersonId(linked.person_id);
        let state = AccountState::from_slug(&linked.state);
        // Locking is against people who guess passwords.
        if !matches!(state, Some(AccountState::Active | AccountState::Locked)) {
            let reason = if state == Some(AccountState::Closed) {
                RefusedVisit::Closed
            } else {
                RefusedVisit::Disabled
            };
            return Ok(Err(RefusedPerson { people: vec![person], reason }));
        }
        let way = identity.candidate(backend, AccountId(linked.account_id), person, None);
        return Ok(Ok(proceed(backend, visitor, vec![way]).await?));
    }
    let Some(claimed) = confirmed.claims.address(provider.kind, &provider.domains) else {
        return Ok(Err(outside(backend, &identity, &confirmed.claims).await?));
    };
    let verified = matches!(claimed, ClaimedAddress::Verified(_));
    let address = claimed.address().comparable();
    let found = candidates(backend, identity.organisation, &identity.issuer, &address).await?;
    let (waiting, found): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|candidate| candidate.old_way() == OldWay::Wait);
    let proved = who.filter(|who| has_recent_step_up(backend, who)).map(|who| who.account);
    let resting =
        waiting.iter().chain(found.iter().filter(|candidate| {
            candidate.rests && proved.is_none_or(|proved| proved.0 != candidate.account_id)
        }));
    let resting = RefusedPerson {
        people: resting.map(|candidate| PersonId(candidate.person_id)).collect(),
        reason: RefusedVisit::AddressChanged,
    };
    match found.as_slice() {
        [] if verified && !waiting.is_empty() => return Ok(Err(resting)),
        [] if verified => return Ok(Err(why_nobody(backend, &identity, &address).await?)),
        [only] if verified && only.old_way() != OldWay::Message => {}
        // Only a message to the address proves which person it is; someone who merely claims the address
        // learns nothing.
        _ => send_codes(backend, visitor, identity.organisation, &address, &found).await?,
    }
    // They are asked to sign in in the old way first: staff see why.
    if verified && !resting.people.is_empty() {
        note(backend, visitor, identity.organisation, provider.id, &resting).await?;
    }
    // A provider's second factor is trusted only for people it confirms.
    let second_factor_shown = identity.second_factor_shown && verified;
    let identity = Identity { second_factor_shown, ..identity };
    let token = store(backend, &identity, &address, verified, proved).await?;
    Ok(Ok(SignInOutcome::Owes(SignInFlow { token, step: SignInStep::VerifyAccount })))
}

/// Finds the account that an identity is linked to: by its subject or, at Microsoft, by the person's id in the
/// directory, which stays the same when Greencap is registered there again. Remembers what it did not know.
async fn linked(backend: &Backend, identity: &Identity) -> Result<Option<LinkedRow>> {
    let mut transaction = backend.tenant_transaction(identity.organisation).await?;
    let found: Option<LinkedRow> = sqlx::query_as(
        "SELECT l.id, l.account_id, a.person_id, a.state,
                l.subject <> $3 OR ($4::text IS NOT NULL AND l.object IS DISTINCT FROM $4) AS outdated
         FROM linked_identities l
         JOIN accounts a ON a.organisation_id = l.organisation_id AND a.id = l.account_id
         WHERE l.organisation_id = $1 AND l.issuer = $2 AND (l.object = $4 OR l.subject = $3 AND (l.object IS NULL OR $4::text IS NULL))
         ORDER BY l.object IS NOT NULL DESC LIMIT 1",
    )
    .bind(identity.organisation.0)
    .bind(&identity.issuer)
    .bind(&identity.subject)
    .bind(&identity.object)
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(found) = found.as_ref().filter(|found| found.outdated) {
        sqlx::query(
            "UPDATE linked_identities SET subject = $3, object = coalesce($4, object) WHERE organisation_id = $1 AND id = $2
               AND NOT EXISTS (SELECT FROM linked_identities other
                               WHERE other.organisation_id = $1 AND other.issuer = $5 AND other.subject = $3 AND other.id <> $2)",
        )
        .bind(identity.organisation.0)
        .bind(found.id)
        .bind(&identity.subject)
        .bind(&identity.object)
        .bind(&identity.issuer)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
    }
    Ok(found)
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
