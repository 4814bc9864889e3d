//! A backup: one file with everything in the database, and what is needed to tell whether it can be restored here.

mod archive;
mod programs;

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnectOptions;
use thiserror::Error;

/// The version of the file's layout.
const LAYOUT: u32 = 1;

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the layout.
    pub layout: u32,
    /// The version of Greencap that made it.
    pub greencap: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The newest migration of its database.
    pub schema: i64,
    /// A fingerprint of the pepper, which is not in the backup itself.
    pub pepper: String,
}

impl Manifest {
    /// The manifest of a backup of a database with this newest migration, made now.
    pub fn new(made_at: DateTime<Utc>, schema: i64, pepper: String) -> Self {
        Self { layout: LAYOUT, greencap: env!("CARGO_PKG_VERSION").to_owned(), made_at, schema, pepper }
    }
}

/// Why a backup was not made or restored.
#[derive(Debug, Error)]
pub enum BackupError {
    /// PostgreSQL's program is not installed.
    #[error(
        "{0} was not found: install PostgreSQL's client programs (`sudo apt-get install postgresql-client`)"
    )]
    NoProgram(&'static str),
    /// It failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Its name.
        program: &'static str,
        /// The end of what it said.
        said: String,
    },
    /// A file cannot be read or written.
    #[error("{path} cannot be used: {source}")]
    File {
        /// Its path.
        path: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// There is a file with this name already.
    #[error("{0} exists already: choose another name, or delete it first")]
    Exists(String),
    /// It is not a backup.
    #[error("{0} is not a backup made by `greencap backup`, or it is damaged")]
    NotABackup(String),
    /// A later Greencap made it.
    #[error(
        "the backup was made by Greencap {0}, which is newer than this one: upgrade Greencap first, then restore"
    )]
    Newer(String),
}

impl BackupError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::File { path, source }
    }
}

/// Writes a backup. It appears under its name only when it is complete.
pub async fn write(file: &Path, database: &PgConnectOptions, manifest: &Manifest) -> Result<(), BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.display().to_string()));
    }
    let dump = archive::beside(file, "dump");
    // `pg_dump` would create it for everyone to read.
    archive::private(&dump).map_err(BackupError::file(&dump))?;
    let dumped = programs::dump(database, &dump).await;
    let packed = dumped.and_then(|()| archive::pack(file, manifest, &dump));
    // Nothing is left behind if it failed before the file was there.
    let _ = std::fs::remove_file(&dump);
    packed
}

/// Whether backups of a server of this version can be made here: the version of `pg_dump`, or what to do.
pub async fn check(server: i32) -> Result<i32, String> {
    let client = programs::version().await.map_err(|error| error.to_string())?;
    if client < server {
        return Err(format!(
            "pg_dump {client} refuses a PostgreSQL that is newer than itself. Install the client programs of version {server} (`sudo apt-get install postgresql-client-{server}`)"
        ));
    }
    Ok(client)
}

/// Reads what a backup says about itself.
pub fn manifest(file: &Path) -> Result<Manifest, BackupError> {
    let manifest = archive::manifest(file)?;
    if manifest.layout > LAYOUT {
        return Err(BackupError::Newer(manifest.greencap));
    }
    Ok(manifest)
}

/// Loads a backup into an empty database, in one transaction.
pub async fn load(file: &Path, database: &PgConnectOptions) -> Result<(), BackupError> {
    let dump = archive::unpack(file)?;
    let loaded = programs::load(database, &dump).await;
    let _ = std::fs::remove_file(&dump);
    loaded
}
