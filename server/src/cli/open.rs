//! What every command begins with: configuration, database, migrations.

use std::str::FromStr as _;
use std::sync::Arc;

use backend::Backend;
use backend::clock::SystemClock;
use backend::config::Config;
use backend::crypto::Keys;
use backend::db;
use backend::random::SystemRandom;
use sqlx::postgres::PgConnectOptions;

use super::Failure;

/// Opens the database that the configuration names and brings it up to date.
pub(super) async fn backend() -> Result<Backend, Failure> {
    let config = Config::load().map_err(|error| Failure::Failed(error.to_string()))?;
    with_config(config).await
}

/// The same, from a configuration that was already read.
pub(super) async fn with_config(config: Config) -> Result<Backend, Failure> {
    let url = config
        .database_url
        .as_deref()
        .ok_or_else(|| Failure::Failed("DATABASE_URL is not set".to_owned()))?;
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| Failure::Failed(format!("DATABASE_URL cannot be read: {error}")))?;
    let pool = db::pool(options, config.pool);
    db::MIGRATOR.run(&pool).await.map_err(|error| {
        Failure::Failed(format!(
            "the database could not be brought up to date: {error}; run `greencap doctor`"
        ))
    })?;
    Ok(Backend {
        pool,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        keys: Arc::new(Keys::new(&config.pepper.0)),
        config: Arc::new(config),
        rolls: Arc::default(),
    })
}
