//! The portal's home and its preview, on a real database.

mod guardians;

use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::role::Role;
use domain::ids::{PersonId, PreviewId, SessionId};
use domain::portal::{PortalHome, PreviewReason};
use sqlx::PgPool;

use super::home::home;
use super::preview::{PreviewSubject, begin, show, subject};
use super::visits;
use crate::sessions::session;
use crate::sessions::session::SignedIn;
use crate::sessions::visitor::Visitor;
use crate::sign_in::sign_in::{SignInOutcome, sign_in};
use crate::tenancy::target::AnySchool;
use crate::testing::{self, TestSchool, active_account, student};
use crate::{Backend, Error};

const PASSWORD: &str = "copper ladder fog";

async fn scene(pool: PgPool) -> (Backend, TestSchool, PersonId) {
    let (backend, _) = testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    let person = student(&backend, &school, "Adaeze", "Okoronta", "1042", Some("ada@example.org")).await;
    active_account(&backend, &school, person, "a.okoronta", PASSWORD).await;
    (backend, school, person)
}

async fn own(backend: &Backend) -> Actor {
    signed_in(backend, "a.okoronta").await.actor
}

async fn signed_in(backend: &Backend, username: &str) -> SignedIn {
    let SignInOutcome::Entered(begun) =
        sign_in(backend, &Visitor::stranger(), username, PASSWORD).await.unwrap()
    else {
        panic!("not let in")
    };
    session::resolve(backend, &begun.token).await.unwrap().unwrap()
}

/// A signed-in manager of the school, with their session.
async fn manager(backend: &Backend, school: &TestSchool) -> (Actor, SessionId) {
    let clerk = student(backend, school, "Marek", "Lindqvist", "9000", None).await;
    active_account(backend, school, clerk, "m.lindqvist", PASSWORD).await;
    testing::staff_role(backend, school, clerk, Role::AccountManager).await;
    let signed_in = signed_in(backend, "m.lindqvist").await;
    (signed_in.actor, signed_in.session)
}

async fn preview(
    backend: &Backend,
    (actor, session): &(Actor, SessionId),
    person: PersonId,
    reason: PreviewReason,
) -> crate::Result<(PreviewSubject, PortalHome)> {
    let (_, id) = begin(backend, actor, *session, person, reason).await?;
    Ok(show(backend, actor, *session, person, id).await?.unwrap())
}

/// Every table that records a person's own visits, as text.
async fn own_traces(backend: &Backend) -> String {
    sqlx::query_scalar(
        "SELECT jsonb_build_object('accounts', (SELECT jsonb_agg(a) FROM accounts a),
                'sessions', (SELECT jsonb_agg(s) FROM sessions s),
                'people', (SELECT jsonb_agg(p) FROM people p))::text",
    )
    .fetch_one(backend.database.raw())
    .await
    .unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_student_sees_their_own_profile_and_school(pool: PgPool) {
    let (backend, _, person) = scene(pool).await;
    let page = home(&backend, &own(&backend).await).await.unwrap();
    assert_eq!(
        (page.person, page.familiar.as_str(), page.username.as_str()),
        (person, "Adaeze", "a.okoronta")
    );
    assert_eq!(page.emails, ["ada@example.org"]);
    assert_eq!(page.schools.len(), 1);
    assert_eq!(page.schools[0].name, "Quillmere School");
    assert!(page.visits.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_preview_shows_the_students_page_is_audited_and_leaves_nothing_of_theirs_changed(pool: PgPool) {
    let (backend, school, person) = scene(pool).await;
    let student = own(&backend).await;
    let manager = manager(&backend, &school).await;
    let before = own_traces(&backend).await;
    let theirs = home(&backend, &student).await.unwrap();

    let (of, mut seen) = preview(&backend, &manager, person, PreviewReason::Helping).await.unwrap();
    assert_eq!(of.name, "Adaeze Okoronta");
    assert_eq!(own_traces(&backend).await, before);

    // The only difference is the visit itself, which the student sees too.
    assert_eq!(seen.visits.len(), 1);
    assert_eq!(seen.visits[0].reason, PreviewReason::Helping);
    assert_eq!(seen.visits[0].by.as_deref(), Some("Marek Lindqvist"));
    assert_eq!(visits::all(&backend, &student).await.unwrap(), seen.visits);
    assert_eq!(home(&backend, &student).await.unwrap().visits, seen.visits);
    seen.visits.clear();
    assert_eq!(seen, theirs);

    let (by, in_name_of, details): (Option<uuid::Uuid>, Option<uuid::Uuid>, serde_json::Value) = sqlx::query_as(
        "SELECT actor_account_id, in_name_of, details FROM audit_events WHERE action = 'account_previewed'",
    )
    .fetch_one(backend.database.raw())
    .await
    .unwrap();
    assert_eq!((by, in_name_of), (manager.0.account().map(|account| account.0), Some(person.0)));
    assert_eq!(details, serde_json::json!({ "reason": "helping" }));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn asking_whose_preview_it_would_be_is_not_a_visit(pool: PgPool) {
    let (backend, school, person) = scene(pool).await;
    let manager = school.actor(&backend, Role::AccountManager);
    assert_eq!(subject(&backend, &manager, person).await.unwrap().name, "Adaeze Okoronta");
    assert!(home(&backend, &own(&backend).await).await.unwrap().visits.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_the_right_role_at_the_students_school_previews(pool: PgPool) {
    let (backend, school, person) = scene(pool).await;
    let look = |actor: Actor| {
        let backend = backend.clone();
        let session = backend.new_id();
        async move { preview(&backend, &(actor, session), person, PreviewReason::Checking).await.unwrap_err() }
    };
    assert!(matches!(look(school.actor(&backend, Role::OfficeViewer)).await, Error::Refused(_)));
    assert!(matches!(look(own(&backend).await).await, Error::Refused(_)));

    let elsewhere = TestSchool { organisation: school.organisation, school: backend.new_id() };
    assert!(matches!(look(elsewhere.actor(&backend, Role::Administrator)).await, Error::NotFound(_)));
    let stranger = TestSchool { organisation: backend.new_id(), school: school.school };
    assert!(matches!(look(stranger.actor(&backend, Role::Administrator)).await, Error::NotFound(_)));

    let visits: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit_events WHERE action = 'account_previewed'")
            .fetch_one(backend.database.raw())
            .await
            .unwrap();
    assert_eq!(visits, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_student_without_an_account_has_no_preview(pool: PgPool) {
    let (backend, school, _) = scene(pool).await;
    let grey = student(&backend, &school, "Chidera", "Okoronta", "1043", None).await;
    let manager = manager(&backend, &school).await;
    let refused = preview(&backend, &manager, grey, PreviewReason::Checking).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_preview_lasts_half_an_hour_in_the_session_that_began_it(pool: PgPool) {
    let (backend, clock, school, person) = {
        let (backend, clock) = testing::backend(pool);
        let school = TestSchool::new(&backend).await;
        let person = student(&backend, &school, "Adaeze", "Okoronta", "1042", None).await;
        active_account(&backend, &school, person, "a.okoronta", PASSWORD).await;
        (backend, clock, school, person)
    };
    let (actor, session) = manager(&backend, &school).await;
    let (_, id) = begin(&backend, &actor, session, person, PreviewReason::Training).await.unwrap();
    let see = |session: SessionId, person: PersonId, id: PreviewId| {
        let (backend, actor) = (backend.clone(), actor.clone());
        async move { show(&backend, &actor, session, person, id).await.unwrap().is_some() }
    };
    clock.advance(TimeDelta::minutes(29));
    assert!(see(session, person, id).await);
    assert!(!see(backend.new_id(), person, id).await, "another session");
    assert!(!see(session, person, backend.new_id()).await, "an invented preview");
    let sibling = student(&backend, &school, "Chidera", "Okoronta", "1043", None).await;
    active_account(&backend, &school, sibling, "c.okoronta", PASSWORD).await;
    assert!(!see(session, sibling, id).await, "another person");
    clock.advance(TimeDelta::minutes(1));
    assert!(!see(session, person, id).await, "after half an hour");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_a_preview_reads_in_can_change_nothing(pool: PgPool) {
    let (backend, school, _) = scene(pool).await;
    let (actor, _) = manager(&backend, &school).await;
    let entered = backend.enter_snapshot(&actor, Permission::PreviewAccount, AnySchool).await.unwrap();
    let mut transaction = entered.transaction;
    let refused = sqlx::query("UPDATE accounts SET last_sign_in_at = now()").execute(&mut *transaction).await;
    assert!(refused.unwrap_err().to_string().contains("read-only transaction"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_also_works_here_is_shown_the_way_to_the_office(pool: PgPool) {
    let (backend, school, person) = scene(pool).await;
    assert!(!home(&backend, &own(&backend).await).await.unwrap().frame.works_here);
    testing::staff_role(&backend, &school, person, Role::Tutor).await;
    assert!(home(&backend, &own(&backend).await).await.unwrap().frame.works_here);
}
