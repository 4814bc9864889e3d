//! Whole names in one column. A comma or capitals say which part is the family name; what nothing says is asked.

use serde::{Deserialize, Serialize};

use crate::roll::import::people::split_full_name;

/// Which part of whole names comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameOrder {
    /// The given name, as in "Ana Berg".
    GivenFirst,
    /// The family name, as in "Berg Ana".
    FamilyFirst,
    /// They are not whole: each is a family name of several words.
    FamilyOnly,
}

/// Whether a text has two words or more.
pub(super) fn has_words(text: &str) -> bool {
    text.split(' ').filter(|word| word.chars().any(char::is_alphabetic)).count() > 1
}

/// Whether nothing in a whole name says which part is the family name.
pub(super) fn is_open(full: &str) -> bool {
    !full.contains(',') && has_words(full) && in_capitals(full).is_none()
}

/// The family and given name of a whole name whose family name is in capitals, as in "Ana BERG".
fn in_capitals(full: &str) -> Option<(String, String)> {
    let is_capital = |word: &&str| {
        word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase)
    };
    let (family, given): (Vec<&str>, Vec<&str>) = full.split(' ').partition(is_capital);
    (!family.is_empty() && !given.is_empty()).then(|| (family.join(" "), given.join(" ")))
}

/// The family and given name of a whole name.
pub(super) fn parted(full: &str, order: NameOrder) -> (String, String) {
    if order == NameOrder::FamilyOnly {
        return (full.to_owned(), String::new());
    }
    let capitals = in_capitals(full).filter(|_| !full.contains(','));
    capitals.unwrap_or_else(|| {
        let (given, family) = split_full_name(full, order == NameOrder::FamilyFirst);
        (family.to_owned(), given.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_capitals_say_what_is_the_family_name_and_the_rest_is_asked() {
        for full in ["Berg, Ana Lie", "BERG Ana Lie", "Ana Lie BERG"] {
            assert!(!is_open(full), "{full}");
            let (family, given) = parted(full, NameOrder::GivenFirst);
            assert_eq!((family.to_lowercase().as_str(), given.as_str()), ("berg", "Ana Lie"), "{full}");
        }
        assert!(is_open("Li Wei") && is_open("LI WEI") && !is_open("Suharto") && !is_open("Ana -"));
        assert_eq!(parted("Li Wei", NameOrder::GivenFirst), ("Wei".to_owned(), "Li".to_owned()));
        assert_eq!(parted("Li Wei", NameOrder::FamilyFirst), ("Li".to_owned(), "Wei".to_owned()));
        assert_eq!(parted("Garcia Lopez", NameOrder::FamilyOnly), ("Garcia Lopez".to_owned(), String::new()));
        assert_eq!(parted("Jan van den Berg", NameOrder::GivenFirst).0, "van den Berg");
    }
}
