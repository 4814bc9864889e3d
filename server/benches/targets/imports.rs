//! Importing files of students, from their bytes to a preview and to the roll, read by a separate process as
//! always.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backend::Backend;
use backend::imports::commit::commit;
use backend::imports::simulate::simulate;
use backend::imports::stage::stage;
use backend::tables::{ImportSchool, TableReader};
use backend::testing::files::{text_row, workbook};
use domain::imports::kind::KindSlug;
use domain::imports::plan::PlanCounts;
use domain::imports::reading::ReadOptions;
use domain::imports::views::{CommitOutcome, ImportView};
use domain::roll::import::STUDENTS;

use crate::floor::Filled;
use crate::report::Line;
use crate::scene::Scene;

/// The roll's tables that an import fills, in the order of their references.
const FILLED: Filled = Filled {
    tables: &[
        ("COPY people TO STDOUT", "COPY people FROM STDIN"),
        ("COPY enrolments TO STDOUT", "COPY enrolments FROM STDIN"),
        ("COPY addresses TO STDOUT", "COPY addresses FROM STDIN"),
    ],
    emptied: "TRUNCATE people, enrolments, addresses CASCADE",
};

const HEADER: [&str; 8] =
    ["Admission number", "Forename", "Surname", "Date of birth", "Year", "Form", "Start date", "Email"];

/// How many rows of a file are expected to have this outcome.
type Becomes = fn(&PlanCounts) -> u32;
const ADDED: Becomes = |counts| counts.added;
const UNCHANGED: Becomes = |counts| counts.unchanged;
const NEWEST_OF_TWO: Becomes = |counts| if counts.history == counts.added { 2 * counts.added } else { 0 };

/// Workbooks to a preview, and a CSV file to the roll.
pub async fn all() -> Vec<Line> {
    let (small, large) = (excel(10_000), excel(100_000));
    let (text, long_text) = (csv(10_000), csv(100_000));
    let mut previews = Vec::new();
    let mut imports = Vec::new();
    for _ in 0..5 {
        previews.push(preview(&Scene::empty().await, "roll.xlsx", small.clone(), ADDED).await.1);
        let scene = Scene::empty().await;
        let took = import(&scene, text.clone(), ADDED).await;
        imports.push((took, FILLED.copy_again(scene.backend.database.raw()).await));
    }
    let long = preview(&Scene::empty().await, "roll.xlsx", large, ADDED).await.1;
    let mut long_imports = Vec::new();
    let mut again = Vec::new();
    for _ in 0..3 {
        let scene = Scene::empty().await;
        long_imports.push(import(&scene, long_text.clone(), ADDED).await);
        again.push(import(&scene, long_text.clone(), UNCHANGED).await);
    }
    let twice_text = csv_twice(50_000);
    let mut twice = Vec::new();
    for _ in 0..3 {
        twice.push(import(&Scene::empty().await, twice_text.clone(), NEWEST_OF_TWO).await);
    }
    let foreign = windows_1250(100_000);
    let mut found = Vec::new();
    for _ in 0..5 {
        found.push(header(foreign.clone()).await);
    }
    vec![
        Line::target(
            "CSV of 100,000 rows in Windows-1250 to its encoding and header",
            &found,
            Duration::from_millis(300),
        ),
        Line::target("XLSX of 10,000 rows to a preview", &previews, Duration::from_millis(500)),
        Line::target("XLSX of 100,000 rows to a preview", &[long], Duration::from_secs(5)),
        Line::floor("CSV of 10,000 rows, read, previewed and imported", imports, None),
        Line::target(
            "CSV of 100,000 rows, read, previewed and imported",
            &long_imports,
            Duration::from_secs(8),
        ),
        Line::target("the same CSV of 100,000 rows again, nothing changed", &again, Duration::from_secs(3)),
        Line::target(
            "CSV of 100,000 rows, two for each student, read, previewed and imported",
            &twice,
            Duration::from_secs(20),
        ),
    ]
}

/// From the bytes of a file to its header, which follows the encoding, the separator and the quotation marks.
async fn header(file: Vec<u8>) -> Duration {
    let tables = TableReader::at(env!("CARGO_BIN_EXE_greencap"));
    let start = Instant::now();
    let slot = tables.slot().await.unwrap();
    let (school, options) = (ImportSchool::default(), ReadOptions::default());
    let table = slot.open(file, "roll.csv", &STUDENTS, &school, &options).await.unwrap();
    let took = start.elapsed();
    assert_eq!(table.header, HEADER);
    took
}

/// From the bytes of a file to the outcome of each row.
async fn preview(scene: &Scene, name: &str, file: Vec<u8>, becomes: Becomes) -> (ImportView, Duration) {
    let Scene { backend, actor, school } = scene;
    // The files are read by the program itself, as on a server.
    let tables = Arc::new(TableReader::at(env!("CARGO_BIN_EXE_greencap")));
    let backend = Backend { tables, ..backend.clone() };
    let start = Instant::now();
    let staged = stage(&backend, actor, &KindSlug::from(&STUDENTS), school.school, name, file).await.unwrap();
    let seen = simulate(&backend, actor, staged.id).await.unwrap();
    let took = start.elapsed();
    assert_eq!(becomes(&seen.counts.unwrap()), seen.row_count);
    (seen, took)
}

/// The same, continued to the roll.
async fn import(scene: &Scene, file: Vec<u8>, becomes: Becomes) -> Duration {
    let (seen, previewed) = preview(scene, "roll.csv", file, becomes).await;
    let start = Instant::now();
    let done = commit(&scene.backend, &scene.actor, seen.id, seen.plan.unwrap()).await.unwrap();
    let took = previewed + start.elapsed();
    assert!(matches!(done, CommitOutcome::Done { .. }));
    took
}

fn student(n: u32) -> [String; 8] {
    [
        format!("{n:06}"),
        format!("Given{}", n % 977),
        format!("Family{}", n % 7919),
        format!("20{:02}-{:02}-{:02}", 9 + n % 7, 1 + n % 12, 1 + n % 28),
        (7 + n % 7).to_string(),
        format!("{}{}", 7 + n % 7, ["A", "B", "C", "D"][n as usize % 4]),
        "2024-09-01".to_owned(),
        format!("student{n}@post.example"),
    ]
}

/// The same with names from central Europe, in the encoding of its Windows.
fn windows_1250(rows: u32) -> Vec<u8> {
    let text = String::from_utf8(csv(rows)).unwrap();
    let names = text.replace("Family1", "Dvo\u{159}\u{e1}k").replace("Given2", "Luk\u{e1}\u{161}");
    let byte = |c: char| match c {
        '\u{159}' => 0xF8,
        '\u{161}' => 0x9A,
        other => u8::try_from(other).unwrap(),
    };
    names.chars().map(byte).collect()
}

fn excel(rows: u32) -> Vec<u8> {
    let mut xml = text_row(1, &HEADER);
    for n in 0..rows {
        xml.push_str(&text_row(n + 2, &student(n).each_ref().map(String::as_str)));
    }
    workbook(&xml)
}

fn csv(rows: u32) -> Vec<u8> {
    let mut text = HEADER.join(",") + "\n";
    for n in 0..rows {
        writeln!(text, "{}", student(n).join(",")).unwrap();
    }
    text.into_bytes()
}

/// Two enrolments of each student; the earlier ones stand first.
fn csv_twice(students: u32) -> Vec<u8> {
    let mut text = HEADER.join(",") + "\n";
    for start in ["2022-09-01", "2024-09-01"] {
        for n in 0..students {
            let mut row = student(n);
            start.clone_into(&mut row[6]);
            writeln!(text, "{}", row.join(",")).unwrap();
        }
    }
    text.into_bytes()
}
