//! Adding schools.

use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::roll::add_school::add_school;
use crate::roll::organisation;
use crate::testing::backend;
use crate::{Backend, Error};

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
    let school =
        add_school(&backend, &system, &"quill".parse().unwrap(), "  Quillmere   School ").await.unwrap();
    assert_eq!((school.code.as_str(), school.name.as_str()), ("QUILL", "Quillmere School"));
    add_school(&backend, &system, &"MERE".parse().unwrap(), "Mereside School").await.unwrap();
    let (organisations, schools) = names(&backend).await;
    assert_eq!(organisations, ["Quillmere School"]);
    assert_eq!(schools, ["Mereside School", "Quillmere School"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_code_that_is_there_a_missing_name_and_a_lesser_role_change_nothing(pool: PgPool) {
    let (backend, school, manager) = super::office(pool).await;
    let system = Actor::system(school.organisation);
    let code = "QUILL".parse().unwrap();
    let twice = add_school(&backend, &system, &code, "Another").await;
    assert!(matches!(twice, Err(Error::Conflict { code: "school_exists", .. })));
    assert!(matches!(add_school(&backend, &system, &code, " ").await, Err(Error::Invalid(_))));
    let local = school.actor(&backend, Role::Administrator);
    for actor in [manager, local] {
        let refused = add_school(&backend, &actor, &"NEW".parse().unwrap(), "New School").await;
        assert!(matches!(refused, Err(Error::Refused(_))));
    }
    assert_eq!(names(&backend).await.1, ["Quillmere School"]);
}
