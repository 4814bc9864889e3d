//! A school with one active account, for tests through the router.

use std::sync::Arc;

use backend::Backend;
use backend::testing::{self, FixedClock, TestSchool, active_account, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::AccountId;
use sqlx::PgPool;

pub const PASSWORD: &str = "copper ladder fog";

/// A school where Adaeze has an active account.
pub struct Scene {
    pub backend: Backend,
    pub clock: Arc<FixedClock>,
    pub school: TestSchool,
    pub account: AccountId,
}

impl Scene {
    pub async fn new(pool: PgPool) -> Self {
        let (backend, clock) = testing::backend(pool);
        let school = TestSchool::new(&backend).await;
        let person = student(&backend, &school, "Adaeze", "Okoronta", "1042", Some("ada@example.org")).await;
        let account = active_account(&backend, &school, person, "a.okoronta", PASSWORD).await;
        Self { backend, clock, school, account }
    }

    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.backend.database.raw()).await.expect("count")
    }

    pub async fn set_state(&self, account: AccountId, state: &str) {
        sqlx::query("UPDATE accounts SET state = $2 WHERE id = $1")
            .bind(account.0)
            .bind(state)
            .execute(self.backend.database.raw())
            .await
            .expect("set state");
    }
}

/// Adds an administrator of all schools, with [`PASSWORD`]. The last argument is their number and username.
pub async fn administrator_of_all(
    backend: &Backend,
    school: &TestSchool,
    given: &str,
    family: &str,
    (number, username): (&str, &str),
) {
    let person = student(backend, school, given, family, number, None).await;
    active_account(backend, school, person, username, PASSWORD).await;
    staff_role(backend, school, person, Role::Administrator).await;
    sqlx::query("UPDATE staff_roles SET school_id = NULL WHERE person_id = $1")
        .bind(person.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
}
