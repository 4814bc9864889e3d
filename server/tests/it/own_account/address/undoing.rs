//! Undoing a change from the old address.

use super::*;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn undone_before_it_is_confirmed_nothing_is_changed_and_the_requester_is_out(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let RequestedChange { browser: thief, confirm: link, undo } = asked(&scene, PASSWORD, NEW).await;
    let mut owner = Browser::new(&scene.backend);
    owner.get(&undo).await;
    let question = owner.get("/email/undo").await.body;
    assert!(question.contains("Adaeze Okoronta") && question.contains(OLD) && !question.contains(NEW));
    let done = owner.post("/email/undo", &[]).await;
    assert!(
        done.body.contains("The change has been undone") && done.body.contains("value=\"a.okoronta\""),
        "{}",
        done.body
    );
    assert!(!is_in(&thief).await && !lets_in(&scene, OLD, PASSWORD).await, "they knew the password");
    assert!(is_dead(&undone(&scene, &undo).await), "once");
    // The button on the page, and the link that it sends.
    owner.post("/forgotten/password", &[("name", "a.okoronta")]).await;
    let (to, _, text) = mailbox(&scene).await.pop().unwrap();
    assert!(to.contains(OLD));
    owner.get(&links(&text)[0]).await;
    assert_eq!(owner.post("/reset", &[("password", CHOSEN)]).await.location(), Some("/portal"));
    assert!(is_dead(&confirm(&mut owner, &link).await));
    assert_eq!(held(&scene).await, [format!("{OLD}*")]);
    let written = "SELECT count(*) FROM audit_events WHERE action = 'address_change_undone' AND details = '{\"put_back\": false}'";
    assert_eq!(count(&scene, written).await, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn undone_after_it_is_confirmed_the_old_address_is_back_and_all_that_came_since_is_gone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let RequestedChange { browser: mut thief, confirm: link, undo } = asked(&scene, PASSWORD, NEW).await;
    confirm(&mut thief, &link).await;
    thief.post("/account/password", &[("present", PASSWORD), ("password", CHOSEN)]).await;
    let RequestedChange { browser: mut thief, confirm: link, undo: later } =
        asked(&scene, CHOSEN, "yet@other.example").await;
    confirm(&mut thief, &link).await;
    set_up(&scene, &mut thief, scene.account).await;
    assert_eq!(held(&scene).await, ["yet@other.example*"]);

    assert!(undone(&scene, &undo).await.body.contains("The change has been undone"));
    assert_eq!(held(&scene).await, [format!("{OLD}*")], "what was asked for later is undone with it");
    assert!(!is_in(&thief).await);
    for password in [PASSWORD, CHOSEN] {
        assert!(!lets_in(&scene, "a.okoronta", password).await);
    }
    assert_eq!(count(&scene, "SELECT count(*) FROM authenticators").await, 0);
    assert!(is_dead(&undone(&scene, &undo).await) && is_dead(&undone(&scene, &later).await));
    assert!(sent_to(&scene, "yet@other.example").await.pop().unwrap().contains("no longer come"));
    let reset = link_to_reset(&scene).await;
    let mut owner = Browser::new(&scene.backend);
    owner.get(&reset).await;
    assert_eq!(owner.post("/reset", &[("password", PASSWORD)]).await.location(), Some("/portal"));
    let written = "SELECT count(*) FROM audit_events WHERE action = 'address_change_undone' AND details = '{\"put_back\": true}'";
    assert_eq!(count(&scene, written).await, 1);
    assert_eq!(count(&scene, "SELECT count(*) FROM alerts").await, 1, "administrators are told");
}

/// The link to set a new password, which must have been sent to the old address.
async fn link_to_reset(scene: &Scene) -> String {
    let path = link(scene).await;
    assert!(mailbox(scene).await.pop().unwrap().0.contains(OLD));
    path
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_way_back_ends_after_seven_days_and_when_the_office_corrects_the_address(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let RequestedChange { mut browser, confirm: link, undo } = asked(&scene, PASSWORD, NEW).await;
    confirm(&mut browser, &link).await;
    scene.clock.advance(UNDO_LIVES - TimeDelta::seconds(10));
    let mut late = Browser::new(&scene.backend);
    late.get(&undo).await;
    assert!(!is_dead(&late.get("/email/undo").await));
    scene.clock.advance(TimeDelta::seconds(10));
    assert!(is_dead(&late.post("/email/undo", &[]).await), "judged by the time of use");

    let RequestedChange { mut browser, confirm: link, undo } =
        asked(&scene, PASSWORD, "other@new.example").await;
    confirm(&mut browser, &link).await;
    let head = scene.school.actor(&scene.backend, Role::Administrator);
    let person = person_of(&scene, "a.okoronta").await;
    let address = address_of(&scene, person).await;
    addresses::edit(&scene.backend, &head, person, address, "right@example.org").await.unwrap();
    assert!(is_dead(&undone(&scene, &undo).await), "the reader there was wrong");
    assert_eq!(held(&scene).await, ["right@example.org*"]);
}
