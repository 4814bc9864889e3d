//! Saving a choice of columns.

use domain::lists::columns::{ColumnChoice, Slug};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("lists/keep_columns", holding UseOffice);

/// Saves the caller's choice of columns for a list.
#[server(endpoint = "lists/keep_columns", input = Json, output = Json)]
pub async fn keep_columns(list: Slug, choice: ColumnChoice) -> Result<(), AppError> {
    let entered = crate::guard::enter("lists/keep_columns")?;
    crate::guard::answer(
        backend::lists::columns::keep(&entered.backend, &entered.actor, &list, &choice).await,
    )
}
