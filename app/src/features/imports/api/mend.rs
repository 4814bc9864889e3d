//! Correcting rows that have a problem.

use domain::ids::ImportId;
use domain::imports::mend::{FileProblems, Mending};
use domain::imports::views::ImportView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/problems", holding ImportRoll);

/// Returns the problems of a file's rows, the most frequent first.
#[server(endpoint = "imports/problems", input = Json, output = Json)]
pub async fn import_problems(import: ImportId) -> Result<FileProblems, AppError> {
    let entered = crate::guard::enter("imports/problems")?;
    crate::guard::answer(backend::imports::problems::problems(&entered.backend, &entered.actor, import).await)
}

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/mend", holding ImportRoll);

/// Stores corrections, and checks the import again with them.
#[server(endpoint = "imports/mend", input = Json, output = Json)]
pub async fn mend_import(import: ImportId, mending: Mending) -> Result<ImportView, AppError> {
    let entered = crate::guard::enter("imports/mend")?;
    crate::guard::answer(
        backend::imports::mend::mend(&entered.backend, &entered.actor, import, mending).await,
    )
}
