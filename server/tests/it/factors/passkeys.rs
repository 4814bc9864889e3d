//! Passkeys: adding them, signing in with one alone and with one as the second factor, and everything that
//! must be refused.

use axum::http::StatusCode;
use backend::testing::{SoftPasskey, active_account, staff_role, student};
use chrono::TimeDelta;
use domain::authorization::role::Role;
use domain::factors::{PasskeyAnswer, PasskeyChallenge};
use sqlx::PgPool;

use super::step_up::{pending_form, step_up};
use crate::browser::{Browser, PageAnswer};
use crate::recovery::forgetting::{link, mailbox, person_of};
use crate::scene::{PASSWORD, Scene};

const ORIGIN: &str = "http://localhost:3000";
const ALONE: &str = "/sign-in/passkey/options";
const SECOND: &str = "/sign-in/second-factor/passkey";
const NEW: &str = "/account/security/passkey/options";
const OWN: &str = "/account/passkey";

/// The challenge from this URL.
async fn asked(browser: &mut Browser, address: &str) -> PasskeyChallenge {
    let answer = browser.post(address, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// A credential as a form field.
fn field(challenge: &PasskeyChallenge, credential: String) -> String {
    serde_json::to_string(&PasskeyAnswer { token: challenge.token.clone(), credential }).unwrap()
}

/// The passkey's answer to the challenge from this URL.
async fn answered(browser: &mut Browser, address: &str, passkey: &SoftPasskey) -> String {
    let challenge = asked(browser, address).await;
    field(&challenge, passkey.answer(&challenge.options))
}

async fn save(browser: &mut Browser, name: &str, form: &str) -> PageAnswer {
    browser.post("/account/security/passkey", &[("name", name), ("passkey", form)]).await
}

/// Adds a passkey for the signed-in person.
async fn add(browser: &mut Browser, seed: u8, name: &str) -> (SoftPasskey, PageAnswer) {
    let challenge = asked(browser, NEW).await;
    let (passkey, credential) = SoftPasskey::make(seed, ORIGIN, &challenge.options);
    let added = save(browser, name, &field(&challenge, credential)).await;
    (passkey, added)
}

/// Adaeze's browser, signed in, and her passkey.
async fn with_passkey(scene: &Scene) -> (Browser, SoftPasskey) {
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("a.okoronta", PASSWORD).await;
    let (passkey, added) = add(&mut browser, 1, "My phone").await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    (browser, passkey)
}

/// The same for Bem, another student.
async fn neighbour(scene: &Scene) -> (Browser, SoftPasskey) {
    let person = student(&scene.backend, &scene.school, "Bem", "Ade", "1050", None).await;
    active_account(&scene.backend, &scene.school, person, "b.ade", PASSWORD).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("b.ade", PASSWORD).await;
    let (passkey, added) = add(&mut browser, 2, "Bem’s laptop").await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    (browser, passkey)
}

/// A copy of the passkey that says something else.
fn bent(passkey: &SoftPasskey, change: impl FnOnce(&mut SoftPasskey)) -> SoftPasskey {
    let mut bent = passkey.clone();
    change(&mut bent);
    bent
}

/// Tries to sign in with a passkey and nothing else.
async fn alone(browser: &mut Browser, form: &str) -> PageAnswer {
    browser.post("/sign-in/passkey", &[("passkey", form)]).await
}

/// Sends a passkey after the password.
async fn second(browser: &mut Browser, form: &str) -> PageAnswer {
    browser.post("/sign-in/second-factor", &[("passkey", form)]).await
}

/// A browser in which Adaeze has typed the right password.
async fn half_in(scene: &Scene) -> Browser {
    let mut browser = Browser::new(&scene.backend);
    let answer = browser.post("/sign-in", &[("name", "a.okoronta"), ("password", PASSWORD)]).await;
    assert_eq!(answer.location(), Some("/sign-in/second-factor"));
    browser
}

async fn is_in(browser: &Browser) -> bool {
    browser.clone().get("/portal").await.status == StatusCode::OK
}

/// The links on the security page that remove passkeys, the oldest first.
async fn removals(browser: &mut Browser) -> Vec<String> {
    let page = browser.get("/account/security").await.body;
    let links = page.split("href=\"").filter_map(|rest| rest.split('"').next());
    links.filter(|to| to.contains("/passkeys/")).map(str::to_owned).collect()
}

async fn remove(browser: &mut Browser, which: &str, present: &str, passkey: &SoftPasskey) -> PageAnswer {
    let form = answered(browser, OWN, passkey).await;
    browser.post(which, &[("present", present), ("passkey", &form)]).await
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_passkey_is_added_named_used_and_removed_and_its_owner_is_told(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut elsewhere = Browser::new(&scene.backend);
    elsewhere.sign_in("a.okoronta", PASSWORD).await;
    let mut owner = Browser::new(&scene.backend);
    owner.sign_in("a.okoronta", PASSWORD).await;
    let (passkey, added) = add(&mut owner, 1, "  My phone ").await;
    assert_eq!(added.body.matches("<li class=\"code\">").count(), 10, "codes come with the first");
    assert!(!is_in(&elsewhere).await, "everywhere else she is signed out");
    let (_, again) = add(&mut owner, 3, "Key in the drawer").await;
    assert_eq!(again.location(), Some("/account/security?said=added"), "there are codes already");
    let page = owner.get("/account/security").await.body;
    assert!(page.contains("<bdi>My phone<") && page.contains("Passkey, not used yet"), "{page}");

    let mut browser = half_in(&scene).await;
    let form = answered(&mut browser, SECOND, &passkey).await;
    assert_eq!(second(&mut browser, &form).await.location(), Some("/portal"));
    let page = browser.get("/account/security").await.body;
    assert!(page.contains("Passkey, last used 21 November 2026"), "{page}");

    let lines = removals(&mut browser).await;
    assert_eq!(lines.len(), 2);
    let wrong = remove(&mut browser, &lines[0], "not this one", &passkey).await;
    assert!(wrong.body.contains("This is not your current password"), "{}", wrong.body);
    let done = remove(&mut browser, &lines[0], PASSWORD, &passkey).await;
    assert_eq!(done.location(), Some("/account/security?said=removed"));
    assert_eq!(removals(&mut browser).await, lines[1..]);
    assert_eq!(browser.get(&lines[0]).await.status, StatusCode::NOT_FOUND);
    let told = mailbox(&scene).await;
    assert_eq!(told.len(), 3, "once for each change: {told:?}");
    assert!(
        told.iter()
            .all(|(to, subject, _)| to.contains("ada@example.org") && subject.contains("How you sign in"))
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_passkey_alone_lets_its_owner_in_and_nobody_whose_account_is_stopped(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut owner, passkey) = with_passkey(&scene).await;
    for _ in 0..2 {
        let mut browser = Browser::new(&scene.backend);
        let form = answered(&mut browser, ALONE, &passkey).await;
        assert_eq!(alone(&mut browser, &form).await.location(), Some("/portal"));
        assert!(is_in(&browser).await);
    }
    let (unknown, _) = SoftPasskey::make(9, ORIGIN, &asked(&mut owner, NEW).await.options);
    // Locked against guessing: she guessed nothing.
    scene.set_state(scene.account, "locked").await;
    let mut browser = Browser::new(&scene.backend);
    let form = answered(&mut browser, ALONE, &passkey).await;
    assert_eq!(alone(&mut browser, &form).await.location(), Some("/portal"));
    let mut answers = Vec::new();
    for (state, passkey) in
        [("invited", &passkey), ("suspended", &passkey), ("closed", &passkey), ("active", &unknown)]
    {
        scene.set_state(scene.account, state).await;
        let mut browser = Browser::new(&scene.backend);
        let form = answered(&mut browser, ALONE, passkey).await;
        answers.push(alone(&mut browser, &form).await);
        assert!(!is_in(&browser).await, "{state}");
    }
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (StatusCode::OK, &answers[0].body));
    }
    assert!(answers[0].body.contains("This passkey cannot sign in here"), "{}", answers[0].body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_was_signed_elsewhere_or_for_someone_else_or_unverified_lets_nobody_in(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (_, passkey) = with_passkey(&scene).await;
    let (_, theirs) = neighbour(&scene).await;
    let signed = [
        (
            "a page of another site",
            bent(&passkey, |passkey| passkey.origin = "https://evil.example".to_owned()),
        ),
        ("another port", bent(&passkey, |passkey| passkey.origin = "http://localhost:3001".to_owned())),
        ("a passkey of another site", bent(&passkey, |passkey| passkey.site = "evil.example".to_owned())),
        ("nobody verified", bent(&passkey, |passkey| passkey.verifies = false)),
        ("another's key in her name", theirs.clone().of_owner(&passkey)),
        ("her key in another's name", passkey.clone().of_owner(&theirs)),
    ];
    for (what, passkey) in &signed {
        let mut browser = Browser::new(&scene.backend);
        let form = answered(&mut browser, ALONE, passkey).await;
        assert!(alone(&mut browser, &form).await.body.contains("This passkey cannot sign in here"), "{what}");
        assert!(!is_in(&browser).await, "{what}");
    }
    let with_password =
        signed[..4].iter().map(|(what, passkey)| (*what, passkey)).chain([("another’s", &theirs)]);
    for (what, passkey) in with_password {
        let mut browser = half_in(&scene).await;
        let form = answered(&mut browser, SECOND, passkey).await;
        assert!(second(&mut browser, &form).await.body.contains("<title>Error: "), "{what}");
        assert!(!is_in(&browser).await, "{what}");
        scene.clock.advance(TimeDelta::minutes(10));
    }
    for nonsense in ["{}", "x", "{\"token\":\"\",\"credential\":\"{}\"}"] {
        assert!(
            alone(&mut Browser::new(&scene.backend), nonsense).await.body.contains("cannot sign in here")
        );
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_challenge_is_answered_once_in_time_and_for_what_it_was_made(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut owner, passkey) = with_passkey(&scene).await;
    let (mut neighbour, _) = neighbour(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    let form = answered(&mut browser, ALONE, &passkey).await;
    assert_eq!(alone(&mut browser, &form).await.location(), Some("/portal"));
    let refused = async |form: &str| {
        let mut browser = Browser::new(&scene.backend);
        alone(&mut browser, form).await.status == StatusCode::OK && !is_in(&browser).await
    };
    assert!(refused(&form).await, "twice");
    let late = answered(&mut browser, ALONE, &passkey).await;
    scene.clock.advance(TimeDelta::minutes(5));
    assert!(refused(&late).await, "too late");

    // With the token of one challenge and the answer to another.
    let (one, other) = (asked(&mut browser, ALONE).await, asked(&mut browser, ALONE).await);
    assert!(refused(&field(&one, passkey.answer(&other.options))).await, "another challenge");
    for (address, browser) in [(OWN, &mut owner.clone()), (NEW, &mut owner), (NEW, &mut neighbour)] {
        assert!(refused(&answered(browser, address, &passkey).await).await, "{address}");
    }
    let mut half = half_in(&scene).await;
    for form in
        [answered(&mut half.clone(), ALONE, &passkey).await, answered(&mut owner, NEW, &passkey).await]
    {
        assert!(second(&mut half, &form).await.body.contains("<title>Error: "));
    }
    let form = answered(&mut half, SECOND, &passkey).await;
    assert_eq!(second(&mut half, &form).await.location(), Some("/portal"));
    assert!(second(&mut half_in(&scene).await, &form).await.body.contains("<title>Error: "), "twice");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_copy_that_counts_no_further_lets_nobody_in(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (_, mut passkey) = with_passkey(&scene).await;
    let enter = async |passkey: &SoftPasskey| {
        let mut browser = Browser::new(&scene.backend);
        let form = answered(&mut browser, ALONE, passkey).await;
        alone(&mut browser, &form).await.location() == Some("/portal")
    };
    passkey.counter = 5;
    assert!(enter(&passkey).await);
    for counter in [5, 4, 0] {
        assert!(!enter(&bent(&passkey, |passkey| passkey.counter = counter)).await, "{counter}");
    }
    // Two challenges created before the counter increased.
    passkey.counter = 6;
    let (mut here, mut there) = (half_in(&scene).await, half_in(&scene).await);
    let forms = [answered(&mut here, SECOND, &passkey).await, answered(&mut there, SECOND, &passkey).await];
    assert_eq!(second(&mut here, &forms[0]).await.location(), Some("/portal"));
    assert!(second(&mut there, &forms[1]).await.body.contains("<title>Error: "));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_passkey_that_was_removed_in_between_lets_nobody_in(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut owner, passkey) = with_passkey(&scene).await;
    let (mut strange, mut half) = (Browser::new(&scene.backend), half_in(&scene).await);
    let first = answered(&mut strange, ALONE, &passkey).await;
    let challenge = asked(&mut half, SECOND).await;
    let lines = removals(&mut owner).await;
    let done = remove(&mut owner, &lines[0], PASSWORD, &passkey).await;
    assert_eq!(done.location(), Some("/account/security?said=removed"));
    assert!(alone(&mut strange, &first).await.body.contains("cannot sign in here"));
    let form = field(&challenge, passkey.answer(&challenge.options));
    assert_eq!(
        second(&mut half, &form).await.location(),
        Some("/sign-in?said=again"),
        "that way in has ended"
    );
    assert!(!is_in(&strange).await && !is_in(&half).await);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_is_no_passkey_for_this_site_and_account_is_not_added(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut owner, passkey) = with_passkey(&scene).await;
    let (mut neighbour, _) = neighbour(&scene).await;
    let refused = |answer: &PageAnswer| answer.body.contains("the passkey is not for this site");
    // With a credential that someone else already has.
    let (_, same) = add(&mut neighbour, 1, "Copied").await;
    assert!(refused(&same), "{}", same.body);
    let challenge = asked(&mut owner, NEW).await;
    let (_, elsewhere) = SoftPasskey::make(4, "https://evil.example", &challenge.options);
    assert!(refused(&save(&mut owner, "Phished", &field(&challenge, elsewhere)).await));
    let (_, right) = SoftPasskey::make(4, ORIGIN, &challenge.options);
    let spent = field(&challenge, right);
    assert!(refused(&save(&mut owner, "Spent", &spent).await), "a challenge serves once");
    let theirs = asked(&mut neighbour, NEW).await;
    let (_, credential) = SoftPasskey::make(5, ORIGIN, &theirs.options);
    assert!(refused(&save(&mut owner, "Another’s", &field(&theirs, credential)).await));
    let shown = answered(&mut owner, OWN, &passkey).await;
    assert!(refused(&save(&mut owner, "Not made", &shown).await));
    let challenge = asked(&mut owner, NEW).await;
    let (_, credential) = SoftPasskey::make(6, ORIGIN, &challenge.options);
    let unnamed = save(&mut owner, "  ", &field(&challenge, credential)).await;
    assert!(unnamed.body.contains("Enter a name of 1 to 60 characters"), "{}", unnamed.body);
    assert_eq!(removals(&mut owner).await.len(), 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_step_up_with_a_passkey_continues_the_pending_form(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut owner, passkey) = with_passkey(&scene).await;
    scene.clock.advance(TimeDelta::minutes(15));
    let challenge = asked(&mut owner, NEW).await;
    let (_, credential) = SoftPasskey::make(7, ORIGIN, &challenge.options);
    let made = field(&challenge, credential);
    let interrupted = save(&mut owner, "New phone", &made).await;
    assert!(interrupted.body.contains("Confirm it\u{2019}s you"), "{}", interrupted.body);
    let proof = answered(&mut owner, OWN, &passkey).await;
    let form = pending_form(&interrupted);
    assert!(step_up(&mut owner, form, PASSWORD).await.body.contains("<title>Error: "));
    let shown = [("proof", ""), ("proof_passkey", &proof), ("form", &form.to_string())];
    let on = owner.post("/account/step-up", &shown).await;
    let there = format!("/account/security/passkey?pending={form}");
    assert_eq!((on.status, on.location()), (StatusCode::TEMPORARY_REDIRECT, Some(&*there)));
    let added = owner.post(&there, &shown).await;
    assert_eq!(added.location(), Some("/account/security?said=added"), "{}", added.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_passkey_is_a_second_factor_for_staff_and_after_a_reset(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (_, passkey) = with_passkey(&scene).await;
    let person = person_of(&scene, "a.okoronta").await;
    staff_role(&scene.backend, &scene.school, person, Role::AccountManager).await;
    scene.clock.advance(TimeDelta::days(90));
    let mut browser = Browser::new(&scene.backend);
    let form = answered(&mut browser, ALONE, &passkey).await;
    assert_eq!(alone(&mut browser, &form).await.location(), Some("/"));
    assert_eq!(browser.get("/").await.location(), Some("/accounts"), "nothing more is asked of her");

    let mut browser = Browser::new(&scene.backend);
    let link = link(&scene).await;
    browser.get(&link).await;
    let reset = browser.post("/reset", &[("password", "kettle orbit mustard")]).await;
    assert_eq!(reset.location(), Some("/sign-in/second-factor"));
    assert!(!is_in(&browser).await);
    let form = answered(&mut browser, SECOND, &passkey).await;
    assert_eq!(second(&mut browser, &form).await.location(), Some("/"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn where_a_school_takes_no_password_it_takes_no_passkey_alone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mut owner, passkey) = with_passkey(&scene).await;
    let enter = async || {
        let mut browser = Browser::new(&scene.backend);
        let form = answered(&mut browser, ALONE, &passkey).await;
        alone(&mut browser, &form).await.location() == Some("/portal")
    };
    assert!(enter().await);
    for statement in [
        "INSERT INTO settings (organisation_id, school_id, setting, value, changed_at)
         SELECT organisation_id, id, 'single_sign_on', '\"required\"', created_at FROM schools",
        "INSERT INTO identity_providers (id, organisation_id, kind, name, issuer, client_id, client_secret, created_at)
         SELECT gen_random_uuid(), id, 'other', 'Lyceum', 'https://id.example', 'greencap', '', created_at FROM organisations",
    ] {
        sqlx::query(statement).execute(scene.backend.database.raw()).await.unwrap();
    }
    assert!(!enter().await);
    // Someone without a password here removes a passkey by using the passkey itself.
    let lines = removals(&mut owner).await;
    assert!(!owner.get(&lines[0]).await.body.contains("Current password"));
    let done = remove(&mut owner, &lines[0], "", &passkey).await;
    assert_eq!(done.location(), Some("/account/security?said=removed"), "{}", done.body);
}
