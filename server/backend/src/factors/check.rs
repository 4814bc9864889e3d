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
    let right = match shown {
        PresentedFactor::Code(typed) => judge_code(backend, organisation, account, typed).await?,
        PresentedFactor::Passkey(answer) => passkeys::judge(backend, organisation, account, answer).await?,
    };
    if !right {
        return Ok(ProofOutcome::Wrong);
    }
    limits::give_back(backend, &attempt).await?;
    Ok(ProofOutcome::Right)
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
) -> Result<bool> {
    let Ok(code) = typed.parse() else { return Ok(false) };
    let mut transaction = backend.tenant_transaction(organisation).await?;
    let right = use_up(backend, &mut transaction, organisation, account, &code).await?;
    transaction.commit().await?;
    Ok(right)
}

#[derive(sqlx::FromRow)]
struct AuthenticatorRow {
    id: Uuid,
    last_step: i64,
}

async fn use_up(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    code: &FactorCode,
) -> Result<bool> {
    let used = match code {
        FactorCode::App(digits) => {
            let app: Option<AuthenticatorRow> = sqlx::query_as(
                "SELECT id, last_step FROM authenticators
                 WHERE organisation_id = $1 AND account_id = $2 AND confirmed_at IS NOT NULL FOR UPDATE",
            )
            .bind(organisation.0)
            .bind(account.0)
            .fetch_optional(&mut *connection)
            .await?;
            let Some(app) = app else { return Ok(false) };
            let secret = backend.keys.authenticator_secret(account, app.id);
            // A code works once, and no older one afterwards (RFC 6238, section 5.2; OWASP ASVS 5.0, V6.5.1).
            let step = totp::step_of(&secret, *digits, backend.now()).filter(|step| *step > app.last_step);
            let Some(step) = step else { return Ok(false) };
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
    Ok(used.rows_affected() == 1)
}
