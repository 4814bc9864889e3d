//! Searching an organisation for likely duplicates: by a button, every night, and from the command line.

use chrono::{DateTime, TimeDelta, Utc};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::duplicates::likely::likely_pairs;
use domain::ids::OrganisationId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{load, store};
use crate::jobs::job::{Job, JobEnd, JobRun, Priority};
use crate::jobs::queue::queue;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// What a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Searched {
    /// How many adults were compared.
    pub people: usize,
    /// How many pairs are likely, whatever was answered about them.
    pub pairs: usize,
    /// How many pairs wait for an answer.
    pub open: i64,
}

/// The last search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct LastSearch {
    /// Whether one is queued or runs.
    pub runs: bool,
    /// When the last one ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How many adults it compared.
    pub people: i32,
}

/// Compares all adults of an organisation, and stores the likely pairs.
pub async fn search(backend: &Backend, organisation: OrganisationId) -> Result<Searched> {
    let mut transaction = backend.tenant_transaction(organisation).await?;
    // One at a time: the later of two would delete what the earlier found at the same moment.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('duplicates ' || $1::text, 0))")
        .bind(organisation.0)
        .execute(&mut *transaction)
        .await?;
    let zone: String = sqlx::query_scalar("SELECT time_zone FROM organisations WHERE id = $1")
        .bind(organisation.0)
        .fetch_one(&mut *transaction)
        .await?;
    let today = backend.today(zone.parse().map_err(Error::unexpected)?);
    let adults = load::adults(&mut transaction, organisation, today, None).await?;
    let office = load::office(&mut transaction, organisation).await?;
    let people = adults.len();
    // Seconds of computing for a hundred thousand people: other tasks of this thread must not wait for it.
    let found =
        tokio::task::spawn_blocking(move || likely_pairs(adults, office)).await.map_err(Error::unexpected)?;
    let now = backend.now();
    let open = store::write(backend, &mut transaction, organisation, &found, now).await?;
    sqlx::query(
        "INSERT INTO duplicate_searches (organisation_id, ended_at, people, pairs) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organisation_id) DO UPDATE
         SET ended_at = excluded.ended_at, people = excluded.people, pairs = excluded.pairs",
    )
    .bind(organisation.0)
    .bind(now)
    .bind(i32::try_from(people).unwrap_or(i32::MAX))
    .bind(i32::try_from(found.len()).unwrap_or(i32::MAX))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Searched { people, pairs: found.len(), open })
}

/// Queues a search, unless one is queued or runs.
#[tracing::instrument(skip_all)]
pub async fn ask(backend: &Backend, actor: &Actor) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageGuardians, AnySchool).await?.transaction;
    let job: Uuid = backend.new_id();
    let asked: Option<Uuid> = sqlx::query_scalar(
        "INSERT INTO duplicate_searches AS s (organisation_id, job_id, asked_at) VALUES ($1, $2, $3)
         ON CONFLICT (organisation_id) DO UPDATE SET job_id = excluded.job_id, asked_at = excluded.asked_at
         WHERE NOT EXISTS (SELECT FROM jobs j WHERE j.id = s.job_id AND j.state IN ('queued', 'running'))
         RETURNING job_id",
    )
    .bind(actor.organisation.0)
    .bind(job)
    .bind(backend.now())
    .fetch_optional(&mut *transaction)
    .await?;
    if asked.is_some() {
        queue::<FindDuplicates>(backend, &mut transaction, job, Some(actor.organisation), None).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// The last search of an organisation.
pub(super) async fn last(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Option<LastSearch>> {
    Ok(sqlx::query_as::<_, LastSearch>(
        "SELECT EXISTS (SELECT FROM jobs j WHERE j.id = s.job_id AND j.state IN ('queued', 'running')) AS runs,
                s.ended_at, s.people
         FROM duplicate_searches s WHERE s.organisation_id = $1",
    )
    .bind(organisation.0)
    .fetch_optional(connection)
    .await?)
}

/// A search that somebody asked for.
pub struct FindDuplicates;

impl Job for FindDuplicates {
    const NAME: &'static str = "find_duplicates";
    const PRIORITY: Priority = Priority::Normal;

    async fn run(run: JobRun) -> Result<JobEnd> {
        if let Some(organisation) = run.organisation {
            search(&run.backend, organisation).await?;
        }
        Ok(JobEnd::Done)
    }
}

/// The nightly search of every organisation.
pub struct FindDuplicatesDaily;

impl Job for FindDuplicatesDaily {
    const NAME: &'static str = "find_duplicates_daily";
    const PRIORITY: Priority = Priority::Background;
    const EVERY: Option<TimeDelta> = Some(TimeDelta::days(1));

    async fn run(run: JobRun) -> Result<JobEnd> {
        let organisations: Vec<Uuid> = {
            let mut connection = run.backend.system_connection().await?;
            sqlx::query_scalar("SELECT id FROM organisations ORDER BY id").fetch_all(&mut *connection).await?
        };
        for organisation in organisations {
            if run.is_stopped() {
                return Ok(JobEnd::Stopped);
            }
            search(&run.backend, OrganisationId(organisation)).await?;
        }
        Ok(JobEnd::Done)
    }
}
