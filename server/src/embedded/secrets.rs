//! Secrets that embedded mode creates once and stores in the data folder, readable only by its owner.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use backend::random::{Random, SystemRandom};

use super::{EmbeddedError, make_private, tighten};

/// The pepper of embedded mode, in hex; created at the first start.
pub fn pepper(data: &Path) -> Result<String, EmbeddedError> {
    make_private(data)?;
    let path = data.join("pepper");
    if let Ok(kept) = fs::read_to_string(&path) {
        // It may have been copied here.
        tighten(&path, 0o600).map_err(EmbeddedError::file(&path))?;
        return Ok(kept.trim().to_owned());
    }
    let mut bytes = [0; 32];
    SystemRandom.fill(&mut bytes);
    let made = data_encoding::HEXLOWER.encode(&bytes);
    match keep_once(&path, &made) {
        Ok(()) => Ok(made),
        // Another command created it at the same moment: both use that one.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::read_to_string(&path).map(|kept| kept.trim().to_owned()).map_err(EmbeddedError::file(&path))
        }
        Err(error) => Err(EmbeddedError::file(&path)(error)),
    }
}

/// The pepper of embedded mode, if it was created already.
pub fn kept_pepper(data: &Path) -> Option<String> {
    fs::read_to_string(data.join("pepper")).ok().map(|kept| kept.trim().to_owned())
}

/// Writes a secret that must not exist yet, atomically, readable only by the owner.
fn keep_once(path: &Path, secret: &str) -> io::Result<()> {
    let draft = write_draft(path, &format!("{secret}\n"))?;
    // A hard link fails if the name exists; a rename would replace it.
    let kept = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    kept
}

/// Replaces a file atomically, readable only by the owner.
pub fn keep_private(path: &Path, text: &str) -> io::Result<()> {
    fs::rename(write_draft(path, text)?, path)
}

fn write_draft(path: &Path, text: &str) -> io::Result<PathBuf> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = private(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(draft)
}

fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::super::lock_file;
    use super::*;

    #[test]
    fn the_pepper_is_made_once_and_for_the_owner_alone() {
        let data = std::env::temp_dir().join(format!("greencap-pepper-{}", std::process::id()));
        let first = pepper(&data).unwrap();
        assert_eq!(first.len(), 64);
        assert_eq!(pepper(&data).unwrap(), first);
        let mode = fs::metadata(data.join("pepper")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "no draft is left behind");
        fs::remove_dir_all(data).unwrap();
    }

    #[test]
    fn what_was_there_before_becomes_its_owners_alone() {
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let open = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        let data = std::env::temp_dir().join(format!("greencap-tightened-{}", std::process::id()));
        fs::create_dir(&data).unwrap();
        open(&data, 0o755);
        let (kept, lock) = (data.join("pepper"), data.join("gate.lock"));
        for file in [&kept, &lock] {
            fs::write(file, "00\n").unwrap();
            open(file, 0o644);
        }
        assert_eq!(pepper(&data).unwrap(), "00");
        drop(lock_file(&lock).unwrap());
        drop(lock_file(&data.join("in-use.lock")).unwrap());
        assert_eq!(mode(&data), 0o700);
        for file in [&kept, &lock, &data.join("in-use.lock")] {
            assert_eq!(mode(file), 0o600, "{}", file.display());
        }
        // A folder that others use too stays theirs, and the secret in it does not.
        fs::write(data.join("notes.txt"), "").unwrap();
        open(&data, 0o755);
        open(&kept, 0o644);
        pepper(&data).unwrap();
        assert_eq!((mode(&data), mode(&kept)), (0o755, 0o600));
        fs::remove_dir_all(data).unwrap();
    }
}
