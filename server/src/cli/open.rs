//! What every command begins and ends with: configuration, database, migrations.

use std::collections::BTreeMap;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use backend::Backend;
use backend::clock::SystemClock;
use backend::config::{Config, ConfigValues, ENCODE};
use backend::crypto::Keys;
use backend::db::{self, Database, words};
use backend::random::SystemRandom;
use backend::rooms::ROOMS;
use backend::tables::TableReader;
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPool};
use tokio::sync::Mutex;

use super::{Failure, out, site};
use crate::embedded::{self, Embedded};

/// The embedded database that this process uses, until [`close`].
static EMBEDDED: Mutex<Option<Embedded>> = Mutex::const_new(None);

/// How often a long-running command checks that the embedded database is still running.
const LOOK: Duration = Duration::from_secs(2);

/// Reads the configuration, and names what looks like a setting and is none. Without `DATABASE_URL`, embedded
/// mode's own secrets fill in what is missing.
pub(super) fn config() -> Result<Config, Failure> {
    let ConfigValues { mut values, unknown } = Config::values()?;
    for sentence in &unknown {
        out::note(sentence);
    }
    if needs_pepper(&values) {
        let data = Config::data_folder(&values);
        if Embedded::exists(&data) && embedded::kept_pepper(&data).is_none() {
            out::note(format_args!(
                "the pepper of the database in {} is missing, so a new one was created: codes and links that were sent stop working, until you put the old one back",
                data.display()
            ));
        }
        values.insert("GREENCAP_PEPPER".to_owned(), embedded::pepper(&data)?);
    }
    finish(&values)
}

/// Like [`config`], but creates nothing. In embedded mode before its first start, the pepper of the result is
/// not random.
pub(super) fn config_as_it_is() -> Result<(Config, Vec<String>), Failure> {
    let ConfigValues { mut values, unknown } = Config::values()?;
    if needs_pepper(&values) {
        let kept = embedded::kept_pepper(&Config::data_folder(&values));
        values.insert("GREENCAP_PEPPER".to_owned(), kept.unwrap_or_else(|| "00".repeat(32)));
    }
    Ok((finish(&values)?, unknown))
}

fn needs_pepper(values: &BTreeMap<String, String>) -> bool {
    !values.contains_key("DATABASE_URL") && !values.contains_key("GREENCAP_PEPPER")
}

fn finish(values: &BTreeMap<String, String>) -> Result<Config, Failure> {
    let mut config = Config::from_values(values)?;
    let program = std::env::current_exe().ok();
    config.site = site::find(&config.site, !values.contains_key("GREENCAP_SITE"), program.as_deref());
    Ok(config)
}

/// Opens the configured database, or the embedded one, and migrates it.
pub(super) async fn backend() -> Result<Backend, Failure> {
    with_config(config()?).await
}

/// Like [`backend()`], with a configuration that was already read.
pub(super) async fn with_config(config: Config) -> Result<Backend, Failure> {
    let pool = db::pool(connect_options(&config).await?, config.pool);
    reach(&pool).await?;
    db::bring_up_to_date(&pool)
        .await
        .map_err(|error| Failure::Failed(format!("the database cannot be used: {error}")))?;
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

/// Checks that the database accepts a connection; waits as long as the pool does.
pub(super) async fn reach(pool: &PgPool) -> Result<(), Failure> {
    let why = match pool.acquire().await {
        Ok(_) => return Ok(()),
        // The pool tries again and again, and then only says that it did.
        Err(sqlx::Error::PoolTimedOut) => {
            match tokio::time::timeout(LOOK, pool.connect_options().connect()).await {
                Ok(Err(error)) => words::of(&error),
                Ok(Ok(_)) | Err(_) => "it did not answer in time".to_owned(),
            }
        }
        Err(error) => words::of(&error),
    };
    Err(Failure::Failed(format!("the database cannot be reached ({why}); run `greencap doctor`")))
}

/// Returns how to connect to the database; starts the embedded one if none is configured.
pub(super) async fn connect_options(config: &Config) -> Result<PgConnectOptions, Failure> {
    if let Some(url) = &config.database_url {
        return parsed(url);
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

/// Describes the database without its password.
pub(super) fn describe(config: &Config) -> Result<String, Failure> {
    let Some(url) = &config.database_url else {
        return Ok(format!("embedded, in {}", config.data.join("postgres").display()));
    };
    let options = parsed(url)?;
    let place = options.get_socket().map_or_else(
        || format!("{}:{}", options.get_host(), options.get_port()),
        |socket| socket.display().to_string(),
    );
    let name = options.get_database().unwrap_or(options.get_username());
    Ok(format!("{name} at {place}, as {}", options.get_username()))
}

fn parsed(url: &str) -> Result<PgConnectOptions, Failure> {
    PgConnectOptions::from_str(url)
        .map_err(|error| Failure::Failed(format!("DATABASE_URL is invalid: {error}; {ENCODE}")))
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
