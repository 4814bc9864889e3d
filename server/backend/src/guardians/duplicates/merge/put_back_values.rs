//! Puts back the values that a merge chose, each unless it was changed since.

use domain::authorization::actor::Actor;
use domain::guardians::duplicates::fields::MergeField;
use serde_json::Value;
use sqlx::PgConnection;

use super::ledger::Ledger;
use super::parties::look_at;
use crate::Result;

#[derive(sqlx::FromRow)]
struct ChosenRow {
    thing: String,
    before: Option<Value>,
    after: Option<Value>,
}

impl Ledger {
    /// Values become what they were, each unless it was changed since.
    pub(super) async fn put_back_chosen(&self, connection: &mut PgConnection, actor: &Actor) -> Result<()> {
        let chosen: Vec<ChosenRow> = sqlx::query_as::<_, ChosenRow>(
            "SELECT thing, before, after FROM merge_items
             WHERE organisation_id = $1 AND merge_id = $2 AND done = 'chosen'",
        )
        .bind(self.organisation.0)
        .bind(self.merge.0)
        .fetch_all(&mut *connection)
        .await?;
        for ChosenRow { thing, before, after } in chosen {
            match thing.as_str() {
                "person" => self.put_back_person(connection, actor, before.as_ref(), after.as_ref()).await?,
                "home" => self.put_back_home(connection, before.as_ref(), after.as_ref()).await?,
                "email" | "phone" => self.put_back_primary(connection, &thing, before.as_ref()).await?,
                _ => {}
            }
        }
        Ok(())
    }

    async fn put_back_person(
        &self,
        connection: &mut PgConnection,
        actor: &Actor,
        before: Option<&Value>,
        after: Option<&Value>,
    ) -> Result<()> {
        let mut person = look_at(&mut *connection, actor, self.to).await?;
        let text = |of: Option<&Value>, field: MergeField| {
            of.and_then(|values| values.get(field.slug())).and_then(Value::as_str).map(str::to_owned)
        };
        for field in MergeField::ALL {
            if let Some((was, is)) = text(before, field).zip(text(after, field))
                && person.value(field) == is
            {
                person.set(field, &was);
            }
        }
        person.write(connection, self).await
    }

    async fn put_back_home(
        &self,
        connection: &mut PgConnection,
        before: Option<&Value>,
        after: Option<&Value>,
    ) -> Result<()> {
        sqlx::query(
            "WITH gone AS (
                 DELETE FROM postal_addresses
                 WHERE organisation_id = $1 AND person_id = $2 AND to_jsonb(comparable) = $4 AND jsonb_typeof($3) IS DISTINCT FROM 'object')
             UPDATE postal_addresses SET lines = $3 ->> 'lines', postcode = $3 ->> 'postcode', comparable = $3 ->> 'comparable',
                    updated_at = $5
             WHERE organisation_id = $1 AND person_id = $2 AND to_jsonb(comparable) = $4 AND jsonb_typeof($3) = 'object'",
        )
        .bind(self.organisation.0)
        .bind(self.to.0)
        .bind(before)
        .bind(after)
        .bind(self.at)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The person who stayed has their former primary address again, if their present one was chosen by the merge or has
    /// gone back.
    async fn put_back_primary(
        &self,
        connection: &mut PgConnection,
        kind: &str,
        before: Option<&Value>,
    ) -> Result<()> {
        sqlx::query(
            "WITH after AS (
                 SELECT (after #>> '{}')::uuid AS id FROM merge_items
                 WHERE organisation_id = $1 AND merge_id = $5 AND done = 'chosen' AND thing = $3)
             UPDATE addresses SET is_primary = false
             WHERE organisation_id = $1 AND person_id = $2 AND kind = $3 AND is_primary
               AND id = (SELECT id FROM after) AND id::text IS DISTINCT FROM $4",
        )
        .bind(self.organisation.0)
        .bind(self.to.0)
        .bind(kind)
        .bind(before.and_then(Value::as_str))
        .bind(self.merge.0)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "UPDATE addresses a SET is_primary = true
             WHERE a.organisation_id = $1 AND a.person_id = $2 AND a.kind = $3 AND a.id::text = $4
               AND NOT EXISTS (SELECT FROM addresses p WHERE p.person_id = $2 AND p.kind = $3 AND p.is_primary)",
        )
        .bind(self.organisation.0)
        .bind(self.to.0)
        .bind(kind)
        .bind(before.and_then(Value::as_str))
        .execute(connection)
        .await?;
        Ok(())
    }
}
