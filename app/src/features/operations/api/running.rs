//! A school's long operations that have not finished.

use domain::ids::SchoolId;
use domain::operations::progress::OperationProgress;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("operations/running", holding UseOffice);

/// Returns queued and running operations, latest first.
#[server(endpoint = "operations/running", input = Json)]
pub async fn list_running(school: SchoolId) -> Result<Vec<OperationProgress>, AppError> {
    let entered = crate::guard::enter("operations/running")?;
    crate::guard::answer(
        backend::operations::progress::running(&entered.backend, &entered.actor, school).await,
    )
}
