//! Backing up a database, and restoring it into another.

use std::path::PathBuf;

use backend::testing::{TestSchool, account, backend, student};
use sqlx::PgPool;

use crate::command::{greencap, greencap_with};
use crate::empty_database::EmptyDatabase;

/// A second, empty database beside the test's, and a folder; both are removed at the end.
struct Elsewhere {
    folder: PathBuf,
    database: EmptyDatabase,
}

impl Elsewhere {
    async fn new(beside: &PgPool) -> Self {
        let folder = std::env::temp_dir().join(format!("greencap-backup-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).unwrap();
        Self { folder, database: EmptyDatabase::new(beside).await }
    }

    fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    async fn remove(self, beside: &PgPool) {
        self.database.remove(beside).await;
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_backup_is_restored_into_an_empty_database_and_nowhere_else(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    let school = TestSchool::new(&context).await;
    let zoe = student(&context, &school, "Zo\u{eb}", "O\u{2019}Neil", "0017", Some("zoe@post.example")).await;
    account(&context, &school, zoe, "zoneil").await;
    let there = Elsewhere::new(&pool).await;
    let file = there.file("backup.zip");

    let made = greencap(&pool, &["backup", &file]).await;
    assert_eq!(made.status, Some(0), "{}", made.stderr);
    assert!(made.stdout.contains("Keep the pepper"), "{}", made.stdout);
    assert_eq!(std::fs::read_dir(&there.folder).unwrap().count(), 1, "nothing but the backup is left");
    let again = greencap(&pool, &["backup", &file]).await;
    assert_eq!(again.status, Some(2));
    assert!(again.stderr.contains("exists already"), "{}", again.stderr);

    let full = greencap(&pool, &["restore", &file]).await;
    assert_eq!(full.status, Some(2));
    assert!(full.stderr.contains("only restored into an empty one"), "{}", full.stderr);
    let other =
        greencap_with(&there.database.pool, &["restore", &file], &[("GREENCAP_PEPPER", &"1e".repeat(32))])
            .await;
    assert_eq!(other.status, Some(2));
    assert!(other.stderr.contains("another pepper"), "{}", other.stderr);

    let restored = greencap(&there.database.pool, &["restore", &file]).await;
    assert_eq!(restored.status, Some(0), "{}", restored.stderr);
    let accounts = ["accounts", "list", "--school", "QUILL", "--json"];
    let (before, after) = (greencap(&pool, &accounts).await, greencap(&there.database.pool, &accounts).await);
    assert_eq!((before.status, after.status), (Some(0), Some(0)), "{}", after.stderr);
    assert_eq!(before.json(), after.json());
    let verified = greencap(&there.database.pool, &["audit", "verify"]).await;
    assert_eq!(verified.status, Some(0), "{}", verified.stdout);
    there.remove(&pool).await;
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_is_no_backup_is_refused_and_leaves_nothing(pool: PgPool) {
    let there = Elsewhere::new(&pool).await;
    let empty = greencap(&there.database.pool, &["backup", &there.file("empty.zip")]).await;
    assert_eq!(empty.status, Some(1));
    assert!(empty.stderr.contains("the database is empty"), "{}", empty.stderr);
    let text = there.file("notes.zip");
    std::fs::write(&text, "not a backup").unwrap();
    for file in [text, there.file("missing.zip")] {
        let refused = greencap(&there.database.pool, &["restore", &file]).await;
        assert!(matches!(refused.status, Some(1 | 2)), "{}", refused.stderr);
        assert!(refused.stderr.contains(&file), "{}", refused.stderr);
    }
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        .fetch_one(&there.database.pool)
        .await
        .unwrap();
    assert_eq!(tables, 0);
    there.remove(&pool).await;
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_database_of_another_program_is_not_emptied(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    TestSchool::new(&context).await;
    let there = Elsewhere::new(&pool).await;
    let file = there.file("backup.zip");
    // `pg_dump` writes into a file that was made before, for its owner alone.
    std::fs::write(there.file("backup.zip.dump"), "left of an attempt before").unwrap();
    let made = greencap(&pool, &["backup", &file]).await;
    assert_eq!(made.status, Some(0), "{}", made.stderr);
    for statement in [
        "CREATE TABLE ledger (amount integer)",
        // A program that keeps its migrations as Greencap does.
        "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, success boolean NOT NULL)",
        "INSERT INTO _sqlx_migrations VALUES (1, true)",
    ] {
        sqlx::query(statement).execute(&there.database.pool).await.unwrap();
        let refused = greencap(&there.database.pool, &["restore", &file]).await;
        assert_eq!(refused.status, Some(2), "{statement}: {}", refused.stderr);
        assert!(refused.stderr.contains("only restored into an empty one"), "{}", refused.stderr);
        let is_there: bool = sqlx::query_scalar("SELECT to_regclass('ledger') IS NOT NULL")
            .fetch_one(&there.database.pool)
            .await
            .unwrap();
        assert!(is_there, "{statement}");
    }
    there.remove(&pool).await;
}

#[tokio::test]
async fn an_embedded_database_in_a_relative_folder_is_backed_up_and_restored() {
    let folder = std::env::temp_dir().join(format!("greencap-relative-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir(&folder).unwrap();
    let run = async |arguments: &[&str], settings: &[(&str, &str)]| {
        let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_greencap"))
            .args(arguments)
            .env_remove("DATABASE_URL")
            .envs(settings.iter().copied())
            .current_dir(&folder)
            .output()
            .await
            .unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
        said
    };
    run(&["schools", "add", "A", "School A"], &[]).await;
    run(&["backup", "e.zip"], &[]).await;
    let pepper = std::fs::read_to_string(folder.join("data/pepper")).unwrap();
    let other = [("GREENCAP_DATA", "other"), ("GREENCAP_PEPPER", pepper.trim())];
    run(&["restore", "e.zip"], &other).await;
    assert!(run(&["schools", "list"], &other).await.contains("School A"));
    std::fs::remove_dir_all(&folder).unwrap();
}
