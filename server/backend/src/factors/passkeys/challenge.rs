//! Asking for a passkey.

use domain::authorization::policy::Permission;
use domain::factors::PasskeyChallenge;
use domain::ids::{AccountId, OrganisationId};
use sqlx::types::Json;
use sqlx::{Postgres, Transaction};
use webauthn_rs::prelude::Passkey;

use super::ceremony::{Ceremony, store};
use super::relying_party;
use crate::credentials::limits;
use crate::credentials::limits::SOURCE;
use crate::sessions::session::SignedIn;
use crate::sessions::visitor::Visitor;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// Asks for one of the passkeys of the signed-in person.
pub async fn for_step_up(backend: &Backend, who: &SignedIn) -> Result<PasskeyChallenge> {
    let transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    known(backend, transaction, who.actor.organisation, who.account).await
}

/// Asks for one of the passkeys of an account.
pub(crate) async fn of_account(
    backend: &Backend,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<PasskeyChallenge> {
    let transaction = backend.tenant_transaction(organisation).await?;
    known(backend, transaction, organisation, account).await
}

/// Asks for any passkey. Such a challenge costs a row, and counts as an attempt to sign in.
pub async fn alone(backend: &Backend, visitor: &Visitor) -> Result<PasskeyChallenge> {
    if !limits::take(backend, &[SOURCE.from(backend, visitor.source)]).await? {
        return Err(Error::conflict(
            "slowed",
            "Too many attempts from this network. Wait a few minutes and try again.",
        ));
    }
    let (options, state) =
        relying_party(backend)?.start_discoverable_authentication().map_err(Error::unexpected)?;
    store(backend, &Ceremony::Alone { state }, &options).await
}

async fn known(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<PasskeyChallenge> {
    let held: Vec<Json<Passkey>> =
        sqlx::query_scalar("SELECT credential FROM passkeys WHERE organisation_id = $1 AND account_id = $2")
            .bind(organisation.0)
            .bind(account.0)
            .fetch_all(&mut *transaction)
            .await?;
    drop(transaction);
    if held.is_empty() {
        return Err(Error::NotFound("passkey"));
    }
    let held: Vec<Passkey> = held.into_iter().map(|held| held.0).collect();
    let (options, state) =
        relying_party(backend)?.start_passkey_authentication(&held).map_err(Error::unexpected)?;
    store(backend, &Ceremony::Showing { account, state }, &options).await
}
