//! The log of an import.

use domain::ids::ImportId;
use domain::imports::outcome::RowOutcome;
use domain::imports::views::NamedLogLine;
use domain::lists::page::{Cursor, Page};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/log", holding ImportRoll);

/// Returns a page of the log after `after`, with one outcome or all.
#[server(endpoint = "imports/log", input = Json, output = Json)]
pub async fn import_log(
    import: ImportId,
    outcome: Option<RowOutcome>,
    after: Option<Cursor>,
) -> Result<Page<NamedLogLine>, AppError> {
    /// Rows per page: enough to scroll, few enough to load at once.
    const ROWS: u16 = 100;
    let entered = crate::guard::enter("imports/log")?;
    let page = async {
        // Row numbers start at 1, so the first page is after row 0.
        let after = after.as_ref().map_or(Ok(0), Cursor::key)?;
        backend::imports::log::page(&entered.backend, &entered.actor, import, outcome, after, ROWS).await
    };
    let page = crate::guard::answer(page.await)?;
    Ok(Page { rows: page.lines, next: page.next.map(Cursor::behind) })
}
