//! Stopping the sending of a batch.

use domain::ids::{BatchId, SchoolId};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/stop", holding SendInvitations);

/// Cancels a batch's codes that have not been sent. Returns how many.
#[server(endpoint = "invitations/stop", input = Json, output = Json)]
pub async fn stop_sending(school: SchoolId, batch: BatchId) -> Result<u32, AppError> {
    let entered = crate::guard::enter("invitations/stop")?;
    crate::guard::answer(
        backend::invitations::stop::stop(&entered.backend, &entered.actor, school, batch).await,
    )
}
