//! Creating accounts and queuing their invitations, compared with the COPY of the same rows.

use std::time::{Duration, Instant};

use backend::accounts::create::save;
use backend::invitations::send::send;
use backend::operations::ExpectedPlan;
use domain::accounts::batch::SaveOutcome;
use domain::accounts::naming::Naming;
use domain::invitations::views::Recipients;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;

use crate::floor::Filled;
use crate::processor::Processor;
use crate::report::Line;
use crate::scene::Scene;
use crate::{memory, plain};

/// The tables that creating and inviting accounts fills, in the order of their references.
const FILLED: Filled = Filled {
    tables: &[
        ("COPY accounts TO STDOUT", "COPY accounts FROM STDIN"),
        ("COPY invitations TO STDOUT", "COPY invitations FROM STDIN"),
        ("COPY messages TO STDOUT", "COPY messages FROM STDIN"),
    ],
    emptied: "TRUNCATE accounts, invitations, messages CASCADE",
};

/// One run, and what it is compared with.
struct Run {
    took: Duration,
    /// The COPY of its rows.
    copied: Duration,
    /// The COPY of as many rows into plain tables.
    plain: Duration,
    /// Processor seconds per 1,000 accounts, of this process and PostgreSQL.
    processor: f64,
}

/// 1,000 at once.
pub async fn thousand() -> Vec<Line> {
    let (runs, _) = runs(1_000, 5).await;
    let took: Vec<Duration> = runs.iter().map(|run| run.took).collect();
    vec![
        Line::target("1,000 accounts made and invited", &took, Duration::from_millis(250)),
        Line::floor("1,000 accounts made and invited", against(&runs, |run| run.copied), Some(2.0)),
    ]
}

/// 100,000 at once, and the memory and processor time that takes.
pub async fn hundred_thousand() -> Vec<Line> {
    let (runs, peak) = runs(100_000, 3).await;
    let what = "100,000 accounts made and invited";
    vec![
        Line::floor(what, against(&runs, |run| run.copied), Some(2.0)),
        Line::beside(what, "COPY into plain tables", against(&runs, |run| run.plain), 3.5),
        Line::seconds(
            "processor time for each 1,000 of 100,000 accounts made and invited, PostgreSQL included",
            runs.iter().map(|run| run.processor),
            0.06,
        ),
        Line::memory("memory of the process that makes and invites 100,000, at its peak", peak, 150.0),
    ]
}

fn against(runs: &[Run], floor: impl Fn(&Run) -> Duration) -> Vec<(Duration, Duration)> {
    runs.iter().map(|run| (run.took, floor(run))).collect()
}

/// This many runs, and the peak of this process's memory after the first.
async fn runs(size: i32, count: usize) -> (Vec<Run>, f64) {
    let mut runs = Vec::new();
    let mut peak = None;
    for _ in 0..count {
        let scene = Scene::with_students(size).await;
        let pool = scene.backend.database.raw();
        let processor = Processor::of(pool).await;
        let before = processor.seconds();
        let took = make_and_invite(&scene).await;
        let used = processor.seconds() - before;
        peak.get_or_insert_with(memory::peak);
        runs.push(Run {
            took,
            copied: FILLED.copy_again(pool).await,
            plain: plain::copy(&scene.backend, size).await,
            processor: used / (f64::from(size) / 1000.0),
        });
    }
    (runs, peak.unwrap())
}

/// The time from the request to the committed results.
pub async fn make_and_invite(scene: &Scene) -> Duration {
    let Scene { backend, actor, school } = scene;
    let everyone = Selection::Matching { filter: RollFilter::default() };
    let naming = Naming::default();
    let start = Instant::now();
    let saved =
        save(backend, actor, school.school, &everyone, &naming, ExpectedPlan::WhateverIsReady).await.unwrap();
    let SaveOutcome::Saved(batch) = saved else { unreachable!("nobody else is at work") };
    let batch = batch.id.unwrap();
    let sent = send(backend, actor, school.school, Recipients::Batch { batch, again: false }).await.unwrap();
    let took = start.elapsed();
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM messages").fetch_one(backend.database.raw()).await.unwrap();
    assert_eq!(i64::from(sent.queued), rows);
    took
}
