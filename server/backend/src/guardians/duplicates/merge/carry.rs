//! Moves what hangs on one person to another, each kind in one statement that also writes the ledger. Unless it is given
//! which rows, it moves all of them.

use domain::ids::{PersonId, RestrictionId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::ledger::{Ledger, OfLedger as _};
use crate::{Backend, Result};

impl Ledger {
    /// Moves contacts. Where both are contacts of a child, the one who gets them keeps theirs, with what only the other said,
    /// and the other contact ends.
    pub(in crate::guardians::duplicates) async fn move_contacts(
        &self,
        connection: &mut PgConnection,
        by: Option<Uuid>,
        children: Option<&[PersonId]>,
    ) -> Result<()> {
        let children = children.map(|children| children.iter().map(|child| child.0).collect::<Vec<_>>());
        sqlx::query(
            "WITH was AS (
                 SELECT s.id, o.parental_responsibility, o.lives_with, o.priority, o.no_portal, o.functions,
                        jsonb_build_object('parental_responsibility', s.parental_responsibility, 'lives_with', s.lives_with,
                            'priority', s.priority, 'no_portal', s.no_portal, 'functions', s.functions) AS before
                 FROM contacts s JOIN contacts o ON o.child_id = s.child_id
                 WHERE s.organisation_id = $2 AND s.adult_id = $4 AND o.adult_id = $3 AND s.ended_at IS NULL AND o.ended_at IS NULL
                   AND ($6::uuid[] IS NULL OR s.child_id = ANY ($6))
             ), filled AS (
                 UPDATE contacts s
                 SET parental_responsibility = coalesce(s.parental_responsibility, was.parental_responsibility),
                     lives_with = coalesce(s.lives_with, was.lives_with), priority = coalesce(s.priority, was.priority),
                     no_portal = s.no_portal OR was.no_portal,
                     functions = ARRAY(SELECT f FROM unnest(s.functions || was.functions) AS f GROUP BY f ORDER BY f),
                     updated_at = $5
                 FROM was WHERE s.id = was.id
                 RETURNING s.id, was.before,
                     jsonb_build_object('parental_responsibility', s.parental_responsibility, 'lives_with', s.lives_with,
                         'priority', s.priority, 'no_portal', s.no_portal, 'functions', s.functions) AS after)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done, before, after)
             SELECT $1, $2, 'contact', id::text, 'filled', before, after FROM filled WHERE before <> after",
        )
        .of(self)
        .bind(self.at)
        .bind(&children)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "WITH ended AS (
                 UPDATE contacts o SET ended_at = $5, ended_by = $6, ended_for = 'merge', updated_at = $5
                 FROM contacts s
                 WHERE o.organisation_id = $2 AND o.adult_id = $3 AND o.ended_at IS NULL AND s.adult_id = $4
                   AND s.ended_at IS NULL AND s.child_id = o.child_id AND ($7::uuid[] IS NULL OR o.child_id = ANY ($7))
                 RETURNING o.id, o.child_id)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done, before)
             SELECT $1, $2, 'contact', id::text, 'ended', jsonb_build_object('child', child_id) FROM ended",
        )
        .of(self)
        .bind(self.at)
        .bind(by)
        .bind(&children)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "WITH moved AS (
                 UPDATE contacts SET adult_id = $4, updated_at = $5
                 WHERE organisation_id = $2 AND adult_id = $3 AND child_id <> $4
                   AND (ended_for = 'merge' AND ended_at = $5) IS NOT TRUE AND ($6::uuid[] IS NULL OR child_id = ANY ($6))
                 RETURNING id, child_id)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done, before)
             SELECT $1, $2, 'contact', id::text, 'moved', jsonb_build_object('child', child_id) FROM moved",
        )
        .of(self)
        .bind(self.at)
        .bind(&children)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Moves grants, except those to the children in `behind`. Where both have one, the other's stops.
    pub(in crate::guardians::duplicates) async fn move_grants(
        &self,
        connection: &mut PgConnection,
        by: Option<Uuid>,
        (children, behind): (Option<&[PersonId]>, &[PersonId]),
    ) -> Result<()> {
        let children = children.map(|children| children.iter().map(|child| child.0).collect::<Vec<_>>());
        let behind: Vec<Uuid> = behind.iter().map(|child| child.0).collect();
        sqlx::query(
            "WITH stopped AS (
                 UPDATE access_grants o SET stopped_at = $5, stopped_by = $6, stopped_for = 'merge'
                 WHERE o.organisation_id = $2 AND o.adult_id = $3 AND o.stopped_at IS NULL AND o.child_id <> ALL ($8)
                   AND ($7::uuid[] IS NULL OR o.child_id = ANY ($7))
                   AND EXISTS (SELECT FROM access_grants s WHERE s.adult_id = $4 AND s.child_id = o.child_id AND s.scope = o.scope
                                 AND s.stopped_at IS NULL
                                 AND daterange(s.starts_on, s.ends_on, '[]') && daterange(o.starts_on, o.ends_on, '[]'))
                 RETURNING o.id, o.child_id)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done, before)
             SELECT $1, $2, 'grant', id::text, 'ended', jsonb_build_object('child', child_id) FROM stopped",
        )
        .of(self)
        .bind(self.at)
        .bind(by)
        .bind(&children)
        .bind(&behind)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "WITH moved AS (
                 UPDATE access_grants SET adult_id = $4
                 WHERE organisation_id = $2 AND adult_id = $3 AND child_id <> $4 AND child_id <> ALL ($7)
                   AND (stopped_for = 'merge' AND stopped_at = $5) IS NOT TRUE AND ($6::uuid[] IS NULL OR child_id = ANY ($6))
                 RETURNING id, child_id)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done, before)
             SELECT $1, $2, 'grant', id::text, 'moved', jsonb_build_object('child', child_id) FROM moved",
        )
        .of(self)
        .bind(self.at)
        .bind(&children)
        .bind(&behind)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Moves restrictions and the office's tasks: they are about the person, not the record. A restriction that the one who gets
    /// them has too stays where it is.
    pub(super) async fn move_restrictions_and_tasks(&self, connection: &mut PgConnection) -> Result<()> {
        sqlx::query(
            "WITH restrictions AS (
                 UPDATE access_restrictions r SET adult_id = $4
                 WHERE r.organisation_id = $2 AND r.adult_id = $3
                   AND NOT EXISTS (SELECT FROM access_restrictions s
                                   WHERE s.organisation_id = $2 AND s.adult_id = $4 AND s.child_id = r.child_id
                                     AND (s.scopes, s.reference, s.starts_on, s.hides_addresses)
                                         = (r.scopes, r.reference, r.starts_on, r.hides_addresses)
                                     AND s.ends_on IS NOT DISTINCT FROM r.ends_on
                                     AND s.lifted_at IS NOT DISTINCT FROM r.lifted_at)
                 RETURNING r.id
             ), tasks AS (
                 UPDATE office_tasks SET adult_id = $4 WHERE organisation_id = $2 AND adult_id = $3 RETURNING id)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done)
             SELECT $1::uuid, $2::uuid, 'restriction', id::text, 'moved' FROM restrictions
             UNION ALL SELECT $1, $2, 'task', id::text, 'moved' FROM tasks",
        )
        .of(self)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Moves what other systems call them, so that the next file finds the person who stays.
    pub(in crate::guardians::duplicates) async fn move_keys(
        &self,
        connection: &mut PgConnection,
        keys: Option<&[String]>,
    ) -> Result<()> {
        sqlx::query(
            "WITH moved AS (
                 UPDATE person_keys SET person_id = $4
                 WHERE organisation_id = $2 AND person_id = $3
                   AND ($5::text[] IS NULL OR jsonb_build_array(series, comparable)::text = ANY ($5))
                 RETURNING jsonb_build_array(series, comparable)::text AS key)
             INSERT INTO merge_items (merge_id, organisation_id, thing, row_key, done)
             SELECT $1, $2, 'key', key, 'moved' FROM moved",
        )
        .of(self)
        .bind(keys)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Restricts the new person of a split too, about children that go with them: nobody has said whom of the two the
    /// restriction means, and a split must not open what was closed.
    pub(in crate::guardians::duplicates) async fn copy_restrictions(
        &self,
        backend: &Backend,
        connection: &mut PgConnection,
        children: &[PersonId],
    ) -> Result<()> {
        let theirs: Vec<Uuid> = sqlx::query_scalar(
            "SELECT id FROM access_restrictions
             WHERE organisation_id = $1 AND adult_id = $2 AND lifted_at IS NULL AND child_id = ANY ($3) ORDER BY id",
        )
        .bind(self.organisation.0)
        .bind(self.from.0)
        .bind(children.iter().map(|child| child.0).collect::<Vec<_>>())
        .fetch_all(&mut *connection)
        .await?;
        self.restrict_like(backend, connection, (&theirs, self.to)).await
    }

    /// Copies restrictions, for another person.
    pub(super) async fn restrict_like(
        &self,
        backend: &Backend,
        connection: &mut PgConnection,
        (restrictions, person): (&[Uuid], PersonId),
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, scopes, reference, starts_on, ends_on,
                                              review_on, made_by, created_at, reason, hides_addresses)
             SELECT new.id, r.organisation_id, r.child_id, $2, r.scopes, r.reference, r.starts_on, r.ends_on, r.review_on,
                    r.made_by, r.created_at, r.reason, r.hides_addresses
             FROM unnest($3::uuid[], $4::uuid[]) AS new (id, of) JOIN access_restrictions r ON r.id = new.of
             WHERE r.organisation_id = $1",
        )
        .bind(self.organisation.0)
        .bind(person.0)
        .bind(restrictions.iter().map(|_| backend.new_id::<RestrictionId>().0).collect::<Vec<Uuid>>())
        .bind(restrictions)
        .execute(connection)
        .await?;
        Ok(())
    }
}
