//! Runs jobs one after the other: takes a due job, renews its lease while it runs, and records how it ended.

use std::time::Duration;

use domain::ids::OrganisationId;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::job::{JobEnd, JobKind, JobRun, Priority, StopSignal};
use super::lease::{self, AfterRun, ClaimedJob, LeaseState};
use super::queue::JobState;
use super::trouble::detail;
use crate::{Backend, Error, Result};

/// Runs due jobs of at least this priority until none is left. Returns the last failure of a job, if any.
///
/// # Errors
/// The database's.
pub(super) async fn run_due(
    backend: &Backend,
    floor: Priority,
    stopping: &CancellationToken,
) -> Result<Option<Error>> {
    let kinds = backend.rooms.jobs;
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let mut failed = None;
    lease::schedule(&mut *backend.system_connection().await?, kinds, || backend.new_id(), backend.now())
        .await?;
    while !stopping.is_cancelled() {
        let (id, now): (Uuid, _) = (backend.new_id(), backend.now());
        let until = lease::until(now, backend.config.worker_lease);
        let taken =
            lease::take(&mut *backend.system_connection().await?, id, &names, floor.rank(), now, until)
                .await?;
        let Some(taken) = taken else { break };
        let Some(kind) = kinds.iter().find(|kind| kind.name == taken.name) else { continue };
        failed = run_one(backend, kind, &taken, id, stopping).await?.or(failed);
    }
    Ok(failed)
}

/// Runs a job and records how it ended.
async fn run_one(
    backend: &Backend,
    kind: &JobKind,
    taken: &ClaimedJob,
    lease: Uuid,
    stopping: &CancellationToken,
) -> Result<Option<Error>> {
    let begun = backend.now();
    let attempts = u32::try_from(taken.attempts).unwrap_or_default();
    let stop = StopSignal { token: stopping.child_token(), ..StopSignal::default() };
    if taken.cancelled {
        stop.cancel();
    }
    let ended = if stop.is_cancelled() {
        Ok(JobEnd::Stopped)
    } else {
        let run = JobRun {
            id: taken.id,
            subject: taken.subject,
            organisation: taken.organisation_id.map(OrganisationId),
            attempt: attempts,
            backend: backend.clone(),
            lease,
            stop: stop.clone(),
        };
        match keep_while(backend, kind, taken.id, lease, run).await {
            Some(ended) => ended,
            // Another worker has it now, and records its end.
            None => return Ok(None),
        }
    };
    let now = backend.now();
    let (next, error) = match ended {
        Ok(JobEnd::Done) => {
            let again = kind.every.map(|every| AfterRun::Due(begun + every));
            (again.unwrap_or(AfterRun::Over(JobState::Done.slug())), None)
        }
        Ok(JobEnd::Stopped) if stop.is_cancelled() => (AfterRun::Over(JobState::Cancelled.slug()), None),
        Ok(JobEnd::Stopped) => (AfterRun::GiveBack, None),
        Err(error) => {
            let mut jitter = [0];
            backend.random.fill(&mut jitter);
            let again = kind.again_at(now, attempts, jitter[0]);
            tracing::error!(
                job = %taken.id, name = kind.name, attempt = attempts, tried_again = again.is_some(),
                detail = %detail(&error), "a job failed"
            );
            (again.map_or(AfterRun::Over(JobState::Failed.slug()), AfterRun::Retry), Some(error))
        }
    };
    let failure = error.as_ref().map(word);
    lease::settle(&mut *backend.system_connection().await?, taken.id, lease, next, failure, now).await?;
    Ok(error)
}

/// Runs a job in its own task while renewing its lease. `None`: the lease was lost.
async fn keep_while(
    backend: &Backend,
    kind: &JobKind,
    job: Uuid,
    lease: Uuid,
    run: JobRun,
) -> Option<Result<JobEnd>> {
    let stop = run.stop.clone();
    let mut kept_until = lease::until(backend.now(), backend.config.worker_lease);
    // Aborts the task when this future is dropped, for example when a worker is dropped halfway.
    let mut task = JoinSet::new();
    task.spawn((kind.run)(run));
    loop {
        tokio::select! {
            ended = task.join_next() => {
                return Some(match ended? {
                    Ok(ended) => ended,
                    Err(panicked) => Err(Error::unexpected(panicked)),
                });
            }
            () = tokio::time::sleep(third(backend)) => {}
        }
        let now = backend.now();
        let until = lease::until(now, backend.config.worker_lease);
        let held = match backend.system_connection().await {
            Ok(mut connection) => lease::keep(&mut connection, job, lease, until).await.map_err(Error::from),
            Err(error) => Err(error),
        };
        match held {
            Ok(LeaseState::Kept) => kept_until = until,
            Ok(LeaseState::Cancelled) => {
                kept_until = until;
                stop.cancel();
            }
            // The database is unavailable: the job is ours until the lease expires.
            Err(_) if now < kept_until => {}
            Ok(LeaseState::Lost) | Err(_) => return None,
        }
    }
}

fn third(backend: &Backend) -> Duration {
    (backend.config.worker_lease / 3).max(Duration::from_millis(100))
}

/// A stable word for why a job failed, for the database and for pages.
fn word(error: &Error) -> &'static str {
    match error {
        Error::Refused(_) => "refused",
        Error::NotFound(_) => "not_found",
        Error::Invalid(_) => "invalid",
        Error::Conflict { code, .. } => code,
        Error::Import(problem) => problem.code(),
        Error::Limited(_) => "limited",
        Error::Unavailable(_) => "unavailable",
        Error::Unexpected(_) => "unexpected",
    }
}
