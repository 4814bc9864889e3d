use domain::audit::AuditAction;
use domain::authorization::role::Role;
use domain::data_rights::readable::readable;
use sqlx::PgPool;

use super::Scene;
use crate::Error;
use crate::data_rights::export::{export, summary};
use crate::data_rights::schedule::schedule;
use crate::data_rights::subject::with_key;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn everything_that_is_held_on_a_person_is_in_the_file_and_no_secret(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let school = scene.school.school;
    let file = export(&scene.backend, &scene.ruth, school, scene.ada).await.unwrap();
    let json = file.json();
    for (table, rows) in [
        ("people", 1),
        ("addresses", 1),
        ("enrolments", 1),
        ("accounts", 1),
        ("contacts", 1),
        ("access_grants", 1),
        ("sessions", 1),
        ("passwords", 1),
    ] {
        let held = json["held"][table]["rows"].as_array().map(Vec::len);
        assert_eq!(held, Some(rows), "{table}");
    }
    assert_eq!(json["held"]["people"]["rows"][0]["given_name"], "Ada");
    assert_eq!(json["held"]["contacts"]["mentions_others"], true);
    let text = json.to_string();
    assert!(!text.contains("argon2-secret") && !text.contains("token_hash"), "{text}");
    assert!(text.contains("ada@school.test") && !text.contains("ngozi@home.test"), "{text}");
    assert!(file.file_name().starts_with("data-anwosu-"), "{}", file.file_name());
    let people = file.kinds.iter().find(|kind| kind.count.table == "people").unwrap();
    let lines = readable(&people.rows[0]);
    assert!(lines.contains(&("Family name".to_owned(), "Nwosu".to_owned())), "{lines:?}");

    let logged = "SELECT count(*) FROM audit_events WHERE person_id = $1 AND action = 'person_exported'";
    assert_eq!(AuditAction::PersonExported.slug(), "person_exported");
    assert_eq!(scene.count(logged, scene.ada.0).await, 1);
    // Looking at how much there is reads nothing out.
    summary(&scene.backend, &scene.ruth, school, scene.ada).await.unwrap();
    assert_eq!(scene.count(logged, scene.ada.0).await, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_those_with_the_permission_at_a_school_that_knows_the_person_export(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let manager = scene.school.actor(&scene.backend, Role::AccountManager);
    let refused = export(&scene.backend, &manager, scene.school.school, scene.ada).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused}");
    let there = scene.school.sibling(&scene.backend, "OTHER", "Other").await;
    let theirs = there.actor(&scene.backend, Role::Administrator);
    for school in [scene.school.school, there.school] {
        let refused = export(&scene.backend, &theirs, school, scene.ada).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(_) | Error::NotFound(_)), "{refused}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_person_is_found_by_number_or_username(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let school = scene.school.school;
    for key in ["7001", " anwosu ", "ANWOSU"] {
        assert_eq!(with_key(&scene.backend, &scene.ruth, school, key).await.unwrap(), scene.ada, "{key}");
    }
    let nobody = with_key(&scene.backend, &scene.ruth, school, "9999").await.unwrap_err();
    assert!(matches!(nobody, Error::NotFound(_)), "{nobody}");
    let mother = summary(&scene.backend, &scene.ruth, school, scene.mother).await.unwrap();
    assert_eq!(mother.subject.name, "Ngozi Nwosu");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_kept_and_how_long_is_listed_with_what_the_school_chose(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let school = scene.school.school;
    scene
        .run(
            "INSERT INTO settings (organisation_id, setting, value, changed_at) VALUES ($1, 'views_kept_days', '90', now())",
            scene.school.organisation.0,
        )
        .await;
    let lines = schedule(&scene.backend, &scene.ruth, school).await.unwrap();
    let kept =
        |table: &str| lines.iter().find(|line| line.table == table && line.is_chosen).unwrap().kept.clone();
    assert_eq!(kept("child_views"), "Deleted after 90 days.");
    assert_eq!(kept("messages"), "Deleted after 30 days.");
    let log = lines.iter().find(|line| line.table == "audit_events").unwrap();
    assert!(log.kept.starts_with("Not deleted by age: "), "{log:?}");
}
