//! Codes sent to the address that a provider gave. Someone who types one has read the message, which names
//! the owner of each code.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::ids::{AccountId, AddressId, OrganisationId, PersonId};
use uuid::Uuid;

use super::message::IdentityCode;
use super::verify::IdentityCandidate;
use crate::credentials::codes::TypedCode;
use crate::credentials::limits;
use crate::credentials::limits::{MESSAGE, MESSAGE_SOURCE, SOURCE};
use crate::credentials::secret_messages::{SecretForm, SecretKind, send_secrets};
use crate::sessions::visitor::Visitor;
use crate::{Backend, Result};

/// How long such a code works (OWASP ASVS 5.0, V6.5.5).
const CODE_LIVES: TimeDelta = TimeDelta::minutes(10);

/// A code that proves who an identity at a provider belongs to.
const CODE: SecretKind = SecretKind {
    name: "identity",
    form: SecretForm::Code,
    lives: CODE_LIVES,
    queued: AuditAction::IdentityCodeQueued,
};

/// Sends a code for each of these people to their shared address, within the limits. Earlier codes stop
/// working.
pub(super) async fn send_codes(
    backend: &Backend,
    visitor: &Visitor,
    organisation: OrganisationId,
    address: &str,
    people: &[IdentityCandidate],
) -> Result<()> {
    let tries = [MESSAGE_SOURCE.from(backend, visitor.source), MESSAGE.of(backend, address)];
    if !limits::take(backend, &tries).await? {
        return Ok(());
    }
    let to: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM addresses
         WHERE organisation_id = $1 AND comparable = $2 AND kind = 'email' AND person_id = ANY($3)
         ORDER BY is_primary DESC, id LIMIT 1",
    )
    .bind(organisation.0)
    .bind(address)
    .bind(people.iter().map(|person| person.person_id).collect::<Vec<_>>())
    .fetch_optional(&mut *backend.tenant_transaction(organisation).await?)
    .await?;
    let Some(to) = to else { return Ok(()) };
    let accounts: Vec<(AccountId, PersonId)> =
        people.iter().map(|person| (AccountId(person.account_id), PersonId(person.person_id))).collect();
    send_secrets::<IdentityCode>(backend, organisation, AddressId(to), &accounts, CODE).await?;
    Ok(())
}

/// Returns which of these accounts a typed code belongs to, and uses up the code. A wrong code counts against
/// all of them, and against the network.
pub(super) async fn typed_code_of(
    backend: &Backend,
    visitor: &Visitor,
    organisation: OrganisationId,
    typed: &str,
    accounts: impl Iterator<Item = Uuid> + Clone,
) -> Result<Option<AccountId>> {
    let attempt = [SOURCE.from(backend, visitor.source)];
    if !limits::take(backend, &attempt).await? {
        return Ok(None);
    }
    let Some(code) = TypedCode::read(backend, "identity", typed, accounts.clone()).await? else {
        return Ok(None);
    };
    let opened = accounts.map(AccountId).find_map(|account| Some((account, code.opens(backend, account)?)));
    let Some((account, reset)) = opened else { return Ok(None) };
    code.note_right(backend).await?;
    limits::give_back(backend, &attempt).await?;
    let spent = sqlx::query(
        "UPDATE password_resets SET used_at = $3 WHERE organisation_id = $1 AND id = $2 AND used_at IS NULL",
    )
    .bind(organisation.0)
    .bind(reset)
    .bind(backend.now())
    .execute(&mut *backend.system_connection().await?)
    .await?;
    Ok((spent.rows_affected() == 1).then_some(account))
}
