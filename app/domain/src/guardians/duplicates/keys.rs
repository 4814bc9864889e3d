//! Blocking: which adults are compared at all. Two adults who share a key are; the others never.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::adult::Adult;
use super::names::NamePart;
use super::variants::canonical;
use crate::fold::romanise;

/// The keys of an adult, as hashes: two texts with one hash only cost a comparison.
pub(super) fn keys(adult: &Adult, mut add: impl FnMut(u64)) {
    let names = &adult.names;
    let given = names.given.first().map(|given| canonical(&given.words[0]).to_owned()).unwrap_or_default();
    let initial: String = romanise(&given).chars().take(1).collect();
    let family = names.family.as_ref().map(|family| family.joined.as_str()).unwrap_or_default();
    for email in &adult.emails {
        add(hash(&["e", email]));
    }
    for phone in adult.mobiles.iter().chain(&adult.landlines) {
        add(hash(&["p", phone]));
    }
    for (series, key) in &adult.keys {
        add(hash(&["k", series, key]));
    }
    for link in &adult.children {
        add(hash(&["c", &link.child.0.simple().to_string(), &initial]));
    }
    if let Some(day) = adult.born_on {
        add(hash(&["b", &day.to_string(), &initial]));
    }
    if let (Some(home), Some(family)) = (&adult.home, &names.family) {
        add(hash(&["m", &skeleton(family), &initial, home]));
    }
    if !given.is_empty() && !family.is_empty() {
        // Swapped names have the same key.
        let (first, second) =
            if given.as_str() <= family { (given.as_str(), family) } else { (family, given.as_str()) };
        add(hash(&["n", first, second]));
    }
}

/// The keys that split a block which is too large: a second fact that both have.
pub(super) fn second_keys(adult: &Adult, first: u64, mut add: impl FnMut(u64)) {
    let first = first.to_string();
    let day = adult.born_on.map(|day| day.to_string());
    for fact in adult.home.iter().chain(&day) {
        add(hash(&["2", &first, fact]));
    }
    for link in &adult.children {
        add(hash(&["2", &first, &link.child.0.simple().to_string()]));
    }
}

/// The consonants of a name in Latin letters, each once in a row: spellings that sound alike mostly have the same.
fn skeleton(family: &NamePart) -> String {
    let mut letters = String::new();
    for (at, letter) in romanise(&family.joined).chars().enumerate() {
        let is_vowel = matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w');
        if (at == 0 || !is_vowel) && !letters.ends_with(letter) {
            letters.push(letter);
        }
    }
    letters
}

fn hash(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}
