//! What an operator reads: `doctor`, the start of `serve`, and errors in the configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;

use backend::db::MIGRATOR;
use backend::testing::{SmtpSink, TestSchool, backend, student};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgPool};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::command::{CommandOutcome, greencap};
use crate::empty_database::{self, EmptyDatabase};

/// A path that nothing is at; what is made there is deleted when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("greencap-operator-{name}-{}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn url(pool: &PgPool) -> String {
    pool.connect_options().to_url_lossy().to_string()
}

/// The binary, with only these settings.
fn command(settings: &BTreeMap<&str, String>, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greencap"));
    command.args(arguments).env_remove("DATABASE_URL").envs(settings).kill_on_drop(true);
    command
}

async fn run(settings: &[(&'static str, String)], arguments: &[&str]) -> CommandOutcome {
    let output =
        command(&settings.iter().cloned().collect(), arguments).output().await.expect("the binary runs");
    CommandOutcome {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn pepper() -> (&'static str, String) {
    ("GREENCAP_PEPPER", "0123456789abcdef".repeat(4))
}

/// The database of a pool, for another user.
fn as_user(pool: &PgPool, user: &str, database: &str) -> PgPool {
    let options: PgConnectOptions = (*pool.connect_options()).clone().username(user).database(database);
    PgPoolOptions::new().connect_lazy_with(options)
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_owner_that_may_not_create_roles_migrates_with_roles_made_by_hand(pool: PgPool) {
    // Fixed names, shared between runs: roles belong to the cluster.
    for statement in [
        "DO $$ BEGIN CREATE ROLE greencap_test_owner LOGIN NOCREATEROLE IN ROLE greencap_app, greencap_system;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        "DO $$ BEGIN CREATE ROLE greencap_test_lacking LOGIN NOCREATEROLE;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        "DROP DATABASE IF EXISTS greencap_test_owned",
        "DROP DATABASE IF EXISTS greencap_test_lacking",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    empty_database::create(&pool, "greencap_test_owned", "OWNER greencap_test_owner").await;
    empty_database::create(&pool, "greencap_test_lacking", "OWNER greencap_test_lacking").await;
    let owner = as_user(&pool, "greencap_test_owner", "greencap_test_owned");
    let migrated = greencap(&owner, &["migrate"]).await;
    assert_eq!(migrated.status, Some(0), "{}", migrated.stderr);

    let lacking = as_user(&pool, "greencap_test_lacking", "greencap_test_lacking");
    let remedy = "GRANT greencap_app, greencap_system TO greencap_test_lacking;";
    let seen = run(&[("DATABASE_URL", url(&lacking)), pepper()], &["doctor"]).await;
    assert!(seen.stdout.contains("empty") && seen.stdout.contains(remedy), "{}", seen.stdout);
    let refused = greencap(&lacking, &["migrate"]).await;
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains(remedy) && !refused.stderr.contains(" at line "), "{}", refused.stderr);
    let made: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        .fetch_one(&lacking)
        .await
        .unwrap();
    assert_eq!(made, 0, "nothing was changed");
    // An older version of Greencap, before there were roles.
    let first = MIGRATOR.iter().next().unwrap().version;
    MIGRATOR.run_to(first, &lacking).await.unwrap();
    for command in ["doctor", "migrate"] {
        let seen = run(&[("DATABASE_URL", url(&lacking)), pepper()], &[command]).await;
        let said = format!("{}{}", seen.stdout, seen.stderr);
        assert!(said.contains(remedy), "{command}: {said}");
        assert!(!said.contains("Run `greencap migrate`"), "{command}: {said}");
    }
    let applied: i64 =
        sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations").fetch_one(&lacking).await.unwrap();
    assert_eq!(applied, 1);
    lacking.close().await;
    owner.close().await;
    for statement in
        ["DROP DATABASE greencap_test_owned WITH (FORCE)", "DROP DATABASE greencap_test_lacking WITH (FORCE)"]
    {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_user_who_owns_nothing_is_told_what_to_grant_and_then_serves(pool: PgPool) {
    for statement in [
        "DO $$ BEGIN CREATE ROLE greencap_test_serving LOGIN NOCREATEROLE;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        "REVOKE greencap_app, greencap_system FROM greencap_test_serving",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    let options = pool.connect_options();
    let serving = as_user(&pool, "greencap_test_serving", options.get_database().unwrap());
    let settings = [("DATABASE_URL", url(&serving)), pepper()];
    let grant = "GRANT greencap_app, greencap_system TO greencap_test_serving";
    for command in [&["doctor"][..], &["schools", "list"]] {
        let seen = run(&settings, command).await;
        let said = format!("{}{}", seen.stdout, seen.stderr);
        assert!(seen.status == Some(1) && said.contains(grant), "{command:?}: {said}");
    }
    sqlx::query("GRANT greencap_app, greencap_system TO greencap_test_serving").execute(&pool).await.unwrap();
    let seen = run(&settings, &["doctor"]).await;
    assert!(seen.stdout.contains("up to date"), "{}", seen.stdout);
    let listed = run(&settings, &["schools", "list"]).await;
    assert_eq!(listed.status, Some(0), "{}", listed.stderr);
    let backup = run(&settings, &["backup", "/tmp/greencap-never.zip"]).await;
    assert!(backup.stderr.contains("as the user that owns them"), "{}", backup.stderr);

    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)")
        .execute(&pool)
        .await
        .unwrap();
    for command in [&["doctor"][..], &["schools", "list"]] {
        let seen = run(&settings, command).await;
        let said = format!("{}{}", seen.stdout, seen.stderr);
        assert!(said.contains("older version") && said.contains("as the user that owns them"), "{said}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_database_that_cannot_be_opened_is_said_to_be_so_with_the_remedy(pool: PgPool) {
    let options: PgConnectOptions = (*pool.connect_options()).clone();
    let away = options.clone().port(1).to_url_lossy().to_string();
    let nameless = options.database("greencap_test_no_such").to_url_lossy().to_string();
    for database in [away, nameless, "postgres://green@nowhere.invalid/greencap".to_owned()] {
        for command in [&["schools", "list"][..], &["migrate"], &["worker", "--once"], &["backup", "/tmp/x"]]
        {
            let seen = run(&[("DATABASE_URL", database.clone()), pepper()], command).await;
            assert_eq!(seen.status, Some(1));
            assert!(
                seen.stderr.contains("cannot be reached")
                    && seen.stderr.contains("greencap doctor")
                    && !seen.stderr.contains("pool timed out"),
                "{command:?}: {}",
                seen.stderr
            );
        }
    }
    sqlx::query("INSERT INTO _sqlx_migrations SELECT 99991231000000, 'later', now(), true, 'x', 1")
        .execute(&pool)
        .await
        .unwrap();
    let seen = run(&[("DATABASE_URL", url(&pool)), pepper()], &["schools", "list"]).await;
    assert!(
        seen.stderr.contains("newer version of Greencap") && !seen.stderr.contains("greencap migrate"),
        "{}",
        seen.stderr
    );
}

#[sqlx::test]
async fn an_empty_database_is_empty_and_doctor_leaves_it_so(pool: PgPool) {
    let there = EmptyDatabase::new(&pool).await;
    let seen = run(&[("DATABASE_URL", url(&there.pool)), pepper()], &["doctor"]).await;
    assert!(seen.stdout.contains("empty") && !seen.stdout.contains("older version"), "{}", seen.stdout);
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
            .fetch_one(&there.pool)
            .await
            .unwrap();
    assert_eq!(tables, 0);
    there.remove(&pool).await;
}

#[tokio::test]
async fn doctor_creates_no_embedded_database() {
    let data = Folder::new("data");
    let seen = run(&[("GREENCAP_DATA", data.0.display().to_string())], &["doctor"]).await;
    assert!(seen.stdout.contains("database: none yet"), "{}", seen.stdout);
    assert!(seen.stdout.contains("pepper: none yet"), "{}", seen.stdout);
    assert!(!data.0.exists());
    // A database whose pepper is lost.
    std::fs::create_dir_all(data.0.join("postgres")).unwrap();
    std::fs::write(data.0.join("postgres/PG_VERSION"), "1\n").unwrap();
    let seen = run(&[("GREENCAP_DATA", data.0.display().to_string())], &["doctor"]).await;
    assert!(seen.stdout.contains("problem  pepper") && seen.stdout.contains("is missing"), "{}", seen.stdout);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn doctor_sends_a_test_message_and_warns_of_the_default_sender(pool: PgPool) {
    let sink = SmtpSink::start().await;
    let settings = [("DATABASE_URL", url(&pool)), pepper(), ("GREENCAP_SMTP_URL", sink.url())];
    let seen = run(&settings, &["doctor", "--mail-to", "operator@quillmere.example"]).await;
    assert_eq!(seen.status, Some(1));
    assert!(
        seen.stdout.contains("problem  sender") && seen.stdout.contains("GREENCAP_MAIL_FROM"),
        "{}",
        seen.stdout
    );
    assert!(seen.stdout.contains("ok       test message"), "{}", seen.stdout);
    let mails = sink.received();
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, "operator@quillmere.example"));
    assert!(mails[0].header("Subject").is_some_and(|subject| subject.contains("Test message")));
    let sender = ("GREENCAP_MAIL_FROM", "Quillmere <portal@quillmere.example>".to_owned());
    let seen = run(&[&settings[..], &[sender]].concat(), &["doctor"]).await;
    assert!(seen.stdout.contains("ok       sender"), "{}", seen.stdout);
    let wrong = run(&settings, &["doctor", "--mail-to", "operator"]).await;
    assert_eq!(wrong.status, Some(2), "{}", wrong.stderr);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_is_wrong_with_the_configuration_is_named_with_a_remedy(pool: PgPool) {
    let database = ("DATABASE_URL", url(&pool));
    let typo = ("GREENCAP_STMP_URL", "smtp://127.0.0.1".to_owned());
    let warned = run(&[database.clone(), pepper(), typo.clone()], &["schools", "list"]).await;
    assert_eq!(warned.status, Some(0), "{}", warned.stderr);
    assert!(warned.stderr.contains("did you mean GREENCAP_SMTP_URL?"), "{}", warned.stderr);
    let seen = run(&[database.clone(), pepper(), typo], &["doctor"]).await;
    assert!(seen.stdout.contains("did you mean GREENCAP_SMTP_URL?"), "{}", seen.stdout);

    let file = Folder::new("config");
    std::fs::write(&file.0, "GREENCAP_POOL = 4\nGREENCAP_LISTN = \"127.0.0.1:1\"\n").unwrap();
    let config = ("GREENCAP_CONFIG", file.0.display().to_string());
    let refused = run(&[database.clone(), pepper(), config.clone()], &["schools", "list"]).await;
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("did you mean GREENCAP_LISTEN?"), "{}", refused.stderr);
    std::fs::write(&file.0, "GREENCAP_POOL = 4\n").unwrap();
    let read = run(&[database.clone(), pepper(), config], &["schools", "list"]).await;
    assert_eq!(read.status, Some(0), "a number is a value: {}", read.stderr);
    std::fs::remove_file(&file.0).unwrap();

    let path = ("GREENCAP_BASE_URL", "https://quillmere.example/portal".to_owned());
    let refused = run(&[database, pepper(), path], &["schools", "list"]).await;
    assert!(refused.stderr.contains("host name of its own"), "{}", refused.stderr);
    let slash = ("DATABASE_URL", "postgres://green:s3cr/et@127.0.0.1/greencap".to_owned());
    let refused = run(&[slash, pepper()], &["schools", "list"]).await;
    assert!(refused.stderr.contains("%2F") && !refused.stderr.contains("s3cr"), "{}", refused.stderr);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_reader_that_has_enough_ends_no_command_with_a_panic(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    let school = TestSchool::new(&context).await;
    let ann = student(&context, &school, "Ann", "Lee", "0017", None).await;
    backend::testing::account(&context, &school, ann, "alee").await;
    let settings = BTreeMap::from([("DATABASE_URL", url(&pool)), pepper()]);
    let commands = [
        "accounts list --school QUILL",
        "accounts list --school QUILL --csv",
        "accounts list --school QUILL --json",
        "accounts rename --school QUILL --template --simulate",
        "staff list --school QUILL",
        "schools list",
        "schools list --json",
        "organisation show",
        "audit verify",
        "completions bash",
        "doctor",
    ];
    for arguments in commands.map(|line| line.split(' ').collect::<Vec<_>>()) {
        for hears_errors in [true, false] {
            let mut running =
                command(&settings, &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            drop(running.stdout.take());
            if !hears_errors {
                drop(running.stderr.take());
            }
            let ended = running.wait_with_output().await.unwrap();
            let said = String::from_utf8(ended.stderr).unwrap();
            let code = ended.status.code();
            assert!(
                !said.contains("panicked") && code.is_some_and(|code| code < 2 || code == 3),
                "{arguments:?}: {code:?} {said}"
            );
        }
    }
}

#[test]
fn commands_print_in_one_place_alone() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![folder];
    let mut found = Vec::new();
    // `out` is the place; the process that reads a file answers on standard output in a format of its own; `logs` hands
    // standard error to the logger.
    let may = ["cli/out.rs", "cli/read_table.rs", "cli/logs.rs"];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !may.iter().any(|file| path.ends_with(file)) {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                let prints = ["println!", "print!", "eprintln!", "eprint!", "stdout()", "stderr()"];
                found.extend(
                    code.filter(|line| prints.iter().any(|word| line.contains(word)))
                        .map(|line| format!("{}: {}", path.display(), line.trim())),
                );
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn serve_says_at_its_start_what_it_uses(pool: PgPool) {
    let site = Folder::new("site");
    std::fs::create_dir_all(site.0.join("pkg")).unwrap();
    std::fs::write(site.0.join("pkg/greencap.css"), "").unwrap();
    let settings = BTreeMap::from([
        ("DATABASE_URL", url(&pool)),
        pepper(),
        ("GREENCAP_SITE", site.0.display().to_string()),
        ("GREENCAP_LISTEN", "127.0.0.1:0".to_owned()),
        ("GREENCAP_BASE_URL", "https://portal.quillmere.example".to_owned()),
    ]);
    let mut running = command(&settings, &["serve", "--no-worker"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let mut said = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        said.push_str(&line);
        said.push('\n');
        if line.contains("/setup/") {
            break;
        }
    }
    for word in [
        "https://portal.quillmere.example",
        env!("CARGO_PKG_VERSION"),
        "database",
        "mailbox page",
        "greencap worker",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    running.kill().await.unwrap();
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_database_that_was_migrated_before_a_migration_was_rewritten_goes_on(pool: PgPool) {
    sqlx::query(
        "UPDATE _sqlx_migrations SET checksum = decode('f93e98b70486ade8feaaa61fb37a7f01d1a1d9af942ccf147bb631fde717089987613dc0c280225d2b0dd75f88f887a6', 'hex')
         WHERE version = 20261122000040",
    )
    .execute(&pool)
    .await
    .unwrap();
    let migrated = greencap(&pool, &["migrate"]).await;
    assert_eq!(migrated.status, Some(0), "{}", migrated.stderr);
}
