//! Your own password and sessions.

use axum::http::{Method, StatusCode};
use backend::record::record;
use backend::sessions::list::end_of_person;
use backend::testing::{active_account, student};
use chrono::TimeDelta;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::sessions::views::SessionsToEnd;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::recovery::forgetting::told_of_password;
use crate::scene::{PASSWORD, Scene};

const CHOSEN: &str = "kettle orbit mustard";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1";

async fn signed_in(scene: &Scene, address: &str, user_agent: &str) -> Browser {
    let mut browser = Browser::at(&scene.backend, address);
    let form: &[(&str, &str)] = &[("name", "a.okoronta"), ("password", PASSWORD)];
    let headers = [("sec-fetch-site", "same-origin"), ("user-agent", user_agent)];
    let answer = browser.send(Method::POST, "/sign-in", Some(form), &headers).await;
    assert_eq!(answer.location(), Some("/portal"));
    browser
}

async fn is_in(browser: &Browser) -> bool {
    browser.clone().get("/portal").await.status == StatusCode::OK
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_changed_password_ends_every_other_session_and_keeps_this_one(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut here = signed_in(&scene, "203.0.113.1", FIREFOX).await;
    let there = signed_in(&scene, "203.0.113.2", IPHONE).await;
    let change = async |browser: &mut Browser, present: &str, chosen: &str| {
        browser.post("/account/password", &[("present", present), ("password", chosen)]).await
    };
    let wrong = change(&mut here, "not this one", CHOSEN).await;
    assert!(wrong.body.contains("This is not your current password"), "{}", wrong.body);
    let weak = change(&mut here, PASSWORD, "password12345678").await;
    assert!(weak.body.contains("too easy to guess"));
    for body in [&wrong.body, &weak.body] {
        assert!(!body.contains(PASSWORD) && !body.contains(CHOSEN), "no password is sent back");
    }
    assert!(is_in(&there).await);
    let done = change(&mut here, PASSWORD, CHOSEN).await;
    assert_eq!(done.location(), Some("/account/sessions?said=changed"));
    assert!(is_in(&here).await && !is_in(&there).await);
    Browser::new(&scene.backend).sign_in("a.okoronta", CHOSEN).await;
    assert!(told_of_password(&scene).await);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_stolen_session_does_not_guess_the_present_password(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut thief = signed_in(&scene, "203.0.113.1", FIREFOX).await;
    for _ in 0..10 {
        let form = [("present", "not this one"), ("password", CHOSEN)];
        assert_eq!(thief.post("/account/password", &form).await.status, StatusCode::OK);
    }
    let form = [("present", PASSWORD), ("password", CHOSEN)];
    assert_eq!(thief.post("/account/password", &form).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn sessions_are_shown_with_device_place_and_time_and_end_at_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let lost = signed_in(&scene, "203.0.113.1", IPHONE).await;
    let other = signed_in(&scene, "2001:db8::7", "<script>alert(1)</script>").await;
    scene.clock.advance(TimeDelta::hours(2));
    let mut here = signed_in(&scene, "203.0.113.2", FIREFOX).await;
    let page = here.get("/account/sessions").await.body;
    for shown in [
        "Firefox on Linux",
        "This browser",
        "Safari on iPhone",
        "Unknown browser",
        "203.0.113.1",
        "2001:db8::7",
        "Last used 21 November 2026, 09:00",
        "Last used 21 November 2026, 11:00",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(!page.contains("alert(1)"));
    let of_lost = page.split("<li>").find(|line| line.contains("iPhone")).unwrap();
    let id = of_lost.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // Another person's browser cannot end it.
    let stranger = student(&scene.backend, &scene.school, "Bem", "Ade", "1050", None).await;
    active_account(&scene.backend, &scene.school, stranger, "b.ade", PASSWORD).await;
    let mut stranger = Browser::new(&scene.backend);
    stranger.sign_in("b.ade", PASSWORD).await;
    stranger.post("/account/sessions/end", &[("session", &id)]).await;
    assert!(is_in(&lost).await);
    here.post("/account/sessions/end", &[("session", &id)]).await;
    assert!(!is_in(&lost).await && is_in(&other).await && is_in(&here).await);
    here.post("/account/sessions/end", &[("session", "others")]).await;
    assert!(!is_in(&other).await && is_in(&here).await);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_password_is_judged_while_it_is_typed_as_the_form_will_judge_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    for (password, answer, met) in [
        ("copper", r#"{"level":1,"words":"Characters still needed: 6""#, "[false,false,false]"),
        ("password12345", r#"{"level":1,"words":"This password is too easy to guess"#, "[true,true,false]"),
        ("my a.okoronta time", r#"{"level":1,"words":"Your password cannot contain"#, "[true,false,true]"),
        (CHOSEN, r#"{"level":4,"words":"Strong"#, "[true,true,true]"),
    ] {
        let form = [("password", password), ("minimum", "12"), ("known", "Adaeze Okoronta a.okoronta")];
        let judged = browser.post("/password/strength", &form).await;
        assert_eq!(judged.status, StatusCode::OK);
        assert!(judged.body.starts_with(answer), "{}", judged.body);
        assert!(judged.body.ends_with(&format!(r#""met":{met}}}"#)), "{}", judged.body);
    }
    let form = [("password", &*"x".repeat(20_000)), ("minimum", "12")];
    assert_eq!(browser.post("/password/strength", &form).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn staff_who_manage_portal_access_see_and_end_sessions_on_the_record_and_nobody_else_does(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let phone = signed_in(&scene, "203.0.113.1", IPHONE).await;
    let person = sqlx::query_scalar("SELECT person_id FROM accounts WHERE username = 'a.okoronta'")
        .fetch_one(scene.backend.database.raw())
        .await
        .map(PersonId)
        .unwrap();
    let viewer = scene.school.actor(&scene.backend, Role::OfficeViewer);
    let manager = scene.school.actor(&scene.backend, Role::AccountManager);
    assert!(record(&scene.backend, &viewer, person).await.unwrap().sessions.is_empty());
    let seen = record(&scene.backend, &manager, person).await.unwrap().sessions;
    assert_eq!(seen.len(), 1);
    let one = SessionsToEnd::One { session: seen[0].session };
    assert!(end_of_person(&scene.backend, &viewer, person, one).await.is_err());
    assert!(is_in(&phone).await);
    assert_eq!(end_of_person(&scene.backend, &manager, person, one).await.unwrap(), 1);
    assert!(!is_in(&phone).await);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_password_of_a_sibling_is_not_found_by_choosing_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let twin = student(backend, school, "Chidera", "Okoronta", "1043", Some("ADA@example.org")).await;
    active_account(backend, school, twin, "c.okoronta", CHOSEN).await;
    let mut here = signed_in(&scene, "203.0.113.1", FIREFOX).await;
    let change = async |browser: &mut Browser, present: &str, chosen: &str| {
        browser.post("/account/password", &[("present", present), ("password", chosen)]).await
    };
    let common = change(&mut here, PASSWORD, "password12345678").await;
    let theirs = change(&mut here, PASSWORD, CHOSEN).await;
    assert_eq!(
        (theirs.status, theirs.body),
        (common.status, common.body),
        "the same refusal as for any other"
    );
    Browser::new(backend).sign_in("a.okoronta", PASSWORD).await;
    // Changing it again and again is slowed.
    let mut present = PASSWORD.to_owned();
    for n in 0..9 {
        let next = format!("kettle orbit fog {n}");
        assert_eq!(change(&mut here, &present, &next).await.status, StatusCode::SEE_OTHER, "{n}");
        present = next;
    }
    let slowed = change(&mut here, &present, "one more mustard kettle").await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    scene.clock.advance(TimeDelta::hours(1));
    here.sign_in("a.okoronta", &present).await;
    assert_eq!(change(&mut here, &present, "one more mustard kettle").await.status, StatusCode::SEE_OTHER);
}
