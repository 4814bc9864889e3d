//! Visits to a provider that let nobody in: why, for the audit log and the person's record. The person who came back sees
//! the same page whatever the reason.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::credentials::state::AccountState;
use domain::ids::{OrganisationId, PersonId, ProviderId};
use domain::roll::address::EmailAddress;
use domain::single_sign_on::{Claims, RefusedVisit};
use serde_json::json;
use uuid::Uuid;

use super::identify::Identity;
use crate::audit::{AuditEntry, record};
use crate::sessions::visitor::Visitor;
use crate::{Backend, Result};

/// How long the same refusal of the same person is not written down again.
const QUIET: TimeDelta = TimeDelta::minutes(10);

/// Who was refused, as far as it is known, and why.
#[derive(Debug)]
pub(super) struct RefusedPerson {
    /// Everyone who has the address.
    pub(super) people: Vec<PersonId>,
    pub(super) reason: RefusedVisit,
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    person_id: Uuid,
    state: Option<String>,
    linked: bool,
    /// Whether the account can be used today, by its days; also if there is none.
    is_valid: bool,
}

/// Why nobody with this address, which the provider speaks for, can be linked.
pub(super) async fn why_nobody(
    backend: &Backend,
    identity: &Identity,
    address: &str,
) -> Result<RefusedPerson> {
    let holders: Vec<HolderRow> = sqlx::query_as(
        "SELECT m.person_id, account_state(a.id, a.state) AS state,
                EXISTS (SELECT FROM linked_identities l WHERE l.account_id = a.id AND l.issuer = $3) AS linked,
                (account_is_valid(a, $4)) IS NOT FALSE AS is_valid
         FROM addresses m
         LEFT JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = m.person_id
         WHERE m.organisation_id = $1 AND m.comparable = $2 AND m.kind = 'email'
         ORDER BY m.is_primary DESC, a.id LIMIT 6",
    )
    .bind(identity.organisation.0)
    .bind(address)
    .bind(&identity.issuer)
    .bind(backend.now())
    .fetch_all(&mut *backend.tenant_transaction(identity.organisation).await?)
    .await?;
    let reason = holders.first().map_or(RefusedVisit::UnknownAddress, |holder| {
        match holder.state.as_deref().and_then(AccountState::from_slug) {
            Some(AccountState::Suspended) => RefusedVisit::Disabled,
            Some(AccountState::Closed) => RefusedVisit::Closed,
            Some(AccountState::Locked) => RefusedVisit::Locked,
            _ if holder.linked => RefusedVisit::OtherIdentity,
            Some(_) if !holder.is_valid => RefusedVisit::OutsideDays,
            _ => RefusedVisit::NotInvited,
        }
    });
    Ok(RefusedPerson { people: holders.iter().map(|holder| PersonId(holder.person_id)).collect(), reason })
}

/// Why the provider speaks for no address of theirs.
pub(super) async fn outside(
    backend: &Backend,
    identity: &Identity,
    claims: &Claims,
) -> Result<RefusedPerson> {
    let claimed: Vec<String> = [&claims.email, &claims.preferred_username]
        .into_iter()
        .flatten()
        .filter_map(|claim| claim.parse::<EmailAddress>().ok())
        .map(|address| address.comparable())
        .collect();
    let people: Vec<Uuid> = sqlx::query_scalar(
        "SELECT DISTINCT person_id FROM addresses
         WHERE organisation_id = $1 AND comparable = ANY($2) AND kind = 'email' AND is_primary LIMIT 6",
    )
    .bind(identity.organisation.0)
    .bind(&claimed)
    .fetch_all(&mut *backend.tenant_transaction(identity.organisation).await?)
    .await?;
    let reason = if claimed.is_empty() { RefusedVisit::NoAddress } else { RefusedVisit::OtherDomain };
    Ok(RefusedPerson { people: people.into_iter().map(PersonId).collect(), reason })
}

/// Writes a refused visit to the audit log, once for each person it may have been, and so to their records.
pub(super) async fn note(
    backend: &Backend,
    visitor: &Visitor,
    organisation: OrganisationId,
    provider: ProviderId,
    refused: &RefusedPerson,
) -> Result<()> {
    tracing::info!(reason = refused.reason.slug(), %provider, "single_sign_on.refused");
    let actor = Actor::system(organisation).at(visitor.source);
    let people: Vec<Option<PersonId>> = if refused.people.is_empty() {
        vec![None]
    } else {
        refused.people.iter().copied().map(Some).collect()
    };
    let mut transaction = backend.tenant_transaction(organisation).await?;
    let noted: Vec<Option<Uuid>> = sqlx::query_scalar(
        "SELECT DISTINCT person_id FROM audit_events
         WHERE organisation_id = $1 AND at > $2 AND action = $3 AND details ->> 'reason' = $4",
    )
    .bind(organisation.0)
    .bind(backend.now() - QUIET)
    .bind(AuditAction::ProviderVisitRefused.slug())
    .bind(refused.reason.slug())
    .fetch_all(&mut *transaction)
    .await?;
    for person in people {
        if noted.contains(&person.map(|person| person.0)) {
            continue;
        }
        let entry = AuditEntry::new(AuditAction::ProviderVisitRefused)
            .subject("identity provider", provider.0)
            .details(json!({ "reason": refused.reason.slug() }));
        let entry = match person {
            Some(person) => entry.person(person),
            None => entry,
        };
        record(backend, &mut transaction, &actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(())
}
