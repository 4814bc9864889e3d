//! Making accounts and queueing their invitations, beside the COPY of the very rows that were made.

use std::time::{Duration, Instant};

use backend::accounts::save::{Expected, save};
use backend::invitations::send::send;
use domain::accounts::batch::SaveOutcome;
use domain::accounts::naming::Naming;
use domain::invitations::views::Recipients;
use domain::roll::filter::RollFilter;
use domain::selection::Selection;

use crate::floor::Filled;
use crate::memory;
use crate::report::Line;
use crate::scene::Scene;

/// What making and inviting accounts fills, in the order of its references.
const FILLED: Filled = Filled {
    tables: &[
        ("COPY usernames TO STDOUT", "COPY usernames FROM STDIN"),
        ("COPY accounts TO STDOUT", "COPY accounts FROM STDIN"),
        ("COPY invitations TO STDOUT", "COPY invitations FROM STDIN"),
        ("COPY deliveries TO STDOUT", "COPY deliveries FROM STDIN"),
    ],
    emptied: "TRUNCATE usernames, accounts, invitations, deliveries CASCADE",
};

/// 1,000 at once.
pub async fn thousand() -> Vec<Line> {
    let (runs, _) = runs(1_000, 5).await;
    let took: Vec<Duration> = runs.iter().map(|(took, _)| *took).collect();
    vec![
        Line::target("1,000 accounts made and invited", &took, Duration::from_millis(250)),
        Line::floor("1,000 accounts made and invited", runs, Some(2.0)),
    ]
}

/// 100,000 at once, and the memory that it takes.
pub async fn hundred_thousand() -> Vec<Line> {
    let (runs, peak) = runs(100_000, 3).await;
    vec![
        Line::floor("100,000 accounts made and invited", runs, Some(2.0)),
        Line::memory("memory of the process that makes and invites 100,000, at its peak", peak, 150.0),
    ]
}

/// The times of making and of copying; and the peak of this process' memory after the first making.
async fn runs(size: i32, count: usize) -> (Vec<(Duration, Duration)>, f64) {
    let mut runs = Vec::new();
    let mut peak = None;
    for _ in 0..count {
        let scene = Scene::with_students(size).await;
        let took = make_and_invite(&scene).await;
        peak.get_or_insert_with(memory::peak);
        runs.push((took, FILLED.copy_again(scene.backend.database.raw()).await));
    }
    (runs, peak.unwrap())
}

/// From the request to the committed answers.
pub async fn make_and_invite(scene: &Scene) -> Duration {
    let Scene { backend, actor, school } = scene;
    let everyone = Selection::Matching { filter: RollFilter::default() };
    let naming = Naming::default();
    let start = Instant::now();
    let saved =
        save(backend, actor, school.school, &everyone, &naming, Expected::WhateverIsReady).await.unwrap();
    let SaveOutcome::Saved(batch) = saved else { unreachable!("nobody else is at work") };
    let batch = batch.id.unwrap();
    let sent = send(backend, actor, school.school, Recipients::Batch { batch }).await.unwrap();
    let took = start.elapsed();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM deliveries")
        .fetch_one(backend.database.raw())
        .await
        .unwrap();
    assert_eq!(i64::from(sent.queued), rows);
    took
}
