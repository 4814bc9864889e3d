//! Checks a second factor of an account. A right one is used up.

use domain::factors::{FactorCode, PresentedFactor, ProofOutcome};
use domain::ids::{AccountId, OrganisationId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::passkeys;
use super::totp;
use crate::credentials::limits;
use crate::credentials::limits::{FACTOR, RateLimitAttempt};
use crate::{Backend, Result};

/// Checks a second factor, within the limits.
pub(crate) async fn judge(
    backend: &Backend,
    organisation: OrganisationId,
    account: AccountId,
    shown: &PresentedFactor,
) -> Result<ProofOutcome> {
    let attempt = attempt(backend, account);
    if !limits::take(backend, &attempt).await? {
        return Ok(ProofOutcome::Slowed);
    }
    let judged = match shown {
        PresentedFactor::Code(typed) => judge_code(backend, organisation, account, typed).await?,
        PresentedFactor::Passkey(answer) => {
            right_or_wrong(passkeys::judge(backend, organisation, account, answer).await?)
        }
    };
    if judged == ProofOutcome::Right {
        limits::give_back(backend, &attempt).await?;
    }
    Ok(judged)
}

fn right_or_wrong(right: bool) -> ProofOutcome {
    if right { ProofOutcome::Right } else { ProofOutcome::Wrong }
}

/// The key under which an account's attempts count.
pub(crate) fn attempt(backend: &Backend, account: AccountId) -> [RateLimitAttempt; 1] {
    [FACTOR.of(backend, account.0.as_bytes())]
}

async fn judge_code(
    backend: &Backend,
    organisation: OrganisationId,
    account: AccountId,
    typed: &str,
) -> Result<ProofOutcome> {
    let Ok(code) = typed.parse() else { return Ok(ProofOutcome::Wrong) };
    let mut transaction = backend.tenant_transaction(organisation).await?;
    let judged = use_up(backend, &mut transaction, organisation, account, &code).await?;
    transaction.commit().await?;
    Ok(judged)
}

#[derive(sqlx::FromRow)]
struct AuthenticatorRow {
    id: Uuid,
    last_step: i64,
    told_steps: Vec<i64>,
}

async fn use_up(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    code: &FactorCode,
) -> Result<ProofOutcome> {
    let used = match code {
        FactorCode::App(digits) => {
            let app: Option<AuthenticatorRow> = sqlx::query_as(
                "SELECT id, last_step, told_steps FROM authenticators
                 WHERE organisation_id = $1 AND account_id = $2 AND confirmed_at IS NOT NULL FOR UPDATE",
            )
            .bind(organisation.0)
            .bind(account.0)
            .fetch_optional(&mut *connection)
            .await?;
            let Some(app) = app else { return Ok(ProofOutcome::Wrong) };
            let secret = backend.keys.authenticator_secret(account, app.id);
            // A code works once, and no older one afterwards (RFC 6238, section 5.2; OWASP ASVS 5.0, V6.5.1).
            let step = totp::step_of(&secret, *digits, backend.now())
                .filter(|step| *step > app.last_step && !app.told_steps.contains(step));
            let Some(step) = step else {
                return match totp::step_off(&secret, *digits, backend.now()) {
                    Some(step) => note_off(connection, organisation, &app, step).await,
                    None => Ok(ProofOutcome::Wrong),
                };
            };
            sqlx::query("UPDATE authenticators SET last_step = $3 WHERE organisation_id = $1 AND id = $2")
                .bind(organisation.0)
                .bind(app.id)
                .bind(step)
                .execute(connection)
                .await?
        }
        FactorCode::Recovery(code) => {
            sqlx::query(
                "UPDATE recovery_codes SET used_at = $4
                 WHERE organisation_id = $1 AND account_id = $2 AND code_hash = $3 AND used_at IS NULL",
            )
            .bind(organisation.0)
            .bind(account.0)
            .bind(backend.keys.recovery_code_hash(account, code).as_slice())
            .bind(backend.now())
            .execute(connection)
            .await?
        }
    };
    Ok(right_or_wrong(used.rows_affected() == 1))
}

/// Remembers the step of a code whose time was not right: anyone who guessed it has been told that it is a code, and
/// must not use it when its time comes.
async fn note_off(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    app: &AuthenticatorRow,
    step: i64,
) -> Result<ProofOutcome> {
    sqlx::query(
        "UPDATE authenticators
         SET told_steps = ARRAY(SELECT DISTINCT told FROM unnest(told_steps || $3::bigint) AS told WHERE told > $3 - 100)
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(app.id)
    .bind(step)
    .execute(connection)
    .await?;
    Ok(ProofOutcome::ClockOff)
}
