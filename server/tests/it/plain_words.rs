//! Phrases that nobody outside this project would write, with what to write instead: in pages, emails,
//! command output, documents and comments.

use std::fs;
use std::path::{Path, PathBuf};

/// Phrases to avoid, in lower case, and what to write instead.
const PHRASES: &[(&str, &str)] = &[
    ("whoever", "anyone who, the person who, people who"),
    ("anew", "again"),
    ("let go of", "delete, release, drop"),
    ("lets go of", "deletes, releases, drops"),
    ("past its time", "expired"),
    ("come in", "sign in, arrive"),
    ("comes in", "signs in, arrives"),
    ("came in", "signed in, arrived"),
    ("coming in", "signing in, arriving"),
    ("does not reach this page", "you don't have permission to view this page"),
    ("takes more rights", "insufficient permissions"),
    ("fits none of them", "none of the selected accounts can be …"),
    ("empty: nothing waits", "leave empty to require no approval"),
    ("in to go on", "sign in to continue"),
    ("came to the roll", "added"),
    ("if it stays", "if it keeps happening"),
    ("what you want to do asks for it", "confirm it's you to continue"),
    ("a stranger's hands", "a sensitive action"),
    ("present password", "current password"),
    ("in the place of", "instead of"),
    ("some minutes", "a few minutes"),
    ("too many tries", "too many attempts"),
    ("uses no passwords", "does not use passwords"),
    ("takes no passwords", "does not use passwords"),
    ("takes no password", "does not use passwords"),
    ("mended", "fixed"),
    ("do not understand each other", "this page is out of date"),
    ("is gone from the roll", "was removed"),
];

/// The folders that are checked.
const FOLDERS: &[&str] =
    &["app", "docs", "end2end/support", "end2end/tests", "frontend", "migrations", "server", "style"];
const ENDINGS: &[&str] = &["css", "html", "js", "json", "md", "mjs", "rs", "toml", "ts"];
/// Applied migrations are never edited, and this file names the phrases.
const LEFT_OUT: &[&str] = &["server/tests/it/plain_words.rs"];

#[test]
fn nothing_that_people_read_uses_a_phrase_that_has_a_plain_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = vec![root.join("README.md"), root.join("dev")];
    for folder in FOLDERS {
        collect(&root.join(folder), &mut files);
    }
    assert!(files.len() > 400, "{} files found", files.len());
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(root).unwrap().display().to_string();
        if !LEFT_OUT.contains(&name.as_str()) {
            let text = FileWords::of(&fs::read_to_string(&file).unwrap());
            found.extend(PHRASES.iter().flat_map(|(phrase, plain)| {
                let lines = text.lines_with(phrase).into_iter();
                lines
                    .map(|line| format!("{name}:{line}: \u{201c}{phrase}\u{201d}: write {plain}"))
                    .collect::<Vec<_>>()
            }));
        }
    }
    assert!(found.is_empty(), "{}\n{} in all", found.join("\n"), found.len());
}

#[test]
fn a_phrase_is_found_as_whole_words_also_across_the_lines_of_a_comment() {
    let text = FileWords::of("fn a() {}\n    /// Lets\n    /// go of it, Whoever\n// it is. canewhoevers\n");
    assert_eq!(text.lines_with("lets go of"), [2]);
    assert_eq!(text.lines_with("whoever"), [3]);
    assert!(text.lines_with("anew").is_empty());
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|one| ending == *one)) {
            files.push(path);
        }
    }
}

/// The words of a file in lower case, its lines joined without comment markers.
struct FileWords {
    words: String,
    /// Where each line begins in `words`.
    begins: Vec<usize>,
}

impl FileWords {
    fn of(source: &str) -> Self {
        let mut words = String::with_capacity(source.len());
        let mut begins = Vec::new();
        for line in source.lines() {
            begins.push(words.len());
            let line = line.trim().trim_start_matches(['/', '!', '*', '#']).trim_start();
            words.push_str(&line.trim_end_matches('\\').to_ascii_lowercase());
            words.push(' ');
        }
        Self { words, begins }
    }

    /// The numbers of the lines in which a phrase begins, as whole words.
    fn lines_with(&self, phrase: &str) -> Vec<usize> {
        let inner =
            |character: Option<char>| character.is_some_and(|one| one.is_alphanumeric() || one == '_');
        self.words
            .match_indices(phrase)
            .filter(|(at, _)| !inner(self.words[..*at].chars().next_back()))
            .filter(|(at, _)| !inner(self.words[at + phrase.len()..].chars().next()))
            .map(|(at, _)| self.begins.partition_point(|begin| *begin <= at))
            .collect()
    }
}
