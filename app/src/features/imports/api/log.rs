//! The log of an import.

use domain::ids::ImportId;
use domain::imports::outcome::Outcome;
use domain::imports::views::LogPage;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/log", holding ImportRoll);

/// A part of the log: the rows after `after`, of one outcome or of all.
#[server(endpoint = "imports/log", input = Json)]
pub async fn import_log(import: ImportId, outcome: Option<Outcome>, after: u32) -> Result<LogPage, AppError> {
    /// Rows on a page: enough to scroll, few enough to be there at once.
    const ROWS: u16 = 100;
    let entered = crate::guard::enter("imports/log")?;
    crate::guard::answer(
        backend::imports::log::page(&entered.backend, &entered.actor, import, outcome, after, ROWS).await,
    )
}
