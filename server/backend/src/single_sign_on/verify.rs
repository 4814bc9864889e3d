//! "Verify your account": before an identity is linked to an account, its owner sees the account and confirms
//! it. This happens once; after that the address no longer matters.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, OrganisationId, PersonId, ProviderId};
use domain::roll::name::display_name;
use domain::sign_in::steps::{PersonChoice, SignInProgress, SignInStep};
use domain::single_sign_on::settings::{SIGN_IN_ADDRESSES, SignInAddresses};
use uuid::Uuid;

use super::code::{send_codes, typed_code_of};
use super::identify::Identity;
use crate::credentials::resting::LINKS_REST;
use crate::crypto::{TokenHash, random_token, token_hash};
use crate::sessions::visitor::Visitor;
use crate::settings::of_organisation;
use crate::sign_in::flow::{FLOW_LIVES, SignInCandidate, proceed};
use crate::sign_in::sign_in::SignInOutcome;
use crate::{Backend, Result};

/// An account that an identity may be linked to.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts about an account, of which none follows from another"
)]
pub(super) struct IdentityCandidate {
    pub(super) account_id: Uuid,
    pub(super) person_id: Uuid,
    pub(super) username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    school: String,
    /// Whether they have a role, today or later.
    pub(super) staff: bool,
    /// Whether they are linked to an identity of another issuer.
    linked_elsewhere: bool,
    /// Whether they can sign in in another way: with a password, a passkey, or at another provider.
    has_old_way: bool,
    /// Whether staff changed the address in the last days ([`LINKS_REST`]).
    pub(super) rests: bool,
}

/// What someone proves before their first link to a provider, beside what the provider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OldWay {
    /// Nothing: a provider that speaks for their address is enough.
    NotOwed,
    /// They read a message to their address.
    Message,
    /// They have just signed in the way they did until now.
    SignIn,
    /// Nothing is enough yet: staff changed the address that would prove it.
    Wait,
}

impl IdentityCandidate {
    /// More is asked of staff, and of people who already sign in elsewhere: for them, no provider speaks alone. Nor does
    /// one for an address that staff have just changed, and a message would go to that address.
    pub(super) fn old_way(&self) -> OldWay {
        match (self.rests || self.staff || self.linked_elsewhere, self.has_old_way) {
            (false, _) => OldWay::NotOwed,
            (true, true) => OldWay::SignIn,
            (true, false) if self.rests => OldWay::Wait,
            // Invited, or left without any other way.
            (true, false) => OldWay::Message,
        }
    }
}

/// Finds the accounts that an identity of an issuer may be linked to by this address: active, or invited with
/// an invitation that was not revoked, and not linked to another identity there. The address is their primary
/// email, or any of theirs if the organisation chose so ([`SIGN_IN_ADDRESSES`]). An address that now belongs
/// to someone else does not count.
pub(super) async fn candidates(
    backend: &Backend,
    organisation: OrganisationId,
    issuer: &str,
    address: &str,
) -> Result<Vec<IdentityCandidate>> {
    let mut transaction = backend.tenant_transaction(organisation).await?;
    let counts = of_organisation(&mut transaction, organisation, &SIGN_IN_ADDRESSES).await?;
    Ok(sqlx::query_as(
        "SELECT a.id AS account_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name,
                coalesce(s.name, o.name) AS school,
                EXISTS (SELECT FROM staff_roles r
                        WHERE r.organisation_id = $1 AND r.person_id = a.person_id
                          AND (r.ends_on < ($4 AT TIME ZONE o.time_zone)::date) IS NOT TRUE) AS staff,
                EXISTS (SELECT FROM linked_identities l WHERE l.account_id = a.id) AS linked_elsewhere,
                a.state = 'active' AND (
                    NOT password_is_off(a.organisation_id, a.person_id, $4)
                    AND (EXISTS (SELECT FROM passwords w WHERE w.account_id = a.id)
                         OR EXISTS (SELECT FROM passkeys k WHERE k.account_id = a.id))
                    OR EXISTS (SELECT FROM linked_identities l
                               JOIN identity_providers i ON i.organisation_id = $1 AND i.issuer = l.issuer AND i.enabled
                               WHERE l.account_id = a.id)) AS has_old_way,
                a.state = 'active' AND EXISTS (
                    SELECT FROM addresses m
                    WHERE m.organisation_id = $1 AND m.person_id = a.person_id AND m.comparable = $3 AND m.kind = 'email'
                      AND CASE WHEN m.is_primary THEN a.email_moved_at > $6
                               ELSE m.created_at > greatest($6, a.activated_at) END) AS rests
         FROM accounts a
         JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
         JOIN organisations o ON o.id = a.organisation_id
         LEFT JOIN LATERAL (
             SELECT s.name FROM enrolments e JOIN schools s ON s.id = e.school_id
             WHERE e.person_id = a.person_id AND e.latest ORDER BY e.starts_on DESC, s.id LIMIT 1) s ON true
         WHERE a.organisation_id = $1
           AND a.person_id IN (SELECT m.person_id FROM addresses m
                               WHERE m.organisation_id = $1 AND m.comparable = $3 AND m.kind = 'email' AND (m.is_primary OR $5))
           AND account_is_valid(a, $4)
           AND (a.state = 'active'
                OR a.state IN ('created', 'invited') AND EXISTS (
                    SELECT FROM invitations i WHERE i.account_id = a.id AND i.current AND i.revoked_at IS NULL))
           AND NOT EXISTS (SELECT FROM linked_identities l WHERE l.account_id = a.id AND l.issuer = $2)
           AND NOT mailbox_is_closed($1, a.person_id, $3, ($4 AT TIME ZONE o.time_zone)::date)
         ORDER BY p.sort_key, a.id",
    )
    .bind(organisation.0)
    .bind(issuer)
    .bind(address)
    .bind(backend.now())
    .bind(counts == SignInAddresses::Any)
    .bind(backend.now() - LINKS_REST)
    .fetch_all(&mut *transaction)
    .await?)
}

/// Stores an identity until its owner has confirmed, and returns the token for their browser. `proved` is the
/// account whose owner has just proved, in this browser and in the old way, that it is theirs.
pub(super) async fn store(
    backend: &Backend,
    identity: &Identity,
    address: &str,
    verified: bool,
    proved: Option<AccountId>,
) -> Result<String> {
    let (token, hash) = random_token(&*backend.random);
    let now = backend.now();
    sqlx::query(
        "WITH past AS (DELETE FROM unlinked_identities WHERE expires_at <= $9)
         INSERT INTO unlinked_identities
             (token_hash, organisation_id, provider_id, issuer, subject, address, verified, second_factor_shown, proven_at,
              expires_at, kept_at, object, proved_account_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $11, $10, $9, $12, $13)",
    )
    .bind(hash.as_slice())
    .bind(identity.organisation.0)
    .bind(identity.provider)
    .bind(&identity.issuer)
    .bind(&identity.subject)
    .bind(address)
    .bind(verified)
    .bind(identity.second_factor_shown)
    .bind(now)
    .bind(now + FLOW_LIVES)
    .bind(identity.proven_at)
    .bind(&identity.object)
    .bind(proved.map(|account| account.0))
    .execute(&mut *backend.system_connection().await?)
    .await?;
    Ok(token)
}

/// An identity that waits for its owner.
pub struct Unlinked {
    identity: Identity,
    address: String,
    /// The provider's name.
    pub provider: String,
    /// The account to link; `None` until a code has shown which.
    owner: Option<IdentityCandidate>,
    candidates: Vec<IdentityCandidate>,
    /// When the provider confirmed it.
    kept_at: DateTime<Utc>,
    /// The account that was proved in the old way.
    proved: Option<Uuid>,
}

/// The owner of the account to link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedOwner {
    /// Their account and name.
    pub person: PersonChoice,
    /// Their school.
    pub school: String,
}

#[derive(sqlx::FromRow)]
struct UnlinkedRow {
    organisation_id: Uuid,
    provider_id: Uuid,
    provider: String,
    issuer: String,
    subject: String,
    address: String,
    verified: bool,
    second_factor_shown: bool,
    proven_at: DateTime<Utc>,
    account_id: Option<Uuid>,
    object: Option<String>,
    kept_at: DateTime<Utc>,
    proved_account_id: Option<Uuid>,
}

impl Unlinked {
    /// Loads the identity behind a token; `None` if it was used or has expired.
    pub async fn of(backend: &Backend, token: &str) -> Result<Option<Self>> {
        let row: Option<UnlinkedRow> = sqlx::query_as(
            "SELECT u.organisation_id, u.provider_id, i.name AS provider, u.issuer, u.subject, u.address, u.verified,
                    u.second_factor_shown, u.proven_at, u.account_id, u.object,
                    coalesce(u.kept_at, 'epoch'::timestamptz) AS kept_at, u.proved_account_id
             FROM unlinked_identities u
             JOIN identity_providers i ON i.organisation_id = u.organisation_id AND i.id = u.provider_id
             WHERE u.token_hash = $1 AND u.expires_at > $2 AND i.enabled",
        )
        .bind(token_hash(token).as_slice())
        .bind(backend.now())
        .fetch_optional(&mut *backend.system_connection().await?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let organisation = OrganisationId(row.organisation_id);
        let mut candidates = candidates(backend, organisation, &row.issuer, &row.address).await?;
        candidates.retain(|candidate| candidate.old_way() != OldWay::Wait);
        let owner = match (row.account_id, candidates.as_slice()) {
            (Some(proven), several) => several.iter().find(|candidate| candidate.account_id == proven),
            (None, [only]) if row.verified && only.old_way() != OldWay::Message => Some(only),
            (None, _) => None,
        };
        Ok(Some(Self {
            owner: owner.cloned(),
            identity: Identity {
                organisation,
                provider: row.provider_id,
                issuer: row.issuer,
                subject: row.subject,
                object: row.object,
                second_factor_shown: row.second_factor_shown,
                proven_at: row.proven_at,
            },
            address: row.address,
            provider: row.provider,
            candidates,
            kept_at: row.kept_at,
            proved: row.proved_account_id,
        }))
    }

    /// Whether the owner has to sign in the way they did until now before the identity is linked.
    pub fn owes_old_way(&self) -> bool {
        let owner = self.owner.as_ref();
        owner.is_some_and(|owner| owner.old_way() == OldWay::SignIn && self.proved != Some(owner.account_id))
    }

    /// The provider.
    pub fn provider_id(&self) -> ProviderId {
        ProviderId(self.identity.provider)
    }

    /// The next step.
    pub fn step(&self) -> SignInStep {
        SignInProgress::Unlinked.next()
    }

    /// The address that the provider gave.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The owner of the account to link.
    pub fn owner(&self) -> Option<LinkedOwner> {
        self.owner.as_ref().map(|owner| LinkedOwner {
            person: PersonChoice {
                account: AccountId(owner.account_id),
                name: display_name(&owner.given_name, &owner.family_name, &owner.preferred_name),
                username: owner.username.clone(),
                school: Some(owner.school.clone()),
            },
            school: owner.school.clone(),
        })
    }
}

/// "Send me another code": sends one to the address the provider gave, if it is on record. The response
/// reveals nothing.
#[tracing::instrument(skip_all)]
pub async fn send_again(backend: &Backend, visitor: &Visitor, token: &str) -> Result<()> {
    let Some(unlinked) = Unlinked::of(backend, token).await? else { return Ok(()) };
    send_codes(backend, visitor, unlinked.identity.organisation, &unlinked.address, &unlinked.candidates)
        .await
}

/// Checks a typed code, which proves whose identity it is. Returns `false` if it is wrong.
#[tracing::instrument(skip_all)]
pub async fn type_code(backend: &Backend, visitor: &Visitor, token: &str, typed: &str) -> Result<bool> {
    let Some(unlinked) = Unlinked::of(backend, token).await? else { return Ok(false) };
    let accounts = unlinked.candidates.iter().map(|candidate| candidate.account_id);
    let organisation = unlinked.identity.organisation;
    let Some(account) = typed_code_of(backend, visitor, organisation, typed, accounts).await? else {
        return Ok(false);
    };
    prove_owner(backend, &token_hash(token), account).await?;
    Ok(true)
}

/// "This is not me": deletes the identity.
#[tracing::instrument(skip_all)]
pub async fn forget(backend: &Backend, token: &str) -> Result<()> {
    sqlx::query("DELETE FROM unlinked_identities WHERE token_hash = $1")
        .bind(token_hash(token).as_slice())
        .execute(&mut *backend.system_connection().await?)
        .await?;
    Ok(())
}

/// "Yes, this is me": continues to the account that was shown. The identity is linked when its owner signs
/// in, after every required step, because an address alone must not give access to an account with a second
/// factor. Refused if it is another account by now.
#[tracing::instrument(skip_all, fields(account = %shown))]
pub async fn confirm(
    backend: &Backend,
    visitor: &Visitor,
    token: &str,
    shown: AccountId,
) -> Result<SignInOutcome> {
    let Some(unlinked) = Unlinked::of(backend, token).await? else { return Ok(SignInOutcome::Refused) };
    if unlinked.owes_old_way() {
        return Ok(SignInOutcome::Refused);
    }
    let Some(owner) = unlinked.owner.filter(|owner| owner.account_id == shown.0) else {
        return Ok(SignInOutcome::Refused);
    };
    let hash = token_hash(token);
    prove_owner(backend, &hash, shown).await?;
    let way = unlinked.identity.candidate(backend, shown, PersonId(owner.person_id), Some(hash));
    // What counts is when the provider confirmed the identity: the person who revoked everything since meant it too. And
    // no provider speaks for the second factor of staff before they are linked to it.
    let second_factor_shown = way.second_factor_shown && !owner.staff;
    let way = SignInCandidate { since: unlinked.kept_at, second_factor_shown, ..way };
    proceed(backend, visitor, vec![way]).await
}

/// Records whose identity it is.
async fn prove_owner(backend: &Backend, unlinked: &TokenHash, owner: AccountId) -> Result<()> {
    sqlx::query("UPDATE unlinked_identities SET account_id = $2 WHERE token_hash = $1")
        .bind(unlinked.as_slice())
        .bind(owner.0)
        .execute(&mut *backend.system_connection().await?)
        .await?;
    Ok(())
}
