//! The demonstration school, on a real PostgreSQL.

use domain::authorization::actor::Actor;
use domain::ids::OrganisationId;
use sqlx::PgPool;

use super::{DemoStaff, is_empty, load};
use crate::roll::organisation;
use crate::sessions::visitor::Visitor;
use crate::sign_in::sign_in::{SignInOutcome, sign_in};
use crate::{Backend, Error, testing};

async fn counts(backend: &Backend, organisation: OrganisationId) -> (i64, i64, i64) {
    sqlx::query_as(
        "SELECT (SELECT count(*) FROM enrolments WHERE organisation_id = $1 AND latest),
                (SELECT count(*) FROM addresses WHERE organisation_id = $1 AND kind = 'email'),
                (SELECT count(*) FROM accounts WHERE organisation_id = $1)",
    )
    .bind(organisation.0)
    .fetch_one(backend.database.raw())
    .await
    .expect("counts")
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_school_is_loaded_once_and_a_second_time_changes_nothing(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let organisation = organisation::ensure(&backend).await.expect("an organisation");
    let actor = Actor::system(organisation);
    assert!(is_empty(&backend).await.expect("asked"));

    let loaded = load(&backend, &actor, &[]).await.expect("loaded");
    let before = counts(&backend, organisation).await;
    assert_eq!(before.0, i64::try_from(loaded.students).expect("a small number"));
    assert!(before.1 > 2000 && before.2 > 50, "emails, and accounts of guardians: {before:?}");
    let students_with: i64 =
        sqlx::query_scalar("SELECT count(*) FROM accounts a JOIN enrolments e ON e.person_id = a.person_id")
            .fetch_one(backend.database.raw())
            .await
            .expect("counted");
    assert_eq!(students_with, 0, "students are given accounts by hand");
    let seeing: i64 = sqlx::query_scalar("SELECT count(DISTINCT adult_id) FROM access_grants")
        .fetch_one(backend.database.raw())
        .await
        .expect("counted");
    assert!(seeing > 50, "{seeing}");
    assert!(!is_empty(&backend).await.expect("asked"));

    let again = load(&backend, &actor, &[]).await;
    assert!(matches!(again, Err(Error::Conflict { code: "demonstration_exists", .. })));
    assert_eq!(counts(&backend, organisation).await, before);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn its_staff_sign_in_with_the_password_that_was_made_for_them(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let organisation = organisation::ensure(&backend).await.expect("an organisation");
    let staff = DemoStaff::new(&backend);
    load(&backend, &Actor::system(organisation), &staff).await.expect("loaded");

    for member in &staff {
        let (username, password) = (&member.form.username, &member.form.password);
        let end = sign_in(&backend, &Visitor::stranger(), username, password).await.expect("answered");
        assert!(matches!(end, SignInOutcome::Entered(_)), "{username}");
    }
    assert_ne!(staff[0].form.password, DemoStaff::new(&backend)[0].form.password);
}
