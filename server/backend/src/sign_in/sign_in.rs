//! Signing in with a username or an email address, and a password or a one-time code of the office.

use chrono::{DateTime, Utc};
use domain::audit::AuditAction;
use domain::credentials::password::Password;
use domain::credentials::state::{AccountEvent, AccountState};
use domain::ids::{AccountId, OrganisationId, PersonId};
use uuid::Uuid;

use super::flow::{SignInCandidate, SignInFlow, proceed};
use crate::audit;
use crate::audit::AuditEntry;
use crate::credentials::codes::TypedCode;
use crate::credentials::constant_time::in_constant_time;
use crate::credentials::limits;
use crate::credentials::limits::{Attempt, DEVICE, NAME, SOURCE};
use crate::credentials::password;
use crate::sessions::session::NewSession;
use crate::sessions::visitor::{Visitor, known_since};
use crate::{Backend, Error, Result};

/// Wrong passwords in a row after which an account lets in no browser that is not known to it, until staff unlock it or
/// its owner chooses a new password (NIST SP 800-63B-4, section 3.2.2).
pub const ATTEMPTS: i32 = 100;

/// The most people with one address who can sign in by it: each costs a hash. Who shares with more uses the username.
const MOST_SHARING: usize = 6;

/// How a try to sign in ended.
pub enum SignIn {
    /// A session has begun.
    Entered(NewSession),
    /// The password was right; this has to be done before a session begins.
    Owes(SignInFlow),
    /// Refused: the same whether nobody has that name, the password is wrong, or the account is suspended,
    /// locked, closed or not yet activated.
    Refused,
    /// Too many attempts with this name or from this network, whether there is such a name or not.
    Slowed,
}

#[derive(sqlx::FromRow)]
struct PasswordCandidate {
    id: Uuid,
    organisation_id: Uuid,
    person_id: Uuid,
    state: String,
    hash: Option<String>,
    /// Whether the visitor's browser is known to the account.
    known: bool,
    /// Whether their school requires single sign-on.
    password_is_off: bool,
}

/// Lets someone in, or says what is owed before.
#[tracing::instrument(skip_all)]
pub async fn sign_in(backend: &Backend, visitor: &Visitor, name: &str, typed: &str) -> Result<SignIn> {
    let unheard = |end: &Result<SignIn>| matches!(end, Ok(SignIn::Refused | SignIn::Slowed));
    in_constant_time(answer(backend, visitor, name, typed), unheard).await
}

async fn answer(backend: &Backend, visitor: &Visitor, name: &str, typed: &str) -> Result<SignIn> {
    let name = name.trim().to_lowercase();
    let since = backend.now();
    let candidates = find(backend, visitor, &name).await?;
    let attempts = attempts(backend, visitor, &name, &candidates);
    if !limits::take(backend, &attempts).await? {
        noted(&candidates, "slowed");
        return Ok(SignIn::Slowed);
    }
    // Longer than any password can be: it is not the right one.
    let Ok(password) = Password::typed(typed) else { return Ok(SignIn::Refused) };
    let code =
        TypedCode::read(backend, "code", typed, candidates.iter().map(|candidate| candidate.id)).await?;
    let ways = judge(backend, &candidates, &password, code.as_ref(), since).await?;
    if ways.is_empty() {
        noted(&candidates, "refused");
        note_wrong(backend, &candidates).await?;
        if let Some(code) = code {
            code.note_wrong(backend).await?;
        }
        return Ok(SignIn::Refused);
    }
    limits::give_back(backend, &attempts).await?;
    proceed(backend, visitor, ways).await
}

/// Logs a refused sign-in (OWASP ASVS 5.0, V16.3.1): the accounts that were meant, and nothing else.
fn noted(candidates: &[PasswordCandidate], end: &'static str) {
    let accounts: Vec<Uuid> = candidates.iter().map(|candidate| candidate.id).collect();
    tracing::info!(?accounts, end, "sign-in refused");
}

/// Under what a try counts: a browser that is known to an account it tries has a limit of its own.
fn attempts(
    backend: &Backend,
    visitor: &Visitor,
    name: &str,
    candidates: &[PasswordCandidate],
) -> Vec<Attempt> {
    match &visitor.known_as {
        Some(token) if candidates.iter().any(|candidate| candidate.known) => vec![DEVICE.of(backend, token)],
        _ => vec![NAME.of(backend, name), SOURCE.from(backend, visitor.source)],
    }
}

/// The account with this username, or all those of people with this primary address. Where more share it than a sign-in
/// may cost, none: they sign in with their usernames.
async fn find(backend: &Backend, visitor: &Visitor, name: &str) -> Result<Vec<PasswordCandidate>> {
    // By organisation, since that is how the indexes of both columns begin.
    let found: Vec<PasswordCandidate> = if name.contains('@') {
        sqlx::query_as(
            "SELECT a.id, a.organisation_id, a.person_id, a.state, w.hash,
                    EXISTS (SELECT FROM known_devices k
                            WHERE k.device_hash = $2 AND k.account_id = a.id AND k.last_sign_in_at > $3) AS known,
                    password_is_off(a.organisation_id, a.person_id, $5) AS password_is_off
             FROM organisations o
             JOIN addresses m ON m.organisation_id = o.id AND m.comparable = $1 AND m.kind = 'email' AND m.is_primary
             JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = m.person_id
             LEFT JOIN passwords w ON w.account_id = a.id
             ORDER BY a.id LIMIT $4",
        )
    } else {
        sqlx::query_as(
            "SELECT a.id, a.organisation_id, a.person_id, a.state, w.hash,
                    EXISTS (SELECT FROM known_devices k
                            WHERE k.device_hash = $2 AND k.account_id = a.id AND k.last_sign_in_at > $3) AS known,
                    password_is_off(a.organisation_id, a.person_id, $5) AS password_is_off
             FROM organisations o
             JOIN accounts a ON a.organisation_id = o.id AND a.username = $1
             LEFT JOIN passwords w ON w.account_id = a.id
             ORDER BY a.id LIMIT $4",
        )
    }
    .bind(name)
    .bind(visitor.device_hash().map(Vec::from))
    .bind(known_since(backend.now()))
    .bind(i64::try_from(MOST_SHARING + 1).unwrap_or(i64::MAX))
    .bind(backend.now())
    .fetch_all(&mut *backend.system_connection().await?)
    .await?;
    Ok(if found.len() > MOST_SHARING { Vec::new() } else { found })
}

/// Those whose password or code it is and who may sign in. Every password is checked, so that the time tells nothing;
/// where there is nobody, as much work is done for nobody.
async fn judge(
    backend: &Backend,
    candidates: &[PasswordCandidate],
    typed: &Password,
    code: Option<&TypedCode>,
    since: DateTime<Utc>,
) -> Result<Vec<SignInCandidate>> {
    if candidates.is_empty() {
        password::verify(typed, None).await?;
    }
    let mut ways = Vec::new();
    for candidate in candidates {
        let right = password::verify(typed, candidate.hash.clone()).await?;
        let account = AccountId(candidate.id);
        let reset = code.and_then(|code| code.opens(backend, account));
        let state = AccountState::from_slug(&candidate.state);
        let may_enter = match state {
            _ if candidate.password_is_off => false,
            Some(AccountState::Active) => right || reset.is_some(),
            // Locked against guessing, not against its owner: a recognised browser and a one-time code still work.
            Some(AccountState::Locked) => right && candidate.known || reset.is_some(),
            _ => false,
        };
        if may_enter {
            let (organisation, person) =
                (OrganisationId(candidate.organisation_id), PersonId(candidate.person_id));
            ways.push(SignInCandidate {
                reset,
                ..SignInCandidate::new(organisation, account, person, since)
            });
        }
    }
    Ok(ways)
}

/// Counts a wrong password against every account that it was tried on, and locks those that have had enough.
async fn note_wrong(backend: &Backend, candidates: &[PasswordCandidate]) -> Result<()> {
    let mut transaction = backend.system_transaction().await?;
    let locked =
        AccountState::Active.after(AccountEvent::Lock, AccountState::Active).map_err(Error::unexpected)?;
    let stopped: Vec<(Uuid, Uuid, Uuid)> = sqlx::query_as(
        "WITH tried AS (
             UPDATE accounts SET failed_attempts = failed_attempts + 1,
                    state = CASE WHEN failed_attempts + 1 >= $2 THEN $3 ELSE state END,
                    locked_at = CASE WHEN failed_attempts + 1 >= $2 THEN $4 ELSE locked_at END
             WHERE id = ANY($1) AND state = 'active'
             RETURNING organisation_id, id, person_id, state)
         SELECT organisation_id, id, person_id FROM tried WHERE state = $3",
    )
    .bind(candidates.iter().map(|candidate| candidate.id).collect::<Vec<_>>())
    .bind(ATTEMPTS)
    .bind(locked.slug())
    .bind(backend.now())
    .fetch_all(&mut *transaction)
    .await?;
    for (organisation, account, person) in stopped {
        let entry = AuditEntry::new(AuditAction::AccountLocked)
            .person(PersonId(person))
            .subject("account", account)
            .details(serde_json::json!({ "wrong_passwords": ATTEMPTS }));
        let actor = domain::authorization::actor::Actor::system(OrganisationId(organisation));
        audit::record(backend, &mut transaction, &actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Goes on with someone who has just chosen their password with an invitation.
#[tracing::instrument(skip_all, fields(account = %account))]
pub async fn after_activation(backend: &Backend, visitor: &Visitor, account: AccountId) -> Result<SignIn> {
    let way: Option<(Uuid, Uuid)> =
        sqlx::query_as("SELECT organisation_id, person_id FROM accounts WHERE id = $1")
            .bind(account.0)
            .fetch_optional(&mut *backend.system_connection().await?)
            .await?;
    let ways = way.map(|(organisation, person)| {
        SignInCandidate::new(OrganisationId(organisation), account, PersonId(person), backend.now())
    });
    proceed(backend, visitor, ways.into_iter().collect()).await
}
