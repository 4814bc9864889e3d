//! Database errors in words for an operator. sqlx adds the line of PostgreSQL's own source that reported an error,
//! which helps nobody.

use sqlx::migrate::MigrateError;

/// A database error in words.
pub fn of(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(source) => source.message().to_owned(),
        other => other.to_string(),
    }
}

/// A failed migration in words.
pub fn of_migration(error: &MigrateError) -> String {
    match error {
        MigrateError::Execute(source) => of(source),
        MigrateError::ExecuteMigration(source, version) => {
            format!("migration {version} failed: {}", of(source))
        }
        other => other.to_string(),
    }
}

/// Any error in words.
pub(crate) fn of_any(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    error.downcast_ref::<sqlx::Error>().map_or_else(|| error.to_string(), of)
}
