//! PostgreSQL's own programs, which read and write a whole database in one consistent state.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;
use tokio::process::Command;

use super::BackupError;
use crate::embedded;

/// Where systems keep the certificates of the authorities they trust, in one file: Debian, Fedora, openSUSE, Alpine.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Dumps the database into a file. Without owners, so that another user can restore it.
pub(super) async fn dump(database: &PgConnectOptions, into: &Path) -> Result<(), BackupError> {
    let mut program = program("pg_dump", database)?;
    program.args(["--format=custom", "--no-owner", "--file"]).arg(into);
    run("pg_dump", program).await
}

/// Loads a dump: completely, or not at all.
pub(super) async fn load(database: &PgConnectOptions, dump: &Path) -> Result<(), BackupError> {
    let mut program = program("pg_restore", database)?;
    let name = database.get_database().unwrap_or(database.get_username());
    program.args(["--no-owner", "--single-transaction", "--exit-on-error", "--dbname", name]).arg(dump);
    run("pg_restore", program).await
}

/// The version of `pg_dump`, which refuses a server of a newer one.
pub(super) async fn version() -> Result<i32, BackupError> {
    const NAME: &str = "pg_dump";
    let failed = |said: String| BackupError::Program { program: NAME, said };
    let path = embedded::program(NAME).ok_or(BackupError::NoProgram(NAME))?;
    let output = Command::new(path).arg("--version").kill_on_drop(true).output().await;
    let said = output.map_err(|error| failed(error.to_string()))?.stdout;
    let said = String::from_utf8_lossy(&said);
    major(&said).ok_or_else(|| failed(said.trim().to_owned()))
}

/// The first number in a version, such as `pg_dump (PostgreSQL) 17.2 (Debian 17.2-1)`.
fn major(said: &str) -> Option<i32> {
    let digits = |word: &str| word.split(|c: char| !c.is_ascii_digit()).next().map(str::parse);
    said.split(' ').find_map(|word| digits(word)?.ok())
}

/// A program that connects to this database. The password is passed in its environment, where no list of processes
/// shows it.
fn program(name: &'static str, database: &PgConnectOptions) -> Result<Command, BackupError> {
    let path = embedded::program(name).ok_or(BackupError::NoProgram(name))?;
    let mut program = Command::new(path);
    // They would lead to another database than Greencap's own connections.
    program.env_remove("PGHOSTADDR").env_remove("PGSERVICE");
    program.envs(variables(database, trusted_certificates()));
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    Ok(program)
}

/// The file with the authorities that this system trusts, as Greencap's own connections find them.
fn trusted_certificates() -> Option<PathBuf> {
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    named.into_iter().chain(BUNDLES.map(PathBuf::from)).find(|file| file.is_file())
}

/// How to connect to a database, as variables of PostgreSQL's programs (PostgreSQL, "libpq", 34.15). `trusted` verifies
/// the server where the options name no certificate: PostgreSQL's programs do not look for the system's by themselves.
fn variables(database: &PgConnectOptions, trusted: Option<PathBuf>) -> Vec<(&'static str, OsString)> {
    let host = match database.get_socket() {
        // What does not begin with a slash is the name of a host to them.
        Some(socket) => std::path::absolute(socket).unwrap_or_else(|_| socket.clone()).into_os_string(),
        None => database.get_host().trim_matches(['[', ']']).into(),
    };
    let user = database.get_username();
    let mut variables = vec![
        ("PGHOST", host),
        ("PGPORT", database.get_port().to_string().into()),
        ("PGUSER", user.into()),
        ("PGDATABASE", database.get_database().unwrap_or(user).into()),
    ];
    if let Some(options) = database.get_options() {
        variables.push(("PGOPTIONS", options.into()));
    }
    // The URL alone tells the password and the certificates. A name in it that needs encoding would be misread.
    let url = database.clone().host("localhost").username("greencap").database("greencap").to_url_lossy();
    variables.push(("PGPASSWORD", percent_decoded(url.password().unwrap_or_default()).into()));
    let mut verified = false;
    let mut has_root = false;
    for (key, value) in url.query_pairs() {
        // sqlx writes a path with these words before it.
        let path = || value.strip_prefix("file: ").map(OsString::from);
        let (variable, value) = match &*key {
            "sslmode" => {
                verified = value.starts_with("verify-");
                ("PGSSLMODE", Some(OsString::from(&*value)))
            }
            "sslrootcert" => {
                has_root = true;
                ("PGSSLROOTCERT", path())
            }
            "sslcert" => ("PGSSLCERT", path()),
            "sslkey" => ("PGSSLKEY", path()),
            _ => continue,
        };
        variables.extend(value.map(|value| (variable, value)));
    }
    if verified && !has_root {
        variables.extend(trusted.map(|file| ("PGSSLROOTCERT", file.into_os_string())));
    }
    variables
}

fn percent_decoded(text: &str) -> String {
    let form = format!("v={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(form.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

async fn run(program: &'static str, mut command: Command) -> Result<(), BackupError> {
    let failed = |said: String| BackupError::Program { program, said };
    let output = command.kill_on_drop(true).output().await.map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(
        said.lines().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("; "),
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn told(url: &str) -> BTreeMap<&'static str, String> {
        told_of(&url.parse().unwrap())
    }

    fn told_of(database: &PgConnectOptions) -> BTreeMap<&'static str, String> {
        let variables = variables(database, Some("/trusted.crt".into()));
        variables.into_iter().map(|(name, value)| (name, value.into_string().unwrap())).collect()
    }

    #[test]
    fn the_version_is_its_first_number() {
        assert_eq!(major("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major("pg_dump (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("pg_dump"), None);
    }

    #[test]
    fn certificates_are_passed_on_as_paths() {
        let told = told(
            "postgres://green:p%2Fs%40s%26%2B@db.example:5433/caps?sslmode=verify-full&sslrootcert=/etc/my%20ca.pem&sslcert=c.pem&sslkey=/k.pem",
        );
        for (variable, value) in [
            ("PGHOST", "db.example"),
            ("PGPORT", "5433"),
            ("PGUSER", "green"),
            ("PGPASSWORD", "p/s@s&+"),
            ("PGDATABASE", "caps"),
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", "/etc/my ca.pem"),
            ("PGSSLCERT", "c.pem"),
            ("PGSSLKEY", "/k.pem"),
        ] {
            assert_eq!(told.get(variable).map(String::as_str), Some(value), "{variable}");
        }
    }

    #[test]
    fn without_a_certificate_a_server_is_verified_by_those_that_the_system_trusts() {
        for mode in ["verify-full", "verify-ca"] {
            let told = told(&format!("postgres://green@db.example/caps?sslmode={mode}"));
            assert_eq!(told.get("PGSSLROOTCERT").map(String::as_str), Some("/trusted.crt"), "{mode}");
        }
        // It would be verified after all.
        let required = told("postgres://green@db.example/caps?sslmode=require");
        assert_eq!(required.get("PGSSLROOTCERT"), None);
    }

    #[test]
    fn a_socket_in_a_relative_folder_is_no_host_name() {
        let options = PgConnectOptions::new_without_pgpass().socket("data/postgres").username("green");
        let host = told_of(&options)["PGHOST"].clone();
        assert!(host.starts_with('/') && host.ends_with("data/postgres"), "{host}");
    }

    #[test]
    fn names_with_signs_and_addresses_arrive_as_they_are() {
        let told = told("postgres://a%2Fb%40c:secret@[::1]/x%20y");
        assert_eq!(
            (&*told["PGUSER"], &*told["PGHOST"], &*told["PGDATABASE"], &*told["PGPASSWORD"]),
            ("a/b@c", "::1", "x y", "secret")
        );
    }
}
