//! "This is not my child".

use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::guardians::task::TaskKind;
use sqlx::PgPool;

use super::Scene;
use crate::Error;
use crate::guardians::access::not_mine::link::{link, press_link, view};
use crate::guardians::access::not_mine::restore::restore;
use crate::guardians::access::not_mine::{NotMine, press};
use crate::guardians::tasks::done::mark;
use crate::guardians::tasks::list::open;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_press_stops_that_access_keeps_the_rest_and_gives_the_office_a_task(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let account = scene.account(scene.mara, "m.varga", "active").await;
    let mara = Actor::signed_in(scene.organisation(), account, scene.mara, Vec::new());
    for _ in 0..2 {
        press(&scene.backend, &mara, scene.ben, NotMine::Portal).await.unwrap();
    }
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
    assert_eq!(scene.sees(scene.mara, scene.lio).await, [PortalScope::Profile]);
    assert_eq!(scene.sees(scene.piotr, scene.ben).await, [PortalScope::Profile]);
    let tasks = open(&scene.backend, &scene.milo).await.unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].kind, Some(TaskKind::NotMyChild));
    assert_eq!(tasks[0].adult.as_ref().unwrap().1, "Mara Varga");
    let ended = scene.count("SELECT count(*) FROM contacts WHERE ended_for = 'not_my_child'").await;
    assert_eq!(
        (ended, scene.count("SELECT count(*) FROM audit_events WHERE action = 'not_my_child'").await),
        (1, 2)
    );

    restore(&scene.backend, &scene.milo, scene.mara, scene.ben).await.unwrap();
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
    assert!(open(&scene.backend, &scene.milo).await.unwrap().is_empty());
    let again = restore(&scene.backend, &scene.milo, scene.mara, scene.ben).await.unwrap_err();
    assert!(matches!(again, Error::Conflict { code: "nothing_to_restore", .. }), "{again:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_link_of_a_message_shows_a_button_and_only_the_button_stops_anything(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let link = link(&scene.backend, scene.mara, scene.ben);
    let token = link.rsplit('/').next().unwrap();
    for _ in 0..2 {
        let shown = view(&scene.backend, token).await.unwrap();
        assert_eq!((shown.child.as_str(), shown.is_stopped), ("Ben", false));
    }
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
    press_link(&scene.backend, token).await.unwrap();
    assert!(view(&scene.backend, token).await.unwrap().is_stopped);
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
    // A link about two people who have nothing to do with each other is like one that nobody made.
    let other = super::super::not_mine::link::link(&scene.backend, scene.piotr, scene.lio);
    for wrong in [other.rsplit('/').next().unwrap(), "nonsense"] {
        assert!(matches!(press_link(&scene.backend, wrong).await, Err(Error::NotFound(_))), "{wrong}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_task_is_done_by_one_press_and_opened_again_by_another(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let account = scene.account(scene.mara, "m.varga", "active").await;
    let mara = Actor::signed_in(scene.organisation(), account, scene.mara, Vec::new());
    press(&scene.backend, &mara, scene.ben, NotMine::Activation).await.unwrap();
    let task = open(&scene.backend, &scene.milo).await.unwrap()[0].id;
    mark(&scene.backend, &scene.milo, task, true).await.unwrap();
    assert!(open(&scene.backend, &scene.milo).await.unwrap().is_empty());
    mark(&scene.backend, &scene.nora, task, false).await.unwrap();
    assert_eq!(open(&scene.backend, &scene.milo).await.unwrap().len(), 1);
    // The office of another school does not have it.
    let sibling = scene.school.sibling(&scene.backend, "SIB", "Sibling School").await;
    let theirs = sibling.actor(&scene.backend, domain::authorization::role::Role::AccountManager);
    assert!(open(&scene.backend, &theirs).await.unwrap().is_empty());
    assert!(matches!(mark(&scene.backend, &theirs, task, true).await, Err(Error::NotFound(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_link_of_somebody_who_was_merged_since_stops_the_access_of_who_stayed(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let old = crate::testing::guardian(&scene.backend, &scene.school, "Mara", "Varga", None, &[]).await;
    sqlx::query("UPDATE people SET merged_into = $2 WHERE id = $1")
        .bind(old.0)
        .bind(scene.mara.0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let link = link(&scene.backend, old, scene.ben);
    let token = link.rsplit('/').next().unwrap();
    assert_eq!(view(&scene.backend, token).await.unwrap().child, "Ben");
    press_link(&scene.backend, token).await.unwrap();
    assert!(scene.sees(scene.mara, scene.ben).await.is_empty());
    assert_eq!(open(&scene.backend, &scene.milo).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_old_link_tells_nothing_of_a_child_under_a_restriction(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let link = link(&scene.backend, scene.mara, scene.ben);
    scene.restrict(scene.ben, &scene.about(scene.mara)).await;
    let shown = view(&scene.backend, link.rsplit('/').next().unwrap()).await.unwrap();
    assert!(shown.is_stopped, "the page of one that is stopped names neither the child nor the school");
}
