//! The board of likely duplicates.

use std::fmt::{self, Display};
use std::str::FromStr;

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::duplicates::evidence::Evidence;
use domain::guardians::duplicates::judge::Verdict;
use domain::guardians::duplicates::pair::{LATER_DAYS, PairState};
use domain::ids::{PairId, PersonId, SchoolId};
use domain::lists::page::{Cursor, CursorError, Page};
use sqlx::PgConnection;
use uuid::Uuid;

use super::person::{PersonCard, cards};
use super::search::{LastSearch, last};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

pub use super::person::PersonCard as Card;

/// How many pairs a page shows.
pub const PAGE: usize = 25;

/// Two people who may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairLine {
    /// The pair.
    pub id: PairId,
    /// How much speaks for it.
    pub points: i16,
    /// What follows.
    pub verdict: Verdict,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// What was answered.
    pub state: PairState,
    /// The two people.
    pub people: [PersonCard; 2],
}

/// A page of the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The pairs, most likely first.
    pub page: Page<PairLine>,
    /// The last search.
    pub last: Option<LastSearch>,
    /// When it ended, in the organisation's time zone.
    pub searched_at: Option<DateTime<Tz>>,
}

#[derive(sqlx::FromRow)]
pub(super) struct PairRow {
    pub(super) id: Uuid,
    pub(super) a_id: Uuid,
    pub(super) b_id: Uuid,
    points: i16,
    evidence: Vec<String>,
    verdict: String,
    state: String,
}

/// The sort key of the board.
#[derive(Debug, Clone, Copy)]
struct PointsKey {
    points: i16,
    id: Uuid,
}

impl Display for PointsKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.points, self.id)
    }
}

impl FromStr for PointsKey {
    type Err = CursorError;

    fn from_str(text: &str) -> std::result::Result<Self, CursorError> {
        let (points, id) = text.split_once('.').ok_or(CursorError)?;
        Ok(Self {
            points: points.parse().map_err(|_| CursorError)?,
            id: id.parse().map_err(|_| CursorError)?,
        })
    }
}

/// A page of the pairs in a state, most likely first: those of which the reader may see both people. Pairs to be asked about
/// later are open again after a time.
pub async fn board(
    backend: &Backend,
    actor: &Actor,
    state: PairState,
    after: Option<&Cursor>,
) -> Result<Board> {
    let Entered { mut transaction, at } =
        backend.enter_snapshot(actor, Permission::ManageGuardians, AnySchool).await?;
    let after: Option<PointsKey> = after.map(Cursor::key).transpose()?;
    let rows: Vec<PairRow> = sqlx::query_as::<_, PairRow>(
        "SELECT g.id, g.a_id, g.b_id, g.points, g.evidence, g.verdict,
                CASE WHEN g.state = 'later' AND g.answered_at < $3 THEN 'open' ELSE g.state END AS state
         FROM person_pairs g
         WHERE g.organisation_id = $1
           AND CASE WHEN g.state = 'later' AND g.answered_at < $3 THEN 'open' ELSE g.state END = $2
           AND g.a_id IN (SELECT v.person_id FROM known_adults v)
           AND g.b_id IN (SELECT v.person_id FROM known_adults v)
           AND ($4::smallint IS NULL OR g.points < $4 OR g.points = $4 AND g.id > $5)
         ORDER BY g.points DESC, g.id LIMIT $6",
    )
    .bind(actor.organisation.0)
    .bind(state.slug())
    .bind(backend.now() - TimeDelta::days(LATER_DAYS))
    .bind(after.map(|after| after.points))
    .bind(after.map(|after| after.id))
    .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
    .fetch_all(&mut *transaction)
    .await?;
    let rows = Page::of(rows, PAGE, |row| PointsKey { points: row.points, id: row.id });
    let last = last(&mut transaction, actor.organisation).await?;
    let page = with_people(&mut transaction, actor, rows).await?;
    let searched_at = last.and_then(|last| last.ended_at).map(|ended| ended.with_timezone(&at.zone));
    Ok(Board { page, last, searched_at })
}

/// All pairs in a state, most likely first, for the command line; of one school, if one is given.
pub async fn all(
    backend: &Backend,
    actor: &Actor,
    state: PairState,
    school: Option<SchoolId>,
) -> Result<Vec<PairLine>> {
    let mut transaction =
        backend.enter_snapshot(actor, Permission::ManageGuardians, AnySchool).await?.transaction;
    let rows: Vec<PairRow> = sqlx::query_as::<_, PairRow>(
        "SELECT g.id, g.a_id, g.b_id, g.points, g.evidence, g.verdict, g.state FROM person_pairs g
         WHERE g.organisation_id = $1 AND g.state = $2
           AND g.a_id IN (SELECT v.person_id FROM known_adults v)
           AND g.b_id IN (SELECT v.person_id FROM known_adults v)
           AND ($3::uuid IS NULL
                OR g.a_id IN (SELECT s.person_id FROM person_schools s WHERE s.school_id = $3)
                   AND g.b_id IN (SELECT s.person_id FROM person_schools s WHERE s.school_id = $3))
         ORDER BY g.points DESC, g.id",
    )
    .bind(actor.organisation.0)
    .bind(state.slug())
    .bind(school.map(|school| school.0))
    .fetch_all(&mut *transaction)
    .await?;
    Ok(with_people(&mut transaction, actor, Page { rows, next: None }).await?.rows)
}

/// One pair, of which the reader may see both people.
pub(super) async fn pair(connection: &mut PgConnection, actor: &Actor, pair: PairId) -> Result<PairLine> {
    let row: PairRow = sqlx::query_as::<_, PairRow>(
        "SELECT g.id, g.a_id, g.b_id, g.points, g.evidence, g.verdict, g.state FROM person_pairs g
         WHERE g.organisation_id = $1 AND g.id = $2
           AND g.a_id IN (SELECT v.person_id FROM known_adults v)
           AND g.b_id IN (SELECT v.person_id FROM known_adults v)",
    )
    .bind(actor.organisation.0)
    .bind(pair.0)
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(Error::NotFound("likely duplicate"))?;
    let found = with_people(connection, actor, Page { rows: vec![row], next: None }).await?;
    found.rows.into_iter().next().ok_or(Error::NotFound("likely duplicate"))
}

async fn with_people(
    connection: &mut PgConnection,
    actor: &Actor,
    rows: Page<PairRow>,
) -> Result<Page<PairLine>> {
    let people: Vec<PersonId> =
        rows.rows.iter().flat_map(|row| [PersonId(row.a_id), PersonId(row.b_id)]).collect();
    let cards = cards(connection, actor, &people).await?;
    rows.try_map(|row| {
        let card = |person| cards.get(&PersonId(person)).cloned().ok_or(Error::NotFound("likely duplicate"));
        let unknown = |what: &str| Error::unexpected(format!("{what} of a pair"));
        Ok(PairLine {
            id: PairId(row.id),
            points: row.points,
            verdict: Verdict::from_slug(&row.verdict).ok_or_else(|| unknown("verdict"))?,
            evidence: row.evidence.iter().filter_map(|slug| Evidence::from_slug(slug)).collect(),
            state: PairState::from_slug(&row.state).ok_or_else(|| unknown("state"))?,
            people: [card(row.a_id)?, card(row.b_id)?],
        })
    })
}
