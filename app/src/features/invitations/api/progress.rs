//! Looking how far the sending has come.

use domain::ids::{BatchId, SchoolId};
use domain::invitations::views::SendingProgress;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/progress", holding ViewAccounts);

/// How far the sending to a batch has come.
#[server(endpoint = "invitations/progress", input = Json)]
pub async fn read_progress(school: SchoolId, batch: BatchId) -> Result<SendingProgress, AppError> {
    let entered = crate::guard::enter("invitations/progress")?;
    crate::guard::answer(
        backend::invitations::progress::progress(&entered.backend, &entered.actor, school, batch).await,
    )
}
