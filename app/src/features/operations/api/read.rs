//! One long operation.

use domain::ids::OperationId;
use domain::operations::progress::OperationProgress;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("operations/read", holding UseOffice);

/// Returns the progress of an operation that the caller requested or could have requested.
#[server(endpoint = "operations/read", input = Json)]
pub async fn read_operation(operation: OperationId) -> Result<OperationProgress, AppError> {
    let entered = crate::guard::enter("operations/read")?;
    crate::guard::answer(
        backend::operations::progress::progress(&entered.backend, &entered.actor, operation).await,
    )
}
