//! Which rooms of the code may use which. A room is the folder of a feature, and `FLOORS` gives its floor. A
//! room may use lower floors, and its own floor as long as that makes no circle. `ui/` depends on no feature.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The rooms of the server side and of the domain, from the ground up.
const FLOORS: &[&[&str]] = &[
    // The ground.
    &[
        "clock",
        "config",
        "context",
        "crypto",
        "db",
        "digits",
        "error",
        "fields",
        "fold",
        "ids",
        "memory",
        "random",
        "spreadsheet",
        "tables",
        "tenancy",
        "when",
    ],
    // Engines. None of them uses a room above it.
    &[
        "audit",
        "authorization",
        "credentials",
        "exports",
        "imports",
        "jobs",
        "lists",
        "messages",
        "operations",
        "sessions",
        "settings",
    ],
    // People.
    &["roll", "staff"],
    // Teaching groups, whose members are on the roll and whose tutors are staff.
    &["groups"],
    // Ways in.
    &["accounts", "factors", "invitations", "own_account", "recovery", "setup", "sign_in", "single_sign_on"],
    // Passwords made for people, which are invitations and resets on paper.
    &["cards"],
    // Families, who have contacts, access and accounts.
    &["guardians"],
    // What becomes of access over the years: the school year, and the rights of the people data is about.
    &["school_year", "data_rights"],
    // What people see.
    &["demo", "mailbox", "portal", "record"],
    // The list of what all rooms register with the engines.
    &["rooms"],
];

/// The only exception upwards: `Backend` holds the list of what the rooms register, so that engines find it
/// there without depending on any room.
const HAND_OVER: (&str, &str) = ("context", "rooms");

#[test]
fn rooms_of_the_backend_take_from_lower_floors_alone() {
    let sources = here().join("src");
    // `testing` serves the tests of other rooms from outside.
    let mut edges = edges(&sources, &["testing"]);
    assert!(edges.remove(&(HAND_OVER.0.to_owned(), HAND_OVER.1.to_owned())), "nothing is handed over");
    assert_eq!(broken(&edges, FLOORS), Vec::<String>::new());
}

#[test]
fn rooms_of_the_domain_take_from_lower_floors_alone() {
    let sources = here().join("../../app/domain/src");
    // The registry lists the rooms, one per line.
    assert_eq!(broken(&edges(&sources, &["registry"]), FLOORS), Vec::<String>::new());
}

#[test]
fn features_of_the_application_make_no_circle() {
    let sources = here().join("../../app/src/features");
    // What they use from outside `features/` is below all of them.
    let mut edges = edges(&sources, &[]);
    let rooms: BTreeSet<String> = edges.iter().map(|(from, _)| from.clone()).collect();
    edges.retain(|(_, to)| rooms.contains(to));
    assert_eq!(broken(&edges, &[]), Vec::<String>::new());
}

#[test]
fn parts_of_pages_know_no_feature() {
    let ui = here().join("../../app/src/ui");
    for file in rust_files(&ui) {
        let text = code(&file);
        assert!(!text.contains("features::"), "{} uses a feature", file.display());
    }
}

#[test]
fn a_circle_and_a_step_up_are_found() {
    let edge = |(from, to): (&str, &str)| (from.to_owned(), to.to_owned());
    let edges: BTreeSet<_> = [("a", "b"), ("b", "a"), ("a", "c")].map(edge).into();
    let floors: &[&[&str]] = &[&["a", "b"], &["c"]];
    let found = broken(&edges, floors);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("a \u{2192} c"), "{found:?}");
    assert!(found[1].contains("circle"), "{found:?}");
    let edges: BTreeSet<_> = [("c", "a"), ("a", "b")].map(edge).into();
    assert_eq!(broken(&edges, floors), Vec::<String>::new());
}

#[test]
fn every_way_of_writing_a_path_is_read() {
    let text = "use crate::audit::{record, exports};\nuse crate::{Backend, roll::schools, clock};\nlet a = crate::jobs::run();";
    assert_eq!(named(text), ["audit", "Backend", "roll", "clock", "jobs"].map(str::to_owned).into());
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Which room uses which other, in code other than tests.
fn edges(sources: &Path, exempt: &[&str]) -> BTreeSet<(String, String)> {
    let mut edges = BTreeSet::new();
    for file in rust_files(sources) {
        let Ok(inside) = file.strip_prefix(sources) else { continue };
        let first = inside.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
        let room = first.unwrap_or_default().trim_end_matches(".rs").to_owned();
        if matches!(room.as_str(), "lib" | "mod") || exempt.contains(&room.as_str()) {
            continue;
        }
        for other in named(&code(&file)) {
            // Types and functions at the root of the crate belong to the ground.
            if other != room && other.starts_with(char::is_lowercase) && !exempt.contains(&other.as_str()) {
                edges.insert((room.clone(), other));
            }
        }
    }
    edges
}

/// Every Rust file in a folder, except tests.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry of a folder").path();
        if path.is_dir() {
            if !path.ends_with("tests") {
                files.extend(rust_files(&path));
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            files.push(path);
        }
    }
    files
}

/// A file without its comments and tests.
fn code(file: &Path) -> String {
    let text = std::fs::read_to_string(file).expect("a file of Rust");
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// What follows `crate::` or `crate::features::` anywhere in a text.
fn named(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let rest = rest.strip_prefix("features::").unwrap_or(rest);
        match rest.strip_prefix('{') {
            Some(group) => found.extend(firsts(group)),
            None => found.extend(word(rest)),
        }
    }
    found
}

/// The first word of each path in a group, up to its closing brace.
fn firsts(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut found = Vec::new();
    let mut begin = true;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begin = true,
            letter if begin && !letter.is_whitespace() => {
                found.extend(word(&group[at..]));
                begin = false;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// What is wrong with these edges, in sentences.
fn broken(edges: &BTreeSet<(String, String)>, floors: &[&[&str]]) -> Vec<String> {
    let floor = |room: &str| floors.iter().position(|rooms| rooms.contains(&room));
    let mut wrong = Vec::new();
    let mut kept: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in edges {
        if !floors.is_empty() {
            match (floor(from), floor(to)) {
                (Some(here), Some(there)) if there > here => {
                    wrong.push(format!("{from} \u{2192} {to} goes up"));
                    continue;
                }
                (Some(_), Some(_)) => {}
                _ => wrong.push(format!("{from} \u{2192} {to}: one of them is on no floor")),
            }
        }
        kept.entry(from).or_default().insert(to);
    }
    // Removes rooms that use no remaining room, until nothing changes: the rest is in circles, or uses one
    // that is.
    loop {
        let rooms: BTreeSet<&str> = kept.keys().copied().collect();
        let before = kept.len();
        kept.retain(|_, others| others.iter().any(|other| rooms.contains(other)));
        if kept.len() == before {
            break;
        }
    }
    if !kept.is_empty() {
        wrong.push(format!("these are in a circle, or know one that is: {kept:?}"));
    }
    wrong
}
