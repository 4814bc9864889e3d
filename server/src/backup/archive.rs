//! The file: a zip with `manifest.json` and `database.dump`, which `pg_dump` has compressed already.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{BackupError, Manifest};

const MANIFEST: &str = "manifest.json";
const DUMP: &str = "database.dump";

/// The largest manifest, in bytes.
const MANIFEST_LIMIT: u64 = 64 * 1024;

/// A file beside this one, with a further ending.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// Creates a file that only its owner can read. One that is left of an attempt before is replaced: its rights are not
/// known.
pub(super) fn private(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => File::options().write(true).create_new(true).mode(0o600).open(path),
    }
}

/// Packs the dump and its manifest.
pub(super) fn pack(file: &Path, manifest: &Manifest, dump: &Path) -> Result<(), BackupError> {
    let part = beside(file, "part");
    let packed = pack_into(&part, manifest, dump).and_then(|()| fs::rename(&part, file));
    packed.map_err(|error| {
        let _ = fs::remove_file(&part);
        BackupError::file(file)(error)
    })
}

fn pack_into(part: &Path, manifest: &Manifest, dump: &Path) -> io::Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .large_file(true)
        .unix_permissions(0o600);
    let mut zip = ZipWriter::new(private(part)?);
    zip.start_file(MANIFEST, options)?;
    zip.write_all(&serde_json::to_vec_pretty(manifest)?)?;
    zip.start_file(DUMP, options)?;
    io::copy(&mut File::open(dump)?, &mut zip)?;
    zip.finish()?.sync_all()
}

fn open(file: &Path) -> Result<ZipArchive<File>, BackupError> {
    let opened = File::open(file).map_err(BackupError::file(file))?;
    ZipArchive::new(opened).map_err(|_| not_a_backup(file))
}

fn not_a_backup(file: &Path) -> BackupError {
    BackupError::NotABackup(file.display().to_string())
}

/// Reads the manifest.
pub(super) fn manifest(file: &Path) -> Result<Manifest, BackupError> {
    let mut zip = open(file)?;
    let entry = zip.by_name(MANIFEST).map_err(|_| not_a_backup(file))?;
    serde_json::from_reader(entry.take(MANIFEST_LIMIT)).map_err(|_| not_a_backup(file))
}

/// Takes the dump out, to a file beside the backup. Its checksum is verified on the way.
pub(super) fn unpack(file: &Path) -> Result<PathBuf, BackupError> {
    let mut zip = open(file)?;
    let mut entry = zip.by_name(DUMP).map_err(|_| not_a_backup(file))?;
    let dump = beside(file, "dump");
    let taken = private(&dump).and_then(|mut target| io::copy(&mut entry, &mut target));
    taken.map_err(|error| {
        let _ = fs::remove_file(&dump);
        if error.kind() == io::ErrorKind::Other || error.kind() == io::ErrorKind::InvalidData {
            return not_a_backup(file);
        }
        BackupError::file(&dump)(error)
    })?;
    Ok(dump)
}
