//! Inserting the rows of a batch of accounts.

use std::collections::HashMap;

use domain::accounts::batch::CreatedAccount;
use domain::accounts::plan::{PlanRow, PlannedUsername};
use domain::accounts::username::Username;
use domain::credentials::state::AccountState;
use domain::ids::{AccountId, OperationId, OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::breaks_constraint;
use crate::{Backend, Error, Result};

/// How many accounts are inserted at a time: often enough to show progress and to notice a cancellation, and
/// seldom enough to cost nothing compared with the inserts.
pub(super) const PART: usize = 10_000;

/// From this many accounts on, PostgreSQL's statistics are refreshed at once. Autovacuum would do it up to a
/// minute later, and until then PostgreSQL plans as if the accounts did not exist (PostgreSQL, "Populating a
/// Database": run ANALYZE afterwards).
const MANY: usize = 5_000;

/// The number of accounts inserted per statement, which limits the memory used.
const CHUNK: usize = 10_000;

/// Refreshes statistics after this many new accounts, if they are many.
pub(super) async fn refresh_statistics(backend: &Backend, organisation: OrganisationId, accounts: usize) {
    if accounts < MANY {
        return;
    }
    let refreshed = async {
        let mut transaction = backend.tenant_transaction(organisation).await?;
        sqlx::query("SELECT analyze_accounts()").execute(&mut *transaction).await?;
        Ok::<_, Error>(transaction.commit().await?)
    };
    if let Err(error) = refreshed.await {
        // The accounts exist; only the next queries are slower.
        tracing::warn!(%error, "statistics were not refreshed after a large batch");
    }
}

/// An account to insert, or to open again.
pub struct NewAccount {
    pub(super) account: AccountId,
    pub(super) row: PlanRow,
    pub(super) username: Username,
}

impl NewAccount {
    pub(super) fn created(self, emails: &mut HashMap<PersonId, String>) -> CreatedAccount {
        CreatedAccount {
            account: self.account,
            email: emails.remove(&self.row.person),
            person: self.row.person,
            name: self.row.name,
            group: self.row.group,
            admission_number: self.row.admission_number,
            username: self.username,
        }
    }
}

/// Builds the accounts of rows that are ready.
pub(super) fn new_accounts(backend: &Backend, rows: Vec<PlanRow>) -> Vec<NewAccount> {
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        if let PlannedUsername::Ready(proposal) = &row.made {
            let account = row.reopens.unwrap_or_else(|| backend.new_id());
            accounts.push(NewAccount { account, username: proposal.username.clone(), row });
        }
    }
    accounts
}

/// Inserts those accounts that are new.
pub(super) async fn insert_accounts(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    batch: OperationId,
    ready: &[NewAccount],
) -> Result<()> {
    let new: Vec<&NewAccount> = ready.iter().filter(|new| new.row.reopens.is_none()).collect();
    for accounts in new.chunks(CHUNK) {
        sqlx::query(
            "INSERT INTO accounts (id, organisation_id, person_id, username, state, batch_id, created_at)
             SELECT id, $1, person_id, username, $2, $3, $4
             FROM unnest($5::uuid[], $6::uuid[], $7::text[]) AS new (id, person_id, username)",
        )
        .bind(organisation.0)
        .bind(AccountState::Created.stored())
        .bind(batch.0)
        .bind(backend.now())
        .bind(accounts.iter().map(|new| new.account.0).collect::<Vec<_>>())
        .bind(accounts.iter().map(|new| new.row.person.0).collect::<Vec<_>>())
        .bind(accounts.iter().map(|new| new.username.as_str()).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await
        .map_err(met_another)?;
    }
    Ok(())
}

/// The email addresses for a batch's invitations.
pub(super) async fn emails(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    batch: OperationId,
) -> Result<HashMap<PersonId, String>> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT m.person_id, m.value
         FROM accounts a JOIN addresses m ON m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         WHERE a.organisation_id = $1 AND a.batch_id = $2",
    )
    .bind(organisation.0)
    .bind(batch.0)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(person, email)| (PersonId(person), email)).collect())
}

/// The lock keeps two saves apart. Anything else that creates an account or removes a person from the roll at
/// this moment violates a constraint, and the error asks to look again.
pub(super) fn met_another(error: sqlx::Error) -> Error {
    let met = [
        "accounts_username_key",
        "accounts_former_username_check",
        "accounts_person_key",
        "accounts_person_fkey",
        "accounts_batch_fkey",
    ];
    if met.iter().any(|constraint| breaks_constraint(&error, constraint)) {
        Error::conflict(
            "roll_moved",
            "The roll changed while you were saving, so nothing was saved. Save again.",
        )
    } else {
        error.into()
    }
}
