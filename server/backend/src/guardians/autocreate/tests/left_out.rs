//! Whom a run gives nothing, although the school gives such adults access.

use domain::guardians::autocreate::outcome::{Outcome, Rule};
use domain::guardians::relationship::Relationship;
use sqlx::PgPool;

use super::super::create::CreateOutcome;
use super::Scene;
use crate::db;
use crate::testing::{contact, guardian};

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_student_of_age_and_oneself_are_left_out_with_the_reason(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ilse = scene.child("Ilse", "Varga", "A100").await;
    let tam = scene.child("Tam", "Varga", "A101").await;
    guardian(&scene.backend, &scene.school, "Mara", "Varga", Some("mara@example.test"), &[tam]).await;
    let milo = scene.milo.person().unwrap();
    contact(&scene.backend, &scene.school, milo, ilse, Relationship::Father).await;
    scene
        .execute(
            "INSERT INTO comings_of_age (organisation_id, person_id, comes_on, told_at, passed_at)
             SELECT organisation_id, id, '2026-09-01', '2026-07-01', '2026-09-01' FROM people WHERE id = $1",
            tam,
        )
        .await;
    let seen = scene.simulated().await;
    let mut told: Vec<(Outcome, Rule)> =
        scene.lines(seen.id).await.into_iter().map(|line| (line.outcome, line.rule)).collect();
    told.sort();
    let left_out = |rule| (Outcome::NotQualified, rule);
    assert_eq!(told, [left_out(Rule::Yourself), left_out(Rule::ChildOfAge)]);
    assert_eq!(scene.create(&seen).await.unwrap(), CreateOutcome::Nothing);
    assert_eq!(scene.count("SELECT count(*) FROM access_grants").await, 0);
}
