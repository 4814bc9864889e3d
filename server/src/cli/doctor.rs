//! `greencap doctor`: finds problems with this server, and says how to fix each. Creates and changes nothing.

use std::fs;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use backend::clock::{Clock as _, SystemClock};
use backend::config::Config;
use backend::db::standing::{Standing, standing};
use backend::db::upgrade::may_create_tables;
use backend::db::{UpgradeError, roles, words};
use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use domain::roll::address::EmailAddress;
use sqlx::{ConnectOptions as _, PgConnection};

use super::out::say;
use super::{ExitStatus, Failure, open, site};
use crate::backup;
use crate::embedded::Embedded;

mod mail;

/// The oldest PostgreSQL that Greencap is tested with.
const OLDEST_POSTGRES: i32 = 15;
/// How much the clocks of the server and the database may differ before people notice wrong expiry times.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(5);
/// How long the database and the mail server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The result of one check: fine, or the problem and how to fix it.
type Finding = Result<String, String>;

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Send a test message to this address.
    #[arg(long, value_name = "ADDRESS")]
    mail_to: Option<EmailAddress>,
}

/// Runs every check, prints a line for each, and fails if there is a problem.
pub(super) async fn run(asked: Doctor) -> Result<ExitStatus, Failure> {
    let (config, unknown) = match open::config_as_it_is() {
        Ok(read) => read,
        Err(failure) => {
            print("configuration", &Err(failure.to_string()));
            return Ok(ExitStatus::Failed);
        }
    };
    let mut findings = vec![("configuration", Ok("all values are valid".to_owned()))];
    if !unknown.is_empty() {
        findings = unknown.into_iter().map(|sentence| ("configuration", Err(sentence))).collect();
    }
    if config.database_url.is_none() && !Embedded::exists(&config.data) {
        let folder = config.data.display();
        let words =
            format!("none yet. `greencap serve` creates one in {folder}; for a school, set DATABASE_URL");
        findings.push(("database", Ok(words)));
    } else {
        match connect(&config).await {
            Ok(mut connection) => {
                findings.push(("database", database(&mut connection).await));
                findings.push(("clock", clock(&mut connection).await));
                findings.push(("backup", backups(&mut connection).await));
            }
            Err(problem) => findings.push(("database", Err(problem))),
        }
    }
    findings.push(("mail server", mail::server(&config).await));
    findings.push(("sender", mail::sender(&config)));
    if let Some(to) = &asked.mail_to {
        findings.push(("test message", mail::send(&config, to).await));
    }
    findings.push(("base URL", base_url(&config)));
    findings.push(("pepper", pepper(&config)));
    findings.push(("browser's files", files(&config)));
    for (name, finding) in &findings {
        print(name, finding);
    }
    let problems = findings.iter().any(|(_, finding)| finding.is_err());
    Ok(if problems { ExitStatus::Failed } else { ExitStatus::Done })
}

fn print(name: &str, finding: &Finding) {
    match finding {
        Ok(words) => say!("ok       {name}: {words}"),
        Err(words) => say!("problem  {name}: {words}"),
    }
}

async fn connect(config: &Config) -> Result<PgConnection, String> {
    let options = open::connect_options(config).await.map_err(|failure| failure.to_string())?;
    match tokio::time::timeout(PATIENCE, options.connect()).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(format!(
            "{}. Check that PostgreSQL is running, and check the host, name and password in DATABASE_URL",
            words::of(&error)
        )),
        Err(_) => {
            Err("no response within 10 seconds. Check the host and port in DATABASE_URL, and the firewall"
                .to_owned())
        }
    }
}

async fn database(connection: &mut PgConnection) -> Finding {
    let failed = |error: sqlx::Error| {
        format!("{}. Check the permissions of the user in DATABASE_URL", words::of(&error))
    };
    let number = version(&mut *connection).await.map_err(failed)?;
    if number < OLDEST_POSTGRES {
        return Err(format!("PostgreSQL {number} is too old. Upgrade it to {OLDEST_POSTGRES} or newer"));
    }
    // Without the roles, a user who owns nothing may not even read which migrations there are.
    let lacking = roles::lacking(&mut *connection).await.map_err(failed)?;
    match (standing(&mut *connection).await, lacking) {
        (Ok(Standing::Empty), lacking) => empty(connection, number, lacking).await,
        (_, Some(remedy)) => Err(remedy),
        (Err(error), None) => Err(failed(error)),
        (Ok(Standing::Current), None) => Ok(format!("PostgreSQL {number}, up to date")),
        (Ok(Standing::Older), None) => {
            let may_create = may_create_tables(connection).await.map_err(failed)?;
            let who = if may_create { "" } else { " as the user that owns them" };
            Err(format!("its tables are from an older version of Greencap. Run `greencap migrate`{who}"))
        }
        (Ok(Standing::Newer(_)), None) => {
            Err("its tables are from a newer version of Greencap. Upgrade this one".to_owned())
        }
        (Ok(Standing::Changed(migration)), None) => Err(UpgradeError::Changed(migration).to_string()),
        (Ok(Standing::Unfinished(migration)), None) => Err(UpgradeError::Unfinished(migration).to_string()),
    }
}

async fn version(connection: &mut PgConnection) -> sqlx::Result<i32> {
    sqlx::query_scalar("SELECT current_setting('server_version_num')::int / 10000")
        .fetch_one(connection)
        .await
}

/// Whether `greencap backup` has what it needs.
async fn backups(connection: &mut PgConnection) -> Finding {
    let server = version(connection).await.map_err(|error| words::of(&error))?;
    backup::check(server).await.map(|client| format!("pg_dump {client} can read PostgreSQL {server}"))
}

/// A database without Greencap's tables: whether the first migration can run.
async fn empty(connection: &mut PgConnection, number: i32, lacking: Option<String>) -> Finding {
    if !may_create_tables(connection).await.map_err(|error| words::of(&error))? {
        return Err("it is empty, and the user in DATABASE_URL may not create tables. Run `greencap migrate` as the user that owns it".to_owned());
    }
    match lacking {
        Some(remedy) => Err(format!("it is empty, and {remedy}")),
        None => Ok(format!(
            "PostgreSQL {number}, empty. `greencap migrate` or the first `greencap serve` creates the tables"
        )),
    }
}

async fn clock(connection: &mut PgConnection) -> Finding {
    let theirs: DateTime<Utc> = sqlx::query_scalar("SELECT clock_timestamp()")
        .fetch_one(connection)
        .await
        .map_err(|error| words::of(&error))?;
    let apart = (SystemClock.now() - theirs).abs();
    if apart > CLOCK_TOLERANCE {
        return Err(format!(
            "it is {} seconds away from the database's clock. Synchronise both with a time server (`timedatectl set-ntp true`)",
            apart.num_seconds()
        ));
    }
    Ok(format!("{}, in sync with the database", theirs.format("%Y-%m-%d %H:%M:%S UTC")))
}

fn base_url(config: &Config) -> Finding {
    let url = &config.base_url;
    if config.is_https() || is_own_machine(url) {
        return Ok(url.clone());
    }
    Err(format!(
        "{url} is not secure, so browsers will not stay signed in. Set GREENCAP_BASE_URL to an https:// address"
    ))
}

/// Whether a URL is this machine, where browsers trust plain http too.
fn is_own_machine(url: &str) -> bool {
    let host = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host).trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn pepper(config: &Config) -> Finding {
    let kept = config.data.join("pepper");
    let embedded = config.database_url.is_none();
    if embedded && config.pepper.0 == [0; 32] && !kept.exists() {
        if Embedded::exists(&config.data) {
            return Err(format!(
                "{} is missing, although there is a database. Put it back from where you keep it: the next start creates another one, and then codes and links that were sent stop working, and everyone sets up their extra check again",
                kept.display()
            ));
        }
        return Ok(format!("none yet. The first start creates {}", kept.display()));
    }
    let mut bytes = config.pepper.0.to_vec();
    bytes.sort_unstable();
    bytes.dedup();
    // Some of 32 random bytes repeat; fewer than 16 different ones happen by chance once in 10^14.
    if bytes.len() < 16 {
        return Err("it is not random. Set GREENCAP_PEPPER to the output of `openssl rand -hex 32` before you send any invitations".to_owned());
    }
    match fs::metadata(&kept) {
        Ok(file) if embedded && file.permissions().mode() & 0o077 != 0 => {
            Err(format!("{path} can be read by others. Run `chmod 600 {path}`", path = kept.display()))
        }
        _ => Ok("32 bytes, stored outside the database".to_owned()),
    }
}

fn files(config: &Config) -> Finding {
    if config.site.join(site::STYLE).is_file() {
        return Ok(config.site.display().to_string());
    }
    Err(format!(
        "not found in {}. Build them (`./dev build`), or set GREENCAP_SITE to their folder",
        config.site.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_the_own_machine_alone() {
        for own in ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:3000/x"] {
            assert!(is_own_machine(own), "{own}");
        }
        for other in ["http://portal.school.example", "http://192.168.0.4:3000", "http://localhost.example"] {
            assert!(!is_own_machine(other), "{other}");
        }
    }
}
