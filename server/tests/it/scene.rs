//! A school with one active account, for tests through the router.

use std::sync::Arc;

use backend::Backend;
use backend::testing::{self, FixedClock, TestSchool, active_account, student};
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
