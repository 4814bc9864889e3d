//! Digits of other scripts.

use std::borrow::Cow;

/// The zeros of the scripts whose digits people type on their own keyboards: Arabic-Indic, Persian, Devanagari,
/// Bengali, Gurmukhi, Gujarati, Tamil, Thai, and full-width (Unicode Standard, general category Nd).
const ZEROS: [u32; 9] = [0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0BE6, 0x0E50, 0xFF10];

/// The digit in ASCII; any other character is returned unchanged.
fn ascii_digit(c: char) -> char {
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10));
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

/// Writes the digits of other scripts in ASCII: "٠٧٧" becomes "077".
pub fn ascii_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(|c| ascii_digit(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_are_digits_and_letters_stay() {
        assert_eq!(ascii_digits("٠٧٧٠٠ ۹۰۰ １１８ é"), "07700 900 118 é");
        assert!(matches!(ascii_digits("03/04/2012"), Cow::Borrowed(_)));
    }
}
