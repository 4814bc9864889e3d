//! The progress of sending.

use domain::ids::{BatchId, SchoolId};
use domain::invitations::views::SendingProgress;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/progress", holding ViewAccounts);

/// Returns the progress of sending to a batch.
#[server(endpoint = "invitations/progress", input = Json, output = Json)]
pub async fn read_progress(school: SchoolId, batch: BatchId) -> Result<SendingProgress, AppError> {
    let entered = crate::guard::enter("invitations/progress")?;
    crate::guard::answer(
        backend::invitations::progress::progress(&entered.backend, &entered.actor, school, batch).await,
    )
}
