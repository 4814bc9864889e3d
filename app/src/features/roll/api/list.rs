//! A page of students.

use domain::ids::SchoolId;
use domain::roll::filter::RollFilter;
use domain::roll::page::{RollCursor, RollPage};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("roll/list", holding ViewRoll);

/// Returns the page of a school's students after `after`, or the first page.
#[server(endpoint = "roll/list", input = Json, output = Json)]
pub async fn list_roll(
    school: SchoolId,
    filter: RollFilter,
    after: Option<RollCursor>,
) -> Result<RollPage, AppError> {
    let entered = crate::guard::enter("roll/list")?;
    crate::guard::answer(
        backend::roll::list::list(&entered.backend, &entered.actor, school, &filter, after.as_ref()).await,
    )
}
