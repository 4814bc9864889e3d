//! What every command begins and ends with: configuration, database, migrations.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use backend::Backend;
use backend::clock::SystemClock;
use backend::config::Config;
use backend::crypto::Keys;
use backend::db::{self, Database};
use backend::random::SystemRandom;
use backend::rooms::ROOMS;
use backend::tables::TableReader;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::Mutex;

use super::Failure;
use crate::embedded::{self, Embedded};

/// The embedded database that this process uses, until [`close`].
static EMBEDDED: Mutex<Option<Embedded>> = Mutex::const_new(None);

/// How often a long-running command checks that the embedded database is still running.
const LOOK: Duration = Duration::from_secs(2);

/// Reads the configuration. Without `DATABASE_URL`, embedded mode's own secrets fill in what is missing.
pub(super) fn config() -> Result<Config, Failure> {
    let mut values = Config::values()?;
    if !values.contains_key("DATABASE_URL") && !values.contains_key("GREENCAP_PEPPER") {
        values.insert("GREENCAP_PEPPER".to_owned(), embedded::pepper(&Config::data_folder(&values))?);
    }
    Ok(Config::from_values(&values)?)
}

/// Opens the configured database, or the embedded one, and migrates it.
pub(super) async fn backend() -> Result<Backend, Failure> {
    with_config(config()?).await
}

/// Like [`backend()`], with a configuration that was already read.
pub(super) async fn with_config(config: Config) -> Result<Backend, Failure> {
    let pool = db::pool(connect_options(&config).await?, config.pool);
    db::bring_up_to_date(&pool).await.map_err(|error| {
        Failure::Failed(format!(
            "the database could not be brought up to date: {error}; run `greencap migrate` as the user that owns its tables, then `greencap doctor`"
        ))
    })?;
    let tables = TableReader::this_binary()
        .map_err(|error| Failure::Failed(format!("greencap cannot find its own program file: {error}")))?;
    Ok(Backend {
        database: Database::new(pool),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        keys: Arc::new(Keys::new(&config.pepper.0)),
        config: Arc::new(config),
        tables: Arc::new(tables),
        memory: Arc::default(),
        rooms: &ROOMS,
    })
}

/// Returns how to connect to the database; starts the embedded one if none is configured.
pub(super) async fn connect_options(config: &Config) -> Result<PgConnectOptions, Failure> {
    if let Some(url) = &config.database_url {
        return PgConnectOptions::from_str(url)
            .map_err(|error| Failure::Failed(format!("DATABASE_URL is invalid: {error}")));
    }
    let mut held = EMBEDDED.lock().await;
    let embedded = match held.take() {
        Some(embedded) => embedded,
        None => Embedded::open(&config.data).await?,
    };
    let options = embedded.options();
    *held = Some(embedded);
    Ok(options)
}

/// Restarts the embedded database if it dies, as long as this future is polled and this process uses it. An
/// external PostgreSQL is supervised by whatever started it.
pub(super) async fn tend() {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Some(embedded) = &*EMBEDDED.lock().await
            && let Err(error) = embedded.revive().await
        {
            tracing::error!(%error, "embedded.revive");
        }
    }
}

/// Releases the embedded database, if this process uses it; the last command to do so stops it.
pub(super) async fn close() -> Result<(), Failure> {
    if let Some(embedded) = EMBEDDED.lock().await.take() {
        embedded.close().await?;
    }
    Ok(())
}
