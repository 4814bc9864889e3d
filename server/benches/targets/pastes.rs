//! Creating the accounts of a pasted list in a new group, compared with the COPY of the rows it fills.

use std::time::{Duration, Instant};

use backend::accounts::paste::{PasteContent, check, create};
use backend::operations::ExpectedPlan;
use domain::accounts::paste::outcome::PasteOutcome;
use domain::accounts::paste::{NewPasteGroup, PasteInto, PastedRow};
use domain::authorization::role::Role;

use crate::floor::Filled;
use crate::report::Line;
use crate::scene::Scene;

/// The tables that a list fills, in the order of their references.
const FILLED: Filled = Filled {
    tables: &[
        ("COPY people TO STDOUT", "COPY people FROM STDIN"),
        ("COPY enrolments TO STDOUT", "COPY enrolments FROM STDIN"),
        ("COPY addresses TO STDOUT", "COPY addresses FROM STDIN"),
        ("COPY accounts TO STDOUT", "COPY accounts FROM STDIN"),
        ("COPY group_members TO STDOUT", "COPY group_members FROM STDIN"),
    ],
    emptied: "TRUNCATE people, enrolments, addresses, accounts, group_members CASCADE",
};

const ROWS: usize = 2_000;

/// 2,000 rows: what they would do, and doing it.
pub async fn two_thousand() -> Vec<Line> {
    let (mut checking, mut saving, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let scene = Scene::with_students(10_000).await;
        let (checked, saved) = paste(&scene).await;
        checking.push(checked);
        saving.push(saved);
        // Without those who were there before.
        let scene = Scene::empty().await;
        let (_, saved) = paste(&scene).await;
        floors.push((saved, FILLED.copy_again(scene.backend.database.raw()).await));
    }
    vec![
        Line::target("2,000 pasted rows, checked by the server", &checking, Duration::from_millis(500)),
        Line::target("2,000 pasted rows, saved", &saving, Duration::from_millis(500)),
        Line::floor("2,000 pasted rows, saved", floors, None),
    ]
}

/// How long it takes to check the list, and to create its accounts.
async fn paste(scene: &Scene) -> (Duration, Duration) {
    let Scene { backend, school, .. } = scene;
    let office = school.actor(backend, Role::AccountManager);
    let rows = (0..ROWS).map(|n| {
        let (family, given) = (format!("Pasted{}", n % 613), format!("Given{n}"));
        PastedRow::of([&family, &given, &format!("p{n}@post.example"), "", &format!("PX{n}")])
    });
    let into = PasteInto::New(NewPasteGroup {
        name: "Maths set 1".to_owned(),
        courses: Vec::new(),
        tutors: Vec::new(),
    });
    let content = PasteContent { into, rows: rows.collect() };
    let start = Instant::now();
    let seen = check(backend, &office, school.school, content.clone()).await.unwrap();
    let checked = start.elapsed();
    let start = Instant::now();
    let expected = ExpectedPlan::Plan(seen.hash);
    let outcome = create(backend, &office, school.school, content, expected).await.unwrap();
    let saved = start.elapsed();
    let PasteOutcome::Done(done) = outcome else { unreachable!("nobody else is at work") };
    assert_eq!(done.people.len(), ROWS);
    (checked, saved)
}
