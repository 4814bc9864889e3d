//! Embedded mode, with a real PostgreSQL.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use server::embedded::Embedded;
use sqlx::{ConnectOptions as _, PgConnection};

/// A data folder that is deleted when the test ends.
struct Data(PathBuf);

impl Data {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("greencap-embedded-{}-{number}", std::process::id())))
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn connect(embedded: &Embedded) -> PgConnection {
    embedded.options().connect().await.expect("the embedded database answers")
}

fn kill_postmaster(data: &Path) {
    let pid = fs::read_to_string(data.join("postgres/postmaster.pid")).expect("runs");
    let pid = pid.lines().next().expect("its first line is the process");
    assert!(Command::new("kill").args(["-9", pid]).status().expect("kill runs").success());
    // It has ended once it works in no folder; whether someone has waited for it does not matter.
    while fs::read_link(format!("/proc/{pid}/cwd")).is_ok() {
        std::thread::yield_now();
    }
}

fn runs(data: &Path) -> bool {
    data.join("postgres/postmaster.pid").exists()
}

#[tokio::test]
async fn the_last_of_two_users_stops_the_database_and_what_was_written_is_there_again() {
    let data = Data::new();
    let first = Embedded::open(&data.0).await.expect("starts");
    let second = Embedded::open(&data.0).await.expect("joins");
    let mut connection = connect(&first).await;
    sqlx::query("CREATE TABLE kept AS SELECT 7 AS n").execute(&mut connection).await.expect("writes");
    drop(connection);

    first.close().await.expect("lets go");
    assert!(runs(&data.0), "the second still uses it");
    drop(connect(&second).await);
    second.close().await.expect("stops");
    assert!(!runs(&data.0), "nobody uses it");

    let again = Embedded::open(&data.0).await.expect("starts again");
    let kept: i32 =
        sqlx::query_scalar("SELECT n FROM kept").fetch_one(&mut connect(&again).await).await.expect("reads");
    assert_eq!(kept, 7);
    again.close().await.expect("stops");
}

#[tokio::test]
async fn a_database_that_was_killed_starts_again_with_what_was_committed() {
    let data = Data::new();
    let killed = Embedded::open(&data.0).await.expect("starts");
    let mut connection = connect(&killed).await;
    sqlx::query("CREATE TABLE kept AS SELECT 7 AS n").execute(&mut connection).await.expect("writes");
    kill_postmaster(&data.0);
    // As after `kill -9` of Greencap itself: the kernel drops the locks, nothing is closed.
    drop(killed);

    let again = Embedded::open(&data.0).await.expect("starts in spite of the pid file left behind");
    let kept: i32 =
        sqlx::query_scalar("SELECT n FROM kept").fetch_one(&mut connect(&again).await).await.expect("reads");
    assert_eq!(kept, 7);
    again.close().await.expect("stops");
}

#[tokio::test]
async fn a_database_that_was_killed_is_started_again_under_its_users() {
    let data = Data::new();
    let used = Embedded::open(&data.0).await.expect("starts");
    used.revive().await.expect("it runs");
    kill_postmaster(&data.0);
    used.revive().await.expect("starts again");
    drop(connect(&used).await);
    used.close().await.expect("stops");
}

#[tokio::test]
async fn a_pid_file_that_names_somebody_elses_process_does_not_keep_it_from_starting() {
    let data = Data::new();
    Embedded::open(&data.0).await.expect("starts").close().await.expect("stops");
    // The test's own process: running, but not PostgreSQL.
    fs::write(data.0.join("postgres/postmaster.pid"), format!("{}\n", std::process::id())).expect("writes");
    Embedded::open(&data.0).await.expect("starts").close().await.expect("stops");
}

#[tokio::test]
async fn a_cluster_that_was_never_finished_is_made_again() {
    let data = Data::new();
    fs::create_dir_all(data.0.join("postgres.new/base")).expect("a half-made cluster");
    let embedded = Embedded::open(&data.0).await.expect("starts");
    drop(connect(&embedded).await);
    embedded.close().await.expect("stops");
    assert!(!data.0.join("postgres.new").exists());
}
