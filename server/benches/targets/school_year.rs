//! A night over 100,000 accounts, and what a rollover of a school of 2,000 would do.

use std::time::{Duration, Instant};

use backend::school_year::nightly::nights;
use backend::school_year::rollover::{RollOver, simulate};

use crate::report::Line;
use crate::scene::Scene;

const NIGHTS: usize = 3;
const SIMULATIONS: usize = 5;

/// Measures all of them.
pub async fn all() -> Vec<Line> {
    let mut lines = night().await;
    lines.push(rollover().await);
    lines
}

/// A night in which one in ten has left, and one in which nothing is due.
async fn night() -> Vec<Line> {
    let scene = Scene::with_students(100_000).await;
    run(
        &scene,
        "INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at)
         SELECT gen_random_uuid(), organisation_id, id, id::text, 'active', created_at FROM people",
    )
    .await;
    run(
        &scene,
        "UPDATE enrolments SET ends_on = '2026-10-01'
         WHERE id IN (SELECT id FROM enrolments ORDER BY id LIMIT (SELECT count(*) / 10 FROM enrolments))",
    )
    .await;
    run(&scene, "ANALYZE").await;
    let (mut leaving, mut quiet) = (Vec::new(), Vec::new());
    for _ in 0..NIGHTS {
        for (stopped, times) in [(10_000, &mut leaving), (0, &mut quiet)] {
            let start = Instant::now();
            let done = nights(&scene.backend, None, false).await.unwrap();
            times.push(start.elapsed());
            assert_eq!(done[0].done.stopped(), stopped);
        }
        run(
            &scene,
            "UPDATE accounts SET state = 'active', suspended_at = NULL, roll_stopped_at = NULL, roll_stopped_on = NULL
             WHERE state = 'suspended'",
        )
        .await;
        run(&scene, "VACUUM ANALYZE accounts").await;
    }
    let target = Duration::from_secs(10);
    vec![
        Line::target("a night over 100,000 accounts, 10,000 of which are disabled", &leaving, target),
        Line::target("a night over 100,000 accounts in which nothing is due", &quiet, target),
    ]
}

async fn rollover() -> Line {
    let scene = Scene::with_students(2_000).await;
    run(
        &scene,
        "UPDATE enrolments SET starts_on = '2024-09-01', year_group = (7 + abs(hashtext(id::text)) % 7)::text,
                registration_group = (7 + abs(hashtext(id::text)) % 7) || 'A'",
    )
    .await;
    run(&scene, "ANALYZE").await;
    let input = RollOver::usual("2025/26");
    let mut times = Vec::new();
    for _ in 0..SIMULATIONS {
        let start = Instant::now();
        let seen = simulate(&scene.backend, &scene.actor, scene.school.school, &input).await.unwrap();
        times.push(start.elapsed());
        assert_eq!(seen.moves + seen.leaves, 2_000);
    }
    Line::target("a rollover of 2,000 students, simulated", &times, Duration::from_secs(1))
}

async fn run(scene: &Scene, statement: &'static str) {
    sqlx::query(statement).execute(scene.backend.database.raw()).await.unwrap();
}
