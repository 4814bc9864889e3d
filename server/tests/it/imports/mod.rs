//! Imports through the real binary.

mod command;
mod hostile;

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("greencap-imports-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    /// Puts a file into it.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).expect("a temporary file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The address of a test's database.
fn url(pool: &PgPool) -> String {
    let options: PgConnectOptions = (*pool.connect_options()).clone();
    let name = options.get_database().expect("a test has a database");
    format!("postgres://{}@{}:{}/{name}", options.get_username(), options.get_host(), options.get_port())
}

/// Runs `greencap` on a test's database.
async fn greencap(pool: &PgPool, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greencap"));
    command
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", url(pool))
        .env("GREENCAP_PEPPER", "0f".repeat(32))
        .env("GREENCAP_POOL", "4");
    tokio::task::spawn_blocking(move || command.output().expect("the binary runs")).await.expect("no panic")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Adds the school that files are for.
async fn school(pool: &PgPool) {
    let added = greencap(pool, &["schools", "add", "QUILL", "Quillmere School"]).await;
    assert!(added.status.success(), "{}", stderr(&added));
}

async fn count(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.expect("a number")
}
