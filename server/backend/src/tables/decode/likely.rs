//! The most likely encoding of a text that does not say its own.
//!
//! `chardetng`, the detector of Firefox, knows the encodings of the web. Those of DOS and of old Macs are none of them,
//! so its guess is compared with theirs: in the right encoding, letters stand among letters, and a capital stands first.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use domain::imports::encoding::TextEncoding;

use super::{loosely, named};

/// How many words are compared.
const WORDS: usize = 2000;

/// Encodings of Latin letters that are easily taken for each other.
pub(super) static LATIN: std::sync::LazyLock<Vec<TextEncoding>> = std::sync::LazyLock::new(|| {
    let slugs =
        ["windows-1252", "windows-1250", "windows-1254", "windows-1257", "macintosh", "ibm850", "ibm852"];
    slugs.iter().filter_map(|slug| slug.parse().ok()).collect()
});

/// Letters that have the same byte in Windows-1250, 1252, 1254 and 1257 or are rare in names otherwise.
const SHARED: &str = "\u{c4}\u{c9}\u{d3}\u{d6}\u{dc}\u{df}\u{e4}\u{e9}\u{f3}\u{f6}\u{fc}\u{c1}\u{cd}\u{da}\u{e1}\u{ed}\u{fa}\u{c7}\u{e7}\u{cb}\u{eb}\u{e2}\u{ee}\u{f4}";

/// Letters that names have often.
const COMMON: &str = "éèêëàâäáãåæçíìîïñóòôöõøúùûüýÿßœšžÉÈÊÀÂÄÁÅÆÇÍÎÑÓÔÖØÚÜŠŽ\
                      čďěňřťůąćęłńśźżőűČĎŇŘŤĄĆĘŁŃŚŹŻŐŰığşİĞŞāēģīķļņūĀĒĢĪĶĻŅŪėįųĖĮŲ";

/// What is likely.
pub(super) struct Guess {
    pub(super) encoding: TextEncoding,
    /// Whether no other encoding is likely, or all likely ones give the same text.
    pub(super) is_sure: bool,
    /// Encodings to compare it with.
    pub(super) others: Vec<TextEncoding>,
}

/// Guesses the encoding of a text that is neither UTF-8 nor UTF-16.
pub(super) fn guess(bytes: &[u8]) -> Guess {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // Lines in ASCII say nothing.
    for line in bytes.split_inclusive(|b| *b == b'\n').filter(|line| !line.is_ascii()) {
        detector.feed(line, false);
    }
    detector.feed(b"", true);
    let detected = named(detector.guess(None, Utf8Detection::Deny));
    let words = words(bytes);
    let score =
        |encoding: TextEncoding| words.iter().map(|word| plausible(&loosely(word, encoding))).sum::<i64>();
    let base = score(detected);
    let old = ["macintosh", "ibm850", "ibm852"].iter().filter_map(|slug| slug.parse::<TextEncoding>().ok());
    let best = old.map(|old| (score(old), old)).rev().max_by_key(|(score, _)| *score);
    let encoding = match best {
        Some((score, old)) if score > base + i64::try_from(words.len()).unwrap_or(i64::MAX) => old,
        _ => detected,
    };
    let mut others = vec![encoding];
    others.extend(LATIN.iter().copied().filter(|other| *other != encoding));
    Guess { encoding, is_sure: encoding == TextEncoding::WINDOWS_1252 && is_surely_western(&words), others }
}

/// The words with bytes beyond ASCII, each once.
fn words(bytes: &[u8]) -> Vec<&[u8]> {
    let is_letter = |b: &u8| b.is_ascii_alphabetic() || !b.is_ascii();
    let words = bytes.split(|b| !is_letter(b)).filter(|word| !word.is_ascii());
    let mut words: Vec<&[u8]> = words.take(WORDS).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// How plausible a word is as part of a name.
fn plausible(word: &str) -> i64 {
    let mut before: Option<char> = None;
    let mut points = 0;
    for c in word.chars() {
        if !c.is_ascii() {
            points += match before {
                _ if !c.is_alphabetic() => {
                    if c == '\u{2019}' {
                        0
                    } else {
                        -3
                    }
                }
                Some(before) if c.is_uppercase() && before.is_lowercase() => -3,
                Some(before) if c.is_lowercase() && before.is_alphabetic() => 2,
                None if c.is_lowercase() => -1,
                _ => 2,
            };
            points += i64::from(COMMON.contains(c));
        }
        before = Some(c);
    }
    points
}

/// Whether the words can hardly be anything but Windows-1252.
fn is_surely_western(words: &[&[u8]]) -> bool {
    let texts: Vec<String> =
        words.iter().map(|word| loosely(word, TextEncoding::WINDOWS_1252).into_owned()).collect();
    let is_shared = |text: &String| text.chars().all(|c| c.is_ascii() || SHARED.contains(c));
    texts.iter().all(|text| plausible(text) > 0)
        && (texts.iter().all(is_shared) || texts.iter().filter(|text| !is_shared(text)).count() >= 3)
}
