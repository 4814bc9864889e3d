//! Revoking invitations.

use domain::ids::{AccountId, SchoolId};
use domain::invitations::views::RevokeReport;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/revoke", holding SendInvitations);

/// Revokes all live invitations of these accounts, and cancels messages that have not been sent.
#[server(endpoint = "invitations/revoke", input = Json, output = Json)]
pub async fn revoke_invitations(
    school: SchoolId,
    accounts: Vec<AccountId>,
) -> Result<RevokeReport, AppError> {
    let entered = crate::guard::enter("invitations/revoke")?;
    crate::guard::answer(
        backend::invitations::revoke::revoke(&entered.backend, &entered.actor, school, &accounts).await,
    )
}
