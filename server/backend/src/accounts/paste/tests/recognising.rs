use domain::accounts::paste::WhoDecision;
use domain::accounts::paste::plan::RowDoes;
use domain::ids::PersonId;
use sqlx::PgPool;

use super::*;
use crate::testing::{account, student};

/// What each row does.
fn does(plan: &PastePlan) -> Vec<&'static str> {
    plan.rows
        .iter()
        .map(|row| match row.does {
            RowDoes::Create(_) => "create",
            RowDoes::Account(..) => "account",
            RowDoes::Join(..) => "join",
            RowDoes::Stays(..) => "stays",
            RowDoes::Waits(_) => "waits",
        })
        .collect()
}

async fn cohort(scene: &Scene) -> [PersonId; 2] {
    let ana = student(&scene.backend, &scene.school, "Ana", "Berg", "1", Some("ana@school.example")).await;
    let bo = student(&scene.backend, &scene.school, "Bo", "Olsen", "2", None).await;
    account(&scene.backend, &scene.school, bo, "b.olsen").await;
    [ana, bo]
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_is_on_the_roll_or_has_an_account_joins_the_group_and_is_not_made_twice(pool: PgPool) {
    let scene = Scene::new(pool).await;
    cohort(&scene).await;
    let rows = [["berg", "Ána", "", "", ""], ["Olsen", "B.", "", "", "2"], ["Dahl", "Di", "", "", ""]];
    let plan = scene.check(&scene.office, scene.content(&rows)).await.unwrap();
    assert_eq!(does(&plan), ["account", "join", "create"]);
    let done = scene.create(&scene.office, scene.content(&rows)).await;
    assert_eq!(done.people.len(), 3);
    assert_eq!(scene.count("SELECT count(*) FROM people").await, 3);
    assert_eq!(scene.count("SELECT count(*) FROM accounts").await, 3);
    let again = scene.check(&scene.office, scene.content(&rows)).await.unwrap();
    assert_eq!(does(&again), ["stays", "stays", "stays"]);
    let nothing = scene.outcome(&scene.office, scene.content(&rows)).await.unwrap();
    assert!(matches!(nothing, domain::accounts::paste::outcome::PasteOutcome::Nothing(_)), "{nothing:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_tutor_is_sent_to_the_office_and_told_no_name(pool: PgPool) {
    let scene = Scene::new(pool).await;
    cohort(&scene).await;
    let rows =
        [["Berg", "Ana", "", "", ""], ["Someone", "Else", "", "", "2"], ["Dahl", "Di", "", "b.olsen", ""]];
    let mut content = scene.content(&rows);
    let plan = scene.check(&scene.tutor, content.clone()).await.unwrap();
    assert_eq!(waiting(&plan), [(0, "out_of_reach"), (1, "out_of_reach"), (2, "username_taken")]);
    let sentences: Vec<&str> =
        plan.rows.iter().filter_map(|row| Some(row.waits()?.sentence.as_str())).collect();
    assert_eq!(
        sentences,
        [
            "This student is on the roll, but not in your groups. Ask the office to add them.",
            "This student is on the roll, but not in your groups. Ask the office to add them.",
            "b.olsen is taken. Choose another, such as d.dahl.",
        ]
    );
    // Nor can a tutor say that it is someone else.
    content.rows[0].who = Some(WhoDecision::Other);
    let plan = scene.check(&scene.tutor, content).await.unwrap();
    assert_eq!(waiting(&plan)[0], (0, "out_of_reach"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_office_says_whether_someone_of_the_same_name_is_the_same_student(pool: PgPool) {
    let scene = Scene::new(pool).await;
    cohort(&scene).await;
    let mut content = scene.content(&[["Berg", "Ana", "other@school.example", "", ""]]);
    let plan = scene.check(&scene.office, content.clone()).await.unwrap();
    assert_eq!(waiting(&plan), [(0, "same_name")]);
    assert!(plan.rows[0].waits().unwrap().sentence.starts_with("Ana Berg, 7A is on the roll"));
    content.rows[0].who = Some(WhoDecision::Same);
    assert_eq!(does(&scene.check(&scene.office, content.clone()).await.unwrap()), ["account"]);
    content.rows[0].who = Some(WhoDecision::Other);
    let done = scene.create(&scene.office, content).await;
    assert_eq!(done.people.len(), 1);
    assert_eq!(scene.count("SELECT count(*) FROM people WHERE family_name = 'Berg'").await, 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_rows_about_one_student_and_one_who_has_left_wait(pool: PgPool) {
    let scene = Scene::new(pool).await;
    cohort(&scene).await;
    let rows = [["Berg", "Ana", "", "", ""], ["Berg", "A", "", "", "1"], ["Olsen", "Bo", "", "", "2"]];
    sqlx::query("UPDATE enrolments SET ends_on = '2026-10-01' WHERE admission_number = '2'")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let plan = scene.check(&scene.office, scene.content(&rows)).await.unwrap();
    assert_eq!(waiting(&plan), [(1, "person_twice"), (2, "has_left")]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_number_that_stands_for_a_username_is_nobody_elses(pool: PgPool) {
    let scene = Scene::new(pool).await;
    student(&scene.backend, &scene.school, "Cy", "Lund", "a.berg", None).await;
    let done = scene.create(&scene.office, scene.content(&[["Berg", "Ana", "", "", ""]])).await;
    assert_eq!(done.people[0].number, "a.berg-2");
}
