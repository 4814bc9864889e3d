//! One batch as it is now: shown after creating accounts, and whenever someone returns to it.

use std::collections::HashSet;

use domain::accounts::batch::{BATCH_ROWS, BatchAccount, BatchDetail, CreatedAccount};
use domain::accounts::username::Username;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::credentials::state::AccountState;
use domain::ids::{AccountId, BatchId, SchoolId};
use domain::roll::views::RollRow;
use uuid::Uuid;

use super::batches;
use crate::roll::cache::rolls;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

/// Returns the batch, its counts, and those of its accounts that the actor may see; accounts without an email
/// address come first.
pub async fn batch(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    batch: BatchId,
) -> Result<BatchDetail> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ViewAccounts, School(school)).await?;
    let summary = batches::read(&mut transaction, &school, Some(batch), None)
        .await?
        .pop()
        .ok_or(Error::NotFound("batch"))?;
    let ids: HashSet<AccountId> =
        sqlx::query_scalar::<_, Uuid>("SELECT id FROM accounts WHERE organisation_id = $1 AND batch_id = $2")
            .bind(actor.organisation.0)
            .bind(batch.0)
            .fetch_all(&mut *transaction)
            .await?
            .into_iter()
            .map(AccountId)
            .collect();
    // The cached roll uses its own connection.
    drop(transaction);
    let roll = rolls(backend).seen_by(backend, actor, Permission::ViewAccounts, &school).await?;
    let rows =
        (0..roll.snapshot.len()).filter(|at| roll.snapshot.has_account(*at)).map(|at| roll.snapshot.row(at));
    let mut accounts = rows
        .filter(|row| row.account.as_ref().is_some_and(|account| ids.contains(&account.id)))
        .map(account)
        .collect::<Result<Vec<_>>>()?;
    let invitable = |account: &&BatchAccount| {
        account.account.email.is_some()
            && matches!(account.standing.state, AccountState::Created | AccountState::Invited)
    };
    let can_send = accounts.iter().filter(invitable).count();
    let no_email = accounts.iter().filter(|account| account.account.email.is_none()).count();
    // Stable, so that both parts stay sorted by name.
    accounts.sort_by_key(|account| account.account.email.is_some());
    accounts.truncate(BATCH_ROWS);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(BatchDetail { summary, can_send: count(can_send), no_email: count(no_email), accounts })
}

fn account(row: RollRow) -> Result<BatchAccount> {
    let account = row.account.ok_or(Error::NotFound("account"))?;
    Ok(BatchAccount {
        account: CreatedAccount {
            account: account.id,
            person: row.person,
            name: row.name,
            group: if row.group.is_empty() { row.year } else { row.group },
            admission_number: row.admission_number,
            username: account.username.parse::<Username>().map_err(Error::unexpected)?,
            email: row.email,
        },
        standing: account.standing,
    })
}
