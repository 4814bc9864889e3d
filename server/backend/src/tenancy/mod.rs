//! Which rows a query sees, and the only way into a use case ([`Backend::enter`]). PostgreSQL itself keeps
//! organisations apart (row-level security, see the migration `tenancy_row_security`): a query that forgets
//! its filter sees the rows of one organisation, or none.

pub mod enter;
pub mod places;
pub mod target;

use domain::ids::OrganisationId;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{Backend, Result};

impl Backend {
    /// Opens a transaction that sees one organisation, for work without an actor, such as a sign-in or a job.
    /// A use case with an actor begins with [`Self::enter`].
    pub async fn tenant_transaction(
        &self,
        organisation: OrganisationId,
    ) -> Result<Transaction<'static, Postgres>> {
        let mut transaction = self.database.pool().begin().await?;
        narrow(&mut transaction, organisation).await?;
        Ok(transaction)
    }

    /// Opens a transaction that sees no rows yet, for [`Self::enter`], whose first statement names the
    /// organisation. A snapshot reads a single point in time and writes nothing.
    pub(crate) async fn unnamed_tenant_transaction(
        &self,
        snapshot: bool,
    ) -> Result<Transaction<'static, Postgres>> {
        let begin = if snapshot {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL ROLE greencap_app"
        } else {
            "BEGIN; SET LOCAL ROLE greencap_app"
        };
        Ok(self.database.pool().begin_with(begin).await?)
    }

    /// Opens a transaction for when the organisation is not known yet: to look up a token or a name, or to
    /// create an organisation. It sees every organisation, so work on what it finds in a separate
    /// [`Self::tenant_transaction`].
    pub async fn system_transaction(&self) -> Result<Transaction<'static, Postgres>> {
        let mut transaction = self.database.pool().begin().await?;
        sqlx::query("SET LOCAL ROLE greencap_system").execute(&mut *transaction).await?;
        Ok(transaction)
    }

    /// Like [`Self::system_transaction`], for single statements such as those of the worker, whose queue
    /// spans every organisation. The role stays set on the connection, which is harmless: the next user sets
    /// another.
    pub async fn system_connection(&self) -> Result<PoolConnection<Postgres>> {
        let mut connection = self.database.pool().acquire().await?;
        sqlx::query("SET ROLE greencap_system").execute(&mut *connection).await?;
        Ok(connection)
    }
}

/// The PostgreSQL session of a connection, for [`Backend::abort`].
pub(crate) async fn session_of(connection: &mut PgConnection) -> Result<i32> {
    Ok(sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(connection).await?)
}

impl Backend {
    /// Aborts the statement that runs in another of Greencap's sessions, as the database user that opened
    /// both.
    pub(crate) async fn abort(&self, session: i32) -> Result<()> {
        let mut connection = self.database.pool().acquire().await?;
        sqlx::query("RESET ROLE").execute(&mut *connection).await?;
        sqlx::query("SELECT pg_cancel_backend($1)").bind(session).execute(&mut *connection).await?;
        Ok(())
    }
}

async fn narrow(
    transaction: &mut Transaction<'static, Postgres>,
    organisation: OrganisationId,
) -> Result<()> {
    sqlx::query(
        "SELECT set_config('role', 'greencap_app', true), set_config('greencap.organisation', $1::text, true)",
    )
    .bind(organisation.0)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
