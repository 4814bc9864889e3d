//! Cancelling a long operation.

use domain::ids::OperationId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("operations/cancel", holding UseOffice);

/// Cancels an operation that is queued or running; nothing it did remains.
#[server(endpoint = "operations/cancel", input = Json)]
pub async fn cancel_operation(operation: OperationId) -> Result<(), AppError> {
    let entered = crate::guard::enter("operations/cancel")?;
    crate::guard::answer(
        backend::operations::cancel::cancel(&entered.backend, &entered.actor, operation).await,
    )
}
