//! Jobs that fail, wait, are cancelled, and lose their worker.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::ids::OrganisationId;
use sqlx::PgPool;
use tokio::sync::Notify;
use uuid::Uuid;

use super::figures::figures;
use super::job::{Job, JobEnd, JobKind, JobRun, Priority, RetryPolicy};
use super::queue::{self, JobProgress, JobState, cancel, progress};
use super::standing::Pass;
use super::worker::{run, run_once};
use crate::rooms::Rooms;
use crate::testing::{FixedClock, TestSchool, backend};
use crate::{Backend, Error, Result};

/// Fails as often as `failed.count` says, then succeeds.
struct Failing;

impl Job for Failing {
    const NAME: &'static str = "failing";
    const RETRY: RetryPolicy =
        RetryPolicy { first: TimeDelta::seconds(10), longest: TimeDelta::hours(1), attempts: Some(3) };

    async fn run(run: JobRun) -> Result<JobEnd> {
        match mark(&run, "began").await? {
            began if began <= failures(&run).await? => Err(Error::conflict("busy", "Later.")),
            _ => Ok(JobEnd::Done),
        }
    }
}

/// Like [`Failing`], once an hour.
struct Hourly;

impl Job for Hourly {
    const NAME: &'static str = "hourly";
    const PRIORITY: Priority = Priority::Background;
    const EVERY: Option<TimeDelta> = Some(TimeDelta::hours(1));
    const RETRY: RetryPolicy = Failing::RETRY;

    async fn run(run: JobRun) -> Result<JobEnd> {
        Failing::run(run).await
    }
}

/// Runs until it is stopped.
struct Endless;

impl Job for Endless {
    const NAME: &'static str = "endless";

    async fn run(run: JobRun) -> Result<JobEnd> {
        mark(&run, "began").await?;
        let mut done = 0;
        while !run.is_stopped() {
            done += 1;
            run.report(done, 1_000_000).await?;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(JobEnd::Stopped)
    }
}

struct Urgent;

impl Job for Urgent {
    const NAME: &'static str = "urgent";
    const PRIORITY: Priority = Priority::Urgent;

    async fn run(run: JobRun) -> Result<JobEnd> {
        mark(&run, "began").await?;
        Ok(JobEnd::Done)
    }
}

struct Panicking;

impl Job for Panicking {
    const NAME: &'static str = "panicking";

    async fn run(run: JobRun) -> Result<JobEnd> {
        mark(&run, "began").await?;
        panic!("as the test asks");
    }
}

static ROOMS: Rooms = Rooms {
    jobs: &[
        JobKind::of::<Failing>(),
        JobKind::of::<Endless>(),
        JobKind::of::<Urgent>(),
        JobKind::of::<Panicking>(),
    ],
    ..ROOMS_WITHOUT
};

static HOURLY: Rooms = Rooms { jobs: &[JobKind::of::<Hourly>()], ..ROOMS_WITHOUT };
const ROOMS_WITHOUT: Rooms = Rooms {
    operations: &[],
    jobs: &[],
    standing: &[],
    messages: &[],
    imports: &[],
    given_out: &[],
    after_move: &[],
    retention: &[],
};

/// Records that a job did something; returns how often it has done so.
async fn mark(run: &JobRun, what: &str) -> Result<i64> {
    let marked = sqlx::query_scalar(
        "WITH mark AS (INSERT INTO marks (job, what) VALUES ($1, $2))
         SELECT count(*) + 1 FROM marks WHERE job = $1 AND what = $2",
    );
    Ok(marked.bind(run.id).bind(what).fetch_one(run.backend.database.raw()).await?)
}

async fn failures(run: &JobRun) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT failures FROM told").fetch_one(run.backend.database.raw()).await?)
}

struct Scene {
    backend: Backend,
    clock: Arc<FixedClock>,
    organisation: OrganisationId,
}

impl Scene {
    async fn new(pool: PgPool, rooms: &'static Rooms) -> Self {
        let (backend, clock) = backend(pool);
        let backend = Backend { rooms, ..backend };
        sqlx::raw_sql(
            "CREATE TABLE marks (job uuid, what text); CREATE TABLE told (failures bigint); INSERT INTO told VALUES (0); GRANT ALL ON marks, told TO PUBLIC;",
        )
        .execute(backend.database.raw())
        .await
        .unwrap();
        let organisation = TestSchool::new(&backend).await.organisation;
        Self { backend, clock, organisation }
    }

    async fn fail(&self, times: i64) {
        sqlx::query("UPDATE told SET failures = $1")
            .bind(times)
            .execute(self.backend.database.raw())
            .await
            .unwrap();
    }

    async fn queue<J: Job>(&self) -> Uuid {
        let id = self.backend.new_id();
        let mut transaction = self.backend.tenant_transaction(self.organisation).await.unwrap();
        queue::queue::<J>(&self.backend, &mut transaction, id, Some(self.organisation), None).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    async fn progress(&self, job: Uuid) -> JobProgress {
        let mut transaction = self.backend.tenant_transaction(self.organisation).await.unwrap();
        progress(&mut transaction, self.organisation, job).await.unwrap()
    }

    async fn cancel(&self, job: Uuid) {
        let mut transaction = self.backend.tenant_transaction(self.organisation).await.unwrap();
        cancel(&mut transaction, self.organisation, job, self.backend.now()).await.unwrap();
        transaction.commit().await.unwrap();
    }

    async fn runs(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM marks").fetch_one(self.backend.database.raw()).await.unwrap()
    }

    /// Waits until the condition is true, for as long as a slow machine may need.
    async fn until(&self, holds: impl AsyncFn() -> bool) {
        let waited = async {
            while !holds().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), waited).await.expect("it comes to hold");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_job_that_fails_is_tried_again_later_and_not_for_ever(pool: PgPool) {
    let scene = Scene::new(pool, &ROOMS).await;
    scene.fail(2).await;
    let job = scene.queue::<Failing>().await;
    assert!(run_once(&scene.backend).await.is_err(), "and the caller gets the error");
    let failed = scene.progress(job).await;
    assert_eq!((failed.state, failed.failure.as_deref()), (JobState::Queued, Some("busy")));
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.runs().await, 1, "not before its time");
    scene.clock.advance(TimeDelta::seconds(12));
    assert!(run_once(&scene.backend).await.is_err());
    scene.clock.advance(TimeDelta::seconds(12));
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.runs().await, 2, "the second wait is longer than the first");
    scene.clock.advance(TimeDelta::seconds(36));
    assert_eq!(run_once(&scene.backend).await.unwrap(), Pass::Done);
    let done = scene.progress(job).await;
    assert_eq!((done.state, done.failure, done.attempts), (JobState::Done, None, 3));

    scene.fail(100).await;
    let hopeless = scene.queue::<Failing>().await;
    for _ in 0..5 {
        let _ = run_once(&scene.backend).await;
        scene.clock.advance(TimeDelta::days(1));
    }
    let failed = scene.progress(hopeless).await;
    assert_eq!((failed.state, failed.attempts), (JobState::Failed, 3));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_done_every_hour_and_fails_is_tried_again_within_the_hour(pool: PgPool) {
    let scene = Scene::new(pool, &HOURLY).await;
    scene.fail(1).await;
    assert!(run_once(&scene.backend).await.is_err());
    scene.clock.advance(TimeDelta::seconds(12));
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.runs().await, 2);
    scene.clock.advance(TimeDelta::minutes(59));
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.runs().await, 2, "and then not before the next hour");
    scene.clock.advance(TimeDelta::minutes(1));
    let (one, two) = tokio::join!(run_once(&scene.backend), run_once(&scene.backend));
    assert_eq!((one.unwrap(), two.unwrap()), (Pass::Done, Pass::Done));
    assert_eq!(scene.runs().await, 3, "once, however many workers there are");
}

/// Lets the job that is due fail twice and then succeed, and reads the figure in between.
async fn waits_since_it_was_first_due(scene: &Scene) {
    scene.fail(100).await;
    assert!(run_once(&scene.backend).await.is_err());
    scene.clock.advance(TimeDelta::seconds(12));
    assert!(run_once(&scene.backend).await.is_err());
    scene.clock.advance(TimeDelta::seconds(3));
    let waited = figures(&scene.backend).await.unwrap().jobs_oldest;
    assert!((waited - 15.0).abs() < 1.0, "the next attempt is to come: {waited}");
    scene.fail(0).await;
    scene.clock.advance(TimeDelta::minutes(2));
    run_once(&scene.backend).await.unwrap();
    let waited = figures(&scene.backend).await.unwrap().jobs_oldest;
    assert!(waited < 1.0, "it has succeeded: {waited}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_job_that_fails_again_and_again_has_waited_since_it_was_first_due(pool: PgPool) {
    let scene = Scene::new(pool, &ROOMS).await;
    scene.queue::<Failing>().await;
    waits_since_it_was_first_due(&scene).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_scheduled_job_that_fails_again_and_again_has_waited_since_it_was_first_due(pool: PgPool) {
    let scene = Scene::new(pool, &HOURLY).await;
    waits_since_it_was_first_due(&scene).await;
    // In its second round too.
    sqlx::query("DELETE FROM marks").execute(scene.backend.database.raw()).await.unwrap();
    scene.clock.advance(TimeDelta::hours(1));
    waits_since_it_was_first_due(&scene).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_job_that_waits_is_cancelled_at_once_and_one_that_runs_stops(pool: PgPool) {
    let scene = Scene::new(pool, &ROOMS).await;
    let waiting = scene.queue::<Failing>().await;
    scene.cancel(waiting).await;
    assert_eq!(scene.progress(waiting).await.state, JobState::Cancelled);
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.runs().await, 0);

    let running = scene.queue::<Endless>().await;
    let worker = tokio::spawn({
        let backend = scene.backend.clone();
        async move { run_once(&backend).await }
    });
    scene.until(async || scene.progress(running).await.done > 2).await;
    let far = scene.progress(running).await;
    assert_eq!((far.state, far.total), (JobState::Running, 1_000_000));
    scene.cancel(running).await;
    worker.await.unwrap().unwrap();
    assert_eq!(scene.progress(running).await.state, JobState::Cancelled);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_job_of_a_worker_that_ends_is_taken_up_by_the_next_and_counts_no_attempt(pool: PgPool) {
    let scene = Scene::new(pool, &ROOMS).await;
    let job = scene.queue::<Endless>().await;
    let stop = Arc::new(Notify::new());
    let worker = tokio::spawn({
        let (backend, stop) = (scene.backend.clone(), Arc::clone(&stop));
        run(backend, async move { stop.notified().await })
    });
    scene.until(async || scene.progress(job).await.state == JobState::Running).await;
    stop.notify_one();
    worker.await.unwrap();
    let left = scene.progress(job).await;
    assert_eq!((left.state, left.attempts), (JobState::Queued, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_job_of_a_worker_that_dies_waits_for_its_lease_and_is_run_again(pool: PgPool) {
    let scene = Scene::new(pool, &ROOMS).await;
    let job = scene.queue::<Endless>().await;
    let dying = tokio::spawn(run(scene.backend.clone(), std::future::pending()));
    scene.until(async || scene.runs().await == 1).await;
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.runs().await, 1, "its lease lasts");
    scene.cancel(job).await;
    scene.clock.advance(TimeDelta::minutes(2));
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.progress(job).await.state, JobState::Cancelled, "cancelled while nobody had it");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_urgent_job_waits_for_no_other(pool: PgPool) {
    let scene = Scene::new(pool, &ROOMS).await;
    // More than a worker can run at once.
    for _ in 0..3 {
        scene.queue::<Endless>().await;
    }
    let worker = tokio::spawn(run(scene.backend.clone(), std::future::pending()));
    scene.until(async || scene.runs().await == 2).await;
    let urgent = scene.queue::<Urgent>().await;
    scene.until(async || scene.progress(urgent).await.state == JobState::Done).await;
    worker.abort();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_job_that_panics_has_failed_and_takes_no_other_with_it(pool: PgPool) {
    let scene = Scene::new(pool, &ROOMS).await;
    let (panicking, urgent) = (scene.queue::<Panicking>().await, scene.queue::<Urgent>().await);
    assert!(run_once(&scene.backend).await.is_err());
    assert_eq!(scene.progress(panicking).await.failure.as_deref(), Some("unexpected"));
    assert_eq!(scene.progress(urgent).await.state, JobState::Done);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_job_of_a_later_version_is_left_to_it(pool: PgPool) {
    let scene = Scene::new(pool, &ROOMS).await;
    let job = scene.queue::<Hourly>().await;
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.progress(job).await.state, JobState::Queued);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_job_of_a_neighbour_is_neither_seen_nor_cancelled(pool: PgPool) {
    let scene = Scene::new(pool, &ROOMS).await;
    let job = scene.queue::<Urgent>().await;
    let theirs = TestSchool::new(&scene.backend).await.organisation;
    let mut transaction = scene.backend.tenant_transaction(theirs).await.unwrap();
    let seen = progress(&mut transaction, theirs, job).await;
    assert!(matches!(seen, Err(Error::NotFound("job"))));
    let cancelled = cancel(&mut transaction, theirs, job, scene.backend.now()).await;
    assert!(matches!(cancelled, Err(Error::NotFound("job"))));
}
