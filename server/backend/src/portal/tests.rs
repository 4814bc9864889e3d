//! The portal's home and its preview, on a real database.

use domain::access::actor::Actor;
use domain::access::role::Role;
use domain::ids::PersonId;
use domain::portal::PreviewReason;
use sqlx::PgPool;

use super::home::home;
use super::preview::{preview, subject};
use crate::access::session;
use crate::access::sign_in::{SignIn, sign_in};
use crate::access::visitor::Visitor;
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
    let SignIn::Entered(begun) =
        sign_in(backend, &Visitor::stranger(), "a.okoronta", PASSWORD).await.unwrap()
    else {
        panic!("not let in")
    };
    session::resolve(backend, &begun.token).await.unwrap().unwrap().actor
}

/// Every table that a person's own visit leaves a trace in, as text.
async fn own_traces(backend: &Backend) -> String {
    sqlx::query_scalar(
        "SELECT jsonb_build_object('accounts', (SELECT jsonb_agg(a) FROM accounts a),
                'sessions', (SELECT jsonb_agg(s) FROM sessions s),
                'people', (SELECT jsonb_agg(p) FROM people p))::text",
    )
    .fetch_one(&backend.pool)
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
    let before = own_traces(&backend).await;
    let theirs = home(&backend, &student).await.unwrap();

    let manager = school.actor(&backend, Role::AccountManager);
    let (of, mut seen) = preview(&backend, &manager, person, PreviewReason::Helping).await.unwrap();
    assert_eq!(of.name, "Adaeze Okoronta");
    assert_eq!(own_traces(&backend).await, before);

    // The one difference is the visit itself, and the student sees it too.
    assert_eq!(seen.visits.len(), 1);
    assert_eq!(seen.visits[0].reason, PreviewReason::Helping);
    assert_eq!(home(&backend, &student).await.unwrap().visits, seen.visits);
    seen.visits.clear();
    assert_eq!(seen, theirs);

    let (by, details): (Option<uuid::Uuid>, serde_json::Value) = sqlx::query_as(
        "SELECT actor_account_id, details FROM audit_events WHERE action = 'account_previewed'",
    )
    .fetch_one(&backend.pool)
    .await
    .unwrap();
    assert_eq!(by, manager.account().map(|account| account.0));
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
        async move { preview(&backend, &actor, person, PreviewReason::Checking).await.unwrap_err() }
    };
    assert!(matches!(look(school.actor(&backend, Role::OfficeViewer)).await, Error::Refused(_)));
    assert!(matches!(look(own(&backend).await).await, Error::Refused(_)));

    let elsewhere = TestSchool { organisation: school.organisation, school: backend.new_id() };
    assert!(matches!(look(elsewhere.actor(&backend, Role::Administrator)).await, Error::NotFound(_)));
    let stranger = TestSchool { organisation: backend.new_id(), school: school.school };
    assert!(matches!(look(stranger.actor(&backend, Role::Administrator)).await, Error::NotFound(_)));

    let visits: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit_events WHERE action = 'account_previewed'")
            .fetch_one(&backend.pool)
            .await
            .unwrap();
    assert_eq!(visits, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_student_without_an_account_has_no_preview(pool: PgPool) {
    let (backend, school, _) = scene(pool).await;
    let grey = student(&backend, &school, "Chidera", "Okoronta", "1043", None).await;
    let manager = school.actor(&backend, Role::AccountManager);
    let refused = preview(&backend, &manager, grey, PreviewReason::Checking).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
}
