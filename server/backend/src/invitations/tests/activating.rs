//! The ways to activate an account, and attacks on them.

use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::credentials::password::PasswordError;
use domain::ids::{AccountId, AddressId};
use domain::invitations::views::Opening;
use domain::invitations::views::Recipients;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::Scene;
use crate::Result;
use crate::invitations::activate::{Activation, activate};
use crate::invitations::by_code::{MAX_WRONG_CODES, by_code};
use crate::invitations::open::open;
use crate::invitations::resend;
use crate::invitations::revoke::revoke;
use crate::invitations::send::send;
use crate::jobs::worker::run_once;
use crate::roll::addresses;
use crate::sessions::visitor::Visitor;

const PASSWORD: &str = "copper ladder fog";

fn is_ended(result: &Result<Activation>) -> bool {
    matches!(result, Ok(Activation::Ended))
}

async fn in_with(scene: &Scene, link: &str) -> AccountId {
    match activate(&scene.backend, &Visitor::stranger(), link, PASSWORD).await.unwrap() {
        Activation::Active(account) => account,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_link_that_is_only_opened_is_never_spent_1(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    let (link, _) = scene.secrets(ana).await;
    for _ in 0..5 {
        let Opening::Ready { view } = open(&scene.backend, &link).await.unwrap() else { panic!("ended") };
        assert_eq!((view.username.as_str(), view.school.as_str()), ("ana", "Quillmere School"));
        assert_eq!(view.password_minimum, 12);
    }
    let line = scene.line(ana).await;
    assert!(line.opened_at.is_none() && line.used_at.is_none(), "a scanner opens links too");
    assert_eq!(scene.state(ana).await, "invited");
    assert_eq!(scene.count("SELECT count(*) FROM sessions").await, 0);
    assert_eq!(in_with(&scene, &link).await, ana);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_used_link_is_refused_and_the_others_died_with_it_2(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    let (first, _) = scene.secrets(ana).await;
    scene.clock.advance(TimeDelta::hours(1));
    scene.send(&[ana]).await;
    let (second, code) = scene.secrets(ana).await;
    in_with(&scene, &first).await;
    assert_eq!(scene.state(ana).await, "active");
    for link in [&first, &second] {
        assert!(is_ended(
            &activate(&scene.backend, &Visitor::stranger(), link, "another password entirely").await
        ));
        assert_eq!(open(&scene.backend, link).await.unwrap(), Opening::Ended);
    }
    assert!(by_code(&scene.backend, &Visitor::stranger(), "ana", &code).await.unwrap().is_none());
    assert_eq!(scene.count("SELECT count(*) FROM passwords").await, 1);
    assert_eq!(scene.count("SELECT count(*) FROM audit_events WHERE action = 'account_activated'").await, 1);
    run_once(&scene.backend).await.unwrap();
    assert!(scene.sink.received().is_empty(), "messages of an account in use are not sent");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn of_fifty_at_once_one_wins_2(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    let (link, _) = scene.secrets(ana).await;
    let visitor = Visitor::stranger();
    let all = (0..50).map(|_| activate(&scene.backend, &visitor, &link, PASSWORD));
    let results = futures_util::future::join_all(all).await;
    let won = results.iter().filter(|result| matches!(result, Ok(Activation::Active(_)))).count();
    assert_eq!((won, results.iter().filter(|result| is_ended(result)).count()), (1, 49));
    assert_eq!(scene.count("SELECT count(*) FROM passwords").await, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn time_alone_ends_an_invitation_3(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    let (link, code) = scene.secrets(ana).await;
    scene.clock.advance(scene.line(ana).await.expires_at - scene.backend.now() - TimeDelta::seconds(1));
    assert!(matches!(open(&scene.backend, &link).await.unwrap(), Opening::Ready { .. }));
    scene.clock.advance(TimeDelta::seconds(1));
    assert_eq!(open(&scene.backend, &link).await.unwrap(), Opening::Ended);
    assert!(is_ended(&activate(&scene.backend, &Visitor::stranger(), &link, PASSWORD).await));
    assert!(by_code(&scene.backend, &Visitor::stranger(), "ana", &code).await.unwrap().is_none());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_invitation_works_until_the_end_of_the_day_that_its_message_names(pool: PgPool) {
    let scene = Scene::new(pool).await;
    sqlx::query("UPDATE organisations SET time_zone = 'Pacific/Auckland'")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    // There it is one o'clock in the morning of 22 November, and its clocks are 13 hours before UTC.
    scene.clock.advance(TimeDelta::hours(3));
    let [ana, bo] = [scene.account("ana").await, scene.account("bo").await];
    scene.send(&[ana, bo]).await;
    run_once(&scene.backend).await.unwrap();
    let ends = scene.line(ana).await.expires_at;
    assert_eq!(ends.to_rfc3339(), "2026-12-06T11:00:00+00:00", "midnight after 6 December in Auckland");
    let mail = scene.sink.received().remove(0).data.replace("=\r\n", "");
    assert!(mail.contains("until the end of 6 December 2026"), "{mail}");
    let (link, _) = scene.secrets(ana).await;
    scene.clock.advance(ends - scene.backend.now() - TimeDelta::seconds(1));
    assert!(matches!(open(&scene.backend, &link).await.unwrap(), Opening::Ready { .. }));
    scene.clock.advance(TimeDelta::seconds(1));
    assert_eq!(open(&scene.backend, &link).await.unwrap(), Opening::Ended);
    // One that its recipient asks for ends in the same way.
    resend::by_name(&scene.backend, "bo").await.unwrap();
    let next = scene.lines(bo).await.remove(0).expires_at;
    assert_eq!(next.to_rfc3339(), "2026-12-21T11:00:00+00:00");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_token_that_was_changed_or_made_up_opens_nothing_4_9(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [ana, bo] = [scene.account("ana").await, scene.account("bo").await];
    scene.send(&[ana, bo]).await;
    let (link, code) = scene.secrets(ana).await;
    let mut changed = link.clone();
    changed.replace_range(..1, if link.starts_with('A') { "B" } else { "A" });
    let hash =
        data_encoding::BASE64URL_NOPAD.encode(&scene.backend.keys.invitations.link_hash(&link).unwrap());
    for token in ["", "x", &changed, &link[..42], &hash, "../../admin", "\0"] {
        assert_eq!(open(&scene.backend, token).await.unwrap(), Opening::Ended, "{token}");
        assert!(is_ended(&activate(&scene.backend, &Visitor::stranger(), token, PASSWORD).await));
    }
    assert!(
        by_code(&scene.backend, &Visitor::stranger(), "bo", &code).await.unwrap().is_none(),
        "a code opens its own account alone"
    );
    assert_eq!(scene.state(ana).await, "invited");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_went_to_a_wrong_address_is_dead_once_it_is_corrected_or_removed_5(pool: PgPool) {
    let scene = Scene::new(pool).await;
    for name in ["corrected", "removed"] {
        let (person, account) = scene.person(name).await;
        scene.send(&[account]).await;
        run_once(&scene.backend).await.unwrap();
        let (link, _) = scene.secrets(account).await;
        let address = AddressId(
            sqlx::query_scalar("SELECT id FROM addresses WHERE person_id = $1")
                .bind(person.0)
                .fetch_one(scene.backend.database.raw())
                .await
                .unwrap(),
        );
        let (backend, staff) = (&scene.backend, &scene.staff);
        if name == "removed" {
            addresses::remove(backend, staff, person, address).await.unwrap();
        } else {
            addresses::edit(backend, staff, person, address, "right@example.org").await.unwrap();
        }
        assert!(is_ended(&activate(backend, &Visitor::stranger(), &link, PASSWORD).await));
        scene.clock.advance(TimeDelta::hours(1));
        resend::by_link(backend, &link).await.unwrap();
        assert_eq!(scene.lines(account).await.len(), 1, "the reader of the wrong mailbox starts nothing");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn revoked_suspended_and_closed_are_refused_alike_6(pool: PgPool) {
    let scene = Scene::new(pool).await;
    for (name, state) in [("sus", "suspended"), ("clo", "closed"), ("rev", "")] {
        let account = scene.account(name).await;
        scene.send(&[account]).await;
        let (link, code) = scene.secrets(account).await;
        if state.is_empty() {
            revoke(&scene.backend, &scene.staff, scene.school.school, &[account]).await.unwrap();
        } else {
            scene.set_state(account, state).await;
        }
        assert_eq!(open(&scene.backend, &link).await.unwrap(), Opening::Ended, "{name}");
        assert!(is_ended(&activate(&scene.backend, &Visitor::stranger(), &link, PASSWORD).await), "{name}");
        assert!(
            by_code(&scene.backend, &Visitor::stranger(), name, &code).await.unwrap().is_none(),
            "{name}"
        );
        scene.clock.advance(TimeDelta::hours(1));
        resend::by_link(&scene.backend, &link).await.unwrap();
        resend::by_name(&scene.backend, name).await.unwrap();
        assert_eq!(scene.lines(account).await.len(), 1, "{name} gets no fresh one by asking");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_code_is_forgiving_and_leads_where_its_link_does(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    let (link, code) = scene.secrets(ana).await;
    let typed = format!(" {} ", code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l"));
    for name in [" ANA ", "Ana@Example.org"] {
        assert_eq!(
            by_code(&scene.backend, &Visitor::stranger(), name, &typed).await.unwrap(),
            Some(link.clone()),
            "{name}"
        );
    }
    in_with(&scene, &link).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn guessing_kills_the_code_even_at_once_but_not_the_link_10(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    let (link, code) = scene.secrets(ana).await;
    // Just before the last allowed guess, the right code still works.
    for _ in 1..MAX_WRONG_CODES {
        assert!(by_code(&scene.backend, &Visitor::stranger(), "ana", "00000-00000").await.unwrap().is_none());
    }
    assert_eq!(
        by_code(&scene.backend, &Visitor::stranger(), "ana", &code).await.unwrap(),
        Some(link.clone())
    );
    let visitor = Visitor::stranger();
    let guesses = (0..20).map(|_| by_code(&scene.backend, &visitor, "ana", "00000-00000"));
    assert!(futures_util::future::join_all(guesses).await.iter().all(|guess| matches!(guess, Ok(None))));
    assert!(by_code(&scene.backend, &Visitor::stranger(), "ana", &code).await.unwrap().is_none(), "dead");
    assert_eq!(
        scene.count("SELECT max(failed_attempts)::bigint FROM invitations").await,
        i64::from(MAX_WRONG_CODES)
    );
    assert!(matches!(open(&scene.backend, &link).await.unwrap(), Opening::Ready { .. }));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_wrong_code_gets_the_same_answer(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [ana, bo] = [scene.account("ana").await, scene.account("bo").await];
    scene.send(&[ana]).await;
    scene.set_state(bo, "active").await;
    for (username, code) in [
        ("ana", "00000-00000"),
        ("bo", "00000-00000"),
        ("nobody", "00000-00000"),
        ("not a name!", "x"),
        ("ana", ""),
    ] {
        assert_eq!(
            by_code(&scene.backend, &Visitor::stranger(), username, code).await.unwrap(),
            None,
            "{username} {code}"
        );
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn siblings_who_share_a_mailbox_get_a_message_each_that_names_them_12(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [(ada, first), (chidi, second)] = [scene.person("ada").await, scene.person("chidi").await];
    for person in [ada, chidi] {
        sqlx::query("UPDATE addresses SET value = 'home@example.org', comparable = 'home@example.org' WHERE person_id = $1")
            .bind(person.0)
            .execute(scene.backend.database.raw())
            .await
            .unwrap();
    }
    assert_eq!(scene.send(&[first, second]).await.queued, 2);
    run_once(&scene.backend).await.unwrap();
    let mails = scene.sink.received();
    assert_eq!(mails.len(), 2);
    for name in ["ada Okoronta", "chidi Okoronta"] {
        assert_eq!(mails.iter().filter(|mail| mail.header("Subject").unwrap().contains(name)).count(), 1);
    }
    let (link, _) = scene.secrets(first).await;
    assert_eq!(in_with(&scene, &link).await, first);
    assert_eq!(scene.state(second).await, "invited");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_password_that_is_not_taken_spends_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    let (link, _) = scene.secrets(ana).await;
    for bad in ["short", "my okoronta password", "password123456", "quillmere forever"] {
        let answer = activate(&scene.backend, &Visitor::stranger(), &link, bad).await.unwrap();
        assert!(matches!(answer, Activation::PasswordRefused(_)), "{bad}: {answer:?}");
    }
    in_with(&scene, &link).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn staff_need_a_longer_password(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (person, ana) = scene.person("ana").await;
    sqlx::query("INSERT INTO staff_roles (id, organisation_id, person_id, role, created_at) VALUES ($1, $2, $3, 'office_viewer', $4)")
        .bind(scene.backend.new_id::<uuid::Uuid>())
        .bind(scene.school.organisation.0)
        .bind(person.0)
        .bind(scene.backend.now())
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let recipients = Recipients::Selected { selection: Selection::People { ids: vec![person] }, only: None };
    let operator = Actor::system(scene.school.organisation);
    send(&scene.backend, &operator, scene.school.school, recipients).await.unwrap();
    let (link, _) = scene.secrets(ana).await;
    let fourteen = "tin mug & hats";
    assert_eq!(fourteen.chars().count(), 14);
    let answer = activate(&scene.backend, &Visitor::stranger(), &link, fourteen).await.unwrap();
    assert_eq!(answer, Activation::PasswordRefused(PasswordError::TooShort(15)));
    let answer = activate(&scene.backend, &Visitor::stranger(), &link, "tin mug & a hat").await.unwrap();
    assert_eq!(answer, Activation::Active(ana));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_dead_link_brings_a_fresh_one_to_the_address_already_held_and_says_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [ana, bo] = [scene.account("ana").await, scene.account("bo").await];
    scene.send(&[ana]).await;
    let (old, _) = scene.secrets(ana).await;
    scene.clock.advance(TimeDelta::days(15));
    // The same response for an expired link, a made-up one, a known username and an unknown one.
    for _ in 0..3 {
        resend::by_link(&scene.backend, &old).await.unwrap();
        resend::by_link(&scene.backend, &"A".repeat(43)).await.unwrap();
        resend::by_name(&scene.backend, "ana").await.unwrap();
        resend::by_name(&scene.backend, "bo").await.unwrap();
        resend::by_name(&scene.backend, "nobody").await.unwrap();
    }
    assert_eq!(scene.lines(ana).await.len(), 2, "one fresh one, however often it is asked for");
    assert!(scene.lines(bo).await.is_empty(), "who was never invited is not invited by a stranger");
    run_once(&scene.backend).await.unwrap();
    let to: Vec<String> = scene.sink.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["ana@example.org"]);
    let (new, _) = scene.secrets(ana).await;
    assert_ne!(new, old);
    in_with(&scene, &new).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_stranger_cannot_fill_a_mailbox(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    for _ in 0..50 {
        scene.clock.advance(TimeDelta::minutes(11));
        resend::by_name(&scene.backend, "ana").await.unwrap();
    }
    assert_eq!(scene.lines(ana).await.len(), 5);
}
