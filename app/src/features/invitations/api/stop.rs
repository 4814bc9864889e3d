//! Stopping a sending.

use domain::ids::{BatchId, SchoolId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/stop", holding SendInvitations);

/// Takes back the codes of a batch that were not sent yet; answers with how many.
#[server(endpoint = "invitations/stop", input = Json)]
pub async fn stop_sending(school: SchoolId, batch: BatchId) -> Result<u32, AppError> {
    let entered = crate::guard::enter("invitations/stop")?;
    crate::guard::answer(
        backend::invitations::stop::stop(&entered.backend, &entered.actor, school, batch).await,
    )
}
