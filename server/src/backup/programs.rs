//! PostgreSQL's own programs, which read and write a whole database in one consistent state.

use std::path::Path;
use std::process::Stdio;

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;
use tokio::process::Command;

use super::BackupError;
use crate::embedded;

/// The parameters of a database's URL that have a variable for PostgreSQL's programs (PostgreSQL, "libpq", 34.15).
const VARIABLES: [(&str, &str); 6] = [
    ("host", "PGHOST"),
    ("port", "PGPORT"),
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
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
    let name = database.get_database().unwrap_or("postgres");
    program.args(["--no-owner", "--single-transaction", "--exit-on-error", "--dbname", name]).arg(dump);
    run("pg_restore", program).await
}

/// A program that connects to this database. The password is passed in its environment, where no list of processes
/// shows it.
fn program(name: &'static str, database: &PgConnectOptions) -> Result<Command, BackupError> {
    let path = embedded::program(name).ok_or(BackupError::NoProgram(name))?;
    let url = database.to_url_lossy();
    let mut program = Command::new(path);
    let mut set = |variable: &str, value: &str| {
        program.env(variable, percent_decoded(value));
    };
    set("PGUSER", url.username());
    set("PGPASSWORD", url.password().unwrap_or_default());
    set("PGDATABASE", url.path().trim_start_matches('/'));
    if let Some(host) = url.host_str() {
        set("PGHOST", host.trim_matches(['[', ']']));
    }
    if let Some(port) = url.port() {
        set("PGPORT", &port.to_string());
    }
    for (key, value) in url.query_pairs() {
        let key = key.replace('-', "");
        if let Some((_, variable)) = VARIABLES.iter().find(|(known, _)| *known == key) {
            program.env(variable, &*value);
        }
    }
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    Ok(program)
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
