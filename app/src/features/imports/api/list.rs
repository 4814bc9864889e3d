//! A school's imports of one kind.

use domain::ids::SchoolId;
use domain::imports::kind::KindSlug;
use domain::imports::views::ImportSummary;
use domain::lists::page::{Cursor, Page};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/list", holding ImportRoll);

/// Returns a page of a school's imports of one kind after `after`, latest first.
#[server(endpoint = "imports/list", input = Json, output = Json)]
pub async fn list_imports(
    kind: KindSlug,
    school: SchoolId,
    after: Option<Cursor>,
) -> Result<Page<ImportSummary>, AppError> {
    let entered = crate::guard::enter("imports/list")?;
    crate::guard::answer(
        backend::imports::list::list(&entered.backend, &entered.actor, &kind, school, after.as_ref()).await,
    )
}
