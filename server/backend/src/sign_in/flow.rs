//! The flow from a correct password to a session: `domain::sign_in::steps` decides the next step; a row in
//! the database and a token in a cookie store the progress. Every step goes through [`proceed`].

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::credentials::state::AccountState;
use domain::factors::{PresentedFactor, ProofOutcome};
use domain::ids::{AccountId, OrganisationId, PersonId};
use domain::roll::name::display_name;
use domain::sign_in::steps::{PersonChoice, SecondFactorState, SignInProgress, SignInProof, SignInStep};
use uuid::Uuid;

pub(crate) use super::candidate::SignInCandidate;
use super::link::{LinkOutcome, link, note};
use super::sign_in::SignInOutcome;
use crate::audit;
use crate::audit::AuditEntry;
use crate::credentials::days::outside_days;
use crate::credentials::factors::of_account;
use crate::crypto::{TokenHash, random_token, token_hash};
use crate::factors::check::judge;
use crate::factors::guesses;
use crate::sessions::session;
use crate::sessions::session::{NewSession, SignInDetails};
use crate::sessions::visitor::{Visitor, known_since, remember};
use crate::{Backend, Error, Result};

/// How long the steps between the password and the session may take.
pub const FLOW_LIVES: TimeDelta = TimeDelta::minutes(10);

/// A sign-in with a step left.
#[derive(Debug)]
pub struct SignInFlow {
    /// The cookie's value, stored nowhere else. Each step has its own token.
    pub token: String,
    /// The step.
    pub step: SignInStep,
}

/// The state behind a [`SignInFlow`] token.
pub struct PendingSignIn {
    token: TokenHash,
    candidates: Vec<SignInCandidate>,
    progress: SignInProgress,
    /// The candidates, by name.
    pub people: Vec<PersonChoice>,
    /// Whether one of them has passkeys.
    pub has_passkeys: bool,
}

/// What the person has proved so far, and what is still required.
async fn progress(backend: &Backend, candidates: &[SignInCandidate]) -> Result<SignInProgress> {
    let [candidate] = candidates else { return Ok(SignInProgress::Several) };
    let second_factor = if candidate.second_factor_shown {
        SecondFactorState::Shown
    } else if of_account(
        &mut *backend.tenant_transaction(candidate.organisation).await?,
        candidate.organisation,
        candidate.account,
    )
    .await?
    .any()
    {
        SecondFactorState::Owed
    } else {
        SecondFactorState::NotOwed
    };
    let proof = match (candidate.provider, candidate.reset) {
        (Some(_), _) => SignInProof::Identity,
        (None, Some(_)) => SignInProof::Code,
        (None, None) if candidate.short_password => SignInProof::ShortPassword,
        (None, None) => SignInProof::Password,
    };
    Ok(SignInProgress::One { proof, second_factor })
}

/// Starts the session, or stores the flow for the next step. Refused if no candidate is left. Whatever they showed was
/// right, so somebody whose account cannot be used today is told so.
pub(crate) async fn proceed(
    backend: &Backend,
    visitor: &Visitor,
    mut candidates: Vec<SignInCandidate>,
) -> Result<SignInOutcome> {
    let step = progress(backend, &candidates).await?.next();
    if let (SignInStep::Enter, [candidate]) = (step, candidates.as_slice()) {
        // Whether the account can be used today is asked there, with everything else.
        return match let_in(backend, visitor, candidate).await? {
            Some(session) => Ok(SignInOutcome::Entered(session)),
            None => Ok(SignInOutcome::refused(&outside_days(backend, accounts(&candidates)).await?)),
        };
    }
    let outside = outside_days(backend, accounts(&candidates)).await?;
    if candidates.iter().all(|candidate| outside.contains_key(&candidate.account)) {
        return Ok(SignInOutcome::refused(&outside));
    }
    if outside.is_empty() {
        let token = store_flow(backend, &candidates).await?;
        return Ok(SignInOutcome::Owes(SignInFlow { token, step }));
    }
    candidates.retain(|candidate| !outside.contains_key(&candidate.account));
    Box::pin(proceed(backend, visitor, candidates)).await
}

fn accounts(candidates: &[SignInCandidate]) -> impl Iterator<Item = AccountId> {
    candidates.iter().map(|candidate| candidate.account)
}

async fn store_flow(backend: &Backend, candidates: &[SignInCandidate]) -> Result<String> {
    let (token, hash) = random_token(&*backend.random);
    let now = backend.now();
    sqlx::query(
        "WITH past AS (DELETE FROM pending_sign_ins WHERE expires_at <= $2)
         INSERT INTO pending_sign_ins
             (token_hash, organisation_id, account_id, reset_id, provider_id, unlinked_hash, second_factor_shown, begun_at,
              proven_at, short_password, expires_at)
         SELECT $1, candidate.organisation_id, candidate.account_id, candidate.reset_id, candidate.provider_id, candidate.unlinked_hash,
                candidate.second_factor_shown, candidate.begun_at, candidate.proven_at, candidate.short_password, $3
         FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::bytea[], $9::boolean[], $10::timestamptz[],
                     $11::timestamptz[], $12::boolean[])
              AS candidate (organisation_id, account_id, reset_id, provider_id, unlinked_hash, second_factor_shown, begun_at,
                      proven_at, short_password)",
    )
    .bind(hash.as_slice())
    .bind(now)
    .bind(now + FLOW_LIVES)
    .bind(candidates.iter().map(|candidate| candidate.organisation.0).collect::<Vec<_>>())
    .bind(candidates.iter().map(|candidate| candidate.account.0).collect::<Vec<_>>())
    .bind(candidates.iter().map(|candidate| candidate.reset).collect::<Vec<_>>())
    .bind(candidates.iter().map(|candidate| candidate.provider).collect::<Vec<_>>())
    .bind(candidates.iter().map(|candidate| candidate.unlinked.map(Vec::from)).collect::<Vec<_>>())
    .bind(candidates.iter().map(|candidate| candidate.second_factor_shown).collect::<Vec<_>>())
    .bind(candidates.iter().map(|candidate| candidate.since).collect::<Vec<_>>())
    .bind(candidates.iter().map(|candidate| candidate.proven_at).collect::<Vec<_>>())
    .bind(candidates.iter().map(|candidate| candidate.short_password).collect::<Vec<_>>())
    .execute(&mut *backend.system_connection().await?)
    .await?;
    Ok(token)
}

#[derive(sqlx::FromRow)]
struct PendingSignInRow {
    organisation_id: Uuid,
    account_id: Uuid,
    person_id: Uuid,
    reset_id: Option<Uuid>,
    has_passkeys: bool,
    provider_id: Option<Uuid>,
    unlinked_hash: Option<Vec<u8>>,
    second_factor_shown: bool,
    begun_at: DateTime<Utc>,
    proven_at: DateTime<Utc>,
    short_password: bool,
    username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    school: Option<String>,
}

impl PendingSignIn {
    /// Loads the state behind a token; `None` if it was used or has expired, or if none of its candidates may
    /// sign in any more.
    pub async fn of(backend: &Backend, token: &str) -> Result<Option<Self>> {
        let token = token_hash(token);
        let rows: Vec<PendingSignInRow> = sqlx::query_as(
            "SELECT w.organisation_id, w.account_id, a.person_id, w.reset_id, w.provider_id, w.unlinked_hash,
                    w.second_factor_shown, w.begun_at, w.proven_at, w.short_password,
                    a.username, EXISTS (SELECT FROM passkeys k WHERE k.account_id = a.id) AS has_passkeys,
                    p.given_name, p.family_name, p.preferred_name, s.name AS school
             FROM pending_sign_ins w
             JOIN accounts a ON a.organisation_id = w.organisation_id AND a.id = w.account_id
             JOIN people p ON p.id = a.person_id
             LEFT JOIN LATERAL school_of(a.organisation_id, a.person_id) s ON true
             LEFT JOIN password_resets r ON r.id = w.reset_id
             WHERE w.token_hash = $1 AND w.expires_at > $2 AND a.state IN ('active', 'locked')
               AND account_is_valid(a, $2)
               AND (w.reset_id IS NULL OR r.used_at IS NULL AND r.revoked_at IS NULL AND r.expires_at > $2)
             ORDER BY p.sort_key, a.id",
        )
        .bind(token.as_slice())
        .bind(backend.now())
        .fetch_all(&mut *backend.system_connection().await?)
        .await?;
        let candidates = rows
            .iter()
            .map(|row| SignInCandidate {
                organisation: OrganisationId(row.organisation_id),
                account: AccountId(row.account_id),
                person: PersonId(row.person_id),
                reset: row.reset_id,
                short_password: row.short_password,
                provider: row.provider_id,
                unlinked: row.unlinked_hash.as_deref().and_then(|hash| hash.try_into().ok()),
                second_factor_shown: row.second_factor_shown,
                since: row.begun_at,
                proven_at: row.proven_at,
            })
            .collect::<Vec<_>>();
        let progress = progress(backend, &candidates).await?;
        let has_passkeys = rows.iter().any(|row| row.has_passkeys);
        let people: Vec<PersonChoice> = rows
            .into_iter()
            .map(|row| PersonChoice {
                account: AccountId(row.account_id),
                name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
                username: row.username,
                school: row.school,
            })
            .collect();
        Ok((!people.is_empty()).then_some(Self { token, candidates, progress, people, has_passkeys }))
    }

    /// The next step.
    pub fn step(&self) -> SignInStep {
        self.progress.next()
    }

    /// What identifies it; it is replaced with each step.
    pub(crate) fn token(&self) -> TokenHash {
        self.token
    }

    /// The person, once only one candidate is left.
    pub(crate) fn one(&self) -> Option<&SignInCandidate> {
        match self.candidates.as_slice() {
            [candidate] => Some(candidate),
            _ => None,
        }
    }
}

/// Chooses one of several people. The token is used up: the next step has another one.
#[tracing::instrument(skip_all, fields(account = %chosen))]
pub async fn choose_person(
    backend: &Backend,
    visitor: &Visitor,
    token: &str,
    chosen: AccountId,
) -> Result<SignInOutcome> {
    let waiting = PendingSignIn::of(backend, token).await?;
    let Some(candidate) = waiting
        .into_iter()
        .flat_map(|waiting| waiting.candidates)
        .find(|candidate| candidate.account == chosen)
    else {
        return Ok(SignInOutcome::Refused);
    };
    spend(backend, visitor, token, candidate).await
}

/// How an attempt with a second factor ended.
pub enum SecondFactorOutcome {
    /// It was right, and this comes next.
    Shown(SignInOutcome),
    /// It is wrong, or was already used.
    Wrong,
    /// It is the code of a time a few minutes away: the clock of the phone is off.
    ClockOff,
    /// Too many attempts for this account.
    Slowed,
}

/// Checks the required second factor. If it is right, both it and the token are used up.
#[tracing::instrument(skip_all)]
pub async fn show_second_factor(
    backend: &Backend,
    visitor: &Visitor,
    token: &str,
    shown: &PresentedFactor,
) -> Result<SecondFactorOutcome> {
    let waiting =
        PendingSignIn::of(backend, token).await?.filter(|waiting| waiting.step() == SignInStep::SecondFactor);
    let Some(candidate) = waiting.and_then(|waiting| waiting.one().cloned()) else {
        return Ok(SecondFactorOutcome::Shown(SignInOutcome::Refused));
    };
    Ok(match judge(backend, candidate.organisation, candidate.account, shown).await? {
        ProofOutcome::Right => {
            let candidate =
                SignInCandidate { second_factor_shown: true, proven_at: backend.now(), ..candidate };
            SecondFactorOutcome::Shown(spend(backend, visitor, token, candidate).await?)
        }
        judged @ (ProofOutcome::Wrong | ProofOutcome::ClockOff) => {
            let SignInCandidate { organisation, account, person, .. } = candidate;
            guesses::note(backend, visitor, organisation, account, person).await?;
            match judged {
                ProofOutcome::ClockOff => SecondFactorOutcome::ClockOff,
                _ => SecondFactorOutcome::Wrong,
            }
        }
        ProofOutcome::Slowed => SecondFactorOutcome::Slowed,
    })
}

/// Uses up the token of a step and continues to the next. Of two concurrent requests, only one succeeds.
async fn spend(
    backend: &Backend,
    visitor: &Visitor,
    token: &str,
    candidate: SignInCandidate,
) -> Result<SignInOutcome> {
    let spent = sqlx::query("DELETE FROM pending_sign_ins WHERE token_hash = $1")
        .bind(token_hash(token).as_slice())
        .execute(&mut *backend.system_connection().await?)
        .await?;
    if spent.rows_affected() == 0 {
        return Ok(SignInOutcome::Refused);
    }
    proceed(backend, visitor, vec![candidate]).await
}

/// Starts a session, if the account may still have one: since the password was checked, the account may have
/// been disabled or its password changed.
async fn let_in(
    backend: &Backend,
    visitor: &Visitor,
    candidate: &SignInCandidate,
) -> Result<Option<NewSession>> {
    let now = backend.now();
    let actor = Actor::signed_in(candidate.organisation, candidate.account, candidate.person, Vec::new())
        .at(visitor.source);
    let mut transaction = backend.tenant_transaction(candidate.organisation).await?;
    let linked = match &candidate.unlinked {
        Some(unlinked) => Some(
            link(
                backend,
                &mut transaction,
                candidate.organisation,
                candidate.account,
                unlinked,
                candidate.since,
            )
            .await?,
        ),
        None => None,
    };
    if linked == Some(LinkOutcome::Refused) {
        return Ok(None);
    }
    let before: Option<String> = sqlx::query_scalar(
        "WITH before AS (
             SELECT id, state FROM accounts a
             WHERE organisation_id = $1 AND id = $2 AND (ways_ended_at > $8) IS NOT TRUE AND office_only_since IS NULL
               AND account_is_valid(a, $6)
               AND (state = 'active' OR state = 'locked' AND ($7 OR EXISTS (
                 SELECT FROM known_devices k
                 WHERE k.device_hash = $3 AND k.account_id = a.id AND k.last_sign_in_at > $4)))
             FOR UPDATE)
         UPDATE accounts a SET state = $5, locked_at = NULL, failed_attempts = 0, last_sign_in_at = $6
         FROM before WHERE a.id = before.id RETURNING before.state",
    )
    .bind(candidate.organisation.0)
    .bind(candidate.account.0)
    .bind(visitor.device_hash().map(Vec::from))
    .bind(known_since(now))
    .bind(AccountState::Active.slug())
    .bind(now)
    // An account is locked because of guessed passwords: someone with a passkey or from a provider guessed
    // none.
    .bind(candidate.second_factor_shown || candidate.provider.is_some())
    // Linking already revoked the other ways to sign in, and checked before that this one was still valid.
    .bind(linked.is_none().then_some(candidate.since))
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(before) = before else { return Ok(None) };
    let before = AccountState::from_slug(&before)
        .ok_or_else(|| Error::unexpected(format!("account state {before}")))?;
    let device =
        remember(backend, &mut transaction, candidate.organisation, candidate.account, visitor).await?;
    let made = SignInDetails {
        device,
        provider: candidate.provider,
        second_factor: candidate.second_factor_shown,
        proven_at: candidate.proven_at,
    };
    let session =
        session::create(backend, &mut transaction, candidate.organisation, candidate.account, visitor, made)
            .await?;
    if let Some(linked) = linked {
        note(backend, &mut transaction, &actor, candidate.account, candidate.person, linked).await?;
    }
    if before == AccountState::Locked {
        let unlocked = AuditEntry::new(AuditAction::AccountUnlocked).person(candidate.person);
        audit::record(backend, &mut transaction, &actor, unlocked).await?;
    }
    let entered = AuditEntry::new(AuditAction::SignedIn).person(candidate.person);
    let entered = match candidate.provider {
        Some(provider) => entered.subject("identity provider", provider),
        None => entered,
    };
    audit::record(backend, &mut transaction, &actor, entered).await?;
    transaction.commit().await?;
    Ok(Some(session))
}
