//! Setting up an authenticator app: the secret is shown, and becomes active once its first code is typed.

use chrono::TimeDelta;
use data_encoding::BASE32_NOPAD;
use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use domain::factors::FactorCode;
use domain::invitations::code::InvitationCode;
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

use super::changed::changed_own;
use super::check::attempt;
use super::{recovery, totp};
use crate::credentials::factors::of_account;
use crate::credentials::limits;
use crate::sessions::session::SignedIn;
use crate::sessions::visitor::Visitor;
use crate::tenancy::target::Own;
use crate::{Backend, Result};

/// How long a secret that was shown waits for its first code.
const SET_UP_WITHIN: TimeDelta = TimeDelta::hours(1);

/// What an app needs.
pub struct AuthenticatorSecret {
    /// For a QR code (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>).
    pub uri: String,
    /// The secret to type, in groups of four.
    pub secret: String,
}

/// How the set-up ended.
pub enum AuthenticatorSetupOutcome {
    /// The app is active.
    Done {
        /// The first recovery codes, shown only now; `None` if there were some already.
        recovery_codes: Option<Vec<InvitationCode>>,
        /// The new cookie by which the browser is recognised.
        device: String,
    },
    /// The code is wrong.
    Wrong,
    /// It is the code of a time a few minutes away: the clock of the phone is off.
    ClockOff,
    /// Too many attempts.
    Slowed,
    /// The secret shown has expired and a new one must be scanned.
    Ended,
}

/// Returns the secret that the signed-in person is setting up; it stays the same for an hour, until it is
/// confirmed.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn show(backend: &Backend, who: &SignedIn) -> Result<AuthenticatorSecret> {
    let organisation = who.actor.organisation;
    let now = backend.now();
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let id: Uuid = sqlx::query_scalar(
        "INSERT INTO authenticators AS a (id, organisation_id, account_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id, (confirmed_at IS NULL)) DO UPDATE
         SET id = CASE WHEN a.created_at > $5 THEN a.id ELSE excluded.id END,
             created_at = CASE WHEN a.created_at > $5 THEN a.created_at ELSE excluded.created_at END
         RETURNING id",
    )
    .bind(backend.new_id::<Uuid>())
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(now)
    .bind(now - SET_UP_WITHIN)
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    let secret = BASE32_NOPAD.encode(&backend.keys.authenticator_secret(who.account, id));
    let issuer = escaped(&who.organisation_name);
    let uri = format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", escaped(&who.username));
    let groups: Vec<&str> =
        secret.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    Ok(AuthenticatorSecret { uri, secret: groups.join(" ") })
}

/// Escapes text for apps, which do not read `+` as a space.
fn escaped(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Checks the first code and activates the app, replacing any earlier one.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn confirm(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    typed: &str,
) -> Result<AuthenticatorSetupOutcome> {
    let organisation = who.actor.organisation;
    let attempt = attempt(backend, who.account);
    if !limits::take(backend, &attempt).await? {
        return Ok(AuthenticatorSetupOutcome::Slowed);
    }
    let now = backend.now();
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let id: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM authenticators
         WHERE organisation_id = $1 AND account_id = $2 AND confirmed_at IS NULL AND created_at > $3 FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(now - SET_UP_WITHIN)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(id) = id else { return Ok(AuthenticatorSetupOutcome::Ended) };
    let secret = backend.keys.authenticator_secret(who.account, id);
    let Ok(FactorCode::App(digits)) = typed.parse() else { return Ok(AuthenticatorSetupOutcome::Wrong) };
    let Some(step) = totp::step_of(&secret, digits, now) else {
        return Ok(match totp::step_off(&secret, digits, now) {
            Some(_) => AuthenticatorSetupOutcome::ClockOff,
            None => AuthenticatorSetupOutcome::Wrong,
        });
    };
    let before = of_account(&mut transaction, organisation, who.account).await?;
    sqlx::query(
        "DELETE FROM authenticators WHERE organisation_id = $1 AND account_id = $2 AND confirmed_at IS NOT NULL",
    )
    .bind(organisation.0)
    .bind(who.account.0)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "UPDATE authenticators SET confirmed_at = $3, last_step = $4 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(id)
    .bind(now)
    .bind(step)
    .execute(&mut *transaction)
    .await?;
    let recovery_codes = recovery::first(backend, &mut transaction, who, &before).await?;
    let action = AuditAction::SecondFactorAdded;
    let device = changed_own(backend, &mut transaction, who, visitor, action, "app").await?;
    transaction.commit().await?;
    limits::give_back(backend, &attempt).await?;
    Ok(AuthenticatorSetupOutcome::Done { recovery_codes, device })
}
