//! Who can be the second person.

use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use sqlx::PgPool;

use super::{Scene, decide, of, staff};
use crate::audit::{PASSWORD, told};
use crate::browser::Browser;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_becomes_the_second_person_for_their_own_request(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let (_, nora) = of(&scene, "n.vane").await;
    // Milo resets Nora's password, which administrators are told of, and signs in as Nora.
    let arguments = serde_json::json!({ "person": nora, "handout": "shown" });
    let made: serde_json::Value =
        serde_json::from_str(&scene.milo.call("recovery/make_code", &arguments).await.body).unwrap();
    let told = told(&scene.backend, &scene.clock).await.pop().unwrap();
    assert!(told.1.contains("Staff reset how a member of staff can sign in"), "{}", told.1);
    let mut as_nora = Browser::new(&scene.backend);
    let code = made["code"].as_str().unwrap().to_owned();
    as_nora.post("/sign-in", &[("name", "n.vane"), ("password", &code)]).await;
    as_nora.post("/sign-in/new-password", &[("password", "kettle orbit mustard")]).await;
    let approval = scene.asked().await;
    let refused = decide(&mut as_nora, &approval, "approve").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("Staff reset your sign-in"), "{}", refused.body);

    // Nor does a request made as Nora get Milo's approval.
    scene.nora = as_nora;
    let by_nora = scene.asked_by_nora().await;
    // They have changed places.
    let refused = decide(&mut scene.nora, &by_nora, "approve").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("You reset this person\u{2019}s sign-in"), "{}", refused.body);
    assert_eq!(
        decide(&mut scene.nora, &by_nora, "decline").await.location(),
        Some("/approvals?done=decided")
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_was_given_a_role_by_the_requester_cannot_approve_for_days(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let ((milo, _), (_, nora)) = (of(&scene, "m.ross").await, of(&scene, "n.vane").await);
    sqlx::query("UPDATE staff_roles SET given_by = $1 WHERE person_id = $2")
        .bind(milo)
        .bind(nora.0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let approval = scene.asked().await;
    let refused = decide(&mut scene.nora, &approval, "approve").await;
    assert!(refused.body.contains("This person gave you a role"), "{}", refused.body);
    scene.clock.advance(backend::credentials::resting::APPROVALS_REST);
    for (browser, name) in [(&mut scene.nora, "n.vane"), (&mut scene.milo, "m.ross")] {
        browser.sign_in(name, PASSWORD).await;
    }
    let approval = scene.asked().await;
    assert_eq!(
        decide(&mut scene.nora, &approval, "approve").await.location(),
        Some("/approvals?done=decided")
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn two_accounts_in_the_same_hands_are_no_two_people(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let ((milo, milos), (nora, noras)) = (of(&scene, "m.ross").await, of(&scene, "n.vane").await);
    let given = async |scene: &Scene, person: PersonId, by: Option<uuid::Uuid>| {
        sqlx::query("UPDATE staff_roles SET given_by = $1, created_at = $3 WHERE person_id = $2")
            .bind(by)
            .bind(person.0)
            .bind(scene.backend.now())
            .execute(scene.backend.database.raw())
            .await
            .unwrap();
    };
    let (ines, _) = of(&scene, "ines.marchetti").await;
    staff(&scene.backend, &scene.school, "d.dove", Role::AccountManager).await;
    let (dees, _) = of(&scene, "d.dove").await;
    let said = "You gave this person a role in the last 7 days, or the same colleague";
    for (what, milo_by, nora_by) in [
        ("the approver made the requester", Some(nora), None),
        ("somebody made both", Some(ines), Some(ines)),
        ("the requester made somebody who made the approver", None, Some(dees)),
    ] {
        given(&scene, milos, milo_by).await;
        given(&scene, noras, nora_by).await;
        given(&scene, of(&scene, "d.dove").await.1, Some(milo)).await;
        scene.clock.advance(TimeDelta::seconds(1));
        let approval = scene.asked().await;
        let refused = decide(&mut scene.nora, &approval, "approve").await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{what}: {}", refused.body);
        assert!(refused.body.contains(said), "{what}: {}", refused.body);
        assert_eq!(
            decide(&mut scene.nora, &approval, "decline").await.location(),
            Some("/approvals?done=decided"),
            "{what}"
        );
    }
    // Who has had their role for longer is somebody else.
    given(&scene, noras, None).await;
    let approval = scene.asked().await;
    let approved = decide(&mut scene.nora, &approval, "approve").await;
    assert_eq!(approved.location(), Some("/approvals?done=decided"), "{}", approved.body);
}
