//! Importing a plan.

use domain::ids::ImportId;
use domain::imports::views::CommitOutcome;
use domain::operations::plan::PlanHash;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/commit", holding ImportRoll, step_up);

/// Imports exactly the plan that was checked, or returns what has changed since.
#[server(endpoint = "imports/commit", input = Json, output = Json)]
pub async fn commit_import(import: ImportId, plan: PlanHash) -> Result<CommitOutcome, AppError> {
    let entered = crate::guard::enter("imports/commit")?;
    crate::guard::answer(
        backend::imports::commit::commit(&entered.backend, &entered.actor, import, plan).await,
    )
}
