//! The roll's use cases on a real PostgreSQL.

mod addresses;
mod lists;
mod records;
mod same_rules;

use domain::access::actor::Actor;
use domain::access::role::Role;
use domain::ids::{AccountId, PersonId};
use sqlx::PgPool;

use crate::Backend;
use crate::testing::{TestSchool, backend, student};

/// A school with someone who manages its accounts.
async fn office(pool: PgPool) -> (Backend, TestSchool, Actor) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = school.actor(&backend, Role::AccountManager);
    (backend, school, actor)
}

/// Someone of another organisation with every role there.
async fn stranger(backend: &Backend) -> Actor {
    TestSchool::new(backend).await.actor(backend, Role::Administrator)
}

/// Gives a person an account as it is when just made.
async fn account(backend: &Backend, school: &TestSchool, person: PersonId, username: &str) -> AccountId {
    let id: AccountId = backend.new_id();
    for statement in [
        "INSERT INTO usernames (organisation_id, username, person_id, created_at) VALUES ($1, $3, $2, $5) ON CONFLICT DO NOTHING",
        "INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at) VALUES ($4, $1, $2, $3, 'created', $5)",
    ] {
        let query = sqlx::query(statement).bind(school.organisation.0).bind(person.0).bind(username);
        query.bind(id.0).bind(backend.now()).execute(&backend.pool).await.unwrap();
    }
    id
}
