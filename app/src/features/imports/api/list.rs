//! The imports of a school.

use domain::ids::SchoolId;
use domain::imports::views::ImportSummary;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/list", holding ImportRoll);

/// The latest imports of a school.
#[server(endpoint = "imports/list", input = Json)]
pub async fn list_imports(school: SchoolId) -> Result<Vec<ImportSummary>, AppError> {
    let entered = crate::guard::enter("imports/list")?;
    crate::guard::answer(backend::imports::list::list(&entered.backend, &entered.actor, school).await)
}
