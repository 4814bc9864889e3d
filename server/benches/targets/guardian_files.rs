//! Importing files of guardians: a row for each adult and student, in which many adults stand twice.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backend::Backend;
use backend::imports::commit::commit;
use backend::imports::simulate::simulate;
use backend::imports::stage::stage;
use backend::tables::TableReader;
use domain::guardians::import::CONTACTS;
use domain::imports::kind::KindSlug;
use domain::imports::views::{CommitOutcome, ImportView};

use crate::floor::Filled;
use crate::memory;
use crate::report::Line;
use crate::scene::Scene;

/// What such an import fills, in the order of the references: everybody who is not on the roll.
const FILLED: Filled = Filled {
    tables: &[
        (
            "COPY (SELECT p.* FROM people p WHERE NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id)) TO STDOUT",
            "COPY people FROM STDIN",
        ),
        (
            "COPY (SELECT a.* FROM addresses a WHERE NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = a.person_id)) TO STDOUT",
            "COPY addresses FROM STDIN",
        ),
        ("COPY contacts TO STDOUT", "COPY contacts FROM STDIN"),
        ("COPY person_keys TO STDOUT", "COPY person_keys FROM STDIN"),
    ],
    emptied: "WITH c AS (DELETE FROM contacts), k AS (DELETE FROM person_keys),
                   a AS (DELETE FROM addresses a WHERE NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = a.person_id))
              DELETE FROM people p WHERE NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id)",
};

/// The rows of the file, two for each student.
const ROWS: i32 = 100_000;

/// A file of 100,000 rows to a preview, into the database, and once more.
pub async fn all() -> Vec<Line> {
    let mut previews = Vec::new();
    let mut imports = Vec::new();
    let mut again = Vec::new();
    for _ in 0..3 {
        let scene = Scene::with_students(ROWS / 2).await;
        let file = file(&numbers(&scene).await);
        let (seen, took) = preview(&scene, file.clone()).await;
        previews.push(took);
        let start = Instant::now();
        let done = commit(&scene.backend, &scene.actor, seen.id, seen.plan.unwrap()).await.unwrap();
        let took = start.elapsed();
        assert!(matches!(done, CommitOutcome::Done { .. }));
        let (same, once_more) = preview(&scene, file).await;
        assert_eq!(same.counts.unwrap().changes(), 0);
        again.push(once_more);
        imports.push((took, FILLED.copy_again(scene.backend.database.raw()).await));
    }
    vec![
        Line::target("CSV of 100,000 rows of guardians to a preview", &previews, Duration::from_secs(5)),
        Line::floor("CSV of 100,000 rows of guardians, imported", imports, Some(3.0)),
        Line::target("the same CSV of 100,000 rows of guardians again", &again, Duration::from_secs(3)),
        Line::memory("peak memory with CSV of 100,000 rows of guardians", memory::peak(), 256.0),
    ]
}

/// The numbers of the students.
async fn numbers(scene: &Scene) -> Vec<String> {
    sqlx::query_scalar("SELECT admission_number FROM enrolments ORDER BY admission_number")
        .fetch_all(scene.backend.database.raw())
        .await
        .unwrap()
}

/// From the bytes of a file to the outcome of each row.
async fn preview(scene: &Scene, file: Vec<u8>) -> (ImportView, Duration) {
    let Scene { backend, actor, school } = scene;
    // The files are read by the program itself, as on a server.
    let tables = Arc::new(TableReader::at(env!("CARGO_BIN_EXE_greencap")));
    let backend = Backend { tables, ..backend.clone() };
    let start = Instant::now();
    let kind = KindSlug::from(&CONTACTS);
    let staged = stage(&backend, actor, &kind, school.school, "guardians.csv", file).await.unwrap();
    let seen = simulate(&backend, actor, staged.id).await.unwrap();
    let took = start.elapsed();
    assert_eq!(seen.counts.unwrap().rejected, 0);
    (seen, took)
}

/// A mother and a father for each student; a third of them have two children.
fn file(students: &[String]) -> Vec<u8> {
    let mut text =
        "Student ID,Guardian ID,Relationship,First name,Surname,Email,Mobile,Priority,PR\n".to_owned();
    for (n, student) in students.iter().enumerate() {
        let family = if n % 3 == 2 { n - 1 } else { n };
        for (at, relationship) in ["Mother", "Father"].into_iter().enumerate() {
            let priority = at + 1;
            writeln!(
                text,
                "{student},P{family}-{at},{relationship},Given{family},Family{},adult{family}-{at}@home.example,077009{:05}{at},{priority},Y",
                family % 7919,
                family % 100_000
            )
            .unwrap();
        }
    }
    text.into_bytes()
}
