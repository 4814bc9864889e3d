//! The rules for passwords: length, a blocklist and context words. There are no rules about kinds of
//! characters (NIST SP 800-63B-4, section 3.1.1.2).

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use crate::fold::fold;

/// The longest password, in characters. NIST asks for at least 64; the limit prevents hashing megabytes.
pub const MAX_PASSWORD: usize = 256;

/// Why a password was refused. Variants rather than text, because families read the sentence in their own
/// language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// Fewer characters than the school requires.
    #[error("Use at least {0} characters.")]
    TooShort(usize),
    /// More than [`MAX_PASSWORD`].
    #[error("Use at most {MAX_PASSWORD} characters.")]
    TooLong,
    /// On the list of passwords that attackers try first.
    #[error("This password is too easy to guess. Choose another.")]
    Common,
    /// Contains the person's name or username, or the school's name.
    #[error("Your password cannot contain your name, your username or your school\u{2019}s name.")]
    Personal,
    /// One character or a short sequence, repeated.
    #[error("This password repeats the same characters. Choose a more varied one.")]
    Repeated,
}

/// A password ready for hashing: Unicode NFC (NIST SP 800-63B-4 requires one normalisation before hashing),
/// otherwise exactly as typed. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Accepts what was typed to sign in: any text up to [`MAX_PASSWORD`] characters.
    pub fn typed(text: &str) -> Result<Self, PasswordError> {
        if text.chars().count() > MAX_PASSWORD {
            return Err(PasswordError::TooLong);
        }
        Ok(Self(text.nfc().collect()))
    }

    /// Accepts a new password. `context` lists words it must not contain: names, username, school. Words of
    /// three letters or fewer are ignored.
    pub fn chosen(
        text: &str,
        minimum: usize,
        context: &[&str],
        is_common: impl Fn(&str) -> bool,
    ) -> Result<Self, PasswordError> {
        let password = Self::typed(text)?;
        if password.is_shorter_than(minimum) {
            return Err(PasswordError::TooShort(minimum));
        }
        let lowered = password.0.to_lowercase();
        if is_common(&lowered) {
            return Err(PasswordError::Common);
        }
        if repeats(&lowered) {
            return Err(PasswordError::Repeated);
        }
        if is_personal(&lowered, context) {
            return Err(PasswordError::Personal);
        }
        Ok(password)
    }

    /// Whether it has fewer characters than a rule asks for.
    pub fn is_shorter_than(&self, minimum: usize) -> bool {
        self.0.chars().count() < minimum
    }

    /// The bytes to hash.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

/// How strong a password is as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// It is this many characters too short; nothing else was checked.
    Short(usize),
    /// It would be refused.
    Refused(PasswordError),
    /// It would be accepted.
    Good,
    /// It is longer than required by a word.
    Strong,
}

/// The length of a word: a password this much longer than required counts as strong.
const A_WORD: usize = 5;

impl Strength {
    /// Judges what has been typed so far, as [`Password::chosen`] will. Length makes a password strong; kinds
    /// of characters are not counted (NIST SP 800-63B-4, appendix A).
    pub fn of(text: &str, minimum: usize, context: &[&str], is_common: impl Fn(&str) -> bool) -> Self {
        match Password::chosen(text, minimum, context, is_common) {
            Err(PasswordError::TooShort(_)) => Self::Short(minimum.saturating_sub(text.nfc().count())),
            Err(error) => Self::Refused(error),
            Ok(password) if password.0.chars().count() < minimum + A_WORD => Self::Good,
            Ok(_) => Self::Strong,
        }
    }

    /// From 1 (would be refused) to 4.
    pub fn level(self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Short(lacking) => {
                if lacking > A_WORD {
                    1
                } else {
                    2
                }
            }
            Self::Good => 3,
            Self::Strong => 4,
        }
    }
}

/// Which of the rules that a page lists are met by what has been typed so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RulesMet {
    /// It is long enough.
    pub long: bool,
    /// It is long enough, and contains none of the person's own words.
    pub own: bool,
    /// It is long enough, not on the list of common passwords, and no repetition.
    pub uncommon: bool,
}

impl RulesMet {
    /// Judges what has been typed so far, as [`Password::chosen`] will. What is too short meets no rule: most
    /// beginnings are neither common nor personal.
    pub fn of(text: &str, minimum: usize, context: &[&str], is_common: impl Fn(&str) -> bool) -> Self {
        let typed: String = text.nfc().collect();
        let lowered = typed.to_lowercase();
        let long = (minimum..=MAX_PASSWORD).contains(&typed.chars().count());
        Self {
            long,
            own: long && !is_personal(&lowered, context),
            uncommon: long && !is_common(&lowered) && !repeats(&lowered),
        }
    }
}

/// Whether the text contains one of these words. Words of three letters or fewer are ignored.
fn is_personal(lowered: &str, context: &[&str]) -> bool {
    let squeezed: String = fold(lowered).split(' ').collect();
    let mut words = context.iter().flat_map(|words| {
        let folded = fold(words);
        folded.split(' ').map(str::to_owned).chain([folded.replace(' ', "")]).collect::<Vec<_>>()
    });
    words.any(|word| word.chars().count() > 3 && squeezed.contains(&word))
}

/// Whether the text is a sequence of at most four characters, repeated.
fn repeats(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    (1..=4)
        .any(|run| signs.len() > run && signs.iter().enumerate().all(|(at, sign)| *sign == signs[at % run]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(text: &str) -> Result<Password, PasswordError> {
        Password::chosen(text, 12, &["Zoë O\u{2019}Neil", "z.oneil", "Quillmere School"], |p| {
            p == "correcthorse"
        })
    }

    #[test]
    fn long_is_enough_and_any_sign_is_welcome() {
        for text in ["three green caps fly", "пароль из слов", "🐢🐢 turtles all day"] {
            assert!(choose(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn short_common_personal_and_repeated_ones_are_refused() {
        assert_eq!(choose("short").unwrap_err(), PasswordError::TooShort(12));
        assert_eq!(choose("CorrectHorse").unwrap_err(), PasswordError::Common);
        assert_eq!(choose("my-quillmere-time").unwrap_err(), PasswordError::Personal);
        assert_eq!(choose("I am Z.O'Neil-99").unwrap_err(), PasswordError::Personal);
        assert_eq!(choose("abcabcabcabc").unwrap_err(), PasswordError::Repeated);
        assert_eq!(choose(&"x1".repeat(200)).unwrap_err(), PasswordError::TooLong);
    }

    #[test]
    fn strength_grows_with_length_and_never_praises_what_is_refused() {
        let level =
            |text| Strength::of(text, 12, &["Quillmere School"], |p| p == "correcthorsebattery").level();
        assert_eq!(["cap", "three gr", "three green cap", "three green caps fly"].map(level), [1, 2, 3, 4]);
        assert_eq!(["CorrectHorseBattery", "quillmere for ever", "abcabcabcabcabcabc"].map(level), [1, 1, 1]);
    }

    #[test]
    fn each_rule_is_met_on_its_own() {
        let met = |text| {
            let met = RulesMet::of(text, 12, &["Quillmere School"], |p| p == "correcthorsebattery");
            [met.long, met.own, met.uncommon]
        };
        assert_eq!(met("three green"), [false, false, false]);
        assert_eq!(met("three green caps"), [true, true, true]);
        assert_eq!(met("quillmere for ever"), [true, false, true]);
        assert_eq!(met("CorrectHorseBattery"), [true, true, false]);
        assert_eq!(met("abcabcabcabc"), [true, true, false]);
        assert_eq!(met(&"y".repeat(MAX_PASSWORD + 1)), [false, false, false]);
    }

    #[test]
    fn both_unicode_spellings_are_one_password() {
        assert_eq!(Password::typed("caf\u{e9}").unwrap(), Password::typed("cafe\u{301}").unwrap());
    }
}
