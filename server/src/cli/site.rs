//! Where the browser's files are.

use std::path::{Path, PathBuf};

/// A file that is always among them.
pub(super) const STYLE: &str = "pkg/greencap.css";

/// Finds the folder: an absolute one is taken as it is, a relative one is looked for beside the program first, so
/// that a service manager may start it anywhere, and then in the working folder. If `unset`, `asked` is the default
/// of a build, and a folder `site` beside the program comes before it.
pub(super) fn find(asked: &Path, unset: bool, program: Option<&Path>) -> PathBuf {
    let beside = program.and_then(Path::parent);
    let mut candidates = Vec::new();
    if let Some(beside) = beside {
        if unset {
            candidates.extend([beside.join("site"), beside.join("../site")]);
        }
        candidates.push(beside.join(asked));
    }
    let found = candidates.into_iter().find(|folder| folder.join(STYLE).is_file());
    found.unwrap_or_else(|| asked.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_files_are_looked_for_beside_the_program_first() {
        let root = std::env::temp_dir().join(format!("greencap-site-{}", std::process::id()));
        let program = root.join("bin/greencap");
        let put = |folder: &str| {
            let style = root.join(folder).join(STYLE);
            fs::create_dir_all(style.parent().unwrap()).unwrap();
            fs::write(style, "").unwrap();
            root.join(folder)
        };
        fs::create_dir_all(root.join("bin")).unwrap();
        let default = Path::new("target/site");
        assert_eq!(find(default, true, Some(&program)), default, "nowhere: the message names the default");
        let build = put("site");
        assert_eq!(
            find(default, true, Some(&program)).canonicalize().unwrap(),
            build.canonicalize().unwrap()
        );
        let beside = put("bin/site");
        assert_eq!(find(default, true, Some(&program)), beside);
        let asked = put("bin/other");
        assert_eq!(find(Path::new("other"), false, Some(&program)), asked);
        assert_eq!(find(Path::new("elsewhere"), false, Some(&program)), Path::new("elsewhere"));
        assert_eq!(find(&beside, false, Some(&program)), beside);
        assert_eq!(find(default, true, None), default);
        fs::remove_dir_all(root).unwrap();
    }
}
