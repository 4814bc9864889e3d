//! Which columns a person sees in each list.

use std::collections::BTreeMap;

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::lists::columns::{ColumnChoice, Slug};

use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// The most lists for which a person's choices are stored; more than there are.
pub const MOST_LISTS: i64 = 100;

/// Stores a person's choice for a list; an empty one restores the list's default.
#[tracing::instrument(skip_all, fields(list = %list))]
pub async fn keep(backend: &Backend, actor: &Actor, list: &Slug, choice: &ColumnChoice) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::UseOffice, AnySchool).await?.transaction;
    let account = actor.account().ok_or(Error::NotFound("account"))?;
    if choice.is_empty() {
        sqlx::query(
            "DELETE FROM column_choices WHERE organisation_id = $1 AND account_id = $2 AND list = $3",
        )
        .bind(actor.organisation.0)
        .bind(account.0)
        .bind(list.as_str())
        .execute(&mut *transaction)
        .await?;
    } else {
        let kept = sqlx::query(
            "INSERT INTO column_choices (organisation_id, account_id, list, shown, hidden)
             SELECT $1, $2, $3, $4, $5
             WHERE (SELECT count(*) FROM column_choices WHERE organisation_id = $1 AND account_id = $2 AND list <> $3) < $6
             ON CONFLICT ON CONSTRAINT column_choices_pkey DO UPDATE SET shown = excluded.shown, hidden = excluded.hidden",
        )
        .bind(actor.organisation.0)
        .bind(account.0)
        .bind(list.as_str())
        .bind(choice.shown())
        .bind(choice.hidden())
        .bind(MOST_LISTS)
        .execute(&mut *transaction)
        .await?;
        if kept.rows_affected() == 0 {
            return Err(Error::NotFound("list"));
        }
    }
    transaction.commit().await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ChoiceRow {
    list: String,
    shown: Vec<String>,
    hidden: Vec<String>,
}

/// Returns a person's choices, by list.
pub async fn kept(backend: &Backend, actor: &Actor) -> Result<BTreeMap<String, ColumnChoice>> {
    let mut transaction = backend.enter(actor, Permission::UseOffice, AnySchool).await?.transaction;
    let Some(account) = actor.account() else { return Ok(BTreeMap::new()) };
    let rows: Vec<ChoiceRow> = sqlx::query_as(
        "SELECT list, shown, hidden FROM column_choices WHERE organisation_id = $1 AND account_id = $2",
    )
    .bind(actor.organisation.0)
    .bind(account.0)
    .fetch_all(&mut *transaction)
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.list, ColumnChoice::new(row.shown, row.hidden).map_err(Error::unexpected)?)))
        .collect()
}
