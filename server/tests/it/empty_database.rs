//! An empty database. A test's own is not empty where `./dev test` copies it from a migrated template.

use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool};

/// An empty database beside the test's. `remove` deletes it.
pub struct EmptyDatabase {
    name: String,
    /// Its connections, made when first used.
    pub pool: PgPool,
}

impl EmptyDatabase {
    /// Creates it in the cluster of another database.
    pub async fn new(beside: &PgPool) -> Self {
        let name = format!("greencap_empty_{}", uuid::Uuid::new_v4().simple());
        create(beside, &name, "").await;
        let options = (*beside.connect_options()).clone().database(&name);
        Self { name, pool: PgPoolOptions::new().connect_lazy_with(options) }
    }

    /// Deletes it, with everything that was put into it.
    pub async fn remove(self, beside: &PgPool) {
        self.pool.close().await;
        sqlx::query(AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.name)))
            .execute(beside)
            .await
            .unwrap();
    }
}

/// Creates an empty database of this name, with further options.
pub async fn create(beside: &PgPool, name: &str, options: &str) {
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0 {options}")))
        .execute(beside)
        .await
        .unwrap();
}
