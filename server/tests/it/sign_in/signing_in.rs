//! Signing in and out.

use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderMap, Method, StatusCode};
use backend::testing::{active_account, staff_role, student};
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::scene::{PASSWORD, Scene};

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn students_come_to_their_portal_and_staff_to_the_office(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let person = student(&scene.backend, &scene.school, "Ines", "Marchetti", "S1", None).await;
    active_account(&scene.backend, &scene.school, person, "i.marchetti", PASSWORD).await;
    staff_role(&scene.backend, &scene.school, person, Role::AccountManager).await;
    for (name, goes_to) in [("a.okoronta", "/portal"), ("i.marchetti", "/")] {
        let mut browser = Browser::new(&scene.backend);
        let answer = browser.post("/sign-in", &[("name", name), ("password", PASSWORD)]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, Some(goes_to)));
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
        assert!(
            cookie.starts_with("greencap=") && cookie.contains("; Path=/; HttpOnly; SameSite=Lax"),
            "{cookie}"
        );
        // For someone signed in already, the sign-in page redirects.
        assert_eq!(browser.get("/sign-in").await.location(), Some(goes_to));
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_portal_greets_its_owner_and_sends_strangers_to_sign_in_and_back(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    let answer = browser.get("/portal").await;
    assert_eq!(answer.location(), Some("/sign-in?next=/portal"));
    let form = browser.get("/sign-in?next=/portal").await;
    assert!(form.body.contains(r#"name="next" value="/portal""#), "{}", form.body);
    browser.sign_in("a.okoronta", PASSWORD).await;
    let answer = browser.get("/portal").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("Good morning, Adaeze") && answer.body.contains("Quillmere School"));
    assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
    assert!(!answer.body.contains(".wasm") && !answer.body.contains("style=\""));
}

/// Only the date may differ between two refusals.
fn essence(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove("date");
    headers
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn every_refusal_is_the_same_answer(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut answers = Vec::new();
    for (name, password, state) in [
        ("a.okoronta", "copper ladder frog", "active"),
        ("x.nobodyxx", PASSWORD, "active"),
        ("x@nobody.x", PASSWORD, "active"),
        ("a.okoronta", PASSWORD, "created"),
        ("a.okoronta", PASSWORD, "invited"),
        ("a.okoronta", PASSWORD, "suspended"),
        ("a.okoronta", PASSWORD, "locked"),
        ("a.okoronta", PASSWORD, "closed"),
    ] {
        scene.set_state(scene.account, state).await;
        let answer =
            Browser::new(&scene.backend).post("/sign-in", &[("name", name), ("password", password)]).await;
        let body = answer.body.replace(name, "NAME");
        answers.push((state, name, answer.status, essence(&answer.headers), body));
    }
    let (_, _, status, headers, body) = answers[0].clone();
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("<title>Error: "), "{body}");
    for (state, name, other_status, other_headers, other_body) in answers {
        assert_eq!((other_status, &other_headers, &other_body), (status, &headers, &body), "{state} {name}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn empty_fields_are_named_and_the_password_is_never_sent_back(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    let answer = browser.post("/sign-in", &[("name", "a.okoronta"), ("password", "")]).await;
    assert_eq!(
        answer.body.matches("Enter your password.").count(),
        1,
        "an error is said once: {}",
        answer.body
    );
    assert!(answer.body.contains("aria-describedby=\"password-error\""), "{}", answer.body);
    let answer = browser.post("/sign-in", &[("name", "a.okoronta"), ("password", "not this one")]).await;
    assert!(answer.body.contains(r#"value="a.okoronta""#) && !answer.body.contains("not this one"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_token_planted_before_the_sign_in_is_worth_nothing_after_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    browser.cookies.insert("greencap".to_owned(), "planted".to_owned());
    browser.sign_in("a.okoronta", PASSWORD).await;
    let first = browser.clone();
    assert_ne!(first.cookies["greencap"], "planted");
    // Signing in again gives a new token too, and the previous one stops working.
    browser.sign_in("a.okoronta", PASSWORD).await;
    assert_ne!(browser.cookies["greencap"], first.cookies["greencap"]);
    assert_eq!(first.clone().get("/portal").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/portal").await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn suspension_ends_a_session_before_the_next_page(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("a.okoronta", PASSWORD).await;
    assert_eq!(browser.get("/portal").await.status, StatusCode::OK);
    scene.set_state(scene.account, "suspended").await;
    assert_eq!(browser.get("/portal").await.location(), Some("/sign-in?next=/portal"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn signing_out_ends_the_session_in_every_tab(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("a.okoronta", PASSWORD).await;
    let mut other_tab = browser.clone();
    assert_eq!(browser.get("/sign-out").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let answer = browser.post("/sign-out", &[]).await;
    assert_eq!(answer.location(), Some("/sign-in?said=signed-out"));
    assert!(!browser.cookies.contains_key("greencap"));
    assert_eq!(other_tab.get("/portal").await.status, StatusCode::SEE_OTHER);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_is_led_to_another_site(pool: PgPool) {
    let scene = Scene::new(pool).await;
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"] {
        let mut browser = Browser::new(&scene.backend);
        let form = [("name", "a.okoronta"), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/sign-in", &form).await.location(), Some("/portal"), "{next}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn another_site_cannot_sign_anybody_in(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    let form: &[(&str, &str)] = &[("name", "a.okoronta"), ("password", PASSWORD)];
    for headers in [[("sec-fetch-site", "cross-site")], [("origin", "https://evil.example")]] {
        let answer = browser.send(Method::POST, "/sign-in", Some(form), &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(browser.cookies.is_empty());
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_name_typed_on_another_keyboard_is_the_same_name(pool: PgPool) {
    let scene = Scene::new(pool).await;
    for name in [
        "ａ．ｏｋｏｒｏｎｔａ",
        "a\u{3002}okoronta",
        "a. okoronta",
        "\u{200e}A.Okoronta\u{200b}",
        "ada＠example｡org",
    ] {
        Browser::new(&scene.backend).sign_in(name, PASSWORD).await;
    }
}
