//! Signing in with a username or an email address, and a password.

use std::time::Duration;

use domain::access::actor::Actor;
use domain::access::password::Password;
use domain::accounts::state::{AccountEvent, AccountState};
use domain::audit::AuditAction;
use domain::ids::{AccountId, OrganisationId, PersonId};
use sqlx::PgConnection;
use tokio::time::Instant;
use uuid::Uuid;

use super::password;
use super::session::{self, NewSession};
use crate::audit::{self, AuditEntry};
use crate::{Backend, Error, Result};

/// Wrong passwords in a row after which an account waits for staff to unlock it. Well under the 100 of
/// NIST SP 800-63B-4, section 3.2.2.
pub const ATTEMPTS: i32 = 10;

/// No refusal comes sooner than this after the question, so that what it takes to note a wrong password – which an
/// unknown name has no place for – cannot be told from the time (OWASP ASVS 5.0, V6.3.8).
const REFUSAL_AFTER: Duration = Duration::from_millis(250);

#[derive(sqlx::FromRow)]
struct Candidate {
    id: Uuid,
    organisation_id: Uuid,
    person_id: Uuid,
    state: String,
    hash: Option<String>,
}

/// Lets someone in, or answers `None`: the same whether nobody has that name, the password is wrong, or the account is
/// suspended, locked, closed or not yet activated.
#[tracing::instrument(skip_all)]
pub async fn sign_in(backend: &Backend, name: &str, typed: &Password) -> Result<Option<NewSession>> {
    let earliest_refusal = Instant::now() + REFUSAL_AFTER;
    let found = find(backend, name).await?;
    let hash = found.as_ref().and_then(|candidate| candidate.hash.clone());
    let right = password::verify(typed, hash).await?;
    let session = match found {
        Some(candidate) if candidate.state == AccountState::Active.slug() => {
            if right {
                let_in(backend, &candidate).await?
            } else {
                note_wrong_password(backend, &candidate).await?;
                None
            }
        }
        _ => None,
    };
    if session.is_none() {
        tokio::time::sleep_until(earliest_refusal).await;
    }
    Ok(session)
}

/// Lets someone in who has just chosen their password with an invitation; `None` if the account was stopped since.
#[tracing::instrument(skip_all, fields(account = %account))]
pub async fn after_activation(backend: &Backend, account: AccountId) -> Result<Option<NewSession>> {
    let candidate: Option<Candidate> = sqlx::query_as(
        "SELECT id, organisation_id, person_id, state, NULL AS hash FROM accounts WHERE id = $1",
    )
    .bind(account.0)
    .fetch_optional(&backend.pool)
    .await?;
    match candidate {
        Some(candidate) => let_in(backend, &candidate).await,
        None => Ok(None),
    }
}

/// The one account with this username, or of the one person with this primary address. Where several people share a
/// mailbox, none is picked: they sign in with their usernames.
async fn find(backend: &Backend, name: &str) -> Result<Option<Candidate>> {
    let name = name.trim().to_lowercase();
    let mut found: Vec<Candidate> = if name.contains('@') {
        sqlx::query_as(
            "SELECT a.id, a.organisation_id, a.person_id, a.state, w.hash
             FROM addresses m
             JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = m.person_id
             LEFT JOIN passwords w ON w.account_id = a.id
             WHERE m.kind = 'email' AND m.is_primary AND m.comparable = $1
             LIMIT 2",
        )
    } else {
        sqlx::query_as(
            "SELECT a.id, a.organisation_id, a.person_id, a.state, w.hash
             FROM accounts a LEFT JOIN passwords w ON w.account_id = a.id
             WHERE a.username = $1
             LIMIT 2",
        )
    }
    .bind(name)
    .fetch_all(&backend.pool)
    .await?;
    Ok(if found.len() == 1 { found.pop() } else { None })
}

async fn let_in(backend: &Backend, candidate: &Candidate) -> Result<Option<NewSession>> {
    let mut transaction = backend.pool.begin().await?;
    // Asked again inside the transaction: the account may have been stopped while the password was checked.
    let still = sqlx::query(
        "UPDATE accounts SET failed_attempts = 0, last_sign_in_at = $2 WHERE id = $1 AND state = 'active'",
    )
    .bind(candidate.id)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    if still.rows_affected() == 0 {
        return Ok(None);
    }
    let session = begin(backend, &mut transaction, candidate).await?;
    transaction.commit().await?;
    Ok(Some(session))
}

async fn begin(
    backend: &Backend,
    connection: &mut PgConnection,
    candidate: &Candidate,
) -> Result<NewSession> {
    let (organisation, account) = (OrganisationId(candidate.organisation_id), AccountId(candidate.id));
    let person = PersonId(candidate.person_id);
    let actor = Actor::signed_in(organisation, account, person, Vec::new());
    let session = session::create(backend, connection, organisation, account).await?;
    audit::record(backend, connection, &actor, AuditEntry::new(AuditAction::SignedIn).person(person)).await?;
    Ok(session)
}

async fn note_wrong_password(backend: &Backend, candidate: &Candidate) -> Result<()> {
    let mut transaction = backend.pool.begin().await?;
    let attempts: Option<i32> = sqlx::query_scalar(
        "UPDATE accounts SET failed_attempts = failed_attempts + 1 WHERE id = $1 AND state = 'active'
         RETURNING failed_attempts",
    )
    .bind(candidate.id)
    .fetch_optional(&mut *transaction)
    .await?;
    if attempts.is_some_and(|attempts| attempts >= ATTEMPTS) {
        let locked = AccountState::Active
            .after(AccountEvent::Lock, AccountState::Active)
            .map_err(Error::unexpected)?;
        sqlx::query("UPDATE accounts SET state = $2, locked_at = $3 WHERE id = $1")
            .bind(candidate.id)
            .bind(locked.slug())
            .bind(backend.now())
            .execute(&mut *transaction)
            .await?;
        let entry = AuditEntry::new(AuditAction::AccountLocked)
            .person(PersonId(candidate.person_id))
            .subject("account", candidate.id)
            .details(serde_json::json!({ "wrong_passwords": ATTEMPTS }));
        let actor = Actor::system(OrganisationId(candidate.organisation_id));
        audit::record(backend, &mut transaction, &actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(())
}
