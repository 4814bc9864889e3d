//! Letters that were lost before a file came to Greencap: replaced by a sign, or encoded twice.

/// The letters of Windows-1252 in 80 to 9F (WHATWG, Encoding Standard); 0 where it has none.
#[rustfmt::skip]
const WINDOWS: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

/// What happened to letters of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Damage {
    /// A sign stands for a letter: `Zo\u{FFFD}`, `Zo?`.
    Replaced,
    /// UTF-8 was read as Windows-1252 and written again: `ZoÃ«`. What it may have been, if that can be told.
    EncodedTwice(Option<String>),
}

/// Returns what happened to letters of a text. In a name, a question mark beside a letter stands for another one.
pub(super) fn damage(text: &str, is_name: bool) -> Option<Damage> {
    let is_asked = || is_name && text.contains('?') && has_letters_beside_a_question_mark(text);
    let is_replaced = text.contains('\u{FFFD}') || is_asked();
    if is_replaced {
        return Some(Damage::Replaced);
    }
    is_encoded_twice(text).then(|| Damage::EncodedTwice(read_once(text)))
}

fn has_letters_beside_a_question_mark(text: &str) -> bool {
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let beside = [before, rest.clone().next()];
        if c == '?' && beside.into_iter().flatten().any(char::is_alphabetic) {
            return true;
        }
        before = Some(c);
    }
    false
}

/// Whether a text has two signs that together are one letter in UTF-8, and that no language writes beside each other.
fn is_encoded_twice(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let mut next = text.chars();
    text.chars().any(|lead| {
        next.next();
        let Some(follows) = next.clone().next() else { return false };
        match lead {
            // \u{e2}\u{20ac}\u{2122} is an apostrophe.
            '\u{e2}' => follows == '\u{20ac}',
            '\u{c3}' => continues(follows),
            // The leads of central European, Greek, Cyrillic, Hebrew and Arabic letters; in capitals they can stand
            // before letters, dashes and apostrophes that would continue them.
            '\u{c2}' | '\u{c4}' | '\u{c5}' | '\u{c8}' | '\u{ce}' | '\u{cf}' | '\u{d0}' | '\u{d1}'
            | '\u{d7}' | '\u{d8}' | '\u{d9}' => {
                let is_mark = matches!(follows, '\u{2013}' | '\u{2014}' | '\u{2018}'..='\u{201d}' | '\u{b7}');
                let is_ordinal = matches!(follows, '\u{aa}' | '\u{ba}') && lead != '\u{d1}';
                continues(follows) && (is_ordinal || !follows.is_alphabetic()) && !is_mark
            }
            _ => false,
        }
    })
}

fn continues(c: char) -> bool {
    windows(c).is_some_and(|byte| (0x80..=0xBF).contains(&byte))
}

/// The byte of a character in Windows-1252.
fn windows(c: char) -> Option<u8> {
    let code = u32::from(c);
    let at = WINDOWS.iter().position(|of| *of != 0 && u32::from(*of) == code);
    match at {
        Some(at) => u8::try_from(0x80 + at).ok(),
        None => u8::try_from(code).ok(),
    }
}

/// The text as it was before it was encoded twice, if all of it was.
fn read_once(text: &str) -> Option<String> {
    let bytes: Vec<u8> = text.chars().map(windows).collect::<Option<_>>()?;
    String::from_utf8(bytes).ok().filter(|read| !read.chars().any(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaced_letters_are_found() {
        for text in ["Zo\u{FFFD}", "Zo?", "Bj?rn", "?mile", "Bj\u{FFFD}rn Lee"] {
            assert_eq!(damage(text, true), Some(Damage::Replaced), "{text}");
        }
    }

    #[test]
    fn letters_that_were_encoded_twice_are_found_and_read() {
        for name in [
            "Zo\u{eb}",
            "Bj\u{f6}rn",
            "\u{d6}zil",
            "Ren\u{e9}e",
            "\u{141}ukasz",
            "W\u{f3}jcik",
            "Fran\u{e7}ois",
            "M\u{fc}ller",
            "O\u{2019}Neil",
            "Wo\u{17a}niak",
            "Ko\u{161}tial",
            "\u{d1}and\u{fa}",
            "\u{413}\u{440}\u{438}\u{448}\u{430}",
            "\u{3b1}\u{3b2}\u{3b3}",
        ] {
            // What a program does that takes the bytes of UTF-8 for letters of Windows-1252.
            let twice: String = name
                .bytes()
                .map(|byte| match byte {
                    0x80..=0x9F if WINDOWS[usize::from(byte) - 0x80] != 0 => {
                        char::from_u32(u32::from(WINDOWS[usize::from(byte) - 0x80])).unwrap()
                    }
                    byte => char::from(byte),
                })
                .collect();
            let Some(Damage::EncodedTwice(read)) = damage(&twice, true) else { panic!("{name} {twice}") };
            assert!(read.is_none_or(|read| read == name), "{twice}");
        }
        assert_eq!(damage("Zo\u{c3}\u{ab}", true), Some(Damage::EncodedTwice(Some("Zo\u{eb}".to_owned()))));
    }

    #[test]
    fn names_of_many_languages_have_lost_nothing() {
        assert_eq!(damage("9B?", false), None);
        for name in [
            "Zo\u{eb}",
            "JO\u{c3}O",
            "MU\u{d1}OZ",
            "K\u{158}\u{cd}\u{17d}",
            "JOS\u{c9}\u{2013}MARIA",
            "ANDR\u{c9}\u{2019}S",
            "R\u{dd}\u{17d}E",
            "Gro\u{df}",
            "\u{c5}NGSTR\u{d6}M",
            "\u{c4}\u{17d}IN",
            "Gal\u{b7}la",
            "?",
            "A. ?",
            "D\u{2019}Arcy",
            "\u{674e}\u{660e}",
            "\u{d8}rsted",
            "L\u{e2}m",
            "MARI\u{c3}",
            "O\u{2019}Neil",
            "\u{130}\u{15e}IK",
            "NU\u{d1}EZ\u{2014}LEE",
        ] {
            assert_eq!(damage(name, true), None, "{name}");
        }
    }
}
