//! Merges and splits that were made, for undoing them.

use chrono::DateTime;
use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{MergeId, PersonId};
use domain::lists::page::{Cursor, Page, TimeKey};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// How many a page shows.
const PAGE: usize = 25;

/// A merge or a split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeLine {
    /// Its id.
    pub id: MergeId,
    /// When it was made, in the organisation's time zone.
    pub at: DateTime<Tz>,
    /// Whether it made two people of one.
    pub is_split: bool,
    /// Who stayed, and their name now.
    pub survivor: (PersonId, String),
    /// Who was merged away, or is new, and their name.
    pub other: (PersonId, String),
    /// Whether a login saw more afterwards.
    pub widened: bool,
    /// Whether it was undone.
    pub is_undone: bool,
}

#[derive(sqlx::FromRow)]
struct MergeRow {
    id: Uuid,
    kind: String,
    made_at: DateTime<chrono::Utc>,
    widened: bool,
    is_undone: bool,
    survivor_id: Uuid,
    survivor_given: String,
    survivor_family: String,
    survivor_preferred: String,
    other_id: Uuid,
    other_given: String,
    other_family: String,
    other_preferred: String,
}

/// The merges and splits of people whom the reader may see, newest first.
pub async fn list(backend: &Backend, actor: &Actor, after: Option<&Cursor>) -> Result<Page<MergeLine>> {
    let Entered { mut transaction, at } =
        backend.enter_snapshot(actor, Permission::ManageGuardians, AnySchool).await?;
    let after: Option<TimeKey> = after.map(Cursor::key).transpose()?;
    let rows = read(&mut transaction, actor, None, after).await?;
    let page = Page::of(rows, PAGE, |row| TimeKey { at: row.made_at, id: row.id });
    Ok(page.map(|row| row.line(at.zone)))
}

/// One of them.
pub(super) async fn one(
    connection: &mut PgConnection,
    actor: &Actor,
    merge: MergeId,
    zone: Tz,
) -> Result<MergeLine> {
    let rows = read(connection, actor, Some(merge), None).await?;
    rows.into_iter().next().map(|row| row.line(zone)).ok_or(Error::NotFound("merge"))
}

async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    only: Option<MergeId>,
    after: Option<TimeKey>,
) -> Result<Vec<MergeRow>> {
    Ok(sqlx::query_as::<_, MergeRow>(
        "SELECT g.id, g.kind, g.made_at, g.widened, g.undone_at IS NOT NULL AS is_undone,
                s.id AS survivor_id, s.given_name AS survivor_given, s.family_name AS survivor_family,
                s.preferred_name AS survivor_preferred,
                o.id AS other_id, o.given_name AS other_given, o.family_name AS other_family, o.preferred_name AS other_preferred
         FROM merges g JOIN people s ON s.id = g.survivor_id JOIN people o ON o.id = g.other_id
         WHERE g.organisation_id = $1 AND ($2::uuid IS NULL OR g.id = $2)
           AND ($3::timestamptz IS NULL OR (g.made_at, g.id) < ($3, $4))
           AND g.survivor_id IN (SELECT v.person_id FROM known_adults v)
         ORDER BY g.made_at DESC, g.id DESC LIMIT $5",
    )
    .bind(actor.organisation.0)
    .bind(only.map(|merge| merge.0))
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?)
}

impl MergeRow {
    fn line(self, zone: Tz) -> MergeLine {
        let name = |given: &str, family: &str, preferred: &str| display_name(given, family, preferred);
        MergeLine {
            id: MergeId(self.id),
            at: self.made_at.with_timezone(&zone),
            is_split: self.kind == "split",
            survivor: (
                PersonId(self.survivor_id),
                name(&self.survivor_given, &self.survivor_family, &self.survivor_preferred),
            ),
            other: (
                PersonId(self.other_id),
                name(&self.other_given, &self.other_family, &self.other_preferred),
            ),
            widened: self.widened,
            is_undone: self.is_undone,
        }
    }
}
