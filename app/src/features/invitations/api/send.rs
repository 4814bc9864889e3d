//! Sending invitations.

use domain::ids::SchoolId;
use domain::invitations::views::{Recipients, SendReport};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/send", holding SendInvitations);

/// Queues an invitation for each of the recipients who can be invited.
#[server(endpoint = "invitations/send", input = Json, output = Json)]
pub async fn send_invitations(school: SchoolId, recipients: Recipients) -> Result<SendReport, AppError> {
    let entered = crate::guard::enter("invitations/send")?;
    crate::guard::answer(
        backend::invitations::send::send(&entered.backend, &entered.actor, school, recipients).await,
    )
}
