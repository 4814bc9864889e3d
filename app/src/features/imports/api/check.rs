//! Matching columns and checking all rows.

use domain::ids::ImportId;
use domain::imports::dates::DateOrder;
use domain::imports::deciding::ChosenMeaning;
use domain::imports::mapping::FieldSlug;
use domain::imports::views::ImportView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/check", holding ImportRoll);

/// Saves the field of each column, in the order of the file, the order of its dates and what values mean, and
/// simulates the import. If a meaning is still open, the import is returned as it is, so that the page can ask.
#[server(endpoint = "imports/check", input = Json, output = Json)]
pub async fn check_import(
    import: ImportId,
    choices: Vec<Option<FieldSlug>>,
    dates: Option<DateOrder>,
    meanings: Option<Vec<ChosenMeaning>>,
) -> Result<ImportView, AppError> {
    use backend::imports::{dates::choose, decide::decide, map::map, simulate::simulate, view::view};
    use domain::imports::mapping::{ColumnMatch, Mapping};

    use crate::guard::{answer, enter};
    let entered = enter("imports/check")?;
    let current = answer(view(&entered.backend, &entered.actor, import).await)?;
    let kind = answer(current.kind.declaration().ok_or(backend::Error::NotFound("kind of import")))?;
    let columns: Vec<ColumnMatch> = current.columns.into_iter().map(|column| column.goes_to).collect();
    let mapping = answer(Mapping::try_from(columns).map_err(backend::Error::unexpected))?;
    let mapping = answer(mapping.chosen(kind, &choices).map_err(backend::Error::from))?;
    answer(map(&entered.backend, &entered.actor, import, mapping).await)?;
    let mut mapped = answer(choose(&entered.backend, &entered.actor, import, dates).await)?;
    let meanings = meanings.unwrap_or_default();
    let is_there = |chosen: &ChosenMeaning| mapped.decisions.iter().any(|of| of.field == chosen.field);
    let meanings: Vec<ChosenMeaning> = meanings.into_iter().filter(is_there).collect();
    if !meanings.is_empty() {
        mapped = answer(decide(&entered.backend, &entered.actor, import, &meanings).await)?;
    }
    if mapped.decisions.iter().any(|decision| decision.open().next().is_some()) {
        return Ok(mapped);
    }
    answer(simulate(&entered.backend, &entered.actor, import).await)
}
