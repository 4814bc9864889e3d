//! `greencap backup` and `greencap restore`.

use std::path::PathBuf;

use backend::config::Config;
use backend::crypto::Keys;
use backend::db::{self, MIGRATOR};
use clap::Args;
use sqlx::postgres::PgPool;

use super::out::say;
use super::{ExitStatus, Failure, open};
use crate::backup::{self, BackupError, Manifest};

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write, such as `greencap-2026-11-29.zip`. Only you can read it.
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The file that `greencap backup` wrote.
    file: PathBuf,
    /// Restore although the pepper is another one: codes and links that were sent, authenticator apps and the client
    /// secrets of single sign-on providers stop working, and the audit log can no longer be verified.
    #[arg(long)]
    other_pepper: bool,
}

/// Writes everything in the database into a file, while Greencap goes on.
pub(super) async fn backup(asked: Backup) -> Result<ExitStatus, Failure> {
    let config = open::config()?;
    let options = open::connect_options(&config).await?;
    let pool = db::pool(options.clone(), config.pool);
    open::reach(&pool).await?;
    require_whole_view(&pool).await?;
    let Some(schema) = newest_migration(&pool).await? else {
        return Err(Failure::Failed("the database is empty: there is nothing to back up".to_owned()));
    };
    let manifest = Manifest::new(now(&pool).await?, schema, fingerprint(&config));
    backup::write(&asked.file, &options, &manifest).await?;
    say!("{} contains the whole database.", asked.file.display());
    say!(
        "Keep the pepper ({}) too, in another place: without it the backup is worth less.",
        pepper_of(&config)
    );
    Ok(ExitStatus::Done)
}

/// Loads a backup into an empty database.
pub(super) async fn restore(asked: Restore) -> Result<ExitStatus, Failure> {
    let manifest = backup::manifest(&asked.file)?;
    if MIGRATOR.iter().all(|migration| migration.version < manifest.schema) {
        return Err(BackupError::Newer(manifest.greencap).into());
    }
    let config = open::config()?;
    if manifest.pepper != fingerprint(&config) && !asked.other_pepper {
        return Err(Failure::WrongUse(format!(
            "the backup was made with another pepper than {}. Use the one that was kept with it, or restore with --other-pepper: then codes and links that were sent stop working, and everyone sets up their extra check again",
            pepper_of(&config)
        )));
    }
    let options = open::connect_options(&config).await?;
    let pool = db::pool(options.clone(), config.pool);
    open::reach(&pool).await?;
    if !is_empty(&pool).await? {
        return Err(Failure::WrongUse(
            "the database has data already, and a backup is only restored into an empty one: set DATABASE_URL to a new database, or GREENCAP_DATA to a new folder".to_owned(),
        ));
    }
    // Makes the roles that the backup grants rights to; what else it makes is in the backup.
    db::bring_up_to_date(&pool)
        .await
        .map_err(|error| Failure::Failed(format!("the database cannot be prepared: {error}")))?;
    for statement in ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"] {
        sqlx::query(statement).execute(&pool).await.map_err(backend::Error::from)?;
    }
    backup::load(&asked.file, &options).await?;
    db::bring_up_to_date(&pool).await.map_err(|error| {
        Failure::Failed(format!("the restored database cannot be brought up to date: {error}"))
    })?;
    say!(
        "Restored the backup of {}. Run `greencap audit verify`, then `greencap serve`.",
        manifest.made_at.format("%-d %B %Y, %H:%M UTC")
    );
    Ok(ExitStatus::Done)
}

/// Checks that the user sees every row, as the owner of the tables does: `pg_dump` refuses to write a part of a table.
async fn require_whole_view(pool: &PgPool) -> Result<(), Failure> {
    let sees_parts: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace
                        AND relrowsecurity AND row_security_active(oid))",
    )
    .fetch_one(pool)
    .await
    .map_err(backend::Error::from)?;
    if sees_parts {
        return Err(Failure::Failed(
            "this user does not own the tables, and sees only some of their rows: run `greencap backup` as the user that owns them".to_owned(),
        ));
    }
    Ok(())
}

/// The newest migration of a database; `None` if it has none.
async fn newest_migration(pool: &PgPool) -> Result<Option<i64>, Failure> {
    let has_table: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(pool)
        .await
        .map_err(backend::Error::from)?;
    if !has_table {
        return Ok(None);
    }
    let newest =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success").fetch_one(pool).await;
    Ok(newest.map_err(backend::Error::from)?)
}

/// Whether nothing is lost with everything in the database: it has no tables, or those of a Greencap in which nobody is
/// yet. Another program's tables are data too.
async fn is_empty(pool: &PgPool) -> Result<bool, Failure> {
    let has_nothing = sqlx::query_scalar(
        "SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
    );
    if has_nothing.fetch_one(pool).await.map_err(backend::Error::from)? {
        return Ok(true);
    }
    let newest = newest_migration(pool).await?;
    let is_ours = newest.is_some_and(|newest| MIGRATOR.iter().any(|migration| migration.version == newest));
    Ok(is_ours && !has_people(pool).await?)
}

async fn has_people(pool: &PgPool) -> Result<bool, Failure> {
    let people = sqlx::query_scalar("SELECT EXISTS (SELECT FROM people) OR EXISTS (SELECT FROM schools)");
    Ok(people.fetch_one(pool).await.map_err(backend::Error::from)?)
}

async fn now(pool: &PgPool) -> Result<chrono::DateTime<chrono::Utc>, Failure> {
    Ok(sqlx::query_scalar("SELECT now()").fetch_one(pool).await.map_err(backend::Error::from)?)
}

/// Tells one pepper from another, and nothing about it.
fn fingerprint(config: &Config) -> String {
    Keys::new(&config.pepper.0).fingerprint()
}

/// Where the pepper is.
fn pepper_of(config: &Config) -> String {
    match config.database_url {
        Some(_) => "GREENCAP_PEPPER".to_owned(),
        None => format!("GREENCAP_PEPPER, or {}", config.data.join("pepper").display()),
    }
}
