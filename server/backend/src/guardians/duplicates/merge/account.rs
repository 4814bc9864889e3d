//! What becomes of the logins of two people.

use domain::messages::failure::DeliveryFailure;
use sqlx::PgConnection;
use uuid::Uuid;

use super::ledger::{Ledger, OfLedger as _};
use super::parties::Party;
use crate::credentials::revoke::revoke_all;
use crate::invitations::waiting;
use crate::messages::queue::cancel;
use crate::{Backend, Result};

impl Ledger {
    /// Leaves one login. If only the other person has an account, it moves, with the former usernames. If both have one, that of the
    /// other is disabled, not closed: nothing of it is lost, and an undo enables it again.
    pub(super) async fn leave_one_login(
        &self,
        backend: &Backend,
        connection: &mut PgConnection,
        survivor: &Party,
        other: &Party,
    ) -> Result<()> {
        match (survivor.account_id, other.account_id) {
            (None, Some(account)) => self.move_account(&mut *connection, account).await?,
            (Some(_), Some(account)) => self.end_login(backend, &mut *connection, account).await?,
            (_, None) => {}
        }
        self.move_messages(connection, survivor.account_id.is_none()).await
    }

    /// Moves the messages that were sent, so that the person who stays shows what became of each; with the login, also those
    /// that wait. What waits about a login that ends stays with it, and is not sent.
    pub(super) async fn move_messages(&self, connection: &mut PgConnection, waiting: bool) -> Result<()> {
        sqlx::query(
            "WITH moved AS (
                 UPDATE messages SET person_id = $4
                 WHERE organisation_id = $2 AND person_id = $3 AND ($5 OR state NOT IN ('queued', 'sending'))
                 RETURNING id::text AS key)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done)
             SELECT $1, $2, 'message', key, 'moved' FROM moved",
        )
        .of(self)
        .bind(waiting)
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn move_account(&self, connection: &mut PgConnection, account: Uuid) -> Result<()> {
        sqlx::query(
            "WITH accounts AS (
                 UPDATE accounts SET person_id = $4 WHERE organisation_id = $2 AND id = $5 RETURNING id::text AS key
             ), former AS (
                 UPDATE former_usernames SET person_id = $4 WHERE organisation_id = $2 AND person_id = $3 RETURNING username AS key)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done)
             SELECT $1::uuid, $2::uuid, 'account', key, 'moved' FROM accounts
             UNION ALL SELECT $1, $2, 'former_username', key, 'moved' FROM former",
        )
        .of(self)
        .bind(account)
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn end_login(&self, backend: &Backend, connection: &mut PgConnection, account: Uuid) -> Result<()> {
        sqlx::query(
            "WITH was AS (
                 SELECT id, state FROM accounts
                 WHERE organisation_id = $2 AND id = $3 AND state NOT IN ('suspended', 'closed')
             ), ended AS (
                 UPDATE accounts a SET state = 'suspended', suspended_at = $4, failed_attempts = 0, locked_at = NULL
                 FROM was WHERE a.id = was.id RETURNING a.id, was.state)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done, before)
             SELECT $1, $2, 'account', id::text, 'ended', to_jsonb(state) FROM ended",
        )
        .bind(self.merge.0)
        .bind(self.organisation.0)
        .bind(account)
        .bind(self.at)
        .execute(&mut *connection)
        .await?;
        revoke_all(backend, connection, self.organisation, &[account], None).await?;
        let waiting = waiting(connection, self.organisation, &[account]).await?;
        cancel(connection, self.organisation, &waiting, DeliveryFailure::AccountStopped, self.at).await?;
        Ok(())
    }
}
