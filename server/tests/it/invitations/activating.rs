//! From an invitation to an active account.

use axum::http::{Method, StatusCode};
use backend::accounts::create::Among;
use backend::accounts::rename::{RenameAccounts, rename};
use backend::invitations::send::send;
use backend::operations::ExpectedPlan;
use backend::testing::{account, student};
use chrono::TimeDelta;
use domain::accounts::naming::Naming;
use domain::accounts::rename::{OldUsernameDays, RenameOutcome};
use domain::authorization::actor::Actor;
use domain::ids::AccountId;
use domain::invitations::views::Recipients;
use domain::roll::selection::Selection;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::recovery::forgetting::{mailbox, person_of};
use crate::scene::{PASSWORD, Scene};

pub const CHOSEN: &str = "kettle orbit mustard";

pub struct SentInvitation {
    pub account: AccountId,
    pub link: String,
    pub code: String,
}

/// Chidera has an account and an invitation.
pub async fn invited(scene: &Scene) -> SentInvitation {
    let backend = &scene.backend;
    let person = student(backend, &scene.school, "Chidera", "Obi", "1043", Some("chi@example.org")).await;
    let account = account(backend, &scene.school, person, "c.obi").await;
    invite(scene, account).await
}

/// Sends the owner of an account an invitation.
async fn invite(scene: &Scene, account: AccountId) -> SentInvitation {
    let backend = &scene.backend;
    let system = Actor::system(scene.school.organisation);
    let recipients = Recipients::Accounts { ids: vec![account], again: true };
    send(backend, &system, scene.school.school, recipients).await.expect("works");
    let id: Uuid = sqlx::query_scalar("SELECT id FROM invitations WHERE account_id = $1 AND current")
        .bind(account.0)
        .fetch_one(backend.database.raw())
        .await
        .expect("works");
    let secrets = backend.keys.invitations.secrets(id);
    SentInvitation { account, link: format!("/i/{}", secrets.link), code: secrets.code.to_string() }
}

/// Changes Chidera's username; the old one does not sign in.
async fn rename_chidera(scene: &Scene, username: &str) {
    let person = person_of(scene, "c.obi").await;
    let naming = Naming { typed: [(person, username.to_owned())].into_iter().collect(), ..Naming::default() };
    let selection = Selection::People { ids: vec![person] };
    let days = Some(OldUsernameDays::NONE);
    let input = RenameAccounts { selection, among: Among::Students, naming, days, tell: true };
    let system = Actor::system(scene.school.organisation);
    let expected = ExpectedPlan::WhateverIsReady;
    let renamed = rename(&scene.backend, &system, scene.school.school, input, expected).await.unwrap();
    assert!(matches!(renamed, RenameOutcome::Renamed { operation: Some(_), .. }), "{renamed:?}");
}

pub async fn state_of(scene: &Scene, account: AccountId) -> String {
    sqlx::query_scalar("SELECT account_state(id, state) FROM accounts WHERE id = $1")
        .bind(account.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .expect("works")
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_link_leads_to_the_portal_and_its_token_leaves_the_address(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let invitation = invited(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("a.okoronta", PASSWORD).await;
    let mut before = browser.clone();
    let answer = browser.get(&invitation.link).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, Some("/activate/check")));

    let check = browser.get("/activate/check").await;
    assert!(check.body.contains("Chidera") && check.body.contains("Quillmere School"));
    for more in ["Obi", "c.obi", "1043", "chi@example.org", invitation.link.trim_start_matches("/i/")] {
        assert!(!check.body.contains(more), "{more} is told to anyone who opens the link");
    }

    let form = browser.get("/activate/password").await;
    assert!(form.body.contains("c.obi") && form.body.contains("At least 12 characters"));
    let answer = browser.post("/activate/password", &[("password", CHOSEN)]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, Some("/portal")));
    assert!(browser.get("/portal").await.body.contains("Chidera"));
    assert!(!browser.cookies.contains_key("greencap-activation"));
    assert_eq!(
        before.get("/portal").await.status,
        StatusCode::SEE_OTHER,
        "who was signed in here before is not any more"
    );
    Browser::new(&scene.backend).sign_in("c.obi", CHOSEN).await;
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn username_and_code_lead_the_same_way(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let invitation = invited(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    let typed = invitation.code.to_lowercase().replace('0', "o");
    let answer = browser.post("/activate", &[("username", "C.Obi"), ("code", &typed)]).await;
    assert_eq!(answer.location(), Some("/activate/check"), "{}", answer.body);
    assert!(browser.get("/activate/check").await.body.contains("Chidera"));
    let opened: bool = sqlx::query_scalar("SELECT opened_at IS NOT NULL FROM invitations")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert!(opened, "only a person types a code");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_code_works_with_the_username_that_its_message_names(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let invitation = invited(&scene).await;
    scene.clock.advance(TimeDelta::minutes(1));
    rename_chidera(&scene, "chidera.obi").await;
    for username in ["c.obi", "chidera.obi"] {
        let form = [("username", username), ("code", invitation.code.as_str())];
        let answer = Browser::new(&scene.backend).post("/activate", &form).await;
        assert_eq!(answer.location(), Some("/activate/check"), "{username}: {}", answer.body);
    }
    // A message from after the change names the new one.
    mailbox(&scene).await;
    scene.clock.advance(TimeDelta::minutes(1));
    let again = invite(&scene, invitation.account).await.code;
    for (username, leads) in [("c.obi", None), ("chidera.obi", Some("/activate/check"))] {
        let form = [("username", username), ("code", again.as_str())];
        assert_eq!(
            Browser::new(&scene.backend).post("/activate", &form).await.location(),
            leads,
            "{username}"
        );
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn looking_never_spends_and_neither_does_a_password_that_is_not_taken(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let invitation = invited(&scene).await;
    for _ in 0..5 {
        let mut scanner = Browser::new(&scene.backend);
        scanner.get(&invitation.link).await;
        scanner.get("/activate/check").await;
        scanner.get("/activate/password").await;
    }
    assert_eq!(state_of(&scene, invitation.account).await, "invited");
    let mut browser = Browser::new(&scene.backend);
    browser.get(&invitation.link).await;
    for (bad, said) in [
        ("", "Enter a password."),
        ("short", "Use at least 12 characters."),
        ("password1234", "too easy to guess"),
        ("chidera likes tea", "Your password cannot contain your name"),
    ] {
        let answer = browser.post("/activate/password", &[("password", bad)]).await;
        assert!(answer.location().is_none());
        assert!(answer.body.contains(said), "{bad}");
    }
    let answer = browser.post("/activate/password", &[("password", CHOSEN)]).await;
    assert_eq!(answer.location(), Some("/portal"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_used_an_expired_and_an_invented_link_are_one_page_with_a_way_on(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let invitation = invited(&scene).await;
    let mut used = Browser::new(&scene.backend);
    used.get(&invitation.link).await;
    let mut second = used.clone();
    used.post("/activate/password", &[("password", CHOSEN)]).await;
    used.get(&invitation.link).await;
    let again = used.get("/activate/check").await.body;
    assert!(again.contains("Go to the portal") && !again.contains("href=\"/sign-in\""), "{again}");
    let replayed = second.post("/activate/password", &[("password", "another long phrase")]).await;
    let mut bodies = vec![replayed.body];

    let mut stranger = Browser::new(&scene.backend);
    stranger.get(&format!("/i/{}", "A".repeat(43))).await;
    bodies.push(stranger.get("/activate/check").await.body);

    let late = Scene { account: invitation.account, ..scene };
    late.set_state(late.account, "invited").await;
    sqlx::query("UPDATE invitations SET used_at = NULL, revoked_at = NULL")
        .execute(late.backend.database.raw())
        .await
        .unwrap();
    late.clock.advance(TimeDelta::days(15));
    let mut expired = Browser::new(&late.backend);
    expired.get(&invitation.link).await;
    bodies.push(expired.get("/activate/check").await.body);
    for body in &bodies {
        assert_eq!(body, &bodies[0]);
        assert!(body.contains("Send me a new code"));
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn asking_for_a_new_code_tells_nobody_anything(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let invitation = invited(&scene).await;
    scene.clock.advance(TimeDelta::hours(1));
    let mut answers = Vec::new();
    for username in ["c.obi", "a.okoronta", "nobody", ""] {
        let mut browser = Browser::new(&scene.backend);
        let answer = browser.post("/activate/resend", &[("username", username)]).await;
        answers.push((answer.status, answer.body));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    mailbox(&scene).await;
    let invitations: i64 = sqlx::query_scalar("SELECT count(*) FROM invitations WHERE account_id = $1")
        .bind(invitation.account.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(invitations, 2, "the one who is invited gets one");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn this_is_not_me_can_be_taken_back_for_a_short_time_and_spends_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let invitation = invited(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    browser.get(&invitation.link).await;
    let answer = browser.post("/activate/not-me", &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains(r#"href="/activate/check""#), "{}", answer.body);
    assert!(
        answer
            .headers
            .get_all("set-cookie")
            .iter()
            .any(|cookie| cookie.to_str().unwrap().contains("Max-Age=600"))
    );
    assert!(browser.get("/activate/check").await.body.contains("Yes, this is me"));
    assert_eq!(state_of(&scene, invitation.account).await, "invited");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_invitation_says_who_is_signed_in_in_the_same_browser(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let invitation = invited(&scene).await;
    let mut browser = Browser::new(&scene.backend);
    browser.get(&invitation.link).await;
    let said = "is signed in to the portal in this browser. Continuing signs them out here.";
    assert!(!browser.get("/activate/check").await.body.contains(said));
    browser.sign_in("a.okoronta", PASSWORD).await;
    for page in ["/activate", "/activate/check", "/activate/password"] {
        let body = browser.get(page).await.body;
        assert!(body.contains(&format!("Adaeze Okoronta {said}")), "{page}: {body}");
        assert!(body.contains("action=\"/sign-out\""), "{page}: {body}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_link_that_was_fetched_is_not_opened_until_a_person_goes_on(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let invitation = invited(&scene).await;
    let opened = async || -> bool {
        sqlx::query_scalar("SELECT opened_at IS NOT NULL FROM invitations WHERE account_id = $1")
            .bind(invitation.account.0)
            .fetch_one(scene.backend.database.raw())
            .await
            .unwrap()
    };
    let mut scanner = Browser::new(&scene.backend);
    for method in [Method::HEAD, Method::GET] {
        for path in [invitation.link.as_str(), "/activate/check", "/activate/password"] {
            scanner.send(method.clone(), path, None, &[]).await;
        }
    }
    assert!(!opened().await);
    // The page asks its script to say so; without a script, the form does.
    let mut reader = Browser::new(&scene.backend);
    reader.get(&invitation.link).await;
    assert!(reader.get("/activate/check").await.body.contains("data-went-on=\"/activate/here\""));
    assert_eq!(Browser::new(&scene.backend).post("/activate/here", &[]).await.status, StatusCode::NO_CONTENT);
    assert!(!opened().await, "another browser says nothing about this invitation");
    let mut by_form = reader.clone();
    assert_eq!(reader.post("/activate/here", &[]).await.status, StatusCode::NO_CONTENT);
    assert!(opened().await);
    sqlx::query("UPDATE invitations SET opened_at = NULL")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    by_form.post("/activate/password", &[("password", "short")]).await;
    assert!(opened().await);
}
