//! Several people with one email address.

use axum::http::StatusCode;
use backend::sign_in::flow::FLOW_LIVES;
use backend::testing::{active_account, student};
use domain::ids::AccountId;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::scene::{PASSWORD, Scene};

const OTHER: &str = "kettle orbit mustard";

/// Three siblings, two of whom have the same password.
struct Siblings {
    scene: Scene,
    twin: AccountId,
}

async fn siblings(pool: PgPool) -> Siblings {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let twin = student(backend, school, "Chidera", "Okoronta", "1043", Some("ADA@example.org")).await;
    let twin = active_account(backend, school, twin, "c.okoronta", PASSWORD).await;
    let third = student(backend, school, "Emeka", "Okoronta", "1044", Some("ada@example.org")).await;
    active_account(backend, school, third, "e.okoronta", OTHER).await;
    Siblings { scene, twin }
}

async fn sign_in(browser: &mut Browser, password: &str) -> PageAnswer {
    browser
        .post("/sign-in", &[("name", "ada@example.org"), ("password", password), ("next", "/portal")])
        .await
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_password_of_one_of_them_lets_that_one_in(pool: PgPool) {
    let Siblings { scene, .. } = siblings(pool).await;
    let mut browser = Browser::new(&scene.backend);
    assert_eq!(sign_in(&mut browser, OTHER).await.location(), Some("/portal"));
    assert!(browser.get("/portal").await.body.contains("Good morning, Emeka"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_password_of_two_asks_which_of_the_two_it_is(pool: PgPool) {
    let Siblings { scene, twin } = siblings(pool).await;
    let mut browser = Browser::new(&scene.backend);
    assert_eq!(sign_in(&mut browser, PASSWORD).await.location(), Some("/sign-in/who?next=/portal"));
    assert!(!browser.cookies.contains_key("greencap"), "nobody is signed in yet");
    let page = browser.get("/sign-in/who?next=/portal").await;
    assert!(page.body.contains("Adaeze Okoronta") && page.body.contains("Chidera Okoronta"), "{}", page.body);
    assert!(!page.body.contains("Emeka"), "who has another password is not named");

    let mut other_tab = browser.clone();
    let chosen = twin.to_string();
    let form: &[(&str, &str)] = &[("account", &chosen), ("next", "/portal")];
    assert_eq!(browser.post("/sign-in/who", form).await.location(), Some("/portal"));
    assert!(browser.get("/portal").await.body.contains("Good morning, Chidera"));
    // The flow was already used.
    assert_eq!(
        other_tab.post("/sign-in/who", form).await.location(),
        Some("/sign-in?said=again&next=/portal")
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_is_chosen_whose_password_it_is_not_or_after_a_while_or_once_stopped(pool: PgPool) {
    let Siblings { scene, twin } = siblings(pool).await;
    let third: AccountId = sqlx::query_scalar("SELECT id FROM accounts WHERE username = 'e.okoronta'")
        .fetch_one(scene.backend.database.raw())
        .await
        .map(AccountId)
        .unwrap();
    let mut browser = Browser::new(&scene.backend);
    let choose = async |browser: &mut Browser, account: &str| {
        let answer = browser.post("/sign-in/who", &[("account", account)]).await;
        (answer.status, answer.location().map(str::to_owned))
    };
    let again = (StatusCode::SEE_OTHER, Some("/sign-in?said=again".to_owned()));
    assert_eq!(choose(&mut browser, &twin.to_string()).await, again, "without a password");
    sign_in(&mut browser, PASSWORD).await;
    assert_eq!(choose(&mut browser.clone(), &third.to_string()).await, again, "another's account");
    scene.set_state(twin, "suspended").await;
    assert_eq!(choose(&mut browser.clone(), &twin.to_string()).await, again, "stopped in between");
    scene.set_state(twin, "active").await;
    scene.clock.advance(FLOW_LIVES);
    assert_eq!(choose(&mut browser, &twin.to_string()).await, again, "too late");
    assert!(!browser.cookies.contains_key("greencap"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_browser_that_one_of_them_uses_is_slowed_when_it_guesses_at_the_others(pool: PgPool) {
    let Siblings { scene, .. } = siblings(pool).await;
    let mut phone = Browser::new(&scene.backend);
    phone.sign_in("e.okoronta", OTHER).await;
    phone.post("/sign-out", &[]).await;
    for n in 0..10 {
        assert_eq!(sign_in(&mut phone, "not this one").await.status, StatusCode::OK, "{n}");
    }
    assert_eq!(sign_in(&mut phone, "not this one").await.status, StatusCode::TOO_MANY_REQUESTS);
    let most: i32 = sqlx::query_scalar("SELECT max(failed_attempts) FROM accounts")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(most, 10);
    // Its owner still gets in there, by their username.
    phone.sign_in("e.okoronta", OTHER).await;
}
