//! Puts back what a ledger moved, each kind in its own statements, wherever it still is.

use sqlx::PgConnection;
use uuid::Uuid;

use super::ledger::{Ledger, OfLedger as _};
use crate::{Backend, Result};

impl Ledger {
    pub(super) async fn put_back_contacts(&self, connection: &mut PgConnection) -> Result<()> {
        // Where the person got a contact of the same child meanwhile, that one ends: the one that goes back is older.
        sqlx::query(
            "UPDATE contacts mine SET ended_at = $5, ended_for = 'undo', updated_at = $5
             FROM merge_items i JOIN contacts back ON back.id::text = i.row_key
             WHERE i.organisation_id = $2 AND i.merge_id = $1 AND i.thing = 'contact' AND i.done = 'moved' AND back.adult_id = $4
               AND back.ended_at IS NULL AND mine.adult_id = $3 AND mine.child_id = back.child_id AND mine.ended_at IS NULL",
        )
        .of(self)
        .bind(self.at)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "UPDATE contacts c SET adult_id = $3, updated_at = $5 FROM merge_items i
             WHERE i.organisation_id = $2 AND i.merge_id = $1 AND i.thing = 'contact' AND i.done = 'moved'
               AND c.id::text = i.row_key AND c.adult_id = $4",
        )
        .of(self)
        .bind(self.at)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "UPDATE contacts c SET ended_at = NULL, ended_by = NULL, ended_for = NULL, updated_at = $4 FROM merge_items i
             WHERE i.organisation_id = $1 AND i.merge_id = $2 AND i.thing = 'contact' AND i.done = 'ended'
               AND c.id::text = i.row_key AND c.adult_id = $3 AND c.ended_for = 'merge'
               AND NOT EXISTS (SELECT FROM contacts live WHERE live.adult_id = $3 AND live.child_id = c.child_id
                                 AND live.ended_at IS NULL)",
        )
        .bind(self.organisation.0)
        .bind(self.merge.0)
        .bind(self.from.0)
        .bind(self.at)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "UPDATE contacts c
             SET parental_responsibility = (i.before ->> 'parental_responsibility')::boolean,
                 lives_with = (i.before ->> 'lives_with')::boolean, priority = (i.before ->> 'priority')::smallint,
                 no_portal = (i.before ->> 'no_portal')::boolean,
                 functions = ARRAY(SELECT jsonb_array_elements_text(i.before -> 'functions')), updated_at = $3
             FROM merge_items i
             WHERE i.organisation_id = $1 AND i.merge_id = $2 AND i.thing = 'contact' AND i.done = 'filled'
               AND c.id::text = i.row_key
               AND jsonb_build_object('parental_responsibility', c.parental_responsibility, 'lives_with', c.lives_with,
                       'priority', c.priority, 'no_portal', c.no_portal, 'functions', c.functions) = i.after",
        )
        .bind(self.organisation.0)
        .bind(self.merge.0)
        .bind(self.at)
        .execute(connection)
        .await?;
        Ok(())
    }

    pub(super) async fn put_back_grants(&self, connection: &mut PgConnection) -> Result<()> {
        sqlx::query(
            "UPDATE access_grants g SET adult_id = $3 FROM merge_items i
             WHERE i.organisation_id = $2 AND i.merge_id = $1 AND i.thing = 'grant' AND i.done = 'moved'
               AND g.id::text = i.row_key AND g.adult_id = $4
               AND (g.stopped_at IS NOT NULL
                    OR NOT EXISTS (SELECT FROM access_grants live WHERE live.adult_id = $3 AND live.child_id = g.child_id
                                     AND live.scope = g.scope AND live.stopped_at IS NULL
                                     AND daterange(live.starts_on, live.ends_on, '[]') && daterange(g.starts_on, g.ends_on, '[]')))",
        )
        .of(self)
        .execute(&mut *connection)
        .await?;
        // What the merge stopped because both had it is open again, unless the part that stayed was stopped since.
        sqlx::query(
            "UPDATE access_grants g SET stopped_at = NULL, stopped_by = NULL, stopped_for = NULL
             FROM merge_items i JOIN merges m ON m.id = i.merge_id
             WHERE i.organisation_id = $2 AND i.merge_id = $1 AND i.thing = 'grant' AND i.done = 'ended'
               AND g.id::text = i.row_key AND g.adult_id = $3 AND g.stopped_for = 'merge'
               AND NOT EXISTS (SELECT FROM access_grants since WHERE since.adult_id = $4 AND since.child_id = g.child_id
                                 AND since.scope = g.scope AND since.stopped_at > m.made_at)
               AND NOT EXISTS (SELECT FROM access_grants live WHERE live.adult_id = $3 AND live.child_id = g.child_id
                                 AND live.scope = g.scope AND live.stopped_at IS NULL
                                 AND daterange(live.starts_on, live.ends_on, '[]') && daterange(g.starts_on, g.ends_on, '[]'))",
        )
        .of(self)
        .execute(connection)
        .await?;
        Ok(())
    }

    pub(super) async fn put_back_the_rest(&self, connection: &mut PgConnection) -> Result<()> {
        sqlx::query(
            "WITH items AS (
                 SELECT thing, row_key FROM merge_items WHERE organisation_id = $2 AND merge_id = $1 AND done = 'moved'
             ), restrictions AS (
                 UPDATE access_restrictions r SET adult_id = $3 FROM items i
                 WHERE i.thing = 'restriction' AND r.id::text = i.row_key AND r.adult_id = $4
             ), tasks AS (
                 UPDATE office_tasks t SET adult_id = $3 FROM items i
                 WHERE i.thing = 'task' AND t.id::text = i.row_key AND t.adult_id = $4)
             UPDATE person_keys k SET person_id = $3 FROM items i
             WHERE i.thing = 'key' AND k.organisation_id = $2
               AND jsonb_build_array(k.series, k.comparable)::text = i.row_key AND k.person_id = $4",
        )
        .of(self)
        .execute(connection)
        .await?;
        Ok(())
    }

    pub(super) async fn put_back_addresses(&self, connection: &mut PgConnection) -> Result<()> {
        // Primary again only where the person has no primary address of the kind yet.
        sqlx::query(
            "UPDATE addresses a
             SET person_id = $3,
                 is_primary = (i.before ->> 'primary')::boolean
                     AND NOT EXISTS (SELECT FROM addresses p WHERE p.person_id = $3 AND p.kind = a.kind AND p.is_primary)
             FROM merge_items i
             WHERE i.organisation_id = $2 AND i.merge_id = $1 AND i.thing = 'address' AND i.done = 'moved'
               AND a.id::text = i.row_key AND a.person_id = $4
               AND NOT EXISTS (SELECT FROM addresses same WHERE same.person_id = $3 AND same.kind = a.kind
                                 AND same.comparable = a.comparable)",
        )
        .of(self)
        .execute(connection)
        .await?;
        Ok(())
    }

    pub(super) async fn put_back_login(&self, connection: &mut PgConnection) -> Result<()> {
        sqlx::query(
            "WITH items AS (
                 SELECT thing, row_key FROM merge_items WHERE organisation_id = $2 AND merge_id = $1 AND done = 'moved'
             ), back AS (
                 UPDATE accounts a SET person_id = $3 FROM items i
                 WHERE i.thing = 'account' AND a.id::text = i.row_key AND a.person_id = $4 RETURNING a.id
             ), messages AS (
                 UPDATE messages m SET person_id = $3 FROM items i
                 WHERE i.thing = 'message' AND m.id::text = i.row_key AND m.person_id = $4)
             UPDATE former_usernames f SET person_id = $3
             WHERE f.organisation_id = $2 AND f.person_id = $4 AND EXISTS (SELECT FROM back)",
        )
        .of(self)
        .execute(&mut *connection)
        .await?;
        // Only if nobody did anything else to it since.
        sqlx::query(
            "UPDATE accounts a SET state = i.before #>> '{}', suspended_at = NULL
             FROM merge_items i JOIN merges m ON m.id = i.merge_id
             WHERE i.organisation_id = $1 AND i.merge_id = $2 AND i.thing = 'account' AND i.done = 'ended'
               AND a.id::text = i.row_key AND a.person_id = $3 AND a.state = 'suspended' AND a.suspended_at = m.made_at",
        )
        .bind(self.organisation.0)
        .bind(self.merge.0)
        .bind(self.from.0)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Gives facts that were made since to the other person.
    pub(super) async fn give_since(&self, connection: &mut PgConnection, facts: &[Uuid]) -> Result<()> {
        sqlx::query(
            "WITH contacts AS (
                 UPDATE contacts c SET adult_id = $2, updated_at = $5
                 WHERE c.organisation_id = $1 AND c.adult_id = $3 AND c.id = ANY ($4)
                   AND NOT EXISTS (SELECT FROM contacts live WHERE live.adult_id = $2 AND live.child_id = c.child_id
                                     AND live.ended_at IS NULL))
             UPDATE access_grants g SET adult_id = $2
             WHERE g.organisation_id = $1 AND g.adult_id = $3 AND g.id = ANY ($4)
               AND NOT EXISTS (SELECT FROM access_grants live WHERE live.adult_id = $2 AND live.child_id = g.child_id
                                 AND live.scope = g.scope AND live.stopped_at IS NULL
                                 AND daterange(live.starts_on, live.ends_on, '[]') && daterange(g.starts_on, g.ends_on, '[]'))",
        )
        .bind(self.organisation.0)
        .bind(self.from.0)
        .bind(self.to.0)
        .bind(facts)
        .bind(self.at)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// A restriction that was made since, about a child that came with the other, is about both from now on: nobody has said
    /// of which of the two it is, and an undo must not open what was closed.
    pub(super) async fn restrict_both(&self, backend: &Backend, connection: &mut PgConnection) -> Result<()> {
        let since: Vec<Uuid> = sqlx::query_scalar(
            "SELECT r.id FROM access_restrictions r JOIN merges m ON m.organisation_id = $1 AND m.id = $2
             WHERE r.organisation_id = $1 AND r.adult_id = $3 AND r.created_at > m.made_at AND r.lifted_at IS NULL
               AND r.child_id IN (SELECT (i.before ->> 'child')::uuid FROM merge_items i
                                  WHERE i.organisation_id = $1 AND i.merge_id = $2 AND i.before ? 'child')
             ORDER BY r.id",
        )
        .bind(self.organisation.0)
        .bind(self.merge.0)
        .bind(self.to.0)
        .fetch_all(&mut *connection)
        .await?;
        self.restrict_like(backend, connection, (&since, self.from)).await
    }
}
