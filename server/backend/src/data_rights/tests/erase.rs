use domain::authorization::actor::Actor;
use domain::data_rights::obstacle::ErasureObstacle;
use domain::operations::state::OperationState;
use sqlx::PgPool;

use super::{Scene, administrator};
use crate::Error;
use crate::data_rights::erase::{ErasePerson, ErasureOutcome, erase};
use crate::data_rights::erased::erased;
use crate::data_rights::export::{export, summary};
use crate::operations::{ApprovedRun, approvals, run_approved};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_must_stay_named_stays_and_everything_else_is_gone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    scene.left().await;
    let operator = Actor::system(scene.school.organisation);
    let school = scene.school.school;
    let before = summary(&scene.backend, &operator, school, scene.ada).await.unwrap();
    assert_eq!(before.obstacles, []);
    let done = erase(&scene.backend, &operator, school, scene.ada).await.unwrap();
    assert_eq!(done, ErasureOutcome::Erased(before.erased_rows() as u64));

    let after = export(&scene.backend, &operator, school, scene.ada).await.unwrap();
    let tables: Vec<&str> = after.kinds.iter().map(|kind| kind.count.table).collect();
    for gone in ["addresses", "contacts", "access_grants", "sessions", "passwords"] {
        assert!(!tables.contains(&gone), "{gone} is left");
    }
    let text = after.json().to_string();
    for word in ["Ada", "Nwosu", "ada@school.test", "7A"] {
        assert!(!text.contains(&format!("\"{word}\"")), "{word} is left: {text}");
    }
    assert_eq!(after.subject.name, "Erased person");
    assert_eq!(after.subject.username.as_deref(), Some("anwosu"), "nobody else ever gets it");
    assert_eq!(after.json()["held"]["enrolments"]["rows"][0]["admission_number"], "7001");
    assert_eq!(after.json()["held"]["accounts"]["rows"][0]["state"], "closed");

    // Her mother is still known, with her own address.
    let mother = "SELECT count(*) FROM addresses WHERE person_id = $1";
    assert_eq!(scene.count(mother, scene.mother.0).await, 1);

    let log = erased(&scene.backend, &scene.ruth, school, None).await.unwrap().rows;
    assert_eq!((log[0].username.as_str(), log[0].person, log[0].by.as_deref()), ("anwosu", scene.ada, None));
    assert_eq!(log[0].rows, before.erased_rows() as u64);
    let logged = "SELECT count(*) FROM audit_events WHERE person_id = $1 AND action = 'person_erased'";
    assert_eq!(scene.count(logged, scene.ada.0).await, 1);

    let again = erase(&scene.backend, &operator, school, scene.ada).await.unwrap_err();
    assert!(again.to_string().contains("erased already"), "{again}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_erasure_waits_for_a_second_person_even_without_a_limit(pool: PgPool) {
    let scene = Scene::new(pool).await;
    scene.left().await;
    let omar = administrator(&scene.backend, &scene.school, "omar").await;
    let school = scene.school.school;
    let asked = erase(&scene.backend, &scene.ruth, school, scene.ada).await.unwrap();
    assert_eq!(asked, ErasureOutcome::Waits);
    let names = "SELECT count(*) FROM people WHERE id = $1 AND given_name = 'Ada'";
    assert_eq!(scene.count(names, scene.ada.0).await, 1);
    let lines = approvals::list(&scene.backend, &omar).await.unwrap();
    let line = lines.into_iter().find(|line| line.state == OperationState::Waiting).unwrap();
    assert_eq!(line.what, "everything that is held on one person");
    approvals::settle(&scene.backend, &omar, line.id, true).await.unwrap();
    let ran = run_approved::<ErasePerson>(&scene.backend, &scene.ruth, line.id).await.unwrap();
    assert!(matches!(ran, ApprovedRun::Ran(_)));
    assert_eq!(scene.count(names, scene.ada.0).await, 0);
    let log = erased(&scene.backend, &omar, school, None).await.unwrap().rows;
    assert_eq!(log[0].by.as_deref(), Some("Office ruth"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_is_erased_while_the_school_still_needs_them(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let school = scene.school.school;
    let operator = Actor::system(scene.school.organisation);
    let obstacles =
        async |person| summary(&scene.backend, &operator, school, person).await.unwrap().obstacles;
    assert_eq!(obstacles(scene.ada).await, [ErasureObstacle::OnRoll]);
    assert_eq!(obstacles(scene.mother).await, [ErasureObstacle::Contact]);
    let ruth = scene.ruth.person().unwrap();
    assert!(obstacles(ruth).await.contains(&ErasureObstacle::HoldsRole));
    let refused = erase(&scene.backend, &operator, school, scene.ada).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict { code: "not_erasable", .. }), "{refused}");
    assert!(refused.to_string().contains("on the roll"), "{refused}");
    scene.left().await;
    assert_eq!(obstacles(scene.mother).await, [], "her child has left");
    scene
        .run(
            "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, scopes, starts_on, created_at)
             SELECT gen_random_uuid(), c.organisation_id, c.child_id, c.adult_id, '{profile}', '2026-09-01', now()
             FROM contacts c WHERE c.adult_id = $1",
            scene.mother.0,
        )
        .await;
    assert_eq!(obstacles(scene.mother).await, [ErasureObstacle::Restricted]);
    let themself = summary(&scene.backend, &scene.ruth, school, ruth).await.unwrap().obstacles;
    assert!(themself.contains(&ErasureObstacle::Themself), "{themself:?}");
}
