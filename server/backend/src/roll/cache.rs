//! Cached rolls, so that a list of 100,000 students is filtered, counted and paged in milliseconds, by the
//! same code as in the browser.
//!
//! A cached roll is never stale. Triggers record which people a transaction changed (`roll_changes`); before
//! each use, one query finds the changes made by transactions that the copy has not seen, and only those
//! people are read again. This needs no messages between processes and no clock: a copy has the database
//! snapshot it was read in.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use data_encoding::HEXLOWER;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::authorization::visible::VisiblePeople;
use domain::ids::{PersonId, SchoolId};
use domain::roll::page::RollCursor;
use domain::roll::snapshot::RollSnapshot;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::entries;
use super::entries::RollEntry;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// The most students cached in all, about 100 MB; beyond that, the least recently used schools are dropped.
const MOST_STUDENTS: usize = 400_000;
/// Above this many changed people at once, the whole roll is read again.
const MOST_CHANGES: usize = 2_000;
/// How long a copy is kept. Recorded changes are kept much longer: see [`forget_old_changes`].
const LIFETIME: TimeDelta = TimeDelta::hours(1);

/// A cached roll of a school on one day.
#[derive(Debug)]
pub struct CachedRoll {
    /// The students, in list order.
    pub snapshot: RollSnapshot,
    /// Changes whenever the content does; consists of letters, digits, dots, colons, commas and dashes.
    pub version: String,
    /// Whether it was made for one reader, who may not see everyone.
    pub personal: bool,
    /// Sort keys by position.
    keys: Vec<Arc<str>>,
    /// The same roll without accounts, built when first needed.
    students: OnceLock<Arc<Self>>,
}

impl CachedRoll {
    /// The roll for readers who may see students but not their accounts.
    fn of_students(&self) -> Arc<Self> {
        let bare = || Self {
            snapshot: self.snapshot.without_accounts(),
            version: format!("{}.students", self.version),
            personal: self.personal,
            keys: self.keys.clone(),
            students: OnceLock::new(),
        };
        self.students.get_or_init(|| Arc::new(bare())).clone()
    }

    /// The roll for readers who may see only these people, or want no others.
    pub(super) fn of_people(&self, people: &HashSet<PersonId>) -> Self {
        let mut snapshot = self.snapshot.emptied();
        let mut keys = Vec::with_capacity(people.len());
        let mut digest = Sha256::new();
        for row in (0..self.keys.len()).filter(|row| people.contains(&self.snapshot.person(*row))) {
            snapshot.push_run(&self.snapshot, row..row + 1);
            keys.push(self.keys[row].clone());
            digest.update(self.snapshot.person(row).0);
        }
        let version = format!("{}.{}", self.version, HEXLOWER.encode(&digest.finalize()[..16]));
        Self { snapshot, version, personal: true, keys, students: OnceLock::new() }
    }

    /// The cursor for a position.
    pub fn cursor(&self, row: usize) -> RollCursor {
        RollCursor { sort_key: self.keys[row].to_string(), person: self.snapshot.person(row) }
    }

    /// The first position after a cursor.
    pub fn behind(&self, cursor: &RollCursor) -> usize {
        self.after(&cursor.sort_key, cursor.person)
    }

    fn after(&self, sort_key: &str, person: PersonId) -> usize {
        let persons = self.snapshot.persons();
        let (mut low, mut high) = (0, persons.len());
        while low < high {
            let middle = low.midpoint(high);
            if (&*self.keys[middle], persons[middle]) <= (sort_key, person) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// The cached rolls of this process.
pub(crate) fn rolls(backend: &Backend) -> Arc<RollCache> {
    backend.memory.of()
}

/// A cache of rolls.
#[derive(Default)]
pub struct RollCache {
    schools: Mutex<HashMap<SchoolId, CacheSlot>>,
}

struct CacheSlot {
    /// Locked while a copy is made or checked, so that a burst of requests reads the roll once.
    copy: Arc<tokio::sync::Mutex<Option<CachedCopy>>>,
    students: usize,
    used_at: DateTime<Utc>,
}

struct CachedCopy {
    roll: Arc<CachedRoll>,
    /// PostgreSQL's `pg_snapshot`, as text: everything visible in it is in the copy.
    seen: String,
    day: NaiveDate,
    made_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct RollChanges {
    seen: String,
    everything: bool,
    people: Vec<Uuid>,
}

impl RollCache {
    /// Returns the current roll as the actor may see it: only people the actor may do `permission` to, and no
    /// account data unless the actor may see the accounts of all of them.
    pub async fn seen_by(
        &self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        school: &SchoolContext,
    ) -> Result<Arc<CachedRoll>> {
        let roll = self.current(backend, school).await?;
        let accounts = Permission::ViewAccounts;
        let has_all = |permission| VisiblePeople::of(actor, permission).has_all_of(school.school);
        if has_all(permission) {
            return Ok(if has_all(accounts) { roll } else { roll.of_students() });
        }
        let people = visible(backend, actor, permission, school, &roll).await?;
        let part = Arc::new(roll.of_people(&people));
        let in_school = Resource::InSchool(school.organisation, school.school);
        let sees_accounts = decide(actor, accounts, in_school).is_ok()
            && (permission == accounts
                || people.is_subset(&visible(backend, actor, accounts, school, &roll).await?));
        Ok(if sees_accounts { part } else { part.of_students() })
    }

    /// Returns the school's current roll.
    pub async fn current(&self, backend: &Backend, school: &SchoolContext) -> Result<Arc<CachedRoll>> {
        let now = backend.now();
        let slot = {
            let mut schools = self.schools.lock().unwrap_or_else(PoisonError::into_inner);
            let slot = schools.entry(school.school).or_insert_with(|| CacheSlot {
                copy: Arc::default(),
                students: 0,
                used_at: now,
            });
            slot.used_at = now;
            slot.copy.clone()
        };
        let mut slot = slot.lock().await;
        let held = slot.take().filter(|copy| copy.day == school.today && now < copy.made_at + LIFETIME);
        let copy = match held {
            Some(copy) => copy.brought_up_to_date(backend, school).await?,
            None => CachedCopy::read(backend, school).await?,
        };
        let roll = copy.roll.clone();
        *slot = Some(copy);
        drop(slot);
        self.let_go(school.school, roll.snapshot.len());
        Ok(roll)
    }

    fn let_go(&self, kept: SchoolId, students: usize) {
        let mut schools = self.schools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = schools.get_mut(&kept) {
            slot.students = students;
        }
        while schools.values().map(|slot| slot.students).sum::<usize>() > MOST_STUDENTS {
            let oldest = schools
                .iter()
                .filter(|(id, _)| **id != kept)
                .min_by_key(|(_, slot)| slot.used_at)
                .map(|(id, _)| *id);
            let Some(oldest) = oldest else { return };
            schools.remove(&oldest);
        }
    }
}

impl CachedCopy {
    async fn read(backend: &Backend, school: &SchoolContext) -> Result<Self> {
        let mut transaction = backend.tenant_transaction(school.organisation).await?;
        forget_old_changes(&mut transaction, school).await?;
        // Read the snapshot first. Anything committed in between is read now and once more later, which is
        // harmless.
        let seen = sqlx::query_scalar::<_, String>("SELECT pg_current_snapshot()::text")
            .fetch_one(&mut *transaction)
            .await?;
        let entries = entries::read(&mut transaction, school, None).await?;
        transaction.commit().await?;
        let snapshot = RollSnapshot::from_rows(entries.iter().map(|entry| &entry.row));
        let keys = entries.into_iter().map(|entry| entry.sort_key.into()).collect();
        let roll = CachedRoll {
            snapshot,
            version: version(school, &seen),
            personal: false,
            keys,
            students: OnceLock::new(),
        };
        Ok(Self { roll: Arc::new(roll), seen, day: school.today, made_at: backend.now() })
    }

    async fn brought_up_to_date(mut self, backend: &Backend, school: &SchoolContext) -> Result<Self> {
        let mut transaction = backend.tenant_transaction(school.organisation).await?;
        let changes = sqlx::query_as::<_, RollChanges>(
            "SELECT pg_current_snapshot()::text AS seen,
                    coalesce(bool_or(person_id IS NULL), false) AS everything,
                    coalesce(array_agg(DISTINCT person_id) FILTER (WHERE person_id IS NOT NULL), '{}') AS people
             FROM roll_changes
             WHERE organisation_id = $1 AND xid >= pg_snapshot_xmin($2::text::pg_snapshot)
               AND NOT pg_visible_in_snapshot(xid, $2::text::pg_snapshot)",
        )
        .bind(school.organisation.0)
        .bind(&self.seen)
        .fetch_one(&mut *transaction)
        .await?;
        if changes.everything || changes.people.len() > MOST_CHANGES {
            return Self::read(backend, school).await;
        }
        if !changes.people.is_empty() {
            let people: Vec<PersonId> = changes.people.into_iter().map(PersonId).collect();
            let fresh = entries::read(&mut transaction, school, Some(&people)).await?;
            let gone: HashSet<PersonId> = people.into_iter().collect();
            let roll = &self.roll;
            if !fresh.is_empty() || roll.snapshot.persons().iter().any(|person| gone.contains(person)) {
                self.roll = Arc::new(merged(roll, &gone, &fresh, version(school, &changes.seen)));
            }
        }
        self.seen = changes.seen;
        Ok(self)
    }
}

/// The students of a school that the actor may do `permission` to.
async fn visible(
    backend: &Backend,
    actor: &Actor,
    permission: Permission,
    school: &SchoolContext,
    roll: &CachedRoll,
) -> Result<HashSet<PersonId>> {
    let visible = VisiblePeople::of(actor, permission);
    if visible.reaches_all_of(school.school) {
        let hidden: HashSet<PersonId> = visible.hidden.into_iter().collect();
        return Ok(roll.snapshot.persons().iter().filter(|id| !hidden.contains(id)).copied().collect());
    }
    let mut transaction = backend.enter(actor, permission, InSchool(school.school)).await?.transaction;
    let people: Vec<Uuid> = sqlx::query_scalar(
        "SELECT e.person_id FROM enrolments e JOIN visible_people v ON v.person_id = e.person_id
         WHERE e.organisation_id = $1 AND e.school_id = $2 AND e.latest",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .fetch_all(&mut *transaction)
    .await?;
    Ok(people.into_iter().map(PersonId).collect())
}

fn version(school: &SchoolContext, seen: &str) -> String {
    format!("{}.{seen}", school.today)
}

/// Returns the roll without `gone` and with `fresh`, each in its place.
fn merged(old: &CachedRoll, gone: &HashSet<PersonId>, fresh: &[RollEntry], version: String) -> CachedRoll {
    let mut snapshot = old.snapshot.emptied();
    let mut keys = Vec::with_capacity(old.keys.len() + fresh.len());
    // Where the roll changes: an old row is removed, or a new one is inserted before it. The rows between are
    // copied in runs.
    let mut cuts: Vec<(usize, Option<&RollEntry>)> = (0..old.keys.len())
        .filter(|row| gone.contains(&old.snapshot.person(*row)))
        .map(|row| (row, None))
        .chain(fresh.iter().map(|entry| (old.after(&entry.sort_key, entry.row.person), Some(entry))))
        .collect();
    // Stable: the fresh rows are already sorted.
    cuts.sort_by_key(|(row, entry)| (*row, entry.is_none()));
    let mut done = 0;
    for (row, entry) in cuts {
        snapshot.push_run(&old.snapshot, done..row);
        keys.extend_from_slice(&old.keys[done..row]);
        if let Some(entry) = entry {
            snapshot.push(&entry.row);
            keys.push(entry.sort_key.as_str().into());
        }
        done = row + usize::from(entry.is_none());
    }
    snapshot.push_run(&old.snapshot, done..old.keys.len());
    keys.extend_from_slice(&old.keys[done..]);
    CachedRoll { snapshot, version, personal: false, keys, students: OnceLock::new() }
}

/// No copy is kept for a day, so changes older than that are of no use.
async fn forget_old_changes(connection: &mut PgConnection, school: &SchoolContext) -> Result<()> {
    sqlx::query("DELETE FROM roll_changes WHERE organisation_id = $1 AND noted_at < clock_timestamp() - interval '1 day'")
        .bind(school.organisation.0)
        .execute(connection)
        .await?;
    Ok(())
}
