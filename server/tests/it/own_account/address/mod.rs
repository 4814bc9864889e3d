//! Changing your own email address: requested and confirmed.

mod by_others;
mod undoing;

use axum::http::{Method, StatusCode};
use backend::accounts::change_state::change_state;
use backend::own_account::address::{CONFIRM_LIVES, UNDO_LIVES};
use backend::record::record;
use backend::roll::addresses;
use backend::testing::{active_account, student};
use chrono::TimeDelta;
use domain::accounts::action::AccountAction;
use domain::authorization::role::Role;
use domain::ids::{AddressId, PersonId};
use domain::roll::selection::Selection;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::factors::step_up::set_up;
use crate::recovery::forgetting::{code, essence, link, links, mailbox, person_of};
use crate::scene::{PASSWORD, Scene};

const OLD: &str = "ada@example.org";
const NEW: &str = "adaeze@new.example";
const CHOSEN: &str = "kettle orbit mustard";

/// A requested change: the browser, and the paths of both links.
struct RequestedChange {
    browser: Browser,
    confirm: String,
    undo: String,
}

async fn signed_in(scene: &Scene, password: &str) -> Browser {
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("a.okoronta", password).await;
    browser
}

async fn ask(browser: &mut Browser, address: &str) -> PageAnswer {
    browser.post("/account/email", &[("email", address)]).await
}

/// Requests another address in a separate session.
async fn asked(scene: &Scene, password: &str, address: &str) -> RequestedChange {
    // So that no limit interferes with what is tested.
    scene.clock.advance(TimeDelta::hours(1));
    let mut browser = signed_in(scene, password).await;
    let answer = ask(&mut browser, address).await;
    assert_eq!(answer.location(), Some("/account/email"), "{}", answer.body);
    let sent = mailbox(scene).await;
    let newest = |door: &str| {
        let mut found = sent.iter().rev().flat_map(|(.., text)| links(text));
        found.find(|link| link.starts_with(door)).expect("a link")
    };
    RequestedChange { confirm: newest("/email/confirm/"), undo: newest("/email/undo/"), browser }
}

async fn open_to_confirm(browser: &mut Browser, link: &str) -> PageAnswer {
    assert_eq!(browser.get(link).await.location(), Some("/account/email/confirm"));
    browser.get("/account/email/confirm").await
}

async fn confirm(browser: &mut Browser, link: &str) -> PageAnswer {
    open_to_confirm(browser, link).await;
    browser.post("/account/email/confirm", &[]).await
}

async fn undone(scene: &Scene, link: &str) -> PageAnswer {
    let mut browser = Browser::new(&scene.backend);
    assert_eq!(browser.get(link).await.location(), Some("/email/undo"));
    browser.post("/email/undo", &[]).await
}

fn is_dead(answer: &PageAnswer) -> bool {
    answer.status == StatusCode::OK && answer.body.contains("This link no longer works")
}

/// All of Adaeze's addresses; the primary one has a star.
async fn held(scene: &Scene) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT value || CASE WHEN is_primary THEN '*' ELSE '' END FROM addresses
         WHERE person_id = (SELECT person_id FROM accounts WHERE id = $1) ORDER BY comparable",
    )
    .bind(scene.account.0)
    .fetch_all(scene.backend.database.raw())
    .await
    .unwrap()
}

async fn lets_in(scene: &Scene, name: &str, password: &str) -> bool {
    let form = [("name", name), ("password", password)];
    Browser::new(&scene.backend).post("/sign-in", &form).await.location().is_some()
}

async fn is_in(browser: &Browser) -> bool {
    browser.clone().get("/portal").await.status == StatusCode::OK
}

async fn count(scene: &Scene, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(scene.backend.database.raw()).await.unwrap()
}

/// The subjects of messages to an address, in order.
async fn sent_to(scene: &Scene, address: &str) -> Vec<String> {
    let to = format!("<{address}>");
    let sent = mailbox(scene).await.into_iter();
    sent.filter(|(recipient, ..)| recipient.ends_with(&to)).map(|(_, subject, _)| subject).collect()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told_at_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let RequestedChange { mut browser, confirm: link, .. } = asked(&scene, PASSWORD, NEW).await;
    let sent = mailbox(&scene).await;
    let mut recipients: Vec<&str> = sent.iter().map(|(to, ..)| to.as_str()).collect();
    recipients.sort_unstable();
    assert_eq!(recipients, [OLD, NEW].map(|address| format!("Adaeze Okoronta <{address}>")));
    for (.., text) in &sent {
        assert!(text.contains("Adaeze Okoronta"), "{text}");
        assert!(!text.contains(OLD) && !text.contains(NEW), "neither learns of the other: {text}");
    }
    let page = browser.get("/account/email").await.body;
    assert!(
        page.contains(OLD) && page.contains("To confirm adaeze@new.example, open the link we sent there"),
        "{page}"
    );
    let viewer = scene.school.actor(&scene.backend, Role::AccountManager);
    let person = person_of(&scene, "a.okoronta").await;
    let help = record(&scene.backend, &viewer, person).await.unwrap().help.expect("an account");
    let waiting = help.facts.iter().find(|fact| fact.about == "New email address").expect("a fact");
    assert!(waiting.tells.starts_with("Requested, not confirmed yet."), "{waiting:?}");

    assert!(lets_in(&scene, OLD, PASSWORD).await && !lets_in(&scene, NEW, PASSWORD).await);
    let mut forgetful = Browser::new(&scene.backend);
    forgetful.post("/forgotten/password", &[("name", "a.okoronta")]).await;
    assert_eq!(sent_to(&scene, OLD).await.len(), 2, "a link to a new password still goes to the old address");
    let (.., reset) = mailbox(&scene).await.pop().unwrap();

    let question = open_to_confirm(&mut browser, &link).await;
    assert!(question.body.contains(NEW), "{}", question.body);
    let done = browser.post("/account/email/confirm", &[]).await;
    assert!(
        done.body.contains("Your email address has been changed") && done.body.contains(NEW),
        "{}",
        done.body
    );
    assert_eq!(held(&scene).await, [format!("{NEW}*")]);
    assert!(is_dead(&browser.post("/account/email/confirm", &[]).await), "once");
    assert!(!lets_in(&scene, OLD, PASSWORD).await && lets_in(&scene, NEW, PASSWORD).await);
    forgetful.get(&links(&reset)[0]).await;
    assert!(is_dead(&forgetful.get("/reset").await), "what went to the old address opens nothing");
    assert!(
        sent_to(&scene, OLD).await.pop().unwrap().starts_with("Messages for Adaeze Okoronta no longer come")
    );

    let history = record(&scene.backend, &viewer, person).await.unwrap().history;
    let lines: Vec<&str> = history.iter().map(|line| line.what.as_str()).collect();
    assert!(lines.contains(&"Email address changed and confirmed by its owner"), "{lines:?}");
    assert!(lines.contains(&"New email address requested"), "{lines:?}");
    let told =
        "SELECT count(*) FROM audit_events WHERE details::text LIKE '%@%' OR details::text LIKE '%example%'";
    assert_eq!(count(&scene, told).await, 0, "the log holds no address");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn opening_a_link_changes_nothing_however_often_and_by_whatever_method(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let RequestedChange { browser, confirm, undo } = asked(&scene, PASSWORD, NEW).await;
    let kept = "SELECT hashtext(concat(
                    (SELECT string_agg(t::text, ' ') FROM addresses t), (SELECT string_agg(t::text, ' ') FROM address_changes t),
                    (SELECT string_agg(t::text, ' ') FROM passwords t), (SELECT count(*) FROM audit_events)))::bigint";
    let before = count(&scene, kept).await;
    for (link, page) in [(&confirm, "/account/email/confirm"), (&undo, "/email/undo")] {
        for method in [Method::GET, Method::HEAD, Method::GET] {
            for mut visitor in [Browser::new(&scene.backend), browser.clone()] {
                visitor.send(method.clone(), link, None, &[]).await;
                visitor.send(method.clone(), page, None, &[]).await;
            }
        }
    }
    assert_eq!(count(&scene, kept).await, before);
    assert!(is_in(&browser).await && lets_in(&scene, OLD, PASSWORD).await);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_stolen_session_asks_for_nothing_without_a_proof(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut thief = signed_in(&scene, PASSWORD).await;
    scene.clock.advance(TimeDelta::minutes(15));
    assert_eq!(thief.get("/account/email").await.location(), Some("/account/step-up?next=/account/email"));
    assert!(ask(&mut thief, NEW).await.body.contains("Confirm it\u{2019}s you"));
    assert_eq!(count(&scene, "SELECT count(*) FROM address_changes").await, 0);
    assert!(mailbox(&scene).await.is_empty());
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn fifty_forms_at_once_confirm_a_link_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let RequestedChange { mut browser, confirm: link, undo } = asked(&scene, PASSWORD, NEW).await;
    open_to_confirm(&mut browser, &link).await;
    let mut undoing = Browser::new(&scene.backend);
    undoing.get(&undo).await;
    for (browser, door, done) in [
        (browser, "/account/email/confirm", "has been changed"),
        (undoing, "/email/undo", "The change has been undone"),
    ] {
        let forms: Vec<_> = (0..50)
            .map(|_| {
                let mut browser = browser.clone();
                tokio::spawn(async move { browser.post(door, &[]).await.body.contains(done) })
            })
            .collect();
        let mut through = 0;
        for form in forms {
            through += u32::from(form.await.unwrap());
        }
        assert_eq!(through, 1, "{door}");
    }
    let changed = "SELECT count(*) FROM audit_events WHERE action = 'address_changed'";
    let undone = "SELECT count(*) FROM audit_events WHERE action = 'address_change_undone'";
    assert_eq!((count(&scene, changed).await, count(&scene, undone).await), (1, 1));
    assert_eq!(sent_to(&scene, OLD).await.len(), 2, "asked for, and changed");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_link_confirms_for_its_person_alone_and_is_nothing_at_another_door(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let twin = student(&scene.backend, &scene.school, "Chidera", "Okoronta", "1043", Some(OLD)).await;
    active_account(&scene.backend, &scene.school, twin, "c.okoronta", PASSWORD).await;
    let RequestedChange { mut browser, confirm: link, undo } = asked(&scene, PASSWORD, NEW).await;
    // A person who got it by mistake is not signed in as her.
    let mut stranger = Browser::new(&scene.backend);
    assert_eq!(
        open_to_confirm(&mut stranger, &link).await.location(),
        Some("/sign-in?next=/account/email/confirm")
    );
    assert_eq!(stranger.post("/account/email/confirm", &[]).await.status, StatusCode::UNAUTHORIZED);
    let mut sibling = Browser::new(&scene.backend);
    sibling.sign_in("c.okoronta", PASSWORD).await;
    assert!(is_dead(&confirm(&mut sibling, &link).await), "another person's link");
    let token = |link: &str| link.rsplit('/').next().unwrap().to_owned();
    // A letter changed; one that is cut off goes nowhere.
    let first = if token(&link).starts_with('A') { 'B' } else { 'A' };
    let changed = format!("/email/confirm/{first}{}", &token(&link)[1..]);
    let undo_as_confirm = format!("/email/confirm/{}", token(&undo));
    let unknown = format!("/email/confirm/{}", "A".repeat(43));
    for made_up in [&*changed, &*undo_as_confirm, &unknown] {
        assert!(is_dead(&confirm(&mut browser, made_up).await), "{made_up}");
    }
    assert!(is_dead(&undone(&scene, &format!("/email/undo/{}", token(&link))).await));
    assert_eq!(held(&scene).await, [format!("{OLD}*")]);
    // After signing in where the message was opened it continues.
    let form = [("name", "a.okoronta"), ("password", PASSWORD), ("next", "/account/email/confirm")];
    assert_eq!(stranger.post("/sign-in", &form).await.location(), Some("/account/email/confirm"));
    assert!(stranger.post("/account/email/confirm", &[]).await.body.contains("has been changed"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_waits_dies_with_time_a_newer_one_a_cancellation_or_any_end_of_what_was_open(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let dies = async |browser: &mut Browser, link: &str| {
        assert!(is_dead(&open_to_confirm(browser, link).await), "{link}");
        assert!(is_dead(&browser.post("/account/email/confirm", &[]).await), "{link}");
    };
    let RequestedChange { mut browser, confirm: older, .. } = asked(&scene, PASSWORD, NEW).await;
    let RequestedChange { confirm: newer, .. } = asked(&scene, PASSWORD, "other@new.example").await;
    dies(&mut browser, &older).await;
    scene.clock.advance(CONFIRM_LIVES - TimeDelta::seconds(10));
    assert!(!is_dead(&open_to_confirm(&mut browser, &newer).await));
    scene.clock.advance(TimeDelta::seconds(10));
    dies(&mut browser, &newer).await;

    let RequestedChange { mut browser, confirm, .. } = asked(&scene, PASSWORD, NEW).await;
    let cancelled = browser.post("/account/email/cancel", &[]).await;
    assert_eq!(cancelled.location(), Some("/account/email?said=cancelled"));
    dies(&mut browser, &confirm).await;

    let RequestedChange { mut browser, confirm, .. } = asked(&scene, PASSWORD, NEW).await;
    browser.post("/account/password", &[("present", PASSWORD), ("password", CHOSEN)]).await;
    dies(&mut browser, &confirm).await;

    let RequestedChange { confirm, .. } = asked(&scene, CHOSEN, NEW).await;
    let reset = link(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    browser.get(&reset).await;
    browser.post("/reset", &[("password", PASSWORD)]).await;
    dies(&mut browser, &confirm).await;

    let RequestedChange { confirm, .. } = asked(&scene, PASSWORD, NEW).await;
    let head = scene.school.actor(&scene.backend, Role::Administrator);
    let person = person_of(&scene, "a.okoronta").await;
    for action in [AccountAction::Disable, AccountAction::Enable] {
        let chosen = Selection::People { ids: vec![person] };
        change_state(&scene.backend, &head, scene.school.school, &chosen, action).await.unwrap();
    }
    dies(&mut signed_in(&scene, PASSWORD).await, &confirm).await;

    let RequestedChange { mut browser, confirm, .. } = asked(&scene, PASSWORD, NEW).await;
    set_up(&scene, &mut browser, scene.account).await;
    dies(&mut browser, &confirm).await;
    assert_eq!(held(&scene).await, [format!("{OLD}*")]);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_waits_dies_when_the_office_corrects_the_address(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let head = scene.school.actor(&scene.backend, Role::Administrator);
    let RequestedChange { mut browser, confirm: link, .. } = asked(&scene, PASSWORD, NEW).await;
    let person = person_of(&scene, "a.okoronta").await;
    let address = address_of(&scene, person).await;
    for corrected in ["right@example.org", OLD] {
        addresses::edit(&scene.backend, &head, person, address, corrected).await.unwrap();
    }
    assert!(is_dead(&confirm(&mut browser, &link).await));
    assert_eq!(held(&scene).await, [format!("{OLD}*")]);
}

pub async fn address_of(scene: &Scene, person: PersonId) -> AddressId {
    sqlx::query_scalar("SELECT id FROM addresses WHERE person_id = $1 AND is_primary")
        .bind(person.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .map(AddressId)
        .unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn asking_tells_nothing_of_others_and_nobody_can_fill_a_mailbox(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let other = student(&scene.backend, &scene.school, "Bem", "Ade", "1050", Some("bem@example.org")).await;
    active_account(&scene.backend, &scene.school, other, "b.ade", PASSWORD).await;
    let mut browser = signed_in(&scene, PASSWORD).await;
    let mut answers = Vec::new();
    for address in ["bem@example.org", "nob@example.org"] {
        let answer = ask(&mut browser, address).await;
        let page = browser.get("/account/email").await.body.replace(address, "ADDRESS");
        answers.push((essence(&answer), page));
    }
    assert_eq!(answers[0], answers[1]);
    for (typed, said) in [
        ("", "Enter the new email address."),
        ("nobody", "Enter an email address in the correct format"),
        (" ADA@example.org ", "This is already your email address."),
    ] {
        let answer = ask(&mut browser, typed).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.contains(said), "{}", answer.body);
    }
    assert_eq!(ask(&mut browser, "third@example.org").await.location(), Some("/account/email"));
    let fourth = ask(&mut browser, "fourth@example.org").await;
    assert_eq!(fourth.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(fourth.body.contains("fourth@example.org"), "what was typed stays");
    // One mailbox, from several accounts.
    let mut another = Browser::new(&scene.backend);
    another.sign_in("b.ade", PASSWORD).await;
    for _ in 0..2 {
        assert_eq!(ask(&mut another, "third@example.org").await.location(), Some("/account/email"));
    }
    assert_eq!(ask(&mut another, "third@example.org").await.status, StatusCode::TOO_MANY_REQUESTS);
}
