//! Autocreate: 20,000 students with 35,000 contacts. Simulating it, and carrying it out compared with the COPY of its rows.

use std::time::{Duration, Instant};

use backend::guardians::autocreate::create::{CreateOutcome, create};
use backend::guardians::autocreate::simulate::simulate;
use backend::guardians::autocreate::view::run;
use domain::guardians::autocreate::options::AutocreateOptions;

use crate::floor::Filled;
use crate::report::Line;
use crate::scene::Scene;

/// The tables that a run fills, in the order of their references.
const FILLED: Filled = Filled {
    tables: &[
        ("COPY accounts TO STDOUT", "COPY accounts FROM STDIN"),
        ("COPY access_grants TO STDOUT", "COPY access_grants FROM STDIN"),
        ("COPY invitations TO STDOUT", "COPY invitations FROM STDIN"),
        ("COPY messages TO STDOUT", "COPY messages FROM STDIN"),
    ],
    emptied: "TRUNCATE accounts, access_grants, invitations, messages CASCADE",
};

const STUDENTS: i32 = 20_000;
const CONTACTS: i32 = 35_000;

/// Both figures.
pub async fn all() -> Vec<Line> {
    let (mut simulated, mut carried_out) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let scene = families().await;
        let Scene { backend, actor, school } = &scene;
        let start = Instant::now();
        let id = simulate(backend, actor, school.school, AutocreateOptions::default()).await.unwrap();
        simulated.push(start.elapsed());
        let seen = run(backend, actor, school.school, id).await.unwrap();
        assert_eq!((seen.counts.students, seen.counts.contacts), (20_000, 35_000));
        // Every adult is compared with those who share something with them, and nobody is held up by a name.
        assert_eq!((seen.counts.accounts, seen.counts.held()), (24_250, 0), "{:?}", seen.counts);
        let start = Instant::now();
        let ended = create(backend, actor, school.school, id, seen.plan).await.unwrap();
        let took = start.elapsed();
        assert_eq!(ended, CreateOutcome::Created);
        carried_out.push((took, FILLED.copy_again(backend.database.raw()).await));
    }
    vec![
        Line::target(
            "autocreate of 20,000 students and 35,000 contacts, simulated",
            &simulated,
            Duration::from_secs(3),
        ),
        Line::floor("autocreate of 20,000 students and 35,000 contacts, carried out", carried_out, Some(2.0)),
    ]
}

/// Two children of one mother, a father for most children, and a few contacts who are no guardians. Names are such as people
/// have, because adults are compared by them.
async fn families() -> Scene {
    let scene = Scene::with_students(STUDENTS).await;
    sqlx::query(
        "WITH children AS (
             SELECT person_id AS id, row_number() OVER (ORDER BY person_id) AS n FROM enrolments
         ), contacts_of AS (
             SELECT children.id AS child_id, children.n, k, CASE k WHEN 1 THEN (children.n + 1) / 2 ELSE 100000 + children.n END AS adult
             FROM children CROSS JOIN generate_series(1, 2) k WHERE k = 1 OR children.n <= $4 - $5
         ), adults AS (
             SELECT DISTINCT adult, gen_random_uuid() AS id FROM (SELECT DISTINCT adult FROM contacts_of) a
         ), made AS (
             INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
             SELECT id, $1, given, 'Family' || adult % 7919, ' ' || lower(given) || ' family' || adult % 7919,
                    'family' || adult % 7919 || ' ' || lower(given), $2, $2
             FROM (SELECT *, CASE WHEN adult < 100000
                                  THEN (ARRAY['Amelie', 'Carla', 'Elif', 'Greta', 'Ines', 'Lena', 'Nadia', 'Paula', 'Rosa', 'Vera'])[adult % 10 + 1]
                                  ELSE (ARRAY['Bruno', 'David', 'Farid', 'Hugo', 'Jonas', 'Karim', 'Mateo', 'Oskar', 'Samir', 'Yusuf'])[adult % 10 + 1]
                             END AS given FROM adults) named
             RETURNING id
         ), reached AS (
             INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
             SELECT gen_random_uuid(), $1, id, 'email', id || '@home.example', id || '@home.example', true, $2 FROM made
         )
         INSERT INTO contacts (id, organisation_id, adult_id, child_id, relationship, priority, parental_responsibility, starts_on,
                               created_at, updated_at)
         SELECT gen_random_uuid(), $1, adults.id, child_id, CASE WHEN k = 1 THEN 'mother' WHEN n % 20 = 0 THEN 'neighbour' ELSE 'father' END,
                k, true, $3, $2, $2
         FROM contacts_of JOIN adults USING (adult)",
    )
    .bind(scene.school.organisation.0)
    .bind(scene.backend.now())
    .bind(scene.backend.now().date_naive())
    .bind(CONTACTS)
    .bind(STUDENTS)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    sqlx::query("ANALYZE").execute(scene.backend.database.raw()).await.unwrap();
    scene
}
