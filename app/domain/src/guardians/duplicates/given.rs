//! Comparing parts of names.

use super::names::{NamePart, Names, Script};
use super::variants::canonical;

/// From which similarity two spellings are one name (Jaro-Winkler).
const CLOSE: f64 = 0.92;

/// How two given names compare, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GivenMatch {
    Exact,
    Variant,
    Initial,
    Missing,
    Other,
}

/// How two family names compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FamilyMatch {
    Exact,
    Close,
    Part,
    Missing,
    Other,
}

/// Compares given names, by the pair of forms that fits best.
pub(super) fn given(a: &Names, b: &Names) -> GivenMatch {
    let pairs = a.given.iter().flat_map(|one| b.given.iter().map(move |other| form(one, other)));
    pairs.min().unwrap_or(GivenMatch::Missing)
}

fn form(a: &NamePart, b: &NamePart) -> GivenMatch {
    if a.script != b.script {
        return GivenMatch::Missing;
    }
    let (first, second) = (&a.words[0], &b.words[0]);
    // One character is a whole name in scripts that are no alphabets, such as Chinese.
    let is_initial = |word: &str| word.chars().count() == 1 && a.script != Script::Other;
    if is_initial(first) || is_initial(second) {
        return if first.chars().next() == second.chars().next() {
            GivenMatch::Initial
        } else {
            GivenMatch::Other
        };
    }
    if a.joined == b.joined {
        return GivenMatch::Exact;
    }
    let is_form = first == second || canonical(first) == canonical(second) || is_close(&a.joined, &b.joined);
    if is_form || is_called(a, b) || is_called(b, a) {
        return GivenMatch::Variant;
    }
    GivenMatch::Other
}

/// Whether somebody goes by one of several given names: "Maria" of "Anna Maria".
fn is_called(one: &NamePart, of: &NamePart) -> bool {
    of.words.len() > 1
        && matches!(one.words.as_slice(), [name] if name.chars().count() > 2 && of.words.contains(name))
}

/// Compares family names.
pub(super) fn family(a: &Names, b: &Names) -> FamilyMatch {
    let (Some(a), Some(b)) = (&a.family, &b.family) else { return FamilyMatch::Missing };
    if a.script != b.script {
        return FamilyMatch::Missing;
    }
    if a.words == b.words || a.joined == b.joined {
        return FamilyMatch::Exact;
    }
    let is_within = |part: &NamePart, whole: &NamePart| {
        part.words.len() < whole.words.len() && part.words.iter().all(|word| whole.words.contains(word))
    };
    if is_within(a, b) || is_within(b, a) {
        return FamilyMatch::Part;
    }
    if is_close(&a.joined, &b.joined) { FamilyMatch::Close } else { FamilyMatch::Other }
}

/// Whether the family name of each is the given name of the other.
pub(super) fn is_swapped(a: &Names, b: &Names) -> bool {
    let (Some(family_a), Some(family_b)) = (&a.family, &b.family) else { return false };
    family_a.joined != family_b.joined
        && a.given.iter().any(|given| given.joined == family_b.joined)
        && b.given.iter().any(|given| given.joined == family_a.joined)
}

/// Whether two people who share an address are two by their given names.
pub(super) fn are_two_by_name(a: &Names, b: &Names) -> bool {
    given(a, b) == GivenMatch::Other && !is_swapped(a, b)
}

/// The measure looks for letters of the first word in the second, so the order of the two is fixed.
fn is_close(a: &str, b: &str) -> bool {
    let (first, second) = if a <= b { (a, b) } else { (b, a) };
    strsim::jaro_winkler(first, second) >= CLOSE
}
