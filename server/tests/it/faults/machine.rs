//! A machine to do harm to: a PostgreSQL cluster, a worker, a mail server, and the commands.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use backend::testing::{ReceivedMail, SmtpSink};
use server::embedded::Embedded;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::process::{Child, Command};

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Greencap: the command that runs, or the worker.
    Process,
    /// PostgreSQL, all of it.
    Database,
}

pub(super) struct Machine {
    folder: PathBuf,
    database: Option<Embedded>,
    /// Whoever sends: by turns a server with the worker inside, and a worker alone.
    worker: Option<Child>,
    serves: bool,
    sink: SmtpSink,
}

impl Machine {
    pub(super) async fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("greencap-faults-{}", std::process::id()));
        // This server is asked for no page; all that it looks for is that somebody built them.
        fs::create_dir_all(folder.join("site/pkg")).expect("the folder can be written");
        fs::write(folder.join("site/pkg/greencap.css"), "").expect("the folder can be written");
        let database = Embedded::open(&folder.join("data")).await.expect("a cluster of its own");
        Self { folder, database: Some(database), worker: None, serves: false, sink: SmtpSink::start().await }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let socket = self.folder.join("data/postgres");
        let mut command = Command::new(env!("CARGO_BIN_EXE_greencap"));
        command
            .args(arguments)
            .env_clear()
            .env("DATABASE_URL", format!("postgres://greencap@localhost/greencap?host={}", socket.display()))
            .env("GREENCAP_PEPPER", "5e".repeat(32))
            .env("GREENCAP_BASE_URL", "https://portal.quillmere.example")
            .env("GREENCAP_SMTP_URL", self.sink.url())
            .env("GREENCAP_SITE", self.folder.join("site"))
            .env("GREENCAP_LISTEN", "127.0.0.1:0")
            // Short, so that what a dead worker held is soon sent by the next.
            .env("GREENCAP_WORKER_LEASE", "2")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end; whether it succeeded. Commands that meet a database which is just starting are tried
    /// again, as an operator would.
    pub(super) async fn run(&mut self, arguments: &[&str]) -> bool {
        for _ in 0..5 {
            let status = self.command(arguments).status().await.expect("the binary runs");
            if status.success() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        false
    }

    /// Starts a command and kills it, or the database under it, a little later.
    pub(super) async fn interrupt(&mut self, arguments: &[&str], target: Target, after: Duration) {
        let mut running = self.command(arguments).spawn().expect("the binary runs");
        tokio::time::sleep(after).await;
        if target == Target::Database {
            self.kill_database().await;
            // It ends by itself, with a sentence and not with a hang.
            let ended = tokio::time::timeout(Duration::from_secs(30), running.wait()).await;
            ended.expect("a command without a database ends").expect("it can be waited for");
        } else {
            // It may have been faster than that.
            let _ = running.kill().await;
        }
    }

    /// Starts a command that queues messages, and kills the worker, or the database under it, as soon as the mail server
    /// has this many of them: between that message and the record that it was sent, if chance has it.
    pub(super) async fn interrupt_sending(&mut self, arguments: &[&str], target: Target, messages: usize) {
        let wanted = self.sink.received().len() + messages;
        let mut running = self.command(arguments).spawn().expect("the binary runs");
        let arrived = tokio::time::timeout(Duration::from_secs(30), self.sink.wait_for(wanted)).await;
        arrived.expect("the worker sends what is queued");
        if target == Target::Database {
            self.kill_database().await;
        } else {
            let mut worker = self.worker.take().expect("a worker runs");
            worker.kill().await.expect("it runs until it is killed");
            self.start_worker();
        }
        let ended = tokio::time::timeout(Duration::from_secs(30), running.wait()).await;
        ended.expect("the command ends").expect("it can be waited for");
    }

    pub(super) fn start_worker(&mut self) {
        self.serves = !self.serves;
        let arguments = if self.serves { ["serve"] } else { ["worker"] };
        self.worker = Some(self.command(&arguments).spawn().expect("the binary runs"));
    }

    /// Kills the database and starts it again.
    async fn kill_database(&mut self) {
        self.kill_cluster();
        self.database = None;
        self.database = Some(Embedded::open(&self.folder.join("data")).await.expect("starts again"));
    }

    /// Kills every process of the cluster at once, as a power cut would.
    fn kill_cluster(&self) {
        let Ok(text) = fs::read_to_string(self.folder.join("data/postgres/postmaster.pid")) else { return };
        let Some(postmaster) = text.lines().next() else { return };
        let mut all = vec![postmaster.to_owned()];
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            // proc(5): the parent is the second field after the name, which ends at the last parenthesis.
            let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1));
            if parent == Some(postmaster) {
                all.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        // Some may have ended meanwhile.
        let _ = std::process::Command::new("kill").arg("-9").args(&all).stderr(Stdio::null()).status();
    }

    /// Waits until nothing waits any more. The worker has to be the one that was last started: it outlives a database.
    pub(super) async fn settle(&mut self) {
        let waiting = "SELECT count(*) FROM deliveries WHERE state IN ('queued', 'sending')";
        for _ in 0..240 {
            if self.count(waiting).await == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        let worker = self.worker.as_mut().expect("a worker runs");
        assert!(worker.try_wait().expect("it can be asked").is_none(), "a lost database ends no worker");
    }

    pub(super) async fn count(&self, sql: &'static str) -> i64 {
        let database = self.database.as_ref().expect("PostgreSQL runs");
        let mut connection = database.options().connect().await.expect("PostgreSQL answers");
        let count = sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("it counts");
        connection.close().await.expect("it closes");
        count
    }

    pub(super) fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        fs::write(&path, text).expect("the folder can be written");
        path.to_string_lossy().into_owned()
    }

    pub(super) fn mails(&self) -> Vec<ReceivedMail> {
        self.sink.received()
    }
}

impl Drop for Machine {
    /// Leaves nothing running and nothing lying about, whether the test succeeded or not.
    fn drop(&mut self) {
        self.worker = None;
        self.kill_cluster();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
