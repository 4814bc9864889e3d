//! The log of an import.

use domain::ids::ImportId;
use domain::imports::outcome::LogFilter;
use domain::imports::views::NamedLogLine;
use domain::lists::page::{Cursor, Page};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/log", holding ImportRoll);

/// Returns a page of the log after `after`, all its rows or those of a filter.
#[server(endpoint = "imports/log", input = Json, output = Json)]
pub async fn import_log(
    import: ImportId,
    filter: Option<LogFilter>,
    after: Option<Cursor>,
) -> Result<Page<NamedLogLine>, AppError> {
    /// Rows per page: enough to scroll, few enough to load at once.
    const ROWS: u16 = 100;
    let entered = crate::guard::enter("imports/log")?;
    let page = async {
        // Row numbers start at 1, so the first page is after row 0.
        let after = after.as_ref().map_or(Ok(0), Cursor::key)?;
        backend::imports::log::page(&entered.backend, &entered.actor, import, filter, after, ROWS).await
    };
    let page = crate::guard::answer(page.await)?;
    Ok(Page { rows: page.lines, next: page.next.map(Cursor::behind) })
}
