//! Authenticator apps and recovery codes: setting them up, signing in with them, losing them.

use axum::http::StatusCode;
use backend::testing::{active_account, app_code, staff_role, student};
use chrono::TimeDelta;
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::recovery::forgetting::{code, link, mailbox, person_of};
use crate::scene::{PASSWORD, Scene};

const STEP: TimeDelta = TimeDelta::seconds(30);

/// Signs in with the password and returns where that redirects to.
async fn password(browser: &mut Browser) -> Option<String> {
    let answer = browser.post("/sign-in", &[("name", "a.okoronta"), ("password", PASSWORD)]).await;
    answer.location().map(str::to_owned)
}

async fn second_factor(browser: &mut Browser, code: &str) -> PageAnswer {
    browser.post("/sign-in/second-factor", &[("code", code)]).await
}

/// Sets up an app; returns the signed-in browser and the recovery codes.
async fn set_up(scene: &Scene) -> (Browser, Vec<String>) {
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("a.okoronta", PASSWORD).await;
    let page = browser.get("/account/security/app").await.body;
    assert!(page.contains("class=\"qr\""), "{page}");
    let code = app_code(&scene.backend, scene.account).await;
    let done = browser.post("/account/security/app", &[("code", &code)]).await;
    assert_eq!(done.status, StatusCode::OK);
    let codes: Vec<String> = done
        .body
        .split("<li class=\"code\">")
        .skip(1)
        .filter_map(|rest| rest.split('<').next())
        .map(str::to_owned)
        .collect();
    assert_eq!(codes.len(), 10, "{}", done.body);
    scene.clock.advance(STEP);
    (browser, codes)
}

async fn is_in(browser: &Browser) -> bool {
    browser.clone().get("/portal").await.status == StatusCode::OK
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_password_alone_lets_nobody_in_any_more_and_a_code_works_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    set_up(&scene).await;
    let (mut one, mut two) = (Browser::new(&scene.backend), Browser::new(&scene.backend));
    for browser in [&mut one, &mut two] {
        assert_eq!(password(browser).await.as_deref(), Some("/sign-in/second-factor"));
        assert!(!is_in(browser).await, "nobody steps over the second factor");
    }
    let code = app_code(&scene.backend, scene.account).await;
    assert_eq!(second_factor(&mut one, &code).await.location(), Some("/portal"));
    assert!(is_in(&one).await);
    let again = second_factor(&mut two, &code).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.body.contains("This code is wrong or has been used"), "{}", again.body);
    scene.clock.advance(STEP);
    let next = app_code(&scene.backend, scene.account).await;
    assert_eq!(second_factor(&mut two, &next).await.location(), Some("/portal"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn no_other_step_lets_in_who_owes_the_second_factor(pool: PgPool) {
    let scene = Scene::new(pool).await;
    set_up(&scene).await;
    let code = app_code(&scene.backend, scene.account).await;
    let mut browser = Browser::new(&scene.backend);
    // Without a password the code is useless.
    assert_eq!(second_factor(&mut browser, &code).await.location(), Some("/sign-in?said=again"));
    password(&mut browser).await;
    let account = scene.account.to_string();
    for (path, form) in [
        ("/sign-in/who", vec![("account", account.as_str())]),
        ("/sign-in/new-password", vec![("password", "kettle orbit mustard")]),
    ] {
        let mut tab = browser.clone();
        let answer = tab.post(path, &form).await;
        assert!(!tab.cookies.contains_key("greencap"), "{path}: {}", answer.status);
    }
    for page in ["/portal", "/account/security", "/account/security/app/remove"] {
        let answer = browser.clone().get(page).await;
        assert!(answer.location().is_some_and(|to| to.starts_with("/sign-in")), "{page}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn codes_of_another_account_and_guesses_come_to_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    set_up(&scene).await;
    let other = student(&scene.backend, &scene.school, "Bem", "Ade", "1050", None).await;
    let other = active_account(&scene.backend, &scene.school, other, "b.ade", PASSWORD).await;
    let mut stranger = Browser::new(&scene.backend);
    stranger.sign_in("b.ade", PASSWORD).await;
    stranger.get("/account/security/app").await;
    let theirs = app_code(&scene.backend, other).await;
    let mut browser = Browser::new(&scene.backend);
    password(&mut browser).await;
    assert!(second_factor(&mut browser, &theirs).await.body.contains("This code is wrong or has been used"));
    for _ in 0..4 {
        assert_eq!(second_factor(&mut browser, "000000").await.status, StatusCode::OK);
    }
    // Also from elsewhere: the limit is per account.
    let mut elsewhere = Browser::at(&scene.backend, "203.0.113.9");
    password(&mut elsewhere).await;
    let right = app_code(&scene.backend, scene.account).await;
    assert_eq!(second_factor(&mut elsewhere, &right).await.status, StatusCode::TOO_MANY_REQUESTS);
    scene.clock.advance(TimeDelta::minutes(10));
    password(&mut elsewhere).await;
    let right = app_code(&scene.backend, scene.account).await;
    assert_eq!(second_factor(&mut elsewhere, &right).await.location(), Some("/portal"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn several_wrong_codes_behind_the_right_password_are_told_to_the_owner_once_a_day(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (owner, _) = set_up(&scene).await;
    let told = async || -> Vec<String> {
        let sent = mailbox(&scene).await.into_iter();
        sent.filter(|(_, subject, _)| subject.starts_with("Was this you?")).map(|(.., text)| text).collect()
    };
    let mut stranger = Browser::at(&scene.backend, "203.0.113.9");
    password(&mut stranger).await;
    for wrong in 1..=5 {
        second_factor(&mut stranger, "000000").await;
        assert_eq!(told().await.len(), usize::from(wrong == 5));
    }
    for _ in 0..3 {
        scene.clock.advance(TimeDelta::minutes(10));
        password(&mut stranger).await;
        assert_eq!(second_factor(&mut stranger, "000000").await.status, StatusCode::OK);
    }
    let texts = told().await;
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts[0].contains("Adaeze Okoronta (a.okoronta)") && !texts[0].contains("000000"), "{texts:?}");
    assert!(is_in(&owner).await, "nothing of theirs ends");
    let written: Vec<String> =
        sqlx::query_scalar("SELECT source FROM audit_events WHERE action = 'second_factors_guessed'")
            .fetch_all(scene.backend.database.raw())
            .await
            .unwrap();
    assert_eq!(written, ["203.0.113.9"]);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn each_recovery_code_works_once_and_new_ones_replace_the_old(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut owner, codes) = set_up(&scene).await;
    let enter = async |code: &str| {
        let mut browser = Browser::new(&scene.backend);
        password(&mut browser).await;
        second_factor(&mut browser, code).await.location() == Some("/portal")
    };
    assert!(enter(&codes[0].to_lowercase()).await);
    assert!(!enter(&codes[0]).await);
    assert!(owner.get("/account/security").await.body.contains("Unused codes: 9"));
    let renewed = owner.post("/account/security/recovery-codes", &[]).await;
    assert_eq!(renewed.status, StatusCode::OK);
    assert!(!renewed.body.contains(&codes[1]) && !enter(&codes[1]).await);
    let page = owner.get("/account/security/recovery-codes").await.body;
    assert!(!page.contains("class=\"codes\""), "they are shown once");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_does_not_fit_is_said_to_families_as_it_is(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("a.okoronta", PASSWORD).await;
    let refused = browser.post("/account/security/recovery-codes", &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("Something changed in the meantime"), "{}", refused.body);
    assert!(
        refused.body.contains(
            "You have no extra check when signing in. Set one up before you create recovery codes."
        )
    );
    assert!(!refused.body.contains("Many people"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn setting_one_up_takes_its_first_code_and_ends_every_other_session(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut elsewhere = Browser::new(&scene.backend);
    elsewhere.sign_in("a.okoronta", PASSWORD).await;
    let mut here = Browser::new(&scene.backend);
    here.sign_in("a.okoronta", PASSWORD).await;
    here.get("/account/security/app").await;
    let wrong = here.post("/account/security/app", &[("code", "000000")]).await;
    assert!(wrong.body.contains("This code is wrong or has been used"));
    let mut other = Browser::new(&scene.backend);
    assert_eq!(password(&mut other).await.as_deref(), Some("/portal"), "not asked for yet");
    // A secret that was shown expires.
    let first = app_code(&scene.backend, scene.account).await;
    scene.clock.advance(TimeDelta::hours(1));
    here.post("/account/step-up", &[("proof", PASSWORD)]).await;
    let late = here.post("/account/security/app", &[("code", &first)]).await;
    assert_eq!(late.location(), Some("/account/security?said=late"));
    here.get("/account/security/app").await;
    let code = app_code(&scene.backend, scene.account).await;
    assert_eq!(here.post("/account/security/app", &[("code", &code)]).await.status, StatusCode::OK);
    assert!(is_in(&here).await && !is_in(&elsewhere).await);
}

/// Someone else may have seen it in a session that the new password ended.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_secret_that_was_shown_before_a_new_password_is_not_shown_again(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut stranger, mut owner) = (Browser::new(&scene.backend), Browser::new(&scene.backend));
    stranger.sign_in("a.okoronta", PASSWORD).await;
    owner.sign_in("a.okoronta", PASSWORD).await;
    let shown = async |browser: &mut Browser| {
        let page = browser.get("/account/security/app").await.body;
        page.split("<span class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
    };
    let seen = shown(&mut stranger).await;
    assert_eq!(shown(&mut owner).await, seen, "it stays the same while it is set up");
    let form = [("present", PASSWORD), ("password", "kettle orbit mustard")];
    let changed = owner.post("/account/password", &form).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    assert_ne!(shown(&mut owner).await, seen);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_database_alone_gives_no_secret_away(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut browser, codes) = set_up(&scene).await;
    let page = browser.get("/account/security/app").await.body;
    let kept: String = sqlx::query_scalar(
        "SELECT (SELECT string_agg(a::text, ' ') FROM authenticators a)
             || (SELECT string_agg(r::text, ' ') FROM recovery_codes r)
             || (SELECT string_agg(e::text, ' ') FROM audit_events e)",
    )
    .fetch_one(scene.backend.database.raw())
    .await
    .unwrap();
    // In groups of four on the page.
    let secret = page.split("<span class=\"code\">").nth(1).unwrap().split('<').next().unwrap();
    assert!(!kept.contains(&secret.replace(' ', "")));
    assert!(codes.iter().all(|code| !kept.contains(code) && !kept.contains(&code.replace('-', ""))));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn neither_a_reset_link_nor_a_code_of_the_office_steps_over_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    set_up(&scene).await;
    let chosen = "kettle orbit mustard";
    let mut browser = Browser::new(&scene.backend);
    let link = link(&scene).await;
    browser.get(&link).await;
    let reset = browser.post("/reset", &[("password", chosen)]).await;
    assert_eq!(reset.location(), Some("/sign-in/second-factor"));
    assert!(!is_in(&browser).await);

    let code = code(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    let entered = browser.post("/sign-in", &[("name", "a.okoronta"), ("password", &code)]).await;
    assert_eq!(entered.location(), Some("/sign-in/second-factor"));
    let early = browser.clone().post("/sign-in/new-password", &[("password", PASSWORD)]).await;
    assert_eq!(early.location(), Some("/sign-in?said=again"), "a code alone changes no password");
    let factor = app_code(&scene.backend, scene.account).await;
    assert_eq!(second_factor(&mut browser, &factor).await.location(), Some("/sign-in/new-password"));
    let done = browser.post("/sign-in/new-password", &[("password", PASSWORD)]).await;
    assert_eq!(done.location(), Some("/portal"), "what was shown is not asked for twice");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_stolen_session_takes_none_away(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut owner, codes) = set_up(&scene).await;
    let mut remove = async |present: &str, code: &str| {
        let form = [("present", present), ("code", code)];
        owner.post("/account/security/app/remove", &form).await
    };
    let right = app_code(&scene.backend, scene.account).await;
    assert!(remove("not this one", &right).await.body.contains("This is not your current password"));
    assert!(remove(PASSWORD, "000000").await.body.contains("This code is wrong or has been used"));
    let done = remove(PASSWORD, &right).await;
    assert_eq!(done.location(), Some("/account/security?said=removed"));
    let mut browser = Browser::new(&scene.backend);
    assert_eq!(password(&mut browser).await.as_deref(), Some("/portal"));
    // The codes were removed with it.
    let (_, fresh) = set_up(&scene).await;
    assert!(codes.iter().all(|code| !fresh.contains(code)));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn setting_one_up_asks_for_the_password_again_after_a_quarter_of_an_hour(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("a.okoronta", PASSWORD).await;
    scene.clock.advance(TimeDelta::minutes(15));
    let to_proof = Some("/account/step-up?next=/account/security/app");
    assert_eq!(browser.get("/account/security/app").await.location(), to_proof);
    let step_up = async |browser: &mut Browser, code: &str| {
        browser.post("/account/step-up", &[("proof", code), ("next", "/account/security/app")]).await
    };
    assert!(step_up(&mut browser, "not this one").await.body.contains("This is not your current password"));
    assert_eq!(step_up(&mut browser, PASSWORD).await.location(), Some("/account/security/app"));
    assert_eq!(browser.get("/account/security/app").await.status, StatusCode::OK);
    let away = browser.post("/account/step-up", &[("proof", PASSWORD), ("next", "//evil.example")]).await;
    assert_eq!(away.location(), Some("/"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn staff_have_their_days_and_then_set_one_up_before_they_go_on(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let person = person_of(&scene, "a.okoronta").await;
    staff_role(&scene.backend, &scene.school, person, Role::AccountManager).await;
    let mut browser = Browser::new(&scene.backend);
    assert_eq!(password(&mut browser).await.as_deref(), Some("/"));
    let page = browser.get("/account/security").await.body;
    assert!(page.contains("Set one up before 5 December 2026"), "{page}");
    scene.clock.advance(TimeDelta::days(14));
    let mut browser = Browser::new(&scene.backend);
    password(&mut browser).await;
    for page in ["/", "/accounts", "/portal", "/office/school/QUILL"] {
        assert_eq!(browser.get(page).await.location(), Some("/account/security"), "{page}");
    }
    for form in ["/api/accounts/count", "/accounts/export"] {
        assert_eq!(browser.post(form, &[]).await.status, StatusCode::FORBIDDEN, "{form}");
    }
    browser.get("/account/security/app").await;
    let code = app_code(&scene.backend, scene.account).await;
    assert_eq!(browser.post("/account/security/app", &[("code", &code)]).await.status, StatusCode::OK);
    assert_eq!(browser.get("/").await.location(), Some("/accounts"));
}

/// The code of the app on a phone whose clock differs by this much.
async fn code_of_phone(scene: &Scene, off: TimeDelta) -> String {
    scene.clock.advance(off);
    let code = app_code(&scene.backend, scene.account).await;
    scene.clock.advance(-off);
    code
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_phone_whose_clock_is_minutes_off_is_told_so_and_its_code_opens_nothing_then_or_later(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    set_up(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    password(&mut browser).await;
    for off in [TimeDelta::minutes(4), TimeDelta::minutes(-4)] {
        let told = second_factor(&mut browser, &code_of_phone(&scene, off).await).await;
        assert_eq!(told.status, StatusCode::OK);
        assert!(told.body.contains("the clock of your phone is a few minutes off"), "{}", told.body);
    }
    let early = code_of_phone(&scene, TimeDelta::minutes(4)).await;
    scene.clock.advance(TimeDelta::minutes(4));
    let later = second_factor(&mut browser, &early).await;
    assert!(later.body.contains("This code is wrong or has been used"), "{}", later.body);
    // Once the clock is right, the next code works.
    scene.clock.advance(STEP);
    let right = app_code(&scene.backend, scene.account).await;
    assert_eq!(second_factor(&mut browser, &right).await.location(), Some("/portal"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn digits_of_other_keyboards_are_digits_of_a_code(pool: PgPool) {
    let scene = Scene::new(pool).await;
    set_up(&scene).await;
    for zero in ['\u{660}', '\u{6f0}', '\u{ff10}'] {
        let mut browser = Browser::new(&scene.backend);
        password(&mut browser).await;
        let code = app_code(&scene.backend, scene.account).await;
        let typed: String =
            code.chars().filter_map(|c| char::from_u32(u32::from(zero) + c.to_digit(10)?)).collect();
        assert_eq!(second_factor(&mut browser, &typed).await.location(), Some("/portal"), "{typed}");
        scene.clock.advance(STEP);
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_slowed_second_factor_is_on_the_record(pool: PgPool) {
    let scene = Scene::new(pool).await;
    set_up(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    password(&mut browser).await;
    for _ in 0..5 {
        second_factor(&mut browser, "000000").await;
    }
    let viewer = scene.school.actor(&scene.backend, Role::AccountManager);
    let person = person_of(&scene, "a.okoronta").await;
    let help = backend::record::record(&scene.backend, &viewer, person).await.unwrap().help.unwrap();
    let slowed = help.facts.iter().find(|fact| fact.about == "Second factor slowed").expect("a fact");
    assert!(slowed.tells.starts_with("Too many wrong codes. They can try again from"), "{slowed:?}");
}
