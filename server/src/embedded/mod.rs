//! Embedded mode: without `DATABASE_URL`, Greencap runs its own PostgreSQL in the data folder and creates its
//! own secrets there, so that trying it needs no set-up and leaves nothing outside that folder.
//!
//! Several commands may use it at once. Each holds a shared lock while it needs the database; the last one to
//! release it stops PostgreSQL. The kernel drops the locks of a killed process, so none is ever left behind.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use sqlx::postgres::PgConnectOptions;
use thiserror::Error;

mod binaries;
mod cluster;
mod secrets;
mod user;

pub use binaries::program;
pub use secrets::{keep_private, kept_pepper, pepper};

/// Why the embedded database is unavailable, and how to fix it.
#[derive(Debug, Error)]
pub enum EmbeddedError {
    /// PostgreSQL is not installed on this machine.
    #[error("no PostgreSQL was found: install it (`sudo apt-get install postgresql`), or set DATABASE_URL")]
    NoPostgres,
    /// PostgreSQL refuses to run as root, and there is no other user to run it as.
    #[error(
        "PostgreSQL cannot run as root, and this machine has no user `greencap` or `postgres`: add one (`useradd --system greencap`), or set DATABASE_URL"
    )]
    NoUser,
    /// Another version of PostgreSQL created the database.
    #[error(
        "the database in {folder} was created by PostgreSQL {made}, which is not installed: install it, or move the folder away to start again"
    )]
    OtherVersion {
        /// The database's folder.
        folder: String,
        /// The version that created it.
        made: String,
    },
    /// A file or folder in the data folder cannot be used.
    #[error("{path} cannot be used: {source}; check who owns it, or set GREENCAP_DATA to another folder")]
    File {
        /// Its path.
        path: String,
        /// The system's error.
        source: io::Error,
    },
    /// A PostgreSQL program failed.
    #[error("PostgreSQL's {program} failed: {said}")]
    Program {
        /// Its name.
        program: &'static str,
        /// The end of its output.
        said: String,
    },
    /// The database could not be created.
    #[error("the embedded database does not respond: {0}")]
    Database(#[from] sqlx::Error),
}

impl EmbeddedError {
    /// Wraps an error about this file or folder.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::File { path, source }
    }
}

/// The embedded database, for as long as this command uses it.
pub struct Embedded {
    cluster: cluster::Cluster,
    /// Locked while a database is started or stopped.
    gate: File,
    /// Shared by every command that uses the database.
    in_use: File,
}

impl Embedded {
    /// Starts the database in the data folder, or joins the one that is running.
    pub async fn open(data: &Path) -> Result<Self, EmbeddedError> {
        make_private(data)?;
        let gate = lock_file(&data.join("gate.lock"))?;
        let in_use = lock_file(&data.join("in-use.lock"))?;
        gate.lock().map_err(EmbeddedError::file(data))?;
        let cluster = cluster::Cluster::find(data)?;
        in_use.lock_shared().map_err(EmbeddedError::file(data))?;
        cluster.start().await?;
        gate.unlock().map_err(EmbeddedError::file(data))?;
        Ok(Self { cluster, gate, in_use })
    }

    /// Whether there is a database in the data folder.
    pub fn exists(data: &Path) -> bool {
        data.join("postgres/PG_VERSION").is_file()
    }

    /// How to connect to it.
    pub fn options(&self) -> PgConnectOptions {
        self.cluster.options("greencap")
    }

    /// Restarts it if it has died: it was killed, or its disk was full for a long time.
    pub async fn revive(&self) -> Result<(), EmbeddedError> {
        if self.cluster.runs() {
            return Ok(());
        }
        let failed = || EmbeddedError::file(self.cluster.folder());
        self.gate.lock().map_err(failed())?;
        let revived = self.cluster.start().await;
        self.gate.unlock().map_err(failed())?;
        revived
    }

    /// Releases it, and stops it if no other command uses it.
    pub async fn close(self) -> Result<(), EmbeddedError> {
        let Self { cluster, gate, in_use } = self;
        let folder = cluster.folder().to_owned();
        gate.lock().map_err(EmbeddedError::file(&folder))?;
        in_use.unlock().map_err(EmbeddedError::file(&folder))?;
        match in_use.try_lock() {
            Ok(()) => cluster.stop().await,
            Err(fs::TryLockError::WouldBlock) => Ok(()),
            Err(fs::TryLockError::Error(error)) => Err(EmbeddedError::file(&folder)(error)),
        }
    }
}

/// Creates the data folder, accessible only to its owner; one that was made before is tightened.
pub fn make_private(data: &Path) -> Result<(), EmbeddedError> {
    DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(EmbeddedError::file(data))?;
    // A folder with other things in it, such as /tmp, is not ours alone. One of another user, such as a mounted volume,
    // cannot be tightened by us. In both, our files are still for their owner alone.
    if is_ours_alone(data)
        && let Err(error) = tighten(data, 0o700)
    {
        tracing::warn!(%error, folder = %data.display(), "others can list the data folder");
    }
    Ok(())
}

/// Whether a folder has nothing in it but what embedded mode puts there.
fn is_ours_alone(data: &Path) -> bool {
    // The last is the file system's own.
    let names = ["postgres", "pepper", "gate", "in-use", "demo-sign-in", "lost+found"];
    fs::read_dir(data).is_ok_and(|entries| {
        entries.flatten().all(|entry| {
            let name = entry.file_name();
            // Drafts have further endings.
            name.to_str().is_some_and(|name| names.contains(&name.split('.').next().unwrap_or_default()))
        })
    })
}

/// Takes away what others may do with a file or folder.
fn tighten(path: &Path, mode: u32) -> io::Result<()> {
    const OTHERS: u32 = 0o077;
    if fs::metadata(path)?.permissions().mode() & OTHERS == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

fn lock_file(path: &Path) -> Result<File, EmbeddedError> {
    let opened = File::options().create(true).truncate(false).write(true).mode(0o600).open(path);
    opened.and_then(|file| tighten(path, 0o600).map(|()| file)).map_err(EmbeddedError::file(path))
}
