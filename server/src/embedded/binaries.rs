//! Finds PostgreSQL's programs. Debian installs them outside PATH, in a folder per version.

use std::fs;
use std::path::{Path, PathBuf};

use super::EmbeddedError;

/// The folders that distributions use: the first have a folder per version, the others are the usual places.
const VERSIONED: [&str; 2] = ["/usr/lib/postgresql", "/usr/local/lib/postgresql"];
const PLAIN: [&str; 4] = ["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin"];

/// The installed versions with their folders, oldest first.
fn versions() -> Vec<(u32, PathBuf)> {
    let mut versions: Vec<(u32, PathBuf)> = VERSIONED
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin")))
        })
        .collect();
    versions.sort();
    versions
}

/// Finds one of PostgreSQL's client programs: the newest, because older ones refuse newer servers.
pub fn program(name: &str) -> Option<PathBuf> {
    let folders = versions().into_iter().rev().map(|(_, folder)| folder);
    folders.chain(PLAIN.map(PathBuf::from)).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Finds the programs: of the version that created the database if there is one, otherwise the newest.
pub(super) fn find(made_by: Option<&str>, cluster: &Path) -> Result<PathBuf, EmbeddedError> {
    let mut versions: Vec<(u32, PathBuf)> =
        versions().into_iter().filter(|(_, folder)| has_programs(folder)).collect();
    if let Some(made) = made_by {
        if let Some((_, folder)) = versions.iter().find(|(version, _)| version.to_string() == made) {
            return Ok(folder.clone());
        }
        if !versions.is_empty() {
            return Err(EmbeddedError::OtherVersion {
                folder: cluster.display().to_string(),
                made: made.to_owned(),
            });
        }
    }
    versions
        .pop()
        .map(|(_, folder)| folder)
        .or_else(|| PLAIN.iter().map(PathBuf::from).find(|folder| has_programs(folder)))
        .ok_or(EmbeddedError::NoPostgres)
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file())
}
