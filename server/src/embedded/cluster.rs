//! A PostgreSQL cluster in the data folder: created once, started on a unix socket, stopped.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt as _, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::process::Command;

use super::user::User;
use super::{EmbeddedError, binaries};

/// The cluster's log file, in its folder.
const LOG: &str = "greencap-postgres.log";
/// The only user of the database.
const ROLE: &str = "greencap";
/// Part of the socket's name.
const PORT: u16 = 5432;
/// After a crash, backends still use the shared memory for a moment; PostgreSQL does not start until they
/// have noticed that their postmaster is gone.
const START_ATTEMPTS: u32 = 5;

pub(super) struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    user: Option<User>,
}

impl Cluster {
    /// Finds out which programs to run and as which user.
    pub(super) fn find(data: &Path) -> Result<Self, EmbeddedError> {
        let folder = data.join("postgres");
        let made_by = fs::read_to_string(folder.join("PG_VERSION")).ok();
        let programs = binaries::find(made_by.as_deref().map(str::trim), &folder)?;
        Ok(Self { folder, programs, user: User::to_become()? })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// How to connect to a database of the cluster: through the socket in its folder, which only its owner
    /// and root can enter.
    pub(super) fn options(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.folder)
            .port(PORT)
            .username(ROLE)
            .database(database)
    }

    /// Creates the cluster if there is none, starts it if it is not running, and creates the database if it
    /// is missing.
    pub(super) async fn start(&self) -> Result<(), EmbeddedError> {
        if !self.folder.exists() {
            self.make().await?;
        }
        if !self.answers().await {
            self.forget_stale_pid()?;
            self.start_server().await?;
        }
        self.make_database().await
    }

    /// Shuts it down cleanly: sessions end, everything is written.
    pub(super) async fn stop(&self) -> Result<(), EmbeddedError> {
        self.run("pg_ctl", &self.folder, &["stop", "--mode=fast", "--wait", "--silent"]).await
    }

    /// Creates the cluster in a temporary folder and moves it into place, so that a crash never leaves a
    /// partial one.
    async fn make(&self) -> Result<(), EmbeddedError> {
        let draft = self.folder.with_extension("new");
        if draft.exists() {
            fs::remove_dir_all(&draft).map_err(EmbeddedError::file(&draft))?;
        }
        DirBuilder::new().mode(0o700).create(&draft).map_err(EmbeddedError::file(&draft))?;
        if let Some(user) = self.user {
            chown(&draft, Some(user.uid), Some(user.gid)).map_err(EmbeddedError::file(&draft))?;
        }
        let role = format!("--username={ROLE}");
        // Trust is safe here: the socket is in a folder that nobody else can enter.
        let arguments =
            ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", role.as_str()];
        self.run("initdb", &draft, &arguments).await?;
        fs::rename(&draft, &self.folder).map_err(EmbeddedError::file(&self.folder))
    }

    /// Whether its server is running, starting, recovering or stopping.
    pub(super) fn runs(&self) -> bool {
        let own = fs::canonicalize(&self.folder);
        self.noted_server().is_some_and(|works_in| own.is_ok_and(|own| own == works_in))
    }

    /// The working directory of the process whose id is in the cluster's pid file, if there is such a
    /// process.
    fn noted_server(&self) -> Option<PathBuf> {
        let text = fs::read_to_string(self.folder.join("postmaster.pid")).ok()?;
        fs::read_link(format!("/proc/{}/cwd", text.lines().next()?)).ok()
    }

    async fn answers(&self) -> bool {
        match self.options("postgres").connect().await {
            Ok(connection) => connection.close().await.is_ok(),
            Err(_) => false,
        }
    }

    async fn start_server(&self) -> Result<(), EmbeddedError> {
        // No TCP port; the socket is in the cluster's own folder, which is its working directory. Durability
        // (fsync, full_page_writes, synchronous_commit) stays on, as is PostgreSQL's default.
        let settings =
            "-c listen_addresses= -c unix_socket_directories=. -c unix_socket_permissions=0700 -c port=5432";
        let arguments = ["start", "--wait", "--silent", "--timeout=120", "--options", settings, "--log", LOG];
        let mut attempt = 1;
        loop {
            match self.run("pg_ctl", &self.folder, &arguments).await {
                Err(EmbeddedError::Program { .. }) if attempt < START_ATTEMPTS => {
                    attempt += 1;
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                Err(EmbeddedError::Program { program, said }) => {
                    return Err(EmbeddedError::Program {
                        program,
                        said: format!("{said}{}", self.log_tail()),
                    });
                }
                done => return done,
            }
        }
    }

    async fn make_database(&self) -> Result<(), EmbeddedError> {
        let mut connection = self.options("postgres").connect().await?;
        let there: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'greencap')")
                .fetch_one(&mut connection)
                .await?;
        if !there {
            sqlx::query("CREATE DATABASE greencap").execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(())
    }

    /// Removes a stale pid file. After a power cut another process may have the old postmaster's id;
    /// PostgreSQL would mistake it for itself and refuse to start. The id is ours only if that process works
    /// in our folder.
    fn forget_stale_pid(&self) -> Result<(), EmbeddedError> {
        // If no process has this id, PostgreSQL notices that itself, and checks for leftover backends.
        if self.noted_server().is_none() || self.runs() {
            return Ok(());
        }
        let path = self.folder.join("postmaster.pid");
        fs::remove_file(&path).map_err(EmbeddedError::file(&path))
    }

    /// Runs one of PostgreSQL's programs on a folder, as the unprivileged user if there is one.
    ///
    /// That user may not be allowed to enter the folders above (a checkout under `/root`). So root's shell
    /// opens the folder first and the program reaches it through the open descriptor (proc(5),
    /// `/proc/self/fd`), which needs no permission on the folders above; the server's own processes inherit
    /// it.
    async fn run(
        &self,
        program: &'static str,
        folder: &Path,
        arguments: &[&str],
    ) -> Result<(), EmbeddedError> {
        let path = self.programs.join(program);
        let mut command = match self.user {
            None => {
                let folder = fs::canonicalize(folder).map_err(EmbeddedError::file(folder))?;
                let mut command = Command::new(path);
                command.arg("-D").arg(&folder).args(arguments.iter().map(|argument| match *argument {
                    LOG => folder.join(LOG).into_os_string(),
                    other => other.into(),
                }));
                command
            }
            Some(user) => {
                let mut command = Command::new("sh");
                command
                    .args(["-c", r#"exec 9<"$1" && cd / && shift && exec setpriv --clear-groups "$@""#, "sh"])
                    .arg(folder)
                    .arg(format!("--reuid={}", user.uid))
                    .arg(format!("--regid={}", user.gid))
                    .arg(path)
                    .args(["-D", "/proc/self/fd/9"])
                    .args(arguments.iter().map(|argument| match *argument {
                        LOG => format!("/proc/self/fd/9/{LOG}"),
                        other => other.to_owned(),
                    }));
                command
            }
        };
        // PostgreSQL reads PG* variables; the user's are meant for another database.
        let command = command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8");
        // Files, not pipes: a server that keeps running would hold a pipe open for ever.
        let heard = folder.with_extension("said");
        let output = fs::File::create(&heard).map_err(EmbeddedError::file(&heard))?;
        let errors = output.try_clone().map_err(EmbeddedError::file(&heard))?;
        let status = command
            .stdin(std::process::Stdio::null())
            .stdout(output)
            .stderr(errors)
            .status()
            .await
            .map_err(EmbeddedError::file(&self.programs))?;
        let said = fs::read_to_string(&heard).unwrap_or_default();
        fs::remove_file(&heard).map_err(EmbeddedError::file(&heard))?;
        if status.success() { Ok(()) } else { Err(EmbeddedError::Program { program, said: tail(&said) }) }
    }

    fn log_tail(&self) -> String {
        fs::read_to_string(self.folder.join(LOG)).map_or_else(
            |_| String::new(),
            |log| format!("\nThe end of {}:\n{}", self.folder.join(LOG).display(), tail(&log)),
        )
    }
}

/// The last lines, because the reason is at the end.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
