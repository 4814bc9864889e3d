//! What is held on people: its pages and its commands.

use axum::http::StatusCode;
use backend::testing::{TestSchool, student};
use domain::ids::{PersonId, SchoolId};
use sqlx::PgPool;

use crate::browser::Browser;
use crate::command::greencap;
use crate::scene::{PASSWORD, Scene, administrator_of_all};

/// An administrator, and somebody who left years ago.
async fn office(scene: &Scene) -> (Browser, PersonId) {
    let (backend, school) = (&scene.backend, &scene.school);
    administrator_of_all(backend, school, "Olu", "Bright", ("9001", "o.bright")).await;
    let leaver = student(backend, school, "Ines", "Prado", "9002", Some("ines@home.test")).await;
    sqlx::query(
        "UPDATE enrolments SET starts_on = '2020-09-01', ends_on = '2021-07-31' WHERE person_id = $1",
    )
    .bind(leaver.0)
    .execute(backend.database.raw())
    .await
    .unwrap();
    let mut browser = Browser::new(backend);
    browser.sign_in("o.bright", PASSWORD).await;
    (browser, leaver)
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_person_is_found_read_and_downloaded_and_an_erasure_waits(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut browser, leaver) = office(&scene).await;
    let nobody = browser.get("/data-rights?key=nobody").await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.body.contains("Nobody at this school has this number or username"), "{}", nobody.body);
    let page = format!("/people/{leaver}/data");
    assert_eq!(browser.get("/data-rights?key=9002").await.location(), Some(page.as_str()));

    let shown = browser.get(&page).await.body;
    assert!(shown.contains("Data held on Ines Prado"), "{shown}");
    assert!(
        shown.contains("Email addresses and phone numbers") && !shown.contains("ines@home.test"),
        "{shown}"
    );
    let copy = browser.post(&format!("{page}/export"), &[("format", "page")]).await.body;
    assert!(copy.contains("ines@home.test") && copy.contains("Not included"), "{copy}");
    let file = browser.post(&format!("{page}/export"), &[("format", "json")]).await.body;
    let json: serde_json::Value = serde_json::from_str(&file).unwrap();
    assert_eq!(json["held"]["addresses"]["rows"][0]["value"], "ines@home.test");

    let asked = browser.post(&format!("{page}/erase"), &[]).await;
    assert_eq!(asked.location(), Some("/approvals?done=asked"));
    let approvals = browser.get("/approvals").await.body;
    assert!(approvals.contains("everything that is held on one person"), "{approvals}");
    assert!(browser.get("/data-rights/erased").await.body.contains("Nobody has been erased."));
    let kept = browser.get("/data-rights/kept").await.body;
    assert!(kept.contains("Deleted after 30 days.") && kept.contains("/settings/kept"), "{kept}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_operator_exports_and_erases_and_a_simulation_changes_nothing(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let (mut browser, leaver) = office(&scene).await;
    let at = ["--school", "QUILL", "--json"];
    let run = async |words: &[&str]| greencap(&pool, &[&["people"], words, &at[..]].concat()).await;

    let exported = run(&["export", "9002"]).await;
    assert_eq!((exported.status, &exported.json()["name"]), (Some(0), &"Ines Prado".into()));
    let simulated = run(&["erase", "9002", "--simulate"]).await;
    assert_eq!((simulated.status, &simulated.json()["simulated"]), (Some(0), &true.into()));
    let names = "SELECT count(*) FROM people WHERE given_name = 'Ines'";
    assert_eq!(scene.count(names).await, 1);
    let erased = run(&["erase", "9002"]).await;
    assert_eq!((erased.status, &erased.json()["erased"]), (Some(0), &simulated.json()["erased"]));
    assert_eq!(scene.count(names).await, 0);
    let again = run(&["erase", "9002", "--simulate"]).await;
    assert_eq!((again.status, &again.json()["problems"][0]["code"]), (Some(3), &"erased".into()));
    assert_eq!(run(&["erase", "9002"]).await.status, Some(1));
    assert_eq!(run(&["export", "no such key"]).await.status, Some(2));

    let elsewhere = async |key: &str| greencap(&pool, &["people", "export", key, "--json"]).await;
    assert_eq!(greencap(&pool, &["schools", "add", "WREN", "Wren School"]).await.status, Some(0));
    assert_eq!(elsewhere("9002").await.json()["person"], exported.json()["person"]);
    let nobody = elsewhere("no such key").await;
    assert_eq!((nobody.status, nobody.stderr.contains("nobody has the key")), (Some(2), true));
    let wren =
        sqlx::query_scalar("SELECT id FROM schools WHERE code = 'WREN'").fetch_one(&pool).await.unwrap();
    let wren = TestSchool { organisation: scene.school.organisation, school: SchoolId(wren) };
    student(&scene.backend, &wren, "Ida", "Prado", "9002", None).await;
    let either = elsewhere("9002").await;
    assert_eq!((either.status, either.stderr.contains("name one with --school")), (Some(2), true));

    let log = browser.get("/data-rights/erased").await.body;
    assert!(log.contains("Command line") && log.contains("No account"), "{log}");
    assert!(browser.get(&format!("/people/{leaver}/data")).await.body.contains("erased already"));
}
