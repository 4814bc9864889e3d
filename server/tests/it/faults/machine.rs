//! A machine to break: a PostgreSQL cluster, a worker, a mail server, and the commands.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use backend::testing::{ReceivedMail, SmtpSink};
use server::embedded::Embedded;
use sqlx::{Connection as _, PgConnection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Greencap: the running command, or the worker.
    Process,
    /// PostgreSQL, all of it.
    Database,
}

pub(super) struct Machine {
    folder: PathBuf,
    /// The cluster, if it is not Greencap's own: see [`Self::small`].
    database: Option<Embedded>,
    /// Greencap runs its own cluster, on a separate, small file system.
    is_small: bool,
    /// The web server's port.
    port: u16,
    /// The sender: alternately a server with the worker inside, and a separate worker.
    worker: Option<Child>,
    serves: bool,
    sink: SmtpSink,
}

/// How a command ended, and its standard error.
pub(super) struct CommandEnd {
    pub(super) status: Option<i32>,
    pub(super) stderr: String,
}

impl Machine {
    /// A machine with an external database.
    pub(super) async fn start() -> Self {
        let mut machine = Self::bare().await;
        machine.bring_database_back().await;
        machine
    }

    /// A machine on which Greencap runs its own database, on a disk of this many MiB. `None` if this process
    /// may not mount one.
    pub(super) async fn small(mebibytes: u32) -> Option<Self> {
        let mut machine = Self::bare().await;
        let data = machine.folder.join("data");
        fs::create_dir(&data).expect("the folder can be written");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m,mode=0700"), "tmpfs"])
            .arg(data)
            .stderr(Stdio::null())
            .status();
        machine.is_small = mounted.is_ok_and(|status| status.success());
        machine.is_small.then_some(machine)
    }

    async fn bare() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("greencap-faults-{}-{number}", std::process::id()));
        // A server only checks that the folder of its pages' files exists.
        fs::create_dir_all(folder.join("site/pkg")).expect("the folder can be written");
        fs::write(folder.join("site/pkg/greencap.css"), "").expect("the folder can be written");
        // Free now, and nothing else here uses fixed ports.
        let probe = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = probe.local_addr().expect("bound").port();
        let sink = SmtpSink::start().await;
        Self { folder, database: None, is_small: false, port, worker: None, serves: false, sink }
    }

    fn database_url(&self) -> String {
        let socket = self.folder.join("data/postgres");
        format!("postgres://greencap@localhost/greencap?host={}", socket.display())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greencap"));
        command.args(arguments).env_clear();
        if self.is_small {
            command.env("GREENCAP_DATA", self.folder.join("data"));
        } else {
            command.env("DATABASE_URL", self.database_url());
        }
        command
            .env("GREENCAP_PEPPER", "5e".repeat(32))
            .env("GREENCAP_BASE_URL", "https://portal.quillmere.example")
            .env("GREENCAP_SMTP_URL", self.sink.url())
            .env("GREENCAP_SITE", self.folder.join("site"))
            .env("GREENCAP_LISTEN", format!("127.0.0.1:{}", self.port))
            // Short, so that another worker soon sends what a dead one had claimed.
            .env("GREENCAP_WORKER_LEASE", "2")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end; returns whether it succeeded. Commands that meet a starting database are
    /// retried, as an operator would do.
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

    /// Runs a command once and returns how it ended.
    pub(super) async fn attempt(&self, arguments: &[&str]) -> CommandEnd {
        let output = self.command(arguments).stderr(Stdio::piped()).output().await.expect("the binary runs");
        CommandEnd { status: output.status.code(), stderr: String::from_utf8(output.stderr).expect("UTF-8") }
    }

    /// Requests a URL, as a browser with a cookie does; returns the whole response, or `None` if there is
    /// none.
    pub(super) async fn visit(&self, method: &str, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.ok()?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: portal.quillmere.example\r\nCookie: __Host-greencap={}\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n",
            "a".repeat(43)
        );
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        Some(answer)
    }

    /// Waits until the server can do its work.
    pub(super) async fn healthy(&mut self) {
        for _ in 0..240 {
            if self.visit("GET", "/health").await.is_some_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("the server does not come back by itself");
    }

    /// Starts a command, and kills it or the database under it a little later.
    pub(super) async fn interrupt(&mut self, arguments: &[&str], target: Target, after: Duration) {
        let mut running = self.command(arguments).spawn().expect("the binary runs");
        tokio::time::sleep(after).await;
        if target == Target::Database {
            self.kill_database().await;
            // It ends by itself, with an error message and without hanging.
            let ended = tokio::time::timeout(Duration::from_secs(30), running.wait()).await;
            ended.expect("a command without a database ends").expect("it can be waited for");
        } else {
            // It may have finished before that.
            let _ = running.kill().await;
        }
    }

    /// Starts a command that queues messages, and kills the worker, or the database under it, as soon as the
    /// mail server has this many of them: by chance, between a message and the record that it was sent.
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
        self.lose_database();
        self.bring_database_back().await;
    }

    pub(super) fn lose_database(&mut self) {
        self.kill_cluster();
        self.database = None;
    }

    pub(super) async fn bring_database_back(&mut self) {
        self.database = Some(Embedded::open(&self.folder.join("data")).await.expect("it starts"));
    }

    /// Replaces the mail server with another one, of which the worker is not told. Returns the port of the
    /// lost one.
    pub(super) async fn lose_mail_server(&mut self) -> u16 {
        let port = self.sink.port();
        self.sink = SmtpSink::start().await;
        port
    }

    pub(super) async fn bring_mail_server_back(&mut self, port: u16) {
        self.sink = SmtpSink::start_on(port).await;
    }

    /// Fills the disk of a small machine to its last byte, except PostgreSQL's share.
    pub(super) fn fill_disk(&self) {
        let mut balloon = fs::File::create(self.balloon()).expect("there is room for its name");
        let piece = vec![0; 64 * 1024];
        // Fails in the end; that is the point.
        while std::io::Write::write_all(&mut balloon, &piece).is_ok() {}
    }

    pub(super) fn empty_disk(&self) {
        fs::remove_file(self.balloon()).expect("it is there");
    }

    fn balloon(&self) -> PathBuf {
        self.folder.join("data/balloon")
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

    /// Waits until the queue is empty. The worker must be the last one started: it outlives a database.
    pub(super) async fn settle(&mut self) {
        let waiting = "SELECT count(*) FROM messages WHERE state IN ('queued', 'sending')";
        for _ in 0..240 {
            if self.count(waiting).await == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        let worker = self.worker.as_mut().expect("a worker runs");
        assert!(worker.try_wait().expect("it can be asked").is_none(), "a lost database ends no worker");
    }

    /// Waits until this counts at least one. A minute is long enough for every machine.
    pub(super) async fn wait_for_some(&self, sql: &'static str) {
        for _ in 0..240 {
            if self.count(sql).await > 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("still nothing after a minute: {sql}");
    }

    pub(super) async fn count(&self, sql: &'static str) -> i64 {
        let mut connection = PgConnection::connect(&self.database_url()).await.expect("PostgreSQL answers");
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
    /// Leaves no processes and no files behind, whether or not the test succeeded.
    fn drop(&mut self) {
        self.worker = None;
        self.kill_cluster();
        if self.is_small {
            // Lazily: a process that was just killed may not have ended yet.
            let _ = std::process::Command::new("umount").arg("--lazy").arg(self.folder.join("data")).status();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}
