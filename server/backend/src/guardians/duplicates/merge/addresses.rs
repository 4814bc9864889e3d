//! Moves email addresses, phone numbers and the postal address.

use domain::guardians::duplicates::fields::MergeField;
use sqlx::PgConnection;
use uuid::Uuid;

use super::ledger::{Ledger, OfLedger as _};
use crate::Result;

impl Ledger {
    /// Moves addresses as further ones. Those that both have stay where they are.
    pub(in crate::guardians::duplicates) async fn move_addresses(
        &self,
        connection: &mut PgConnection,
        ids: Option<&[Uuid]>,
    ) -> Result<()> {
        sqlx::query(
            "WITH was AS (
                 SELECT o.id, o.is_primary FROM addresses o
                 WHERE o.organisation_id = $2 AND o.person_id = $3 AND ($5::uuid[] IS NULL OR o.id = ANY ($5))
                   AND NOT EXISTS (SELECT FROM addresses s WHERE s.person_id = $4 AND s.kind = o.kind AND s.comparable = o.comparable)
             ), moved AS (
                 UPDATE addresses m SET person_id = $4, is_primary = false FROM was WHERE m.id = was.id
                 RETURNING m.id, was.is_primary)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done, before)
             SELECT $1, $2, 'address', id::text, 'moved', jsonb_build_object('primary', is_primary) FROM moved",
        )
        .of(self)
        .bind(ids)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Makes an address of the person who gets them their primary one of its kind, or none, and notes which one was.
    pub(in crate::guardians::duplicates) async fn choose_primary(
        &self,
        connection: &mut PgConnection,
        (field, kind): (MergeField, &str),
        value: Option<&str>,
    ) -> Result<()> {
        let before: Option<Uuid> = sqlx::query_scalar(
            "UPDATE addresses SET is_primary = false
             WHERE organisation_id = $1 AND person_id = $2 AND kind = $3 AND is_primary RETURNING id",
        )
        .bind(self.organisation.0)
        .bind(self.to.0)
        .bind(kind)
        .fetch_optional(&mut *connection)
        .await?;
        let after: Option<Uuid> = sqlx::query_scalar(
            "UPDATE addresses SET is_primary = true
             WHERE organisation_id = $1 AND person_id = $2 AND kind = $3 AND comparable = lower($4) RETURNING id",
        )
        .bind(self.organisation.0)
        .bind(self.to.0)
        .bind(kind)
        .bind(value)
        .fetch_optional(&mut *connection)
        .await?;
        if before == after {
            return Ok(());
        }
        self.chosen(connection, field.slug(), (serde_json::json!(before), serde_json::json!(after))).await
    }

    /// Gives the person who gets it the other's postal address, in place of theirs.
    pub(super) async fn take_home(&self, connection: &mut PgConnection) -> Result<()> {
        sqlx::query(
            "WITH was AS (
                 SELECT to_jsonb(s) AS before FROM postal_addresses s WHERE s.organisation_id = $2 AND s.person_id = $4
             ), set AS (
                 INSERT INTO postal_addresses (organisation_id, person_id, lines, postcode, comparable, updated_at)
                 SELECT organisation_id, $4, lines, postcode, comparable, $5 FROM postal_addresses
                 WHERE organisation_id = $2 AND person_id = $3
                 ON CONFLICT (person_id) DO UPDATE SET lines = excluded.lines, postcode = excluded.postcode,
                     comparable = excluded.comparable, updated_at = excluded.updated_at
                 RETURNING comparable)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done, before, after)
             SELECT $1, $2, 'home', $4::text, 'chosen', (SELECT before FROM was), to_jsonb(comparable) FROM set",
        )
        .of(self)
        .bind(self.at)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Makes one address of each kind primary, if a new person has some and none is.
    pub(in crate::guardians::duplicates) async fn make_first_primary(
        &self,
        connection: &mut PgConnection,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE addresses SET is_primary = true
             WHERE id IN (SELECT DISTINCT ON (kind) id FROM addresses
                          WHERE organisation_id = $1 AND person_id = $2 ORDER BY kind, created_at, id)",
        )
        .bind(self.organisation.0)
        .bind(self.to.0)
        .execute(connection)
        .await?;
        Ok(())
    }
}
