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
    let written = "SELECT count(*) FROM audit_events WHERE action = 'address_change_undone' AND details @> '{\"put_back\": true}'";
    assert_eq!(count(&scene, written).await, 1);
    assert_eq!(count(&scene, "SELECT count(*) FROM alerts").await, 1, "administrators are told");
}

/// The person who reads the old mailbox removes a second factor by undoing a change, and asks for a link.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_mailbox_from_before_does_not_open_an_account_that_had_a_second_factor(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let RequestedChange { mut browser, confirm: link, undo } = asked(&scene, PASSWORD, NEW).await;
    confirm(&mut browser, &link).await;
    set_up(&scene, &mut browser, scene.account).await;
    let done = undone(&scene, &undo).await;
    assert!(done.body.contains("ask the school office for a one-time code"), "{}", done.body);
    assert!(!done.body.contains("value=\"a.okoronta\""), "no link is offered: {}", done.body);

    let before = mailbox(&scene).await.len();
    Browser::new(&scene.backend).post("/forgotten/password", &[("name", "a.okoronta")]).await;
    assert_eq!(mailbox(&scene).await.len(), before, "no link is sent");
    let viewer = scene.school.actor(&scene.backend, Role::AccountManager);
    let person = person_of(&scene, "a.okoronta").await;
    let help = record(&scene.backend, &viewer, person).await.unwrap().help.expect("an account");
    assert!(help.facts.iter().any(|fact| fact.about == "Office only"), "{help:?}");

    let code = code(&scene).await;
    let mut owner = Browser::new(&scene.backend);
    let typed = owner.post("/sign-in", &[("name", "a.okoronta"), ("password", &code)]).await;
    assert_eq!(typed.location(), Some("/sign-in/new-password"));
    assert_eq!(
        owner.post("/sign-in/new-password", &[("password", CHOSEN)]).await.location(),
        Some("/portal")
    );
    assert!(lets_in(&scene, "a.okoronta", CHOSEN).await, "from then on as before");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn cancelling_a_change_ends_the_link_that_undoes_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let RequestedChange { mut browser, undo, .. } = asked(&scene, PASSWORD, NEW).await;
    browser.post("/account/email/cancel", &[]).await;
    set_up(&scene, &mut browser, scene.account).await;
    assert!(is_dead(&undone(&scene, &undo).await));
    assert_eq!(count(&scene, "SELECT count(*) FROM authenticators").await, 1, "the second factor stays");
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
