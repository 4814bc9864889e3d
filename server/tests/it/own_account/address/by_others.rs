//! The office or a file changes a primary email: who is notified, and what cannot be bypassed.

use backend::Error;
use backend::imports::{
    commit::commit, log::page, replace::replace_edits, settle::settle, simulate::simulate, stage::stage, undo,
};
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::place::Place;
use domain::imports::held::HeldDecision;
use domain::imports::kind::KindSlug;
use domain::imports::views::{CommitOutcome, ImportView};
use domain::imports::words;
use domain::roll::address::AddressKind;
use domain::roll::import::STUDENTS;

use super::*;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_previous_address_is_told_when_the_office_changes_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, head) = (&scene.backend, scene.school.actor(&scene.backend, Role::AccountManager));
    let person = person_of(&scene, "a.okoronta").await;
    let told = async |address: &str| sent_to(&scene, address).await.len();
    let held =
        addresses::add(backend, &head, person, AddressKind::Email, "second@example.org").await.unwrap();
    let (first, second) = (held[0].id, held[1].id);
    addresses::edit(backend, &head, person, second, "beside@example.org").await.unwrap();
    addresses::edit(backend, &head, person, first, "ADA@example.org").await.unwrap();
    assert!(mailbox(&scene).await.is_empty(), "messages still go to the same mailbox");
    addresses::edit(backend, &head, person, first, "third@example.org").await.unwrap();
    assert_eq!((told("ADA@example.org").await, told("third@example.org").await), (1, 0));
    let (.., text) = mailbox(&scene).await.pop().unwrap();
    assert!(text.contains("21 November 2026 at 09:00") && text.contains("tell the school office"), "{text}");
    assert!(!text.contains("third@") && links(&text).is_empty(), "{text}");
    addresses::make_primary(backend, &head, person, second).await.unwrap();
    assert_eq!(told("third@example.org").await, 1);
    addresses::remove(backend, &head, person, second).await.unwrap();
    assert_eq!(told("beside@example.org").await, 1);
    addresses::remove(backend, &head, person, first).await.unwrap();
    assert_eq!(told("third@example.org").await, 2);
    addresses::add(backend, &head, person, AddressKind::Email, "fourth@example.org").await.unwrap();
    assert_eq!(mailbox(&scene).await.len(), 4, "nobody read anywhere before");
    // Someone who never signed in is not notified about an account.
    let new = student(backend, &scene.school, "Bem", "Ade", "1050", Some("bem@example.org")).await;
    backend::testing::account(backend, &scene.school, new, "b.ade").await;
    let wrong = address_of(&scene, new).await;
    addresses::edit(backend, &head, new, wrong, "right@example.org").await.unwrap();
    assert_eq!(told("bem@example.org").await, 0);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn staff_do_not_go_round_the_confirmation_of_their_own_address_in_the_office(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let person = person_of(&scene, "a.okoronta").await;
    let roles =
        vec![RoleAssignment::new(Role::Administrator.permissions(), Place::School(scene.school.school))];
    let own = Actor::signed_in(scene.school.organisation, scene.account, person, roles);
    let address = address_of(&scene, person).await;
    let tries = [
        addresses::add(&scene.backend, &own, person, AddressKind::Email, NEW).await,
        addresses::edit(&scene.backend, &own, person, address, NEW).await,
        addresses::make_primary(&scene.backend, &own, person, address).await,
        addresses::remove(&scene.backend, &own, person, address).await,
    ];
    for refused in tries {
        assert!(matches!(refused, Err(Error::Conflict { code: "own_email", .. })), "{refused:?}");
    }
    addresses::add(&scene.backend, &own, person, AddressKind::Phone, "0123 456789").await.unwrap();
    assert_eq!(held(&scene).await.first(), Some(&"0123456789*".to_owned()));
}

async fn import(scene: &Scene, address: &str) -> (ImportView, String) {
    let system = Actor::system(scene.school.organisation);
    let file = format!("Adm No,Forename,Surname,Email\n1042,Adaeze,Okoronta,{address}\n");
    let staged = stage(
        &scene.backend,
        &system,
        &KindSlug::from(&STUDENTS),
        scene.school.school,
        "roll.csv",
        file.into_bytes(),
    )
    .await
    .unwrap();
    simulate(&scene.backend, &system, staged.id).await.unwrap();
    // What staff have changed by hand stays, unless the office says otherwise.
    replace_edits(&scene.backend, &system, staged.id, true).await.unwrap();
    // An address that an account's messages go to has to be confirmed.
    let checked = settle(&scene.backend, &system, staged.id, HeldDecision::Proposals).await.unwrap();
    match commit(&scene.backend, &system, checked.id, checked.plan.unwrap()).await.unwrap() {
        CommitOutcome::Done { import } => {
            let log = page(&scene.backend, &system, import.id, None, 0, 1).await.unwrap();
            (import, words::line(&STUDENTS, &log.lines[0].line.line))
        }
        CommitOutcome::Drifted { differing, .. } => panic!("nobody else writes here: {differing:?}"),
        CommitOutcome::Queued { .. } | CommitOutcome::Waits => panic!("so few rows run at once"),
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_file_does_not_bring_back_what_its_owner_left_and_tells_whom_it_moves(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let RequestedChange { mut browser, confirm: link, undo } = asked(&scene, PASSWORD, NEW).await;
    confirm(&mut browser, &link).await;
    let before = mailbox(&scene).await.len();
    let (_, said) = import(&scene, "Ada@Example.org").await;
    assert!(said.contains("was not used: the account owner changed it"), "{said}");
    assert_eq!((held(&scene).await, mailbox(&scene).await.len()), (vec![format!("{NEW}*")], before));
    // A change that is new to both notifies them.
    let (third, _) = import(&scene, "third@example.org").await;
    assert_eq!(held(&scene).await, [NEW.to_owned(), "third@example.org*".to_owned()]);
    assert!(sent_to(&scene, NEW).await.pop().unwrap().contains("no longer come"));
    assert!(is_dead(&undone(&scene, &undo).await));
    let system = Actor::system(scene.school.organisation);
    undo::undo(&scene.backend, &system, third.id).await.unwrap();
    assert_eq!(held(&scene).await, [format!("{NEW}*")]);
    assert!(sent_to(&scene, "third@example.org").await.pop().unwrap().contains("no longer come"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn once_it_is_undone_a_file_may_bring_the_address_that_was_undone_to(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let RequestedChange { mut browser, confirm: link, undo } = asked(&scene, PASSWORD, NEW).await;
    confirm(&mut browser, &link).await;
    undone(&scene, &undo).await;
    import(&scene, "third@example.org").await;
    let (_, said) = import(&scene, OLD).await;
    assert!(said.contains("Email changed from"), "{said}");
}

/// The link to a new password in the newest message, if it has one.
async fn asked_link(scene: &Scene) -> Option<String> {
    let before = mailbox(scene).await.len();
    Browser::new(&scene.backend).post("/forgotten/password", &[("name", "a.okoronta")]).await;
    let sent = mailbox(scene).await;
    assert_eq!(sent.len(), before + 1);
    links(&sent.last().unwrap().2).pop()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_redirects_a_students_messages_gets_no_link_to_a_new_password_for_days(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, head) = (&scene.backend, scene.school.actor(&scene.backend, Role::AccountManager));
    let person = person_of(&scene, "a.okoronta").await;
    let address = address_of(&scene, person).await;
    assert!(asked_link(&scene).await.is_some());
    addresses::edit(backend, &head, person, address, "mine@example.org").await.unwrap();
    assert_eq!(asked_link(&scene).await, None);
    let (to, subject, text) = mailbox(&scene).await.pop().unwrap();
    assert!(to.contains("mine@example.org") && subject.starts_with("No link"), "{to} {subject}");
    assert!(text.contains("ask the school office for a one-time code"), "{text}");
    let viewer = record(backend, &head, person).await.unwrap().help.expect("an account");
    assert!(viewer.facts.iter().any(|fact| fact.about == "Password links"), "{viewer:?}");
    scene.clock.advance(backend::credentials::resting::LINKS_REST);
    assert!(asked_link(&scene).await.is_some());

    // By a file it is the same.
    import(&scene, "third@example.org").await;
    scene.clock.advance(TimeDelta::hours(1));
    assert_eq!(asked_link(&scene).await, None);
    // What the owner changed does not rest: they confirmed it with a step-up.
    scene.clock.advance(backend::credentials::resting::LINKS_REST);
    let RequestedChange { mut browser, confirm: link, .. } = asked(&scene, PASSWORD, NEW).await;
    confirm(&mut browser, &link).await;
    assert!(asked_link(&scene).await.is_some());
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn many_addresses_changed_by_one_person_in_a_day_are_an_alert_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let odo = student(backend, school, "Odo", "Voss", "1090", None).await;
    let account = active_account(backend, school, odo, "o.voss", PASSWORD).await;
    let roles = vec![RoleAssignment::new(Role::AccountManager.permissions(), Place::School(school.school))];
    let manager = Actor::signed_in(school.organisation, account, odo, roles);
    let alerts = "SELECT count(*) FROM audit_events e JOIN alerts l ON l.entry = e.sequence WHERE e.action = 'many_addresses_changed'";
    for n in 0..13 {
        let one = student(backend, school, "Kim", &format!("Lee{n}"), &format!("2{n}"), None).await;
        active_account(backend, school, one, &format!("k.lee{n}"), PASSWORD).await;
        addresses::add(backend, &manager, one, AddressKind::Email, &format!("k{n}@example.org"))
            .await
            .unwrap();
        assert_eq!(count(&scene, alerts).await, i64::from(n >= 10), "{n}");
    }
}
