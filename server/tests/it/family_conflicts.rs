//! Which conflicts pages for families can meet: those of the rooms that such pages call. Each has a sentence in every language:
//! `app::ui::family::FamilyConflict`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use app::ui::family::FamilyConflict;
use backend::credentials::new_password::SLOWED;

/// The rooms of the backend whose use cases pages for families call.
const ROOMS: [&str; 10] = [
    "credentials",
    "factors",
    "invitations",
    "own_account",
    "portal",
    "recovery",
    "sessions",
    "setup",
    "sign_in",
    "single_sign_on",
];

/// Conflicts of these rooms that are met at the desk of the office alone.
const AT_THE_DESK: [&str; 9] = [
    "needs_second_person",
    "no_address",
    "no_factor",
    "not_active",
    "not_linked",
    "own_code",
    "own_factor",
    "own_identity",
    "single_sign_on",
];

/// It has a page of its own kind: `ProblemKind::Busy`.
const BUSY: &str = "busy";

/// The form of the new password says it beside the field: `PasswordProblem::Slowed`.
const CHOICES_SLOWED: &str = SLOWED;

#[test]
fn every_conflict_that_families_can_meet_has_a_sentence_in_their_language() {
    let mut codes = BTreeSet::new();
    for room in ROOMS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("backend/src").join(room);
        collect(&folder, &mut codes);
    }
    for known in AT_THE_DESK.into_iter().chain([BUSY, CHOICES_SLOWED]) {
        assert!(codes.remove(known), "{known} is no conflict of these rooms: take it off the list");
    }
    let worded = FamilyConflict::ALL.map(|conflict| conflict.code().to_owned());
    assert_eq!(codes, BTreeSet::from(worded));
}

/// The codes of `Error::conflict("code", …)` in a folder, without tests.
fn collect(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("tests") {
                collect(&path, codes);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            for call in text.split("Error::conflict(").skip(1) {
                let code = call.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
                codes.insert(code.unwrap_or_else(|| panic!("no code in {}", path.display())).to_owned());
            }
        }
    }
}
