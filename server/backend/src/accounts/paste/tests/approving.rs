use domain::accounts::paste::outcome::PasteOutcome;
use domain::authorization::actor::ActorKind;
use domain::authorization::role::Role;
use domain::operations::state::OperationState;
use sqlx::PgPool;

use super::super::{PasteAccounts, undo};
use super::*;
use crate::operations::{ApprovedRun, approvals, run_approved};
use crate::testing::{account, staff_role, student};

async fn manager(scene: &Scene, name: &str) -> Actor {
    let person = student(&scene.backend, &scene.school, "Office", name, name, None).await;
    let account = account(&scene.backend, &scene.school, person, name).await;
    staff_role(&scene.backend, &scene.school, person, Role::AccountManager).await;
    let ActorKind::Person { roles, .. } = scene.school.actor(&scene.backend, Role::AccountManager).kind
    else {
        panic!("a person");
    };
    Actor::signed_in(scene.school.organisation, account, person, roles)
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_long_list_waits_for_a_second_person_and_is_forgotten_when_it_ran(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (milo, nora) = (manager(&scene, "milo").await, manager(&scene, "nora").await);
    sqlx::query("INSERT INTO settings (organisation_id, setting, value, changed_at) VALUES ($1, 'approval_over', '2', now())")
        .bind(scene.school.organisation.0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let rows = [["Berg", "Ana", "", "", ""], ["Dahl", "Di", "", "", ""], ["Eng", "Eli", "", "", ""]];
    let asked = scene.outcome(&milo, scene.content(&rows)).await.unwrap();
    assert_eq!(asked, PasteOutcome::Waits);
    assert_eq!(scene.count("SELECT count(*) FROM group_members").await, 0);
    assert_eq!(scene.count("SELECT count(*) FROM pastes WHERE content IS NOT NULL").await, 1);
    let lines = approvals::list(&scene.backend, &nora).await.unwrap();
    let line = lines.into_iter().find(|line| line.state == OperationState::Waiting).unwrap();
    assert_eq!(line.what, "accounts for a pasted list of 3");
    approvals::settle(&scene.backend, &nora, line.id, true).await.unwrap();
    let ApprovedRun::Ran(ran) = run_approved::<PasteAccounts>(&scene.backend, &milo, line.id).await.unwrap()
    else {
        panic!("so few run at once");
    };
    assert_eq!(ran.outcome.people.len(), 3);
    assert_eq!(scene.count("SELECT count(*) FROM pastes WHERE content IS NOT NULL").await, 0);
    undo(&scene.backend, &milo, scene.school.school, line.id).await.unwrap();
    assert_eq!(scene.count("SELECT count(*) FROM group_members").await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_tutor_sees_and_undoes_what_the_tutor_created(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let done = scene.create(&scene.tutor, scene.content(&[["Berg", "Ana", "", "", ""]])).await;
    let (backend, school) = (&scene.backend, scene.school.school);
    let seen =
        crate::accounts::batch::batch(backend, &scene.tutor, school, done.operation.into()).await.unwrap();
    assert_eq!(seen.accounts.len(), 1);
    let office = PasteContent { into: new_group("Other"), ..scene.content(&[["Dahl", "Di", "", "", ""]]) };
    let other = scene.create(&scene.office, office).await;
    let hidden = crate::accounts::batch::batch(backend, &scene.tutor, school, other.operation.into()).await;
    assert!(matches!(hidden, Err(crate::Error::NotFound(_))), "{hidden:?}");
    let refused = undo(backend, &scene.tutor, school, other.operation).await;
    assert!(refused.is_err());
    undo(backend, &scene.tutor, school, done.operation).await.unwrap();
    assert_eq!(scene.count("SELECT count(*) FROM people WHERE family_name = 'Berg'").await, 0);
}
