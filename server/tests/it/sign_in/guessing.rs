//! Guessing passwords: slowed, without locking the owner out.

use axum::http::{HeaderMap, StatusCode};
use chrono::TimeDelta;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::scene::{PASSWORD, Scene};

async fn guess(browser: &mut Browser, name: &str, password: &str) -> PageAnswer {
    browser.post("/sign-in", &[("name", name), ("password", password)]).await
}

/// Guesses until it is slowed; returns how many guesses were checked.
async fn guess_on(scene: &Scene, name: &str, from: impl Fn(u8) -> Browser) -> u8 {
    for n in 0..u8::MAX {
        let answer = guess(&mut from(n), name, "not this one").await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return n;
        }
        assert_eq!(answer.status, StatusCode::OK, "{}", scene.backend.now());
    }
    u8::MAX
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn guesses_for_one_name_are_slowed_wherever_they_come_from_and_whether_or_not_it_exists(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let from = |n: u8| Browser::at(&scene.backend, &format!("203.0.113.{n}"));
    assert_eq!(guess_on(&scene, "a.okoronta", from).await, 10);
    assert_eq!(guess_on(&scene, "x.nobodyxx", from).await, 10);
    let refusal = async |name: &str| {
        let answer = guess(&mut from(99), name, PASSWORD).await;
        (answer.status, without_date(&answer.headers), answer.body.replace(name, "NAME"))
    };
    // Even the right password gets the same response now.
    assert_eq!(refusal("a.okoronta").await, refusal("x.nobodyxx").await);
    scene.clock.advance(TimeDelta::minutes(2));
    assert_eq!(guess(&mut from(99), "a.okoronta", PASSWORD).await.location(), Some("/portal"));
}

fn without_date(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove("date");
    headers
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn guesses_of_others_do_not_lock_the_owner_out_of_a_browser_they_know(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut phone = Browser::new(&scene.backend);
    phone.sign_in("a.okoronta", PASSWORD).await;
    phone.post("/sign-out", &[]).await;
    // From the same network as the phone, as at a school.
    guess_on(&scene, "a.okoronta", |_| Browser::new(&scene.backend)).await;
    let stranger = guess(&mut Browser::new(&scene.backend), "a.okoronta", PASSWORD).await;
    assert_eq!(stranger.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(guess(&mut phone, "a.okoronta", PASSWORD).await.location(), Some("/portal"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_known_browser_guesses_no_more_than_a_stranger(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut phone = Browser::new(&scene.backend);
    phone.sign_in("a.okoronta", PASSWORD).await;
    phone.post("/sign-out", &[]).await;
    assert_eq!(guess_on(&scene, "a.okoronta", |_| phone.clone()).await, 10);
    // A token that we did not issue does not make a browser recognised.
    let mut planted = Browser::new(&scene.backend);
    planted.cookies.insert("greencap-device".to_owned(), "planted".to_owned());
    planted.sign_in("a.okoronta", PASSWORD).await;
    assert_ne!(planted.cookies["greencap-device"], "planted");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn one_network_is_slowed_over_all_names_and_an_ipv6_network_is_one(pool: PgPool) {
    let scene = Scene::new(pool).await;
    // The state after 300 wrong passwords, without the time they take.
    for network in ["203.0.113.7", "2001:db8:1:2::"] {
        let key = scene.backend.keys.attempt_hash("source", network.as_bytes());
        sqlx::query("INSERT INTO attempts (key, forgotten_at) VALUES ($1, $2)")
            .bind(key.as_slice())
            .bind(scene.backend.now() + TimeDelta::seconds(5 * 300))
            .execute(scene.backend.database.raw())
            .await
            .unwrap();
    }
    for (n, address) in ["2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "203.0.113.7"].into_iter().enumerate() {
        let mut browser = Browser::at(&scene.backend, address);
        let answer = guess(&mut browser, &format!("someone.{n}"), "wrong").await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{address}");
    }
    let mut elsewhere = Browser::at(&scene.backend, "203.0.113.8");
    assert_eq!(guess(&mut elsewhere, "a.okoronta", PASSWORD).await.location(), Some("/portal"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_username_and_an_address_of_one_account_give_no_more_guesses_than_one(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let from = |n: u8| Browser::at(&scene.backend, &format!("203.0.113.{n}"));
    for n in 0..10 {
        let name = if n % 2 == 0 { "a.okoronta" } else { "ADA@example.org" };
        assert_eq!(guess(&mut from(n), name, "not this one").await.status, StatusCode::OK);
    }
    // The next is not checked, whichever name it is for, and no page tells: not even that the names belong together.
    let answer = async |name: &str, password: &str| {
        let answer = guess(&mut from(99), name, password).await;
        (answer.status, without_date(&answer.headers), answer.body.replace(name, "NAME"))
    };
    let unknown = answer("x.nobodyxx", PASSWORD).await;
    assert_eq!(answer("a.okoronta", PASSWORD).await, unknown);
    assert_eq!(answer("ada@example.org", PASSWORD).await, answer("bob@example.org", PASSWORD).await);
    assert!(unknown.2.contains("After many wrong passwords, wait a few minutes"), "{}", unknown.2);
    let counted: i32 = sqlx::query_scalar("SELECT failed_attempts FROM accounts WHERE id = $1")
        .bind(scene.account.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(counted, 10, "what was not checked does not count against the owner");
    scene.clock.advance(TimeDelta::minutes(2));
    assert_eq!(guess(&mut from(99), "ada@example.org", PASSWORD).await.location(), Some("/portal"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn guesses_at_one_account_under_many_names_at_the_same_moment_all_count(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let tries = (0..16).map(|n| {
        let mut browser = Browser::at(&scene.backend, &format!("203.0.113.{n}"));
        let name = if n % 2 == 0 { "a.okoronta" } else { "ada@example.org" };
        tokio::spawn(async move { guess(&mut browser, name, "not this one").await.status })
    });
    for attempt in tries.collect::<Vec<_>>() {
        assert_eq!(attempt.await.unwrap(), StatusCode::OK);
    }
    let counted: i32 = sqlx::query_scalar("SELECT failed_attempts FROM accounts WHERE id = $1")
        .bind(scene.account.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(counted, 10);
}
