//! Signing in: the cost of a sign-in compared with its own hash, and of looking up a request's session among
//! a million.

use std::time::{Duration, Instant};

use backend::credentials::password;
use backend::sessions::session::resolve;
use backend::sessions::visitor::Visitor;
use backend::sign_in::sign_in::{SignInOutcome, sign_in};
use backend::testing::active_account;
use domain::credentials::password::Password;
use domain::ids::PersonId;
use uuid::Uuid;

use crate::refusals;
use crate::report::Line;
use crate::scene::Scene;

pub const PASSWORD: &str = "copper ladder fog";
/// How many times each action is measured.
const TIMES: usize = 200;

/// Measures all of them.
pub async fn all() -> Vec<Line> {
    let scene = Scene::with_students(10_000).await;
    let people: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM people ORDER BY id LIMIT 200")
        .fetch_all(scene.backend.database.raw())
        .await
        .unwrap();
    for (n, person) in people.iter().enumerate() {
        active_account(&scene.backend, &scene.school, PersonId(*person), &format!("someone.{n}"), PASSWORD)
            .await;
    }
    let signed_in = sign_ins(&scene).await;
    let checked = checks(&scene).await;
    let mut lines = vec![
        Line::beside("a sign-in, beside its own hash", "hash", signed_in, 1.3),
        Line::p95("the session of a request, of 1,000,000, p95 of 200", checked, Duration::from_millis(1)),
    ];
    lines.extend(refusals::lines(&scene).await);
    lines
}

/// A visitor from a different network each time, so that no limit applies.
pub fn visitor(n: usize) -> Visitor {
    let [.., high, low] = n.to_be_bytes();
    Visitor { source: Some([10, 0, high, low].into()), ..Visitor::stranger() }
}

/// Each sign-in, with a check of the same password just before it.
async fn sign_ins(scene: &Scene) -> Vec<(Duration, Duration)> {
    let typed = Password::typed(PASSWORD).unwrap();
    let mut took = Vec::new();
    for n in 0..TIMES {
        let hash: String = sqlx::query_scalar(
            "SELECT w.hash FROM passwords w JOIN accounts a ON a.id = w.account_id WHERE a.username = $1",
        )
        .bind(format!("someone.{n}"))
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
        let start = Instant::now();
        assert!(password::verify(&typed, Some(hash)).await.unwrap());
        let alone = start.elapsed();
        let start = Instant::now();
        let end = sign_in(&scene.backend, &visitor(n), &format!("someone.{n}"), PASSWORD).await.unwrap();
        took.push((start.elapsed(), alone));
        assert!(matches!(end, SignInOutcome::Entered(_)));
    }
    took
}

/// Checks of 200 sessions among a million.
async fn checks(scene: &Scene) -> Vec<Duration> {
    let backend = &scene.backend;
    let mut tokens = Vec::new();
    for n in 0..TIMES {
        let end = sign_in(backend, &visitor(n), &format!("someone.{n}"), PASSWORD).await.unwrap();
        let SignInOutcome::Entered(session) = end else { panic!("not let in") };
        tokens.push(session.token);
    }
    sqlx::query(
        "INSERT INTO sessions (id, organisation_id, account_id, token_hash, created_at, proven_at, last_seen_at, idle_ends_at,
                               ends_at)
         SELECT gen_random_uuid(), s.organisation_id, s.account_id, sha256(convert_to(n::text, 'UTF8')),
                s.created_at, s.proven_at, s.last_seen_at, s.idle_ends_at, s.ends_at
         FROM generate_series(1, 1000000) n
         JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS number FROM sessions) s ON s.number = n % 200",
    )
    .execute(backend.database.raw())
    .await
    .unwrap();
    sqlx::query("ANALYZE sessions").execute(backend.database.raw()).await.unwrap();
    // A connection plans a query again for its first uses; only the requests after them count.
    let mut took = Vec::new();
    for _ in 0..4 {
        took.clear();
        for token in &tokens {
            let start = Instant::now();
            assert!(resolve(backend, token).await.unwrap().is_some());
            took.push(start.elapsed());
        }
    }
    took
}
