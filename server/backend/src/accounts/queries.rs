//! The input of a plan: the selected people, and the usernames that are taken.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::accounts::clash::ClashCandidates;
use domain::accounts::naming::{Candidate, Candidates, HeldAccount, Naming};
use domain::accounts::parts::{NameParts, RomanPart};
use domain::accounts::plan::AccountPlan;
use domain::accounts::username::Username;
use domain::ids::{AccountId, OrganisationId, PersonId};
use domain::roll::name::display_name;
use domain::roll::selection::Selection;
use futures_util::TryStreamExt as _;
use futures_util::stream::{BoxStream, TryChunksError};
use sqlx::PgConnection;
use uuid::Uuid;

use super::create::{Among, CreationLeftOut};
use super::taken::taken;
use crate::roll::schools::SchoolContext;
use crate::roll::selection;
use crate::staff::employed::{employed, staff_of};
use crate::{Error, Result};

/// The lock on an organisation's usernames.
macro_rules! usernames_lock {
    ($take:literal) => {
        concat!("SELECT ", $take, "(hashtextextended('usernames ' || $1::text, 0))")
    };
}

/// Blocks everyone else who creates usernames in this organisation until the transaction ends. Taken before
/// creating accounts or usernames, so that two transactions never collide in a unique index.
pub async fn lock_usernames(connection: &mut PgConnection, organisation: OrganisationId) -> Result<()> {
    sqlx::query(usernames_lock!("pg_advisory_xact_lock")).bind(organisation.0).execute(connection).await?;
    Ok(())
}

/// Like [`lock_usernames`], but returns whether it got the lock instead of waiting.
pub(super) async fn try_lock_usernames(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<bool> {
    Ok(sqlx::query_scalar(usernames_lock!("pg_try_advisory_xact_lock"))
        .bind(organisation.0)
        .fetch_one(connection)
        .await?)
}

/// Whether a plan is about people without an account, or about those with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holding {
    /// Those who get one, or whose closed one is opened again.
    Nothing,
    /// Those whose username changes.
    Account,
}

/// The number of people read at a time.
const PART: usize = 5_000;

#[derive(sqlx::FromRow)]
struct CandidateRow {
    id: Uuid,
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
    sort_key: String,
    admission_number: String,
    year_group: String,
    registration_group: String,
    entry_year: i32,
    reserved: Vec<String>,
    account_id: Option<Uuid>,
    username: Option<String>,
}

/// The people in a selection at `school` whose account something can be done to, and how many a restriction hides.
pub(crate) async fn holders(
    connection: &mut PgConnection,
    school: &SchoolContext,
    (among, selection): (Among, &Selection),
    now: DateTime<Utc>,
) -> Result<(Vec<PersonId>, usize)> {
    Ok(match (among, selection) {
        (Among::Students, _) => (
            selection::people(connection, school, selection, now).await?,
            selection::restricted(connection, school, selection, now).await?,
        ),
        (Among::Staff, Selection::People { ids }) => (staff_of(connection, school, ids).await?, 0),
        (Among::Guardians, Selection::People { ids }) => {
            (selection::guardians_ever(connection, school, ids).await?, 0)
        }
        // A filter is of the roll: it finds no staff and no guardians.
        (Among::Staff | Among::Guardians, Selection::Matching { .. }) => (Vec::new(), 0),
    })
}

/// Reads the people in a selection at `school` with or without an account, and the taken usernames that `naming` can
/// collide with. Nobody is told of others.
pub(super) async fn choose(
    connection: &mut PgConnection,
    school: &SchoolContext,
    (among, selection): (Among, &Selection),
    holding: Holding,
    naming: &Naming,
    now: DateTime<Utc>,
) -> Result<Candidates> {
    let (people, restricted) = match (among, selection) {
        (Among::Staff, Selection::People { ids }) if holding == Holding::Nothing => {
            (employed(connection, school, ids).await?, 0)
        }
        (Among::Guardians, Selection::People { ids }) if holding == Holding::Nothing => {
            (selection::guardians(connection, school, ids).await?, 0)
        }
        (Among::Students | Among::Staff | Among::Guardians, _) => {
            holders(connection, school, (among, selection), now).await?
        }
    };
    let asked = match selection {
        Selection::People { ids } => ids.iter().collect::<HashSet<_>>().len(),
        Selection::Matching { .. } => people.len() + restricted,
    };
    let named = matches!(selection, Selection::People { .. });
    let mut candidates = Vec::with_capacity(people.len());
    // In parts: all rows and all candidates together would take twice the memory.
    let mut parts = read_candidates(connection, school, (among, holding), named, &people).try_chunks(PART);
    while let Some(rows) = parts.try_next().await.map_err(|TryChunksError(_, error)| error)? {
        let part = off_the_executor(move || {
            rows.into_iter().map(CandidateRow::candidate).collect::<Result<Vec<_>>>()
        });
        candidates.extend(part.await??);
    }
    drop(parts);
    let naming = naming.clone();
    let (people, clashes) = off_the_executor(move || {
        let clashes = ClashCandidates::of(&naming, &candidates);
        (candidates, clashes)
    })
    .await?;
    let taken = taken(connection, school, clashes).await?;
    let left_out = u32::try_from(asked - people.len() - restricted).unwrap_or(u32::MAX);
    let restricted = u32::try_from(restricted).unwrap_or(u32::MAX);
    Ok(Candidates { people, taken, left_out, restricted })
}

/// Makes the plan outside the threads that answer requests, because a large one takes a good part of a
/// second.
pub(super) async fn make_plan(
    naming: Naming,
    candidates: Candidates,
) -> Result<(AccountPlan, CreationLeftOut)> {
    off_the_executor(move || {
        let plan = AccountPlan::make(&naming, &candidates.people, &candidates.taken);
        (plan, CreationLeftOut { left_out: candidates.left_out })
    })
    .await
}

pub(super) async fn off_the_executor<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::unexpected)
}

/// The people `$3` whose account `$account` finds, with what the school `$2` knows of them: `$columns` of the row that
/// `$join` finds. People who have left get a closed account again only if they are named (`$4`).
macro_rules! candidates {
    ($columns:literal, $join:literal, $account:literal) => {
        concat!(
            "SELECT p.id, p.given_name, p.middle_name, p.family_name, p.preferred_name, p.sort_key, ",
            $columns,
            ", extract(year FROM e.starts_on)::integer AS entry_year,
                ARRAY(SELECT f.username FROM former_usernames f WHERE f.organisation_id = $1 AND f.person_id = p.id
                      ORDER BY coalesce(f.replaced_at, f.created_at) DESC, f.username) AS reserved,
                a.id AS account_id, a.username
             FROM unnest($3::uuid[]) AS chosen (id)
             JOIN people p ON p.id = chosen.id AND p.organisation_id = $1
             JOIN ",
            $join,
            " AND e.person_id = p.id AND e.organisation_id = $1 AND e.school_id = $2
             LEFT JOIN accounts a ON a.organisation_id = $1 AND a.person_id = p.id
             WHERE ($4 OR a.state IS DISTINCT FROM 'closed' OR roll_status_on($5, e.starts_on, e.ends_on) <> 'leaver') AND ",
            $account
        )
    };
}

fn read_candidates<'c>(
    connection: &'c mut PgConnection,
    school: &SchoolContext,
    of: (Among, Holding),
    named: bool,
    people: &[PersonId],
) -> BoxStream<'c, sqlx::Result<CandidateRow>> {
    // What stands for the admission number of staff in a pattern is their code.
    let query = match of {
        (Among::Students, Holding::Nothing) => sqlx::query_as::<_, CandidateRow>(candidates!(
            "e.admission_number, e.year_group, e.registration_group",
            "enrolments e ON e.latest",
            "(a.id IS NULL OR a.state = 'closed')"
        )),
        (Among::Students, Holding::Account) => sqlx::query_as::<_, CandidateRow>(candidates!(
            "e.admission_number, e.year_group, e.registration_group",
            "enrolments e ON e.latest",
            "a.state <> 'closed'"
        )),
        (Among::Staff, Holding::Nothing) => sqlx::query_as::<_, CandidateRow>(candidates!(
            "e.staff_code AS admission_number, '' AS year_group, '' AS registration_group",
            "employments e ON true",
            "(a.id IS NULL OR a.state = 'closed')"
        )),
        (Among::Staff, Holding::Account) => sqlx::query_as::<_, CandidateRow>(candidates!(
            "e.staff_code AS admission_number, '' AS year_group, '' AS registration_group",
            "(SELECT organisation_id, school_id, person_id, staff_code, starts_on, ends_on FROM employments
              UNION ALL
              SELECT $1, $2, o.id, '', o.created_at::date, NULL FROM people o
              WHERE o.id = ANY ($3)
                AND NOT EXISTS (SELECT FROM employments w WHERE w.school_id = $2 AND w.person_id = o.id)) e ON true",
            "a.state <> 'closed'"
        )),
        (Among::Guardians, Holding::Nothing) => sqlx::query_as::<_, CandidateRow>(candidates!(
            "'' AS admission_number, '' AS year_group, '' AS registration_group",
            "(SELECT f.organisation_id, f.school_id, f.person_id, min(f.starts_on) AS starts_on, NULL::date AS ends_on
              FROM (SELECT c.organisation_id, n.school_id, c.adult_id AS person_id, c.starts_on
                    FROM contacts c JOIN enrolments n ON n.person_id = c.child_id AND n.latest
                    WHERE c.organisation_id = $1 AND n.school_id = $2 AND c.adult_id = ANY ($3) AND c.ended_at IS NULL
                    UNION ALL
                    SELECT q.organisation_id, q.added_at_school, q.id, q.created_at::date FROM people q
                    WHERE q.organisation_id = $1 AND q.added_at_school = $2 AND q.id = ANY ($3)) f
              GROUP BY 1, 2, 3) e ON true",
            "(a.id IS NULL OR a.state = 'closed')"
        )),
        (Among::Guardians, Holding::Account) => sqlx::query_as::<_, CandidateRow>(candidates!(
            "'' AS admission_number, '' AS year_group, '' AS registration_group",
            "(SELECT f.organisation_id, f.school_id, f.person_id, min(f.starts_on) AS starts_on, NULL::date AS ends_on
              FROM (SELECT c.organisation_id, n.school_id, c.adult_id AS person_id, c.starts_on
                    FROM contacts c JOIN enrolments n ON n.person_id = c.child_id AND n.latest
                    WHERE c.organisation_id = $1 AND n.school_id = $2 AND c.adult_id = ANY ($3)
                    UNION ALL
                    SELECT q.organisation_id, q.added_at_school, q.id, q.created_at::date FROM people q
                    WHERE q.organisation_id = $1 AND q.added_at_school = $2 AND q.id = ANY ($3)) f
              GROUP BY 1, 2, 3) e ON true",
            "a.state <> 'closed'"
        )),
    };
    query
        .bind(school.organisation.0)
        .bind(school.school.0)
        .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
        .bind(named)
        .bind(school.today)
        .fetch(connection)
}

impl CandidateRow {
    fn candidate(self) -> Result<Candidate> {
        let reserved = self.reserved.into_iter().map(Username::try_from);
        let account = match (self.account_id, self.username) {
            (Some(id), Some(username)) => {
                let username = username.try_into().map_err(Error::unexpected)?;
                Some(Box::new(HeldAccount { id: AccountId(id), username }))
            }
            _ => None,
        };
        Ok(Candidate {
            account,
            person: PersonId(self.id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            group: group(self.registration_group, self.year_group),
            sort_key: self.sort_key,
            parts: NameParts {
                given: RomanPart::new(&self.given_name),
                family: RomanPart::new(&self.family_name),
                preferred: RomanPart::new(&self.preferred_name),
                middle: RomanPart::new(&self.middle_name),
                admission: RomanPart::new(&self.admission_number),
                entry_year: u16::try_from(self.entry_year).unwrap_or_default(),
            },
            admission_number: self.admission_number,
            reserved: reserved.collect::<std::result::Result<_, _>>().map_err(Error::unexpected)?,
        })
    }
}

/// The registration group, or the year group if there is none.
pub(super) fn group(registration_group: String, year_group: String) -> String {
    if registration_group.is_empty() { year_group } else { registration_group }
}
