//! The days on which an account can be used, for somebody who has shown that it is theirs. Nobody else is told.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::ids::AccountId;
use uuid::Uuid;

use crate::{Backend, Result};

/// An account that cannot be used today, by its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutsideDays {
    /// When it opens; `None` if its last day has passed.
    pub opens_on: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct OutsideRow {
    id: Uuid,
    opens_on: Option<NaiveDate>,
}

/// Returns those of these accounts that cannot be used today.
pub(crate) async fn outside_days(
    backend: &Backend,
    accounts: impl Iterator<Item = AccountId>,
) -> Result<HashMap<AccountId, OutsideDays>> {
    let rows = sqlx::query_as::<_, OutsideRow>(
        "SELECT a.id, account_opens_on(a, $2) AS opens_on FROM accounts a
         WHERE a.id = ANY($1) AND NOT account_is_valid(a, $2)",
    )
    .bind(accounts.map(|account| account.0).collect::<Vec<_>>())
    .bind(backend.now())
    .fetch_all(&mut *backend.system_connection().await?)
    .await?;
    Ok(rows.into_iter().map(|row| (AccountId(row.id), OutsideDays { opens_on: row.opens_on })).collect())
}
