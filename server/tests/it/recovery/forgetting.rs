//! Forgotten passwords and usernames: by email, and with a code from the office.

use axum::http::{HeaderMap, StatusCode};
use backend::jobs::worker::run_once;
use backend::recovery::office_code::{CODE_LIVES, make_code};
use backend::recovery::send::LINK_LIVES;
use backend::testing::{account, active_account, staff_role, student};
use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::recovery::{CodeHandout, CodeOutcome};
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::scene::{PASSWORD, Scene};

const CHOSEN: &str = "kettle orbit mustard";

/// The messages sent so far, in order: recipient, subject and text.
pub async fn mailbox(scene: &Scene) -> Vec<(String, String, String)> {
    // So that each is later than the previous ones.
    scene.clock.advance(TimeDelta::seconds(1));
    run_once(&scene.backend).await.unwrap();
    sqlx::query_as("SELECT recipient, subject, body_text FROM mailbox ORDER BY created_at, message_id")
        .fetch_all(scene.backend.database.raw())
        .await
        .unwrap()
}

/// Whether the last message tells Adaeze that her password was changed.
pub async fn told_of_password(scene: &Scene) -> bool {
    let (recipient, subject, text) = mailbox(scene).await.pop().expect("a message");
    recipient.contains("ada@example.org")
        && subject.starts_with("Your password")
        && text.contains("Adaeze Okoronta (a.okoronta)")
}

/// The paths of the links in a message.
pub fn links(text: &str) -> Vec<String> {
    let base = "http://localhost:3000";
    text.lines().filter_map(|line| line.strip_prefix(base)).map(str::to_owned).collect()
}

async fn ask(browser: &mut Browser, name: &str) -> PageAnswer {
    browser.post("/forgotten/password", &[("name", name)]).await
}

/// Requests Adaeze's link and opens the message.
pub async fn link(scene: &Scene) -> String {
    ask(&mut Browser::new(&scene.backend), "a.okoronta").await;
    let (.., text) = mailbox(scene).await.pop().expect("a message");
    links(&text).pop().expect("a link")
}

pub async fn person_of(scene: &Scene, username: &str) -> PersonId {
    sqlx::query_scalar("SELECT person_id FROM accounts WHERE username = $1")
        .bind(username)
        .fetch_one(scene.backend.database.raw())
        .await
        .map(PersonId)
        .unwrap()
}

pub async fn code(scene: &Scene) -> String {
    let person = person_of(scene, "a.okoronta").await;
    let system = Actor::system(scene.school.organisation);
    match make_code(&scene.backend, &system, person, CodeHandout::Shown).await.unwrap() {
        CodeOutcome::Shown { code, .. } => code,
        CodeOutcome::Queued => panic!("it was to be shown"),
    }
}

pub fn essence(answer: &PageAnswer) -> (StatusCode, HeaderMap, String) {
    let mut headers = answer.headers.clone();
    headers.remove("date");
    (answer.status, headers, answer.body.clone())
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_link_leads_to_a_new_password_and_into_the_portal_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut elsewhere = Browser::new(&scene.backend);
    elsewhere.sign_in("a.okoronta", PASSWORD).await;
    let link = link(&scene).await;

    let mut browser = Browser::new(&scene.backend);
    // Scanners open links too, again and again.
    for _ in 0..5 {
        assert_eq!(Browser::new(&scene.backend).get(&link).await.location(), Some("/reset"));
    }
    assert_eq!(browser.get(&link).await.location(), Some("/reset"));
    let form = browser.get("/reset").await;
    assert!(form.body.contains("Adaeze Okoronta") && form.body.contains("a.okoronta"), "{}", form.body);
    let weak = browser.post("/reset", &[("password", "okoronta okoronta")]).await;
    assert!(weak.body.contains("Your password cannot contain your name"), "nothing is spent: {}", weak.body);
    assert_eq!(elsewhere.get("/portal").await.status, StatusCode::OK, "nothing has ended");

    let mut second = browser.clone();
    assert_eq!(browser.post("/reset", &[("password", CHOSEN)]).await.location(), Some("/portal"));
    assert_eq!(browser.get("/portal").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/portal").await.status, StatusCode::SEE_OTHER, "other sessions have ended");
    let replay = second.post("/reset", &[("password", "another fine kettle")]).await;
    assert!(replay.body.contains("no longer works") && !second.cookies.contains_key("greencap"));
    let old = Browser::new(&scene.backend)
        .post("/sign-in", &[("name", "a.okoronta"), ("password", PASSWORD)])
        .await;
    assert_eq!(old.status, StatusCode::OK, "the old password is wrong now");
    Browser::new(&scene.backend).sign_in("a.okoronta", CHOSEN).await;
    assert!(told_of_password(&scene).await);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn fifty_forms_at_once_spend_a_link_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let link = link(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    browser.get(&link).await;
    let forms: Vec<_> = (0..50)
        .map(|_| {
            let mut browser = browser.clone();
            tokio::spawn(async move {
                browser.post("/reset", &[("password", CHOSEN)]).await.location() == Some("/portal")
            })
        })
        .collect();
    let mut entered = 0;
    for form in forms {
        entered += u32::from(form.await.unwrap());
    }
    assert_eq!(entered, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_link_is_dead_after_an_hour_a_newer_one_a_changed_password_or_a_stop(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let dead = async |link: &str| {
        let mut browser = Browser::new(&scene.backend);
        browser.get(link).await;
        browser.get("/reset").await.body.contains("This link no longer works")
    };
    let older = link(&scene).await;
    assert!(!dead(&older).await);
    let newer = link(&scene).await;
    assert!(dead(&older).await && !dead(&newer).await, "only the newest lives");
    scene.set_state(scene.account, "suspended").await;
    assert!(dead(&newer).await);
    scene.set_state(scene.account, "active").await;
    scene.clock.advance(LINK_LIVES);
    assert!(dead(&newer).await, "judged by the time of use");
    // A token of another purpose does not work here, nor a link with a letter changed.
    for made_up in ["/reset/x", &newer.replace("/reset/", "/reset/A"), &format!("/reset/{}", "A".repeat(43))]
    {
        assert!(dead(made_up).await, "{made_up}");
    }
    scene.clock.advance(LINK_LIVES);
    let latest = link(&scene).await;
    let mut owner = Browser::new(&scene.backend);
    owner.sign_in("a.okoronta", PASSWORD).await;
    owner.post("/account/password", &[("present", PASSWORD), ("password", CHOSEN)]).await;
    assert!(dead(&latest).await, "a change of password ends it");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn asking_tells_nothing_and_only_the_owner_gets_a_message(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let waiting = student(&scene.backend, &scene.school, "Bem", "Ade", "1050", Some("bem@example.org")).await;
    account(&scene.backend, &scene.school, waiting, "b.ade").await;
    let mut answers = Vec::new();
    for name in ["a.okoronta", "ada@example.org", "nobody", "nobody@example.org", "b.ade", "' OR 1=1 --"] {
        answers.push(essence(&ask(&mut Browser::new(&scene.backend), name).await));
    }
    scene.set_state(scene.account, "suspended").await;
    answers.push(essence(&ask(&mut Browser::new(&scene.backend), "a.okoronta").await));
    assert_eq!(answers[0].0, StatusCode::OK);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    // Two were requested while the account was active; the second made the first worthless, so only one is
    // sent.
    scene.set_state(scene.account, "active").await;
    let sent = mailbox(&scene).await;
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert_eq!(sent[0].0, "Adaeze Okoronta <ada@example.org>");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_shared_mailbox_gets_one_message_with_a_link_of_each_persons_own(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let twin =
        student(&scene.backend, &scene.school, "Chidera", "Okoronta", "1043", Some("ada@example.org")).await;
    active_account(&scene.backend, &scene.school, twin, "c.okoronta", PASSWORD).await;
    ask(&mut Browser::new(&scene.backend), " ADA@example.org ").await;
    let sent = mailbox(&scene).await;
    assert_eq!(sent.len(), 1);
    let text = &sent[0].2;
    let both = links(text);
    assert_eq!(both.len(), 2, "{text}");
    for (link, name, other) in
        [(&both[0], "Adaeze Okoronta", "Chidera"), (&both[1], "Chidera Okoronta", "Adaeze")]
    {
        let mut browser = Browser::new(&scene.backend);
        browser.get(link).await;
        let form = browser.get("/reset").await;
        assert!(form.body.contains(name) && !form.body.contains(other), "{}", form.body);
    }
    // By username it concerns only that person.
    ask(&mut Browser::new(&scene.backend), "c.okoronta").await;
    let sent = mailbox(&scene).await;
    assert_eq!(links(&sent[1].2).len(), 1);

    let mut browser = Browser::new(&scene.backend);
    browser.post("/forgotten/username", &[("name", "ada@example.org")]).await;
    let (_, subject, text) = mailbox(&scene).await.pop().unwrap();
    assert_eq!(subject, "Your Quillmere School portal username");
    assert!(text.contains("Adaeze Okoronta: a.okoronta") && text.contains("Chidera Okoronta: c.okoronta"));
    assert!(links(&text).is_empty());
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_can_fill_a_mailbox(pool: PgPool) {
    let scene = Scene::new(pool).await;
    for n in 0..12 {
        let name = if n % 2 == 0 { "a.okoronta" } else { "ada@example.org" };
        let mut browser = Browser::at(&scene.backend, &format!("203.0.113.{n}"));
        assert_eq!(ask(&mut browser, name).await.status, StatusCode::OK);
    }
    // Of several requested at once, only the newest is sent, with the links that work.
    assert_eq!(mailbox(&scene).await.len(), 1);
    let queued: i64 = sqlx::query_scalar("SELECT count(*) FROM messages")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(queued, 3);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_answer_waits_for_nothing_that_there_is_and_no_name_is_kept_as_it_was_typed(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let database = scene.backend.database.raw();
    for name in ["a.okoronta", "nobody.here"] {
        assert_eq!(ask(&mut Browser::new(&scene.backend), name).await.status, StatusCode::OK);
    }
    let made = "SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM password_resets)";
    let made: i64 = sqlx::query_scalar(made).fetch_one(database).await.unwrap();
    assert_eq!(made, 0, "nobody was looked up yet");
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT name FROM recovery_requests").fetch_all(database).await.unwrap();
    assert_eq!(kept.len(), 2);
    let clear = |sealed: &Vec<u8>| sealed.windows(4).any(|bytes| bytes == b"okor" || bytes == b"nobo");
    assert!(!kept.iter().any(clear));
    // Nobody expects a message any more that no worker sent in time.
    scene.clock.advance(TimeDelta::hours(1));
    assert!(mailbox(&scene).await.is_empty());
    ask(&mut Browser::new(&scene.backend), "a.okoronta").await;
    assert_eq!(mailbox(&scene).await.len(), 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_code_of_the_office_signs_in_once_and_makes_its_person_choose_a_password(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let code = code(&scene).await;
    let typed = code.to_lowercase().replace('-', " ");
    let mut browser = Browser::new(&scene.backend);
    let sign_in = [("name", "a.okoronta"), ("password", typed.as_str())];
    assert_eq!(browser.post("/sign-in", &sign_in).await.location(), Some("/sign-in/new-password"));
    // The step cannot be skipped.
    assert_eq!(browser.get("/portal").await.location(), Some("/sign-in?next=/portal"));
    assert!(browser.get("/sign-in/new-password").await.body.contains("Adaeze Okoronta"));
    // Until it is done the old password works too.
    Browser::new(&scene.backend).sign_in("a.okoronta", PASSWORD).await;
    let chosen = browser.post("/sign-in/new-password", &[("password", CHOSEN)]).await;
    assert_eq!(chosen.location(), Some("/portal"));
    assert_eq!(browser.get("/portal").await.status, StatusCode::OK);
    let again = Browser::new(&scene.backend).post("/sign-in", &sign_in).await;
    assert_eq!((again.status, again.location()), (StatusCode::OK, None), "a code works once");
    Browser::new(&scene.backend).sign_in("a.okoronta", CHOSEN).await;
    assert!(told_of_password(&scene).await);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_code_is_dead_when_it_is_old_replaced_or_guessed_at_and_unlocks_who_was_locked(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let works = async |code: &str| {
        let mut browser = Browser::new(&scene.backend);
        let form = [("name", "a.okoronta"), ("password", code)];
        browser.post("/sign-in", &form).await.location() == Some("/sign-in/new-password")
    };
    let older = code(&scene).await;
    let newer = code(&scene).await;
    assert!(!works(&older).await && works(&newer).await);
    scene.clock.advance(CODE_LIVES);
    assert!(!works(&newer).await);
    let guessed = code(&scene).await;
    sqlx::query("UPDATE password_resets SET failed_attempts = 9")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    assert!(!works("00000-00000").await && !works(&guessed).await, "ten wrong ones end it");
    scene.set_state(scene.account, "locked").await;
    let code = code(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    browser.post("/sign-in", &[("name", "a.okoronta"), ("password", &code)]).await;
    browser.post("/sign-in/new-password", &[("password", CHOSEN)]).await;
    Browser::new(&scene.backend).sign_in("a.okoronta", CHOSEN).await;
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_code_by_email_names_its_person_and_never_a_password(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let person = person_of(&scene, "a.okoronta").await;
    let manager = scene.school.actor(&scene.backend, Role::AccountManager);
    let made = make_code(&scene.backend, &manager, person, CodeHandout::Emailed).await.unwrap();
    assert_eq!(made, CodeOutcome::Queued);
    let (recipient, subject, text) = mailbox(&scene).await.pop().unwrap();
    assert_eq!(recipient, "Adaeze Okoronta <ada@example.org>");
    assert!(subject.starts_with("Adaeze Okoronta: your one-time code") && text.contains("a.okoronta"));
    let code = text.lines().find_map(|line| line.strip_prefix("Your code: ")).unwrap();
    let form = [("name", "a.okoronta"), ("password", code)];
    let mut browser = Browser::new(&scene.backend);
    assert_eq!(browser.post("/sign-in", &form).await.location(), Some("/sign-in/new-password"));
    let kept: String = sqlx::query_scalar(
        "SELECT coalesce(string_agg(details::text, ' '), '') FROM audit_events WHERE action = 'reset_code_made'",
    )
    .fetch_one(scene.backend.database.raw())
    .await
    .unwrap();
    assert!(kept.contains("emailed") && !kept.contains(code), "{kept}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_makes_a_code_for_someone_with_more_rights_or_elsewhere_or_without_the_permission(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let person = person_of(&scene, "a.okoronta").await;
    let refused =
        async |actor: &Actor, person| make_code(backend, actor, person, CodeHandout::Shown).await.is_err();
    let manager = school.actor(backend, Role::AccountManager);
    assert!(refused(&school.actor(backend, Role::OfficeViewer), person).await);
    let other = Actor { organisation: backend.new_id(), ..manager.clone() };
    assert!(refused(&other, person).await);
    assert!(!refused(&manager, person).await);
    // Adaeze has become an administrator, and is still on the roll.
    staff_role(backend, school, person, Role::Administrator).await;
    assert!(refused(&manager, person).await);
    assert!(!refused(&school.actor(backend, Role::Administrator), person).await);
}
