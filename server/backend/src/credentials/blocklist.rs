//! Passwords that attackers try first (NIST SP 800-63B-4, section 3.1.1.2; OWASP ASVS 5.0, V6.2.4).
//!
//! A list of words that people use as passwords, and the rules by which they are stretched to a required
//! length: digits and symbols around the word, letters swapped for look-alikes, the word doubled or joined to
//! a second one, and runs along the keyboard. Rules cover what a list of millions of lines would, and adapt
//! to the minimum length.

use std::collections::HashSet;
use std::sync::LazyLock;

/// In lower case, letters only, one word per line.
static WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Keyboard rows, the alphabet and digits, each long enough for a run that wraps round.
const RUNS: [&str; 9] = [
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "012345678901234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
];

/// The length of the longest run.
const LONGEST_RUN: usize = 52;

/// The most digits and symbols before or after a word that add no strength: a year, a few digits, a symbol.
const AFFIX: usize = 5;

/// Whether attackers would try this password first.
pub fn is_common(password: &str) -> bool {
    let password = password.to_lowercase();
    if is_run(&password) {
        return true;
    }
    let word = password.trim_matches(|c: char| !c.is_alphabetic());
    let Some(at) = password.find(word).filter(|_| !word.is_empty()) else { return false };
    let (before, after) = (&password[..at], &password[at + word.len()..]);
    if ![before, after].iter().all(|affix| affix.chars().count() <= AFFIX || is_run(affix)) {
        return false;
    }
    let letters: String = word.chars().filter(char::is_ascii_alphabetic).collect();
    let undone: String = word.chars().filter_map(letter).collect();
    // A symbol at the end may stand for a letter: p455w0r|).
    let whole: String = password.chars().filter_map(letter).collect();
    [letters, undone, whole].iter().any(|text| is_worn(text))
}

/// Whether it is one word of the list, or two joined.
fn is_worn(text: &str) -> bool {
    WORDS.contains(text)
        || (1..text.len())
            .any(|at| text.is_char_boundary(at) && WORDS.contains(&text[..at]) && WORDS.contains(&text[at..]))
}

/// The letter that a look-alike stands for, if any.
fn letter(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' => c,
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        _ => return None,
    })
}

/// Whether it consists only of runs of four or more characters, forwards or backwards, or of one repeated
/// character.
fn is_run(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        // No run is longer than the longest row, so the cost grows only with the password's length.
        let longest = (at + 4..=signs.len().min(at + LONGEST_RUN)).rev().find(|end| {
            let forwards: String = signs[at..*end].iter().collect();
            let backwards: String = signs[at..*end].iter().rev().collect();
            let repeated = signs[at..*end].iter().all(|sign| *sign == signs[at]);
            repeated || RUNS.iter().any(|run| run.contains(&forwards) || run.contains(&backwards))
        });
        match longest {
            Some(end) => at = end,
            // Up to three characters may be left over at the end.
            None => return at > 0 && signs.len() - at < 4,
        }
    }
    !signs.is_empty()
}

#[cfg(test)]
mod tests {
    use super::is_common;

    #[test]
    fn words_people_stretch_to_the_length_that_is_asked_for_are_common() {
        for password in [
            "password1234",
            "Password2026!",
            "P4ssw0rdP4ssw0rd",
            "p@$$w0rd12345",
            "1234567890123456",
            "qwertyuiop123",
            "abcdefghijklmnop",
            "liverpoolchelsea",
            "!!letmeinnow!!",
            "i.love.you.forever",
            "1qaz2wsx3edc4rfv",
            "0987654321qwerty",
            "aaaaaaaaaaaa",
            "correcthorsebatterystaple",
            "Spiderman2014",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn a_few_words_that_do_not_belong_together_are_not() {
        for password in [
            "copper ladder fog",
            "three green caps fly",
            "пароль из трёх слов",
            "monkey 83920 718 kettle",
            "kettle-orbit-mustard",
            "7391 8264 0557 1928",
            "🐢🐢 turtles all day",
            "",
        ] {
            assert!(!is_common(password), "{password}");
        }
    }
}
