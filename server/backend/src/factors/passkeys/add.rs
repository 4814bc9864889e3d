//! Adding a passkey.

use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use domain::factors::{PasskeyAnswer, PasskeyChallenge, PasskeyName};
use domain::fields::FieldErrors;
use domain::ids::PasskeyId;
use domain::invitations::code::InvitationCode;
use serde_json::json;
use sqlx::types::Json;
use webauthn_rs::prelude::{CredentialID, Passkey, RegisterPublicKeyCredential};

use super::ceremony::{Ceremony, store, take};
use super::judge::note_refused;
use super::relying_party;
use crate::credentials::factors::of_account;
use crate::error::breaks_constraint;
use crate::factors::changed::changed_own;
use crate::factors::recovery;
use crate::sessions::session::SignedIn;
use crate::sessions::visitor::Visitor;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// How adding ended.
pub enum AddPasskeyOutcome {
    /// The passkey is active.
    Done {
        /// The first recovery codes, shown only now; `None` if there were some already.
        recovery_codes: Option<Vec<InvitationCode>>,
        /// The new cookie by which the browser is recognised.
        device: String,
    },
    /// The answer is not from a passkey that was requested here recently.
    Refused,
}

/// Asks the browser to create a passkey.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn begin(backend: &Backend, who: &SignedIn) -> Result<PasskeyChallenge> {
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let there: Vec<CredentialID> = sqlx::query_scalar(
        "SELECT credential_id FROM passkeys WHERE organisation_id = $1 AND account_id = $2",
    )
    .bind(who.actor.organisation.0)
    .bind(who.account.0)
    .fetch_all(&mut *transaction)
    .await?;
    drop(transaction);
    let (options, state) = relying_party(backend)?
        .start_passkey_registration(who.account.0, &who.username, &who.name, Some(there))
        .map_err(Error::unexpected)?;
    let mut options = serde_json::to_value(options).map_err(Error::unexpected)?;
    // So that it can be the only step; a key without room for that still works as a second factor.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("preferred");
    store(backend, &Ceremony::Adding { account: who.account, state }, &options).await
}

/// Stores the passkey that the browser created.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn finish(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    name: &str,
    answer: &PasskeyAnswer,
) -> Result<AddPasskeyOutcome> {
    let organisation = who.actor.organisation;
    let name: PasskeyName = name.parse().map_err(|error| FieldErrors::one("name", format!("{error}")))?;
    let Some(passkey) = made(backend, who, answer).await? else { return Ok(AddPasskeyOutcome::Refused) };
    let now = backend.now();
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let before = of_account(&mut transaction, organisation, who.account).await?;
    let added = sqlx::query(
        "INSERT INTO passkeys (id, organisation_id, account_id, name, credential_id, credential, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(backend.new_id::<PasskeyId>().0)
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(name.as_str())
    .bind(&passkey.cred_id()[..])
    .bind(Json(&passkey))
    .bind(now)
    .execute(&mut *transaction)
    .await;
    match added {
        // A credential belongs to one account (Web Authentication, section 7.1, step 26).
        Err(error) if breaks_constraint(&error, "passkeys_credential_id_key") => {
            return Ok(AddPasskeyOutcome::Refused);
        }
        added => added?,
    };
    let recovery_codes = recovery::first(backend, &mut transaction, who, &before).await?;
    let action = AuditAction::SecondFactorAdded;
    let device = changed_own(backend, &mut transaction, who, visitor, action, "passkey").await?;
    transaction.commit().await?;
    Ok(AddPasskeyOutcome::Done { recovery_codes, device })
}

async fn made(backend: &Backend, who: &SignedIn, answer: &PasskeyAnswer) -> Result<Option<Passkey>> {
    let ceremony = take(backend, &answer.token).await?;
    let credential: Option<RegisterPublicKeyCredential> = serde_json::from_str(&answer.credential).ok();
    let (Some(Ceremony::Adding { account, state }), Some(credential)) = (ceremony, credential) else {
        return Ok(None);
    };
    if account != who.account {
        return Ok(None);
    }
    let judged = relying_party(backend)?.finish_passkey_registration(&credential, &state);
    Ok(judged.inspect_err(note_refused).ok())
}
