//! Runs the built binary against a test's database, as a script would.

use std::ffi::OsStr;

use serde_json::Value;
use sqlx::{ConnectOptions as _, PgPool};

/// How a command ended.
pub struct CommandOutcome {
    /// Its exit status.
    pub status: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl CommandOutcome {
    /// The object that `--json` printed.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{}{}", self.stdout, self.stderr))
    }
}

/// Runs `greencap` with these arguments on the pool's database.
pub async fn greencap(pool: &PgPool, arguments: &[impl AsRef<OsStr>]) -> CommandOutcome {
    greencap_with(pool, arguments, &[]).await
}

/// The same, with further settings.
pub async fn greencap_with(
    pool: &PgPool,
    arguments: &[impl AsRef<OsStr>],
    settings: &[(&str, &str)],
) -> CommandOutcome {
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_greencap"))
        .args(arguments)
        .env("DATABASE_URL", pool.connect_options().to_url_lossy().as_str())
        .env("GREENCAP_PEPPER", "0f".repeat(32))
        .envs(settings.iter().copied())
        .output()
        .await
        .expect("the binary runs");
    CommandOutcome {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}
