//! The staff of a school.

use domain::ids::SchoolId;
use domain::lists::page::{Cursor, Order, Page};
use domain::staff::views::StaffEntry;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("staff/list", holding ViewRoll);

/// Returns a page after `after` of the school's staff whose name, code or username contains every search word, in
/// this order.
#[server(endpoint = "staff/list", input = Json, output = Json)]
pub async fn list_staff(
    school: SchoolId,
    words: String,
    order: Order,
    after: Option<Cursor>,
) -> Result<Page<StaffEntry>, AppError> {
    let entered = crate::guard::enter("staff/list")?;
    crate::guard::answer(
        backend::staff::list::list(&entered.backend, &entered.actor, school, &words, &order, after.as_ref())
            .await,
    )
}
