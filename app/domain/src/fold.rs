//! Folding: brings spellings of a name to a common form, for search and sorting.

mod typed;

pub use typed::{typed_code, typed_name};

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Removes the marks from letters: compatibility decomposition (Unicode Standard Annex 15) without characters
/// of the general category Mark.
#[cfg(not(target_arch = "wasm32"))]
fn bare(text: &str) -> String {
    text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}

/// The same using the browser's own tables, which would otherwise be a fifth of our WebAssembly.
#[cfg(target_arch = "wasm32")]
fn bare(text: &str) -> String {
    let marks = js_sys::RegExp::new("\\p{M}", "gu");
    js_sys::JsString::from(text).normalize("NFKD").replace_by_pattern(&marks, "").into()
}

/// Lower case, without accents, with each run of other characters replaced by a single space: "O’Néil-Smith"
/// becomes "o neil smith". Letters of other scripts are kept.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    // Most names have no marks to remove, and lists have hundreds of thousands of names.
    let bare = if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(bare(text)) };
    for c in bare.chars().flat_map(char::to_lowercase) {
        // Apostrophes join ("O'Neil" is found as "oneil"); any other character that is not a letter separates
        // words.
        if matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02BC}' | '`') {
            continue;
        }
        if !c.is_alphanumeric() {
            gap = !folded.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            folded.push(' ');
        }
        // Letters that Unicode does not decompose, but that people type without their stroke.
        match c {
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            other => folded.push(other),
        }
    }
    folded
}

/// Normalises text to one printable line: trimmed, single spaces, Unicode NFC.
pub(crate) fn line(text: &str) -> String {
    let text = composed(text);
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Unicode NFC. Text in ASCII is it already.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// Converts text in any script to Latin letters: "李明" becomes "liming", "Žofie" "zofie". Lower case, letters
/// and digits only, with single spaces between words.
pub fn romanise(text: &str) -> String {
    if text.is_ascii() { fold(text) } else { fold(&any_ascii::any_ascii(&composed(text))) }
}

/// What a person can be found by: the folded name, the name in Latin letters if it differs, and the admission
/// number. Words are separated by single spaces and the key starts with one, so that a search for " wil"
/// finds starts of words.
pub fn search_key(
    given: &str,
    middle: &str,
    family: &str,
    preferred: &str,
    admission_number: &str,
) -> String {
    let mut words: Vec<String> = Vec::new();
    for part in [preferred, given, middle, family] {
        for form in [fold(part), romanise(part)] {
            if !form.is_empty() && !words.contains(&form) {
                words.push(form);
            }
        }
    }
    words.push(fold(admission_number));
    words.retain(|word| !word.is_empty());
    format!(" {}", words.join(" "))
}

/// The sort key of a person: family name, then given name, romanised, so that a list in several scripts has
/// one order.
pub fn sort_key(given: &str, family: &str) -> String {
    let (first, second) = if family.is_empty() { (given, "") } else { (family, given) };
    format!("{} {}", romanise(first), romanise(second)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_case_and_punctuation_do_not_matter() {
        assert_eq!(fold("O\u{2019}Néil-SMITH"), "oneil smith");
        assert_eq!(fold("Bartłomiej"), "bartlomiej");
        assert_eq!(fold("  Straße "), "strasse");
    }

    #[test]
    fn other_scripts_are_found_in_both_spellings() {
        let key = search_key("明", "", "李", "", "A-17");
        assert!(key.contains(" li") && key.contains(" 李") && key.contains(" a 17"), "{key}");
        assert_eq!(romanise("Алексей"), "aleksey");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn romanised_text_is_ascii(text in "\\PC{0,40}") {
            prop_assert!(romanise(&text).is_ascii());
        }
    }
}
