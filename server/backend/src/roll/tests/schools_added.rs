//! Adding, listing and renaming schools.

use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::roll::organisation;
use crate::roll::schools::add::add_school;
use crate::roll::schools::change::{change_school, school};
use crate::roll::schools::form::SchoolForm;
use crate::roll::schools::list::schools;
use crate::testing::backend;
use crate::{Backend, Error};

fn form(code: &str, name: &str) -> SchoolForm {
    SchoolForm { code: code.to_owned(), name: name.to_owned(), ..SchoolForm::default() }
}

async fn names(backend: &Backend) -> (Vec<String>, Vec<String>) {
    let organisations =
        sqlx::query_scalar("SELECT name FROM organisations").fetch_all(backend.database.raw());
    let schools =
        sqlx::query_scalar("SELECT name FROM schools ORDER BY name").fetch_all(backend.database.raw());
    (organisations.await.unwrap(), schools.await.unwrap())
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_first_school_makes_the_organisation_and_names_it(pool: PgPool) {
    let (backend, _) = backend(pool);
    let system = Actor::system(organisation::ensure(&backend).await.unwrap());
    assert_eq!(organisation::ensure(&backend).await.unwrap(), system.organisation);
    let school = add_school(&backend, &system, &form("quill", "  Quillmere   School ")).await.unwrap();
    assert_eq!((school.code.as_str(), school.name.as_str()), ("QUILL", "Quillmere School"));
    add_school(&backend, &system, &form("MERE", "Mereside School")).await.unwrap();
    let (organisations, schools) = names(&backend).await;
    assert_eq!(organisations, ["Quillmere School"]);
    assert_eq!(schools, ["Mereside School", "Quillmere School"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_code_that_is_there_a_missing_name_and_a_lesser_role_change_nothing(pool: PgPool) {
    let (backend, school, manager) = super::office(pool).await;
    let system = Actor::system(school.organisation);
    for (wrong, field) in
        [(form("QUILL", "Another"), "code"), (form("", "Another"), "code"), (form("NEW", " "), "name")]
    {
        let Err(Error::Invalid(errors)) = add_school(&backend, &system, &wrong).await else {
            panic!("{wrong:?} is not a new school");
        };
        assert!(errors.of(field).is_some(), "{errors:?}");
    }
    let local = school.actor(&backend, Role::Administrator);
    for actor in [manager, local] {
        let refused = add_school(&backend, &actor, &form("NEW", "New School")).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
    }
    assert_eq!(names(&backend).await.1, ["Quillmere School"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_manages_one_school_renames_that_one_and_sees_no_other(pool: PgPool) {
    let (backend, at, manager) = super::office(pool).await;
    let system = Actor::system(at.organisation);
    let mere = add_school(&backend, &system, &form("MERE", "Mereside School")).await.unwrap();
    let local = at.actor(&backend, Role::Administrator);
    let seen = schools(&backend, &local).await.unwrap();
    assert_eq!(seen.schools.iter().map(|listed| listed.school.code.as_str()).collect::<Vec<_>>(), ["QUILL"]);
    assert!(!seen.may_add);
    let (id, shown) = school(&backend, &local, &"QUILL".parse().unwrap()).await.unwrap();
    let renamed =
        SchoolForm { name: "Quillmere High".to_owned(), office_phone: "020 7946 0000".to_owned(), ..shown };
    change_school(&backend, &local, id, &renamed).await.unwrap();
    assert_eq!(school(&backend, &local, &"QUILL".parse().unwrap()).await.unwrap().1, renamed);
    for (actor, school) in [(&local, mere.id), (&manager, id)] {
        assert!(matches!(change_school(&backend, actor, school, &renamed).await, Err(Error::Refused(_))));
    }
    let wrong = SchoolForm { office_email: "office".to_owned(), ..renamed };
    assert!(matches!(change_school(&backend, &local, id, &wrong).await, Err(Error::Invalid(_))));
    assert_eq!(names(&backend).await.1, ["Mereside School", "Quillmere High"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn replies_that_go_to_another_address_are_an_alert_even_if_the_school_had_none_of_its_own(
    pool: PgPool,
) {
    let (backend, at, _) = super::office(pool).await;
    sqlx::query("UPDATE organisations SET office_email = 'office@quillmere.example'")
        .execute(backend.database.raw())
        .await
        .unwrap();
    let local = at.actor(&backend, Role::Administrator);
    let (id, shown) = school(&backend, &local, &"QUILL".parse().unwrap()).await.unwrap();
    for (email, alerted) in [
        ("office@quillmere.example", 0),
        ("", 0),
        ("mine@evil.example", 1),
        ("mine@evil.example", 1),
        ("", 2),
    ] {
        let form = SchoolForm { office_email: email.to_owned(), ..shown.clone() };
        change_school(&backend, &local, id, &form).await.unwrap();
        let alerts: i64 = sqlx::query_scalar("SELECT count(*) FROM alerts")
            .fetch_one(backend.database.raw())
            .await
            .unwrap();
        assert_eq!(alerts, alerted, "{email}");
    }
}
