//! Recovery codes: for people who have lost their phone or security key. Each works once; all are shown once.

use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use domain::factors::{FactorsView, RECOVERY_CODES};
use domain::ids::{AccountId, OrganisationId};
use domain::invitations::code::InvitationCode;
use sqlx::PgConnection;

use super::changed::changed_own;
use crate::credentials::factors::of_account;
use crate::sessions::session::SignedIn;
use crate::sessions::visitor::Visitor;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// New codes, and the new cookie by which the browser is recognised.
pub struct NewRecoveryCodes {
    /// The codes, shown only now.
    pub codes: Vec<InvitationCode>,
    /// The cookie's value.
    pub device: String,
}

/// Creates new codes for the signed-in person; the previous ones stop working.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn renew(backend: &Backend, who: &SignedIn, visitor: &Visitor) -> Result<NewRecoveryCodes> {
    let organisation = who.actor.organisation;
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    if !of_account(&mut transaction, organisation, who.account).await?.any() {
        return Err(Error::conflict(
            "needs_second_factor",
            "Set up a second factor before you create recovery codes.",
        ));
    }
    let codes = make(backend, &mut transaction, organisation, who.account).await?;
    let action = AuditAction::RecoveryCodesMade;
    let device = changed_own(backend, &mut transaction, who, visitor, action, "recovery codes").await?;
    transaction.commit().await?;
    Ok(NewRecoveryCodes { codes, device })
}

/// Creates the first codes with the first second factor; `None` if there was one `before`.
pub(crate) async fn first(
    backend: &Backend,
    connection: &mut PgConnection,
    who: &SignedIn,
    before: &FactorsView,
) -> Result<Option<Vec<InvitationCode>>> {
    if before.any() {
        return Ok(None);
    }
    make(backend, connection, who.actor.organisation, who.account).await.map(Some)
}

/// Replaces all codes with new ones.
async fn make(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<Vec<InvitationCode>> {
    let codes: Vec<InvitationCode> = (0..RECOVERY_CODES)
        .map(|_| {
            let mut bits = [0; 8];
            backend.random.fill(&mut bits);
            InvitationCode::from_random(&bits)
        })
        .collect();
    let hashes: Vec<Vec<u8>> =
        codes.iter().map(|code| backend.keys.recovery_code_hash(account, code).to_vec()).collect();
    sqlx::query("DELETE FROM recovery_codes WHERE organisation_id = $1 AND account_id = $2")
        .bind(organisation.0)
        .bind(account.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO recovery_codes (organisation_id, account_id, code_hash)
         SELECT $1, $2, hash FROM unnest($3::bytea[]) AS made (hash)",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(hashes)
    .execute(connection)
    .await?;
    Ok(codes)
}
