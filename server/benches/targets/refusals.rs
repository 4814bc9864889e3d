//! Whether a refusal tells by its time why it came: a thousand of each state beside a thousand for names that nobody has
//! (OWASP ASVS 5.0, V6.3.8).

use std::time::{Duration, Instant};

use backend::access::sign_in::{SignIn, sign_in};
use backend::testing::active_account;
use domain::ids::PersonId;
use uuid::Uuid;

use crate::access::{PASSWORD, visitor};
use crate::report::Line;
use crate::scene::Scene;

/// Answers of each state.
const SAMPLES: usize = 1000;
/// Names of each state: none is tried so often that a limit slows it.
const NAMES: usize = 200;
/// How many are asked at once: their hashes together take less than the beat on which answers come.
const AT_ONCE: usize = 8;
/// The level at which two distributions count as different: of a hundred runs that compare like with like, one shows it by
/// chance in a line.
const ALPHA: f64 = 0.01;

/// What a name leads to, and how its line is called.
const STATES: [(&str, &str); 6] = [
    ("unknown", ""),
    ("wrong", "time of a refusal: wrong password, D against an unknown name"),
    ("suspended", "time of a refusal: suspended, D against an unknown name"),
    ("uninvited", "time of a refusal: not yet activated, D against an unknown name"),
    ("locked", "time of a refusal: locked, D against an unknown name"),
    ("provider", "time of a refusal: single sign-on only, D against an unknown name"),
];

/// A line for each state but the first.
pub async fn lines(scene: &Scene) -> Vec<Line> {
    prepare(scene).await;
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|seat| {
            let backend = scene.backend.clone();
            tokio::spawn(async move {
                let mut took: [Vec<Duration>; STATES.len()] = Default::default();
                for n in (seat..SAMPLES).step_by(AT_ONCE) {
                    // In another order each time, so that none is always the one after a certain other.
                    for turn in 0..STATES.len() {
                        let state = (n / AT_ONCE + turn) % STATES.len();
                        let name = format!("{}.{}", STATES[state].0, n % NAMES);
                        let password = if state == 1 { "not this one" } else { PASSWORD };
                        let start = Instant::now();
                        let end = sign_in(&backend, &visitor(n), &name, password).await.unwrap();
                        took[state].push(start.elapsed());
                        assert!(matches!(end, SignIn::Refused));
                    }
                }
                took
            })
        })
        .collect();
    let mut took: [Vec<Duration>; STATES.len()] = Default::default();
    for task in tasks {
        for (all, some) in took.iter_mut().zip(task.await.unwrap()) {
            all.extend(some);
        }
    }
    let [unknown, others @ ..] = took;
    STATES[1..]
        .iter()
        .zip(others)
        .map(|((_, what), times)| {
            Line::statistic(
                what,
                distance(&unknown, &times),
                "critical",
                critical(unknown.len(), times.len()),
            )
        })
        .collect()
}

/// Accounts in every state, whose right password is typed where the state alone is to refuse.
async fn prepare(scene: &Scene) {
    let database = scene.backend.database.raw();
    let first: Uuid = sqlx::query_scalar("SELECT id FROM people ORDER BY id DESC LIMIT 1")
        .fetch_one(database)
        .await
        .unwrap();
    let model =
        active_account(&scene.backend, &scene.school, PersonId(first), "model.account", PASSWORD).await;
    sqlx::query(
        "WITH elsewhere AS (
             INSERT INTO schools (id, organisation_id, code, name, single_sign_on_required, created_at)
             VALUES (gen_random_uuid(), $1, 'PROV', 'Provider School', true, $2) RETURNING id
         ), provider AS (
             INSERT INTO identity_providers (id, organisation_id, kind, name, issuer, client_id, client_secret, created_at)
             VALUES (gen_random_uuid(), $1, 'other', 'Somewhere', 'https://issuer.example', 'greencap', '', $2)
         ), chosen AS (
             SELECT p.id, state.name, state.kept, row_number() OVER (PARTITION BY state.name ORDER BY p.id) - 1 AS number
             FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM people
                   WHERE NOT EXISTS (SELECT FROM accounts WHERE person_id = people.id)) p
             JOIN unnest(ARRAY['wrong', 'suspended', 'uninvited', 'locked', 'provider'],
                         ARRAY['active', 'suspended', 'created', 'locked', 'active']) WITH ORDINALITY AS state (name, kept, at)
               ON p.n / $3 = state.at - 1
         ), moved AS (
             UPDATE enrolments e SET school_id = elsewhere.id FROM elsewhere, chosen
             WHERE chosen.name = 'provider' AND e.person_id = chosen.id
         ), named AS (
             INSERT INTO usernames (organisation_id, username, person_id, created_at)
             SELECT $1, name || '.' || number, id, $2 FROM chosen
         ), opened AS (
             INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at)
             SELECT gen_random_uuid(), $1, id, name || '.' || number, kept, $2 FROM chosen RETURNING id, state
         )
         INSERT INTO passwords (organisation_id, account_id, hash, changed_at)
         SELECT $1, opened.id, model.hash, $2 FROM opened, passwords model
         WHERE model.account_id = $4 AND opened.state <> 'created'",
    )
    .bind(scene.school.organisation.0)
    .bind(scene.backend.now())
    .bind(i64::try_from(NAMES).unwrap())
    .bind(model.0)
    .execute(database)
    .await
    .unwrap();
}

/// The statistic D of Kolmogorov and Smirnov: the most that the empirical distributions of two samples are apart.
fn distance(one: &[Duration], other: &[Duration]) -> f64 {
    let (mut one, mut other) = (one.to_vec(), other.to_vec());
    one.sort_unstable();
    other.sort_unstable();
    let share = |sample: &[Duration], upto: Duration| {
        fraction(sample.partition_point(|time| *time <= upto), sample.len())
    };
    one.iter().chain(&other).map(|time| (share(&one, *time) - share(&other, *time)).abs()).fold(0.0, f64::max)
}

/// What D exceeds with a probability of [`ALPHA`] where both samples come from one distribution:
/// `sqrt(-ln(alpha / 2) / 2) * sqrt((n + m) / (n * m))`, the limit for large samples (N. V. Smirnov, "Table for Estimating
/// the Goodness of Fit of Empirical Distributions", Annals of Mathematical Statistics 19 (1948), pages 279 to 281;
/// D. E. Knuth, The Art of Computer Programming, volume 2, section 3.3.1). For twice 1,000 and 0.01 it is 0.073.
fn critical(n: usize, m: usize) -> f64 {
    (-(ALPHA / 2.0).ln() / 2.0).sqrt() * (fraction(1, n) + fraction(1, m)).sqrt()
}

fn fraction(of: usize, all: usize) -> f64 {
    f64::from(u32::try_from(of).unwrap()) / f64::from(u32::try_from(all).unwrap())
}
