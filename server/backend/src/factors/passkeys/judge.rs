//! Verifies a passkey's answer (Web Authentication, section 7.2): signed by its key over this very challenge,
//! for this site, by a person verified by the device, with a counter that has increased.

use domain::factors::PasskeyAnswer;
use domain::ids::{AccountId, OrganisationId, PersonId};
use sqlx::types::Json;
use uuid::Uuid;
use webauthn_rs::prelude::{AuthenticationResult, Credential, Passkey, PublicKeyCredential, WebauthnError};

use super::ceremony::{Ceremony, take};
use super::relying_party;
use crate::{Backend, Result};

/// The owner of a passkey.
pub(crate) struct PasskeyOwner {
    pub(crate) organisation: OrganisationId,
    pub(crate) account: AccountId,
    pub(crate) person: PersonId,
}

#[derive(sqlx::FromRow)]
struct PasskeyRow {
    organisation_id: Uuid,
    account_id: Uuid,
    person_id: Uuid,
    credential: Json<Passkey>,
}

/// Whether the answer is from a passkey of this account, requested for this account.
pub(crate) async fn judge(
    backend: &Backend,
    organisation: OrganisationId,
    account: AccountId,
    answer: &PasskeyAnswer,
) -> Result<bool> {
    let (Some(Ceremony::Showing { account: asked, state }), Some(credential)) =
        (take(backend, &answer.token).await?, read(answer))
    else {
        return Ok(false);
    };
    if asked != account {
        return Ok(false);
    }
    match relying_party(backend)?.finish_passkey_authentication(&credential, &state) {
        Ok(result) => note_used(backend, organisation, account, &result).await,
        Err(error) => {
            note_refused(&error);
            Ok(false)
        }
    }
}

/// Returns the owner of the passkey that answered a challenge for any passkey. Returns `None` if their school
/// allows sign-in only with a provider: someone the provider has blocked must not sign in another way.
pub(crate) async fn judge_alone(backend: &Backend, answer: &PasskeyAnswer) -> Result<Option<PasskeyOwner>> {
    let (Some(Ceremony::Alone { state }), Some(credential)) =
        (take(backend, &answer.token).await?, read(answer))
    else {
        return Ok(None);
    };
    let relying_party = relying_party(backend)?;
    let Ok((account, credential_id)) = relying_party.identify_discoverable_authentication(&credential) else {
        return Ok(None);
    };
    let held: Option<PasskeyRow> = sqlx::query_as(
        "SELECT k.organisation_id, k.account_id, a.person_id, k.credential
         FROM passkeys k JOIN accounts a ON a.organisation_id = k.organisation_id AND a.id = k.account_id
         WHERE k.credential_id = $1 AND k.account_id = $2 AND NOT password_is_off(a.organisation_id, a.person_id, $3)",
    )
    .bind(credential_id)
    .bind(account)
    .bind(backend.now())
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    let Some(held) = held else { return Ok(None) };
    let owner = PasskeyOwner {
        organisation: OrganisationId(held.organisation_id),
        account: AccountId(held.account_id),
        person: PersonId(held.person_id),
    };
    match relying_party.finish_discoverable_authentication_v2(&credential, state, &held.credential.0) {
        Ok(result) => {
            let used = note_used(backend, owner.organisation, owner.account, &result).await?;
            Ok(used.then_some(owner))
        }
        Err(error) => {
            note_refused(&error);
            Ok(None)
        }
    }
}

/// Parses the credential, if it is one.
fn read(answer: &PasskeyAnswer) -> Option<PublicKeyCredential> {
    serde_json::from_str(&answer.credential).ok()
}

/// Logs the reason for the server's operator; it names nobody.
pub(crate) fn note_refused(error: &WebauthnError) {
    tracing::info!(%error, "factors.passkey.refused");
}

/// Stores the new counter. A passkey that was removed meanwhile is not accepted, and one whose counter did
/// not increase is a copy.
async fn note_used(
    backend: &Backend,
    organisation: OrganisationId,
    account: AccountId,
    result: &AuthenticationResult,
) -> Result<bool> {
    let mut transaction = backend.tenant_transaction(organisation).await?;
    let held: Option<(Uuid, Json<Passkey>)> = sqlx::query_as(
        "SELECT id, credential FROM passkeys
         WHERE organisation_id = $1 AND account_id = $2 AND credential_id = $3 FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(&result.cred_id()[..])
    .fetch_optional(&mut *transaction)
    .await?;
    let Some((id, mut passkey)) = held else { return Ok(false) };
    // The answer was verified against the counter at the time of the challenge; of two concurrent answers,
    // the second is compared with the counter of the first.
    let known = Credential::from(passkey.0.clone()).counter;
    if (result.counter() > 0 || known > 0) && result.counter() <= known {
        note_refused(&WebauthnError::CredentialPossibleCompromise);
        return Ok(false);
    }
    passkey.0.update_credential(result);
    sqlx::query(
        "UPDATE passkeys SET credential = $3, last_used_at = $4 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(id)
    .bind(passkey)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(true)
}
