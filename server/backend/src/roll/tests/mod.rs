//! The roll's use cases on a real PostgreSQL.

mod addresses;
mod lists;
mod restoring;
mod same_rules;
mod schools_added;
mod visible;

use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::Backend;
use crate::testing::{TestSchool, account, backend, student};

/// A school with someone who manages its accounts.
async fn office(pool: PgPool) -> (Backend, TestSchool, Actor) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = school.actor(&backend, Role::AccountManager);
    (backend, school, actor)
}

/// Someone from another organisation with every role there.
async fn stranger(backend: &Backend) -> Actor {
    TestSchool::new(backend).await.actor(backend, Role::Administrator)
}
