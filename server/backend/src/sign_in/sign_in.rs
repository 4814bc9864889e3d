//! Signing in with a username or email address, and a password or a one-time code from the office.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::audit::AuditAction;
use domain::credentials::password::Password;
use domain::credentials::state::{AccountEvent, AccountState};
use domain::fold::typed_name;
use domain::ids::{AccountId, OrganisationId, PersonId};
use uuid::Uuid;

use super::flow::{SignInCandidate, SignInFlow, proceed};
use crate::audit;
use crate::audit::AuditEntry;
use crate::authorization::roles::maker_reaches;
use crate::credentials::codes::TypedCode;
use crate::credentials::constant_time::in_constant_time;
use crate::credentials::days::OutsideDays;
use crate::credentials::limits;
use crate::credentials::limits::{ACCOUNT, DEVICE, NAME, RateLimitAttempt, SOURCE};
use crate::credentials::new_password::{MOST_SHARING, STAFF_MINIMUM};
use crate::credentials::password;
use crate::credentials::phrases::TypedPhrase;
use crate::sessions::session::NewSession;
use crate::sessions::visitor::{Visitor, known_since};
use crate::{Backend, Error, Result};

/// The number of consecutive wrong passwords after which an account accepts only recognised browsers, until
/// staff unlock it or its owner chooses a new password (NIST SP 800-63B-4, section 3.2.2).
pub const ATTEMPTS: i32 = 100;

/// How an attempt to sign in ended.
pub enum SignInOutcome {
    /// A session started.
    Entered(NewSession),
    /// The password was right; this step is required before a session starts.
    Owes(SignInFlow),
    /// The password was that of a card of an account that waits for one: it continues as if the link with this token, in the
    /// card's QR code, had been opened.
    Invited(String),
    /// Refused. The response is the same whether the name does not exist, the password is wrong, or the
    /// account is suspended, locked, closed or not activated.
    Refused,
    /// What was shown was right, and the account cannot be used today. Only its owner is told.
    OutsideDays(OutsideDays),
    /// Too many attempts with this name or from this network, whether the name exists or not.
    Slowed,
}

impl SignInOutcome {
    /// Tells somebody whose account cannot be used today so, and everybody else nothing.
    pub(super) fn refused(outside: &HashMap<AccountId, OutsideDays>) -> Self {
        let Some(days) = outside.values().next() else { return Self::Refused };
        tracing::info!(accounts = ?outside.keys(), "sign-in refused outside the days of the account");
        Self::OutsideDays(*days)
    }
}

#[derive(sqlx::FromRow)]
struct PasswordCandidateRow {
    id: Uuid,
    organisation_id: Uuid,
    person_id: Uuid,
    state: String,
    hash: Option<String>,
    /// Whether the account recognises the visitor's browser.
    known: bool,
    /// Whether their school requires single sign-on.
    password_is_off: bool,
    /// Whether they have a role, which asks for a longer password.
    is_staff: bool,
}

/// Signs someone in, or returns the next required step.
#[tracing::instrument(skip_all)]
pub async fn sign_in(backend: &Backend, visitor: &Visitor, name: &str, typed: &str) -> Result<SignInOutcome> {
    let unheard =
        |end: &Result<SignInOutcome>| matches!(end, Ok(SignInOutcome::Refused | SignInOutcome::Slowed));
    in_constant_time(answer(backend, visitor, name, typed), unheard).await
}

async fn answer(backend: &Backend, visitor: &Visitor, name: &str, typed: &str) -> Result<SignInOutcome> {
    let name = typed_name(name);
    let since = backend.now();
    let candidates = find(backend, visitor, &name).await?;
    let attempts = attempts(backend, visitor, &name, &candidates);
    if !limits::take(backend, &attempts).await? {
        noted(&candidates, "slowed");
        return Ok(SignInOutcome::Slowed);
    }
    let counted = counted(backend, &name, &candidates);
    let within = within(backend, &candidates, &counted).await?;
    // Longer than any password can be, so it is wrong.
    let Ok(password) = Password::typed(typed) else { return Ok(SignInOutcome::Refused) };
    let code = TypedCode::read(backend, "code", typed, within.iter().copied()).await?;
    let phrase = TypedPhrase::read(backend, typed, within.iter().copied()).await?;
    let typed = TypedSecrets { password: &password, code: code.as_ref(), phrase: phrase.as_ref() };
    let ways = judge(backend, &candidates, &within, typed, since).await?;
    let invited = candidates
        .iter()
        .filter(|candidate| within.contains(&candidate.id) && candidate.waits_for_password())
        .find_map(|candidate| phrase.as_ref()?.opens_invitation(backend, AccountId(candidate.id)));
    if ways.is_empty() && invited.is_none() {
        noted(&candidates, "refused");
        note_wrong(backend, &candidates, &within).await?;
        return Ok(SignInOutcome::Refused);
    }
    if let Some(code) = code {
        code.note_right(backend).await?;
    }
    if let Some(phrase) = phrase {
        phrase.note_right(backend).await?;
    }
    limits::give_back(backend, &[attempts, counted].concat()).await?;
    match invited.filter(|_| ways.is_empty()) {
        Some(invitation) => Ok(SignInOutcome::Invited(backend.keys.invitations.secrets(invitation.0).link)),
        None => proceed(backend, visitor, ways).await,
    }
}

/// What was typed as a password, as everything it can be.
#[derive(Clone, Copy)]
struct TypedSecrets<'a> {
    password: &'a Password,
    code: Option<&'a TypedCode>,
    phrase: Option<&'a TypedPhrase>,
}

impl TypedSecrets<'_> {
    /// The reset that it opens for an account, if any.
    fn opens(&self, backend: &Backend, account: AccountId) -> Option<Uuid> {
        let by_code = self.code.and_then(|code| code.opens(backend, account));
        by_code.or_else(|| self.phrase.and_then(|phrase| phrase.opens_reset(backend, account)))
    }
}

impl PasswordCandidateRow {
    /// Whether the account is not in use yet, and its owner is to choose a password.
    fn waits_for_password(&self) -> bool {
        !self.password_is_off
            && AccountState::from_slug(&self.state)
                .is_some_and(|state| state.after(AccountEvent::Activate, state).is_ok())
    }
}

/// Logs a refused sign-in (OWASP ASVS 5.0, V16.3.1): the accounts it was for, and nothing else.
fn noted(candidates: &[PasswordCandidateRow], end: &'static str) {
    let accounts: Vec<Uuid> = candidates.iter().map(|candidate| candidate.id).collect();
    tracing::info!(?accounts, end, "sign-in refused");
}

/// The keys under which an attempt counts, and which slow the visitor. Only a browser that every account it
/// tries recognises has a limit of its own: of several people who share an address, one could otherwise guess the
/// passwords of the others in their own browser.
fn attempts(
    backend: &Backend,
    visitor: &Visitor,
    name: &str,
    candidates: &[PasswordCandidateRow],
) -> Vec<RateLimitAttempt> {
    match &visitor.known_as {
        Some(token) if !candidates.is_empty() && candidates.iter().all(|candidate| candidate.known) => {
            vec![DEVICE.of(backend, token)]
        }
        _ => vec![NAME.of(backend, name), SOURCE.from(backend, visitor.source)],
    }
}

/// The keys under which an attempt counts for each account that does not recognise the browser. A name that
/// nobody has counts like an account, so that it takes the same work.
fn counted(backend: &Backend, name: &str, candidates: &[PasswordCandidateRow]) -> Vec<RateLimitAttempt> {
    if candidates.is_empty() {
        return vec![ACCOUNT.of(backend, name)];
    }
    let strange = candidates.iter().filter(|candidate| !candidate.known);
    strange.map(|candidate| limit_of(backend, AccountId(candidate.id))).collect()
}

/// The key under which wrong passwords for an account count, in browsers that it does not recognise.
pub(crate) fn limit_of(backend: &Backend, account: AccountId) -> RateLimitAttempt {
    ACCOUNT.of(backend, account.0.as_bytes())
}

/// The accounts whose passwords may be checked in this attempt.
async fn within(
    backend: &Backend,
    candidates: &[PasswordCandidateRow],
    counted: &[RateLimitAttempt],
) -> Result<HashSet<Uuid>> {
    let mut taken = limits::take_each(backend, counted).await?.into_iter();
    let within = candidates.iter().filter(|candidate| candidate.known || taken.next().unwrap_or_default());
    Ok(within.map(|candidate| candidate.id).collect())
}

/// Finds the account with this username, or with an old one that still signs in, or all accounts of people with
/// this primary address. If more people share it than a sign-in may check, returns none: they sign in with their
/// usernames.
async fn find(backend: &Backend, visitor: &Visitor, name: &str) -> Result<Vec<PasswordCandidateRow>> {
    // By organisation, because that is the first column of both indexes.
    let found: Vec<PasswordCandidateRow> = if name.contains('@') {
        sqlx::query_as(
            "SELECT a.id, a.organisation_id, a.person_id, a.state, w.hash,
                    EXISTS (SELECT FROM known_devices k
                            WHERE k.device_hash = $2 AND k.account_id = a.id AND k.last_sign_in_at > $3) AS known,
                    password_is_off(a.organisation_id, a.person_id, $5) AS password_is_off,
                    EXISTS (SELECT FROM staff_roles r
                            WHERE r.person_id = a.person_id
                              AND (r.ends_on < ($5 AT TIME ZONE o.time_zone)::date) IS NOT TRUE) AS is_staff
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
                    password_is_off(a.organisation_id, a.person_id, $5) AS password_is_off,
                    EXISTS (SELECT FROM staff_roles r
                            WHERE r.person_id = a.person_id
                              AND (r.ends_on < ($5 AT TIME ZONE o.time_zone)::date) IS NOT TRUE) AS is_staff
             FROM organisations o
             JOIN sign_in_names n ON n.organisation_id = o.id AND n.username = $1 AND (n.until <= $5) IS NOT TRUE
             JOIN accounts a ON a.organisation_id = n.organisation_id AND a.person_id = n.person_id
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

/// Returns the candidates whose password or code this is and who may sign in. Checks every password, and does
/// the same work if there is no candidate, or too many passwords were typed for one (it is not `within` its
/// limit), so that the time reveals nothing.
async fn judge(
    backend: &Backend,
    candidates: &[PasswordCandidateRow],
    within: &HashSet<Uuid>,
    typed: TypedSecrets<'_>,
    since: DateTime<Utc>,
) -> Result<Vec<SignInCandidate>> {
    if candidates.is_empty() {
        password::verify(typed.password, None).await?;
    }
    let mut ways = Vec::new();
    for candidate in candidates {
        let account = AccountId(candidate.id);
        let within = within.contains(&candidate.id);
        let right = password::verify(typed.password, candidate.hash.clone().filter(|_| within)).await?;
        let reset = match Some(typed).filter(|_| within).and_then(|typed| typed.opens(backend, account)) {
            Some(reset) if still_given(backend, candidate, reset).await? => Some(reset),
            _ => None,
        };
        let state = AccountState::from_slug(&candidate.state);
        let may_enter = match state {
            _ if candidate.password_is_off => false,
            Some(AccountState::Active) => right || reset.is_some(),
            // Locked against guessing, not against its owner: a recognised browser or a one-time code still
            // works.
            Some(AccountState::Locked) => right && candidate.known || reset.is_some(),
            _ => false,
        };
        if may_enter {
            let (organisation, person) =
                (OrganisationId(candidate.organisation_id), PersonId(candidate.person_id));
            ways.push(SignInCandidate {
                reset,
                short_password: candidate.is_staff && typed.password.is_shorter_than(STAFF_MINIMUM),
                ..SignInCandidate::new(organisation, account, person, since)
            });
        }
    }
    Ok(ways)
}

/// Whether the person who made a code could still make it: the owner may have got more permissions since.
async fn still_given(backend: &Backend, candidate: &PasswordCandidateRow, reset: Uuid) -> Result<bool> {
    let mut connection = backend.system_connection().await?;
    let maker: Option<Uuid> = sqlx::query_scalar("SELECT made_by FROM password_resets WHERE id = $1")
        .bind(reset)
        .fetch_one(&mut *connection)
        .await?;
    let (organisation, owner) = (OrganisationId(candidate.organisation_id), PersonId(candidate.person_id));
    maker_reaches(backend, &mut connection, organisation, maker.map(AccountId), owner).await
}

/// Counts a wrong password against every account it was checked for, and locks those that reach the limit.
async fn note_wrong(
    backend: &Backend,
    candidates: &[PasswordCandidateRow],
    within: &HashSet<Uuid>,
) -> Result<()> {
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
    .bind(
        candidates.iter().map(|candidate| candidate.id).filter(|id| within.contains(id)).collect::<Vec<_>>(),
    )
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

/// Continues the sign-in of a person who has just chosen their password with an invitation.
#[tracing::instrument(skip_all, fields(account = %account))]
pub async fn after_activation(
    backend: &Backend,
    visitor: &Visitor,
    account: AccountId,
) -> Result<SignInOutcome> {
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
