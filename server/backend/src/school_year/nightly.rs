//! The night: accounts of every school follow its roll, once per day of the school.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::{OrganisationId, SchoolId};
use domain::school_year::follow::RollChange;
use domain::school_year::night::{NightCounts, NightFacts, NightOutcome, NightScope, scope, went_back};
use domain::school_year::settings::Periods;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::apply::apply;
use super::periods::of_schools;
use super::plan::{DueChange, DuePlan, plan};
use crate::audit::{AuditEntry, alerts, record_all};
use crate::jobs::job::{Job, JobEnd, JobRun, Priority};
use crate::{Backend, Error, Result};

/// Looks every hour, because the day begins at another time in each organisation; a night that is done is not done again.
pub(crate) struct Nightly;

impl Job for Nightly {
    const NAME: &'static str = "nightly";
    const PRIORITY: Priority = Priority::Background;
    const EVERY: Option<TimeDelta> = Some(TimeDelta::hours(1));

    async fn run(run: JobRun) -> Result<JobEnd> {
        for (organisation, zone) in organisations(&run.backend).await? {
            if run.is_stopped() {
                return Ok(JobEnd::Stopped);
            }
            let asked =
                NightAsked { day: run.backend.today(zone), typed: false, again: false, simulate: false };
            of_organisation(&run.backend, organisation, asked).await?;
        }
        Ok(JobEnd::Done)
    }
}

async fn organisations(backend: &Backend) -> Result<Vec<(OrganisationId, Tz)>> {
    let found: Vec<(Uuid, String)> = sqlx::query_as("SELECT id, time_zone FROM organisations ORDER BY id")
        .fetch_all(&mut *backend.system_connection().await?)
        .await?;
    found
        .into_iter()
        .map(|(id, zone)| Ok((OrganisationId(id), zone.parse().map_err(Error::unexpected)?)))
        .collect()
}

/// Which night, and how.
#[derive(Debug, Clone, Copy)]
pub struct NightAsked {
    /// The day.
    pub day: NaiveDate,
    /// Whether a person typed it: then no clock can have jumped.
    pub typed: bool,
    /// Whether a night that is done is done again, for what became due since.
    pub again: bool,
    /// Whether nothing is changed.
    pub simulate: bool,
}

/// A night at one school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolNight {
    /// The school.
    pub school: SchoolId,
    /// Its code.
    pub code: String,
    /// What became of it.
    pub outcome: NightOutcome,
    /// What was due.
    pub due: NightCounts,
    /// What was done, or would be.
    pub done: NightCounts,
    /// How many accounts stay in use after their person left, because somebody enabled them or they administer all
    /// schools.
    pub kept: u32,
    /// Why nothing was done because of the day.
    pub refused: Option<String>,
}

/// Does the night of every organisation, for the operator: that of today where they are, or of a day.
pub async fn nights(backend: &Backend, day: Option<NaiveDate>, simulate: bool) -> Result<Vec<SchoolNight>> {
    let mut nights = Vec::new();
    for (organisation, zone) in organisations(backend).await? {
        let asked = NightAsked {
            day: day.unwrap_or_else(|| backend.today(zone)),
            typed: day.is_some(),
            again: true,
            simulate,
        };
        nights.extend(of_organisation(backend, organisation, asked).await?);
    }
    Ok(nights)
}

#[derive(sqlx::FromRow)]
struct NightSchoolRow {
    id: Uuid,
    code: String,
    held_until: Option<NaiveDate>,
    last: Option<NaiveDate>,
    is_over: bool,
}

/// Does the night of an organisation's schools in one transaction. The job does a night once; the operator again, for what
/// became due since.
pub(crate) async fn of_organisation(
    backend: &Backend,
    organisation: OrganisationId,
    asked: NightAsked,
) -> Result<Vec<SchoolNight>> {
    let actor = Actor::system(organisation);
    let mut transaction = backend.tenant_transaction(organisation).await?;
    lock(&mut transaction, organisation).await?;
    let schools = schools(&mut transaction, organisation, asked.day).await?;
    let periods = of_schools(&mut transaction, organisation).await?;
    let due = plan(&mut transaction, organisation, &periods, asked.day).await?;
    let mut nights = Vec::new();
    let (again, over): (Vec<_>, Vec<_>) =
        schools.iter().partition(|school| asked.again || asked.simulate || !school.is_over);
    // An account that was made since the night for somebody who has not started is told to wait within the hour.
    let mut changes: Vec<DueChange> =
        over.into_iter().flat_map(|school| late(school, &due, asked.day)).collect();
    if again.is_empty() && changes.is_empty() {
        return Ok(nights);
    }
    for school in again {
        let (night, done) = of_school(school, &due, &periods, asked);
        changes.extend(done);
        nights.push(night);
    }
    if asked.simulate {
        return Ok(nights);
    }
    let entries = apply(backend, &mut transaction, &actor, &changes, asked.day).await?;
    // A clock that went back is told of once a day; a past day that somebody typed is answered to them alone.
    let told = |night: &&SchoolNight| night.refused.is_none() || !asked.typed;
    for night in nights.iter().filter(told) {
        note(backend, &mut transaction, organisation, night, asked.day).await?;
    }
    record_all(backend, &mut transaction, &actor, entries).await?;
    for night in nights.iter().filter(told).filter(|night| night.outcome.waits_for_people()) {
        let details = json!({ "accounts": night.due.stopped(), "outcome": night.outcome.slug() });
        let entry =
            AuditEntry::new(AuditAction::NightlyHeld).subject("school", night.school.0).details(details);
        alerts::raise(backend, &mut transaction, &actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(nights)
}

/// Only one night of an organisation at a time.
pub(super) async fn lock(connection: &mut PgConnection, organisation: OrganisationId) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('nightly ' || $1::text, 0))")
        .bind(organisation.0)
        .execute(connection)
        .await?;
    Ok(())
}

async fn schools(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    day: NaiveDate,
) -> Result<Vec<NightSchoolRow>> {
    Ok(sqlx::query_as::<_, NightSchoolRow>(
        "SELECT s.id, s.code, h.until AS held_until,
                (SELECT max(n.day) FROM nightly_runs n WHERE n.school_id = s.id AND n.outcome IN ('done', 'held')) AS last,
                EXISTS (SELECT FROM nightly_runs n WHERE n.school_id = s.id AND n.day = $2) AS is_over
         FROM schools s LEFT JOIN nightly_holds h ON h.school_id = s.id
         WHERE s.organisation_id = $1 ORDER BY s.code",
    )
    .bind(organisation.0)
    .bind(day)
    .fetch_all(connection)
    .await?)
}

/// Who has to wait at a school whose night is over.
fn late(school: &NightSchoolRow, due: &DuePlan, day: NaiveDate) -> Vec<DueChange> {
    let held =
        school.held_until.is_some_and(|until| day <= until) || school.last.is_some_and(|last| day < last);
    let waits = |due: &&DueChange| due.school.0 == school.id && due.change == RollChange::Waits && !held;
    due.changes.iter().filter(waits).copied().collect()
}

/// What a school's night does, and the changes it makes.
fn of_school(
    school: &NightSchoolRow,
    due: &DuePlan,
    periods: &HashMap<SchoolId, Periods>,
    asked: NightAsked,
) -> (SchoolNight, Vec<DueChange>) {
    let id = SchoolId(school.id);
    let of_it: Vec<DueChange> = due.changes.iter().copied().filter(|change| change.school == id).collect();
    let counts = NightCounts::of(of_it.iter().map(|due| due.change));
    let refused = school.last.filter(|last| asked.day < *last).map(|last| went_back(asked.day, last));
    let facts = NightFacts {
        held_until: school.held_until,
        last: school.last,
        stopped: counts.stopped(),
        standing: due.standing.get(&id).copied().unwrap_or_default(),
        share: periods.get(&id).copied().unwrap_or_default().share,
        typed: asked.typed,
    };
    let (outcome, done) = match scope(facts, asked.day) {
        _ if refused.is_some() => (NightOutcome::Clock, Vec::new()),
        NightScope::Everything => (NightOutcome::Done, of_it),
        NightScope::Openings(why) => {
            (why, of_it.into_iter().filter(|due| !due.change.stops()).collect::<Vec<_>>())
        }
        NightScope::Nothing => (NightOutcome::Held, Vec::new()),
    };
    let kept = due.kept.iter().filter(|(school, _)| *school == id).count();
    let night = SchoolNight {
        school: id,
        code: school.code.clone(),
        outcome,
        due: counts,
        done: NightCounts::of(done.iter().map(|due| due.change)),
        kept: u32::try_from(kept).unwrap_or(u32::MAX),
        refused,
    };
    (night, done)
}

/// Records what became of a night. One that is done again adds what it did.
pub(super) async fn note(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    night: &SchoolNight,
    day: NaiveDate,
) -> Result<()> {
    let count = |of: &[RollChange]| i32::try_from(night.done.sum(of)).unwrap_or(i32::MAX);
    sqlx::query(
        "INSERT INTO nightly_runs (organisation_id, school_id, day, ran_at, outcome, opened, suspended, closed, erased)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (school_id, day) DO UPDATE
         SET ran_at = excluded.ran_at, outcome = excluded.outcome, opened = nightly_runs.opened + excluded.opened,
             suspended = nightly_runs.suspended + excluded.suspended, closed = nightly_runs.closed + excluded.closed,
             erased = nightly_runs.erased + excluded.erased",
    )
    .bind(organisation.0)
    .bind(night.school.0)
    .bind(day)
    .bind(backend.now())
    .bind(night.outcome.slug())
    .bind(count(&[RollChange::Opens, RollChange::Reactivates, RollChange::Reopens]))
    .bind(count(&[RollChange::Suspends]))
    .bind(count(&[RollChange::Closes]))
    .bind(count(&[RollChange::Erases]))
    .execute(connection)
    .await?;
    Ok(())
}
