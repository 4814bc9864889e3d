//! Sign-in, sessions and the first administrator, on a real database.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::authorization::role::Role;
use domain::ids::AccountId;
use sqlx::PgPool;

use super::flow::{SignInCandidate, proceed};
use super::sign_in::{ATTEMPTS, SignInOutcome, sign_in};
use crate::factors;
use crate::own_account::address;
use crate::own_account::change_password::change_password;
use crate::sessions::session;
use crate::sessions::session::{NewSession, SessionLimits};
use crate::sessions::sign_out::sign_out;
use crate::sessions::visitor::Visitor;
use crate::setup::administrator::AdministratorForm;
use crate::setup::create_admin::create_admin;
use crate::setup::link;
use crate::testing;
use crate::testing::{FixedClock, TestSchool, active_account, app_code, staff_role, student};
use crate::{Backend, Error};

const PASSWORD: &str = "copper ladder fog";

struct Scene {
    backend: Backend,
    clock: Arc<FixedClock>,
    school: TestSchool,
    account: AccountId,
}

/// A school where Adaeze, a student, has an active account.
async fn scene(pool: PgPool) -> Scene {
    let (backend, clock) = testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    let person = student(&backend, &school, "Adaeze", "Okoronta", "1042", Some("Ada@Example.org")).await;
    let account = active_account(&backend, &school, person, "a.okoronta", PASSWORD).await;
    Scene { backend, clock, school, account }
}

async fn enter(backend: &Backend, name: &str, password: &str) -> Option<NewSession> {
    match sign_in(backend, &Visitor::stranger(), name, password).await.unwrap() {
        SignInOutcome::Entered(session) => Some(session),
        SignInOutcome::Owes(_)
        | SignInOutcome::Invited(_)
        | SignInOutcome::Refused
        | SignInOutcome::OutsideDays(_)
        | SignInOutcome::Slowed => None,
    }
}

async fn set_state(scene: &Scene, state: &str) {
    sqlx::query("UPDATE accounts SET state = $2 WHERE id = $1")
        .bind(scene.account.0)
        .bind(state)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
}

async fn audited(backend: &Backend, action: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM audit_events WHERE action = $1")
        .bind(action)
        .fetch_one(backend.database.raw())
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_username_or_the_own_email_address_and_the_password_let_in(pool: PgPool) {
    let scene = scene(pool).await;
    for name in ["a.okoronta", " A.Okoronta ", "ada@example.org", "ADA@example.ORG"] {
        let begun = enter(&scene.backend, name, PASSWORD).await.unwrap();
        let who = session::resolve(&scene.backend, &begun.token).await.unwrap().unwrap();
        assert_eq!((who.username.as_str(), who.name.as_str()), ("a.okoronta", "Adaeze Okoronta"));
        assert_eq!(who.school.unwrap().name, "Quillmere School");
        assert!(!begun.staff && !who.actor.is_staff());
    }
    assert_eq!(audited(&scene.backend, "signed_in").await, 4);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_signs_in_with_a_wrong_password_or_a_disabled_account(pool: PgPool) {
    let scene = scene(pool).await;
    assert!(enter(&scene.backend, "a.okoronta", "copper ladder frog").await.is_none());
    assert!(enter(&scene.backend, "nobody", PASSWORD).await.is_none());
    for state in ["created", "invited", "suspended", "locked", "closed"] {
        set_state(&scene, state).await;
        assert!(enter(&scene.backend, "a.okoronta", PASSWORD).await.is_none(), "{state}");
    }
    assert_eq!(audited(&scene.backend, "signed_in").await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_hundred_wrong_passwords_in_a_row_lock_the_account_for_browsers_it_does_not_know(pool: PgPool) {
    let scene = scene(pool).await;
    let known = enter(&scene.backend, "a.okoronta", PASSWORD).await.unwrap();
    let owner = Visitor { known_as: Some(known.device), ..Visitor::stranger() };
    let attempts = "UPDATE accounts SET failed_attempts = $1";
    sqlx::query(attempts).bind(ATTEMPTS - 1).execute(scene.backend.database.raw()).await.unwrap();
    assert!(enter(&scene.backend, "a.okoronta", PASSWORD).await.is_some(), "a correct one resets the count");
    sqlx::query(attempts).bind(ATTEMPTS - 1).execute(scene.backend.database.raw()).await.unwrap();
    assert!(enter(&scene.backend, "a.okoronta", "wrong").await.is_none());
    let state = async || -> String {
        sqlx::query_scalar("SELECT state FROM accounts")
            .fetch_one(scene.backend.database.raw())
            .await
            .unwrap()
    };
    assert_eq!(state().await, "locked");
    assert_eq!(audited(&scene.backend, "account_locked").await, 1);
    assert!(enter(&scene.backend, "a.okoronta", PASSWORD).await.is_none());
    // The owner signs in again, which unlocks it.
    assert!(session::resolve(&scene.backend, &known.token).await.unwrap().is_some());
    let again = sign_in(&scene.backend, &owner, "a.okoronta", PASSWORD).await.unwrap();
    assert!(matches!(again, SignInOutcome::Entered(_)));
    assert_eq!(state().await, "active");
    assert!(enter(&scene.backend, "a.okoronta", PASSWORD).await.is_some());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn suspension_ends_a_session_at_once(pool: PgPool) {
    let scene = scene(pool).await;
    let begun = enter(&scene.backend, "a.okoronta", PASSWORD).await.unwrap();
    assert!(session::resolve(&scene.backend, &begun.token).await.unwrap().is_some());
    set_state(&scene, "suspended").await;
    assert!(session::resolve(&scene.backend, &begun.token).await.unwrap().is_none());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn signing_out_ends_this_session_and_no_other(pool: PgPool) {
    let scene = scene(pool).await;
    let here = enter(&scene.backend, "a.okoronta", PASSWORD).await.unwrap();
    let there = enter(&scene.backend, "a.okoronta", PASSWORD).await.unwrap();
    let who = session::resolve(&scene.backend, &here.token).await.unwrap().unwrap();
    sign_out(&scene.backend, &who).await.unwrap();
    assert!(session::resolve(&scene.backend, &here.token).await.unwrap().is_none());
    assert!(session::resolve(&scene.backend, &there.token).await.unwrap().is_some());
    assert_eq!(audited(&scene.backend, "signed_out").await, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_session_ends_when_it_is_not_used_and_in_the_end_anyway(pool: PgPool) {
    let scene = scene(pool).await;
    let limits = SessionLimits::of(false);
    let idle = enter(&scene.backend, "a.okoronta", PASSWORD).await.unwrap();
    scene.clock.advance(limits.idle);
    assert!(session::resolve(&scene.backend, &idle.token).await.unwrap().is_none());

    let used = enter(&scene.backend, "a.okoronta", PASSWORD).await.unwrap();
    let mut days = TimeDelta::zero();
    while days + TimeDelta::days(6) < limits.absolute {
        scene.clock.advance(TimeDelta::days(6));
        days += TimeDelta::days(6);
        assert!(session::resolve(&scene.backend, &used.token).await.unwrap().is_some(), "{days}");
    }
    scene.clock.advance(limits.absolute - days);
    assert!(session::resolve(&scene.backend, &used.token).await.unwrap().is_none());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn staff_come_with_their_roles_and_the_shorter_limits(pool: PgPool) {
    let scene = scene(pool).await;
    let person = student(&scene.backend, &scene.school, "Ines", "Marchetti", "S1", None).await;
    active_account(&scene.backend, &scene.school, person, "i.marchetti", PASSWORD).await;
    let begun = enter(&scene.backend, "i.marchetti", PASSWORD).await.unwrap();
    staff_role(&scene.backend, &scene.school, person, Role::AccountManager).await;
    let who = session::resolve(&scene.backend, &begun.token).await.unwrap().unwrap();
    let here = Resource::School(scene.school.organisation, scene.school.school);
    assert!(decide(&who.actor, Permission::ManageAccounts, here).is_ok());
    assert!(decide(&who.actor, Permission::ManageSettings, here).is_err());
    // It began as a student's session, and expires as one of staff.
    scene.clock.advance(SessionLimits::of(true).idle);
    assert!(session::resolve(&scene.backend, &begun.token).await.unwrap().is_none());
}

fn form(username: &str) -> AdministratorForm {
    AdministratorForm {
        given: "Halima".to_owned(),
        family: "Voss".to_owned(),
        email: "h.voss@quillmere.example".to_owned(),
        username: username.to_owned(),
        password: "kettle orbit mustard".to_owned(),
    }
}

fn token(link: &str) -> &str {
    link.rsplit('/').next().unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_setup_link_makes_one_administrator_and_is_spent(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let link = link::link(&backend).await.unwrap().unwrap();
    assert!(link.starts_with("http://localhost:3000/setup/"), "{link}");
    for _ in 0..3 {
        assert!(link::is_open(&backend, token(&link)).await.unwrap(), "looking does not spend it");
    }
    let begun = link::set_up(&backend, &Visitor::stranger(), token(&link), &form("h.voss")).await.unwrap();
    let who = session::resolve(&backend, &begun.token).await.unwrap().unwrap();
    let everywhere = Resource::Organisation(who.actor.organisation);
    assert!(decide(&who.actor, Permission::ManageSettings, everywhere).is_ok());
    assert!(begun.staff);

    let again = link::set_up(&backend, &Visitor::stranger(), token(&link), &form("h.voss2")).await;
    assert!(matches!(again, Err(Error::NotFound(_))));
    assert_eq!(link::link(&backend).await.unwrap(), None);
    assert!(enter(&backend, "h.voss", "kettle orbit mustard").await.is_some());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_older_and_an_expired_setup_link_do_nothing(pool: PgPool) {
    let (backend, clock) = testing::backend(pool);
    let older = link::link(&backend).await.unwrap().unwrap();
    let newer = link::link(&backend).await.unwrap().unwrap();
    assert!(!link::is_open(&backend, token(&older)).await.unwrap());
    clock.advance(link::SETUP_LINK_LIVES);
    assert!(!link::is_open(&backend, token(&newer)).await.unwrap());
    assert!(link::set_up(&backend, &Visitor::stranger(), token(&newer), &form("h.voss")).await.is_err());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_administrators_form_is_judged_as_a_whole(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    let wrong = AdministratorForm {
        email: "nobody".to_owned(),
        username: "h voss".to_owned(),
        password: "short".to_owned(),
        ..AdministratorForm::default()
    };
    let system = domain::authorization::actor::Actor::system(school.organisation);
    let Err(Error::Invalid(errors)) = create_admin(&backend, &system, &wrong).await else {
        panic!("refused")
    };
    let fields: Vec<&str> = errors.0.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["given", "email", "username", "password"]);

    create_admin(&backend, &system, &form("h.voss")).await.unwrap();
    let Err(Error::Invalid(errors)) = create_admin(&backend, &system, &form("h.voss")).await else {
        panic!("the username is taken")
    };
    assert!(errors.of("username").is_some());

    let manager = school.actor(&backend, Role::AccountManager);
    assert!(matches!(create_admin(&backend, &manager, &form("x.y")).await, Err(Error::Refused(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_was_put_out_meanwhile_changes_no_password_no_second_factor_and_no_address(pool: PgPool) {
    let scene = scene(pool).await;
    let backend = &scene.backend;
    let session = enter(backend, "a.okoronta", PASSWORD).await.unwrap();
    let who = session::resolve(backend, &session.token).await.unwrap().unwrap();
    let visitor = Visitor::stranger();
    factors::app::show(backend, &who).await.unwrap();
    let code = app_code(backend, who.account).await;
    sign_out(backend, &who).await.unwrap();
    let put_out = |error| matches!(error, Some(Error::Conflict { code: "signed_out", .. }));
    let changed = change_password(backend, &who, &visitor, PASSWORD, "seven green turtles fly").await;
    assert!(put_out(changed.err()));
    assert!(put_out(address::ask::ask(backend, &who, "thief@evil.example").await.err()));
    assert!(put_out(factors::app::confirm(backend, &who, &visitor, &code).await.err()));
    assert!(enter(backend, "a.okoronta", PASSWORD).await.is_some());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_was_coming_in_when_the_password_changed_stays_outside(pool: PgPool) {
    let scene = scene(pool).await;
    let backend = &scene.backend;
    let session = enter(backend, "a.okoronta", PASSWORD).await.unwrap();
    let who = session::resolve(backend, &session.token).await.unwrap().unwrap();
    let way = |since| SignInCandidate::new(scene.school.organisation, scene.account, who.person, since);
    let before = backend.now();
    scene.clock.advance(TimeDelta::seconds(1));
    change_password(backend, &who, &Visitor::stranger(), PASSWORD, "seven green turtles fly").await.unwrap();
    let late = proceed(backend, &Visitor::stranger(), vec![way(before)]).await.unwrap();
    assert!(matches!(late, SignInOutcome::Refused), "the old password was right when it was looked up");
    let after = proceed(backend, &Visitor::stranger(), vec![way(backend.now())]).await.unwrap();
    assert!(matches!(after, SignInOutcome::Entered(_)));
    assert!(session::resolve(backend, &session.token).await.unwrap().is_some(), "their own session stays");
}
