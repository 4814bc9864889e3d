//! What people type on other keyboards, brought to the characters that usernames, addresses and codes are made of,
//! before it counts as wrong: digits of any script, full-width letters and signs, blanks in the middle, and, where
//! only Latin letters are possible, letters of other scripts that look the same.

/// A username or email address as typed to find someone. Lowers ASCII letters alone: no other letter is one of
/// them in lower case, so the sign for kelvin is no k.
pub fn typed_name(text: &str) -> String {
    text.chars().filter_map(plain).collect::<String>().to_ascii_lowercase()
}

/// A code as typed, which can only have Latin letters and digits. Separators are left to the code.
pub fn typed_code(text: &str) -> String {
    text.chars().filter_map(plain).map(|c| latin(c).unwrap_or(c)).collect()
}

/// The character meant; none if it is blank or invisible.
fn plain(c: char) -> Option<char> {
    match c {
        c if c.is_whitespace() => None,
        // Soft hyphen, marks of direction, characters without width, variation selectors, byte order mark.
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => None,
        // Full stops of Chinese and Japanese keyboards.
        '\u{3002}' | '\u{ff61}' | '\u{fe52}' | '\u{2024}' => Some('.'),
        '\u{fe6b}' => Some('@'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{30fc}' => Some('-'),
        // Halfwidth and Fullwidth Forms repeat ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        c => Some(digit(c).unwrap_or(c)),
    }
}

/// The first of the ten digits of each script (Unicode, general category Nd).
const ZEROS: [u32; 26] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1b50, 0xa620, 0xabf0,
];

fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let value = ZEROS.into_iter().find_map(|zero| code.checked_sub(zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

/// The Latin letter that a Cyrillic or Greek one looks like.
fn latin(c: char) -> Option<char> {
    Some(match c {
        'А' | 'а' | 'Α' | 'α' => 'A',
        'В' | 'в' | 'Β' | 'β' => 'B',
        'С' | 'с' | 'Ϲ' | 'ϲ' => 'C',
        'Ԁ' | 'ԁ' => 'D',
        'Е' | 'е' | 'Ε' | 'ε' => 'E',
        'Н' | 'н' | 'Η' => 'H',
        'І' | 'і' | 'Ι' | 'ι' => 'I',
        'Ј' | 'ј' => 'J',
        'К' | 'к' | 'Κ' | 'κ' => 'K',
        'М' | 'м' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'о' | 'Ο' | 'ο' => 'O',
        'Р' | 'р' | 'Ρ' | 'ρ' => 'P',
        'Ԛ' | 'ԛ' => 'Q',
        'Ѕ' | 'ѕ' => 'S',
        'Т' | 'т' | 'Τ' | 'τ' => 'T',
        'Ԝ' | 'ԝ' => 'W',
        'Х' | 'х' | 'Χ' | 'χ' => 'X',
        'У' | 'у' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_typed_on_another_keyboard_is_the_name() {
        for typed in [
            " A.Okoronta ",
            "ａ．ｏｋｏｒｏｎｔａ",
            "a。okoronta",
            "a｡okoronta",
            "a. okoronta",
            "a .okoronta\u{200b}",
            "\u{feff}a.okoronta",
            "\u{200e}a.okoronta\u{200f}",
            "a.oko\u{ad}ronta",
        ] {
            assert_eq!(typed_name(typed), "a.okoronta", "{typed}");
        }
        for typed in ["b.ade١٢", "b.ade۱۲", "b.ade１２", "b.ade१२", "b.ade๑๒"] {
            assert_eq!(typed_name(typed), "b.ade12", "{typed}");
        }
        assert_eq!(typed_name("Ａda＠example。org"), "ada@example.org");
        // Neither is another spelling of the name.
        for other in ["\u{212a}.ade", "к.ade", "k\u{301}.ade"] {
            assert_ne!(typed_name(other), "k.ade");
        }
    }

    #[test]
    fn a_code_may_have_letters_that_only_look_latin() {
        assert_eq!(typed_code("７Ｋ２ＱＭ－９ＸＢ４Ｔ"), "7K2QM-9XB4T");
        assert_eq!(typed_code("7К2QМ-9ХВ4Т"), "7K2QM-9XB4T");
        assert_eq!(typed_code("٧K٢QM 9XB۴T"), "7K2QM9XB4T");
    }

    proptest! {
        #[test]
        fn what_is_plain_already_stays(text in "[a-z0-9._@-]{0,40}") {
            prop_assert_eq!(typed_name(&text), text.clone());
            prop_assert_eq!(typed_code(&text), text);
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = typed_name(&text);
            prop_assert_eq!(typed_name(&once), once);
        }
    }
}
