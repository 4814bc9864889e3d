//! Searching a hundred thousand adults for likely duplicates.

use std::time::{Duration, Instant};

use backend::guardians::duplicates::search::search;

use crate::report::Line;
use crate::scene::Scene;

/// A search, of which every run but the first finds the pairs of the one before.
pub async fn hundred_thousand() -> Vec<Line> {
    let scene = Scene::empty().await;
    adults(&scene).await;
    let mut runs: Vec<Duration> = Vec::new();
    for _ in 0..3 {
        let start = Instant::now();
        let found = search(&scene.backend, scene.school.organisation).await.unwrap();
        runs.push(start.elapsed());
        assert!(found.people == 100_000 && found.pairs > 4_000, "{found:?}");
    }
    vec![Line::target("likely duplicates among 100,000 adults", &runs, Duration::from_secs(10))]
}

/// A hundred thousand adults of fifty thousand children. Names are skewed as they are among people; one adult in twenty is
/// there again, with another spelling of the name and the same address.
async fn adults(scene: &Scene) {
    sqlx::query(
        "WITH numbers AS (
             SELECT n, CASE WHEN n % 20 = 0 THEN n - 1 ELSE n END AS of, gen_random_uuid() AS id,
                    floor(power(random(), 3) * 400) AS given, floor(power(random(), 3) * 20000) AS family
             FROM generate_series(1, 100000) n
         ), spelled AS (
             SELECT own.n, own.of, own.id, known.given, known.family,
                    'Gi' || chr(97 + (known.given::int % 26)) || 'ven' || known.given || CASE WHEN own.n = own.of THEN '' ELSE 'a' END AS given_name,
                    'Fam' || chr(97 + (known.family::int % 26)) || 'ily' || known.family AS family_name
             FROM numbers own JOIN numbers known ON known.n = own.of
         ), children AS (
             INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
             SELECT gen_random_uuid(), $1, 'Child', 'Nr' || n, ' child nr' || n, 'nr' || n, $2, $2
             FROM generate_series(1, 50001) n RETURNING id, family_name
         ), made AS (
             INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
             SELECT id, $1, given_name, family_name, ' ' || lower(given_name || ' ' || family_name),
                    lower(family_name || ' ' || given_name), $2, $2 FROM spelled
         ), reached AS (
             INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
             SELECT gen_random_uuid(), $1, id, 'email', 'n' || of || '@post.example', 'n' || of || '@post.example', true, $2
             FROM spelled
             UNION ALL
             SELECT gen_random_uuid(), $1, id, 'phone', '+4477' || lpad(n::text, 8, '0'), '+4477' || lpad(n::text, 8, '0'), true, $2
             FROM spelled
         )
         INSERT INTO contacts (id, organisation_id, adult_id, child_id, relationship, starts_on, created_at, updated_at)
         SELECT gen_random_uuid(), $1, s.id, c.id, 'parent', '2026-09-01', $2, $2
         FROM spelled s JOIN children c ON c.family_name = 'Nr' || (s.n / 2 + 1)",
    )
    .bind(scene.school.organisation.0)
    .bind(scene.backend.now())
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    sqlx::query("ANALYZE").execute(scene.backend.database.raw()).await.unwrap();
}
