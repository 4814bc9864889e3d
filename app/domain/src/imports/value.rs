//! What a cell says: its text without what programs put around it, or that there is nothing there.
//!
//! Spreadsheets and databases write values in ways of their own: `="00123"` and `'00123` for a number that is text,
//! `4101.0` for a number that is a code, `NULL` or `-` for no value. All of these are undone here, for every kind of
//! list.

use std::borrow::Cow;

use super::quotes::between_marks;
use crate::spreadsheet::restored;

/// Whether a character is invisible and says nothing: zero-width spaces, marks of text direction, which telephones put
/// around numbers, soft hyphens and byte order marks. Joiners are not: Persian and Hindi names need them.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// The text of a cell as it was meant: without space and invisible characters around it, the guard against formulas
/// that Greencap adds in exports, the marks with which spreadsheets keep a number as text, and quotation marks around
/// all of it.
pub fn meant(cell: &str) -> Cow<'_, str> {
    let text = visible(cell);
    if let Some(quoted) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return meant(quoted).replace("\"\"", "\"").into();
    }
    let text = number_after_apostrophe(text).or_else(|| between_marks(text)).unwrap_or(text);
    if !text.is_ascii() && text.contains(is_invisible) {
        return text.chars().filter(|c| !is_invisible(*c)).collect::<String>().into();
    }
    Cow::Borrowed(text)
}

/// The cell without what nobody sees around it.
fn visible(cell: &str) -> &str {
    let around = |c: char| {
        c.is_whitespace() || c.is_control() || is_invisible(c) || matches!(c, '\u{200C}' | '\u{200D}')
    };
    restored(cell.trim_matches(around)).trim_matches(around)
}

/// Whether [`meant`] takes quotation marks off a cell, other than those of a number that is text.
pub fn has_marks_around(cell: &str) -> bool {
    let text = visible(cell);
    between_marks(text).is_some() && number_after_apostrophe(text).is_none()
}

/// `'00123` and `'00123'` without their apostrophes; no name begins with an apostrophe and a digit.
fn number_after_apostrophe(text: &str) -> Option<&str> {
    let quotes = ['\'', '\u{2018}', '\u{2019}', '`'];
    let rest = text.strip_prefix(quotes)?;
    let rest = rest.strip_suffix(quotes).unwrap_or(rest);
    rest.starts_with(|c: char| c.is_ascii_digit()).then_some(rest)
}

/// What programs write where there is no value, in lower case.
const NOTHING: [&str; 12] =
    ["n/a", "#n/a", "n.a.", "null", "(null)", "<null>", "[null]", "\\n", "none", "(none)", "nil", "(blank)"];

/// What people write where they know no address, date or language, in lower case. Elsewhere these can be values:
/// `NA` is a family name, and the initials of a teacher.
const UNKNOWN: [&str; 14] = [
    "na",
    "nan",
    "nat",
    "unknown",
    "not known",
    "not provided",
    "not given",
    "not applicable",
    "none given",
    "none provided",
    "undefined",
    "tbc",
    "tba",
    "no",
];

fn is_one_of(texts: &[&str], text: &str) -> bool {
    texts.iter().any(|of| of.eq_ignore_ascii_case(text))
}

/// Whether a text has neither letters nor digits, only what people put into a cell to show that it is empty.
fn is_a_stroke(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(
            c,
            '-' | '\u{2010}'
                ..='\u{2015}'
                    | '\u{2212}'
                    | '_'
                    | '.'
                    | '\u{2026}'
                    | '\u{B7}'
                    | '*'
                    | '?'
                    | '/'
                    | '\\'
                    | '~'
                    | ','
                    | ';'
                    | ':'
                    | '\''
                    | '"'
                    | '('
                    | ')'
                    | '|'
        ) || c.is_whitespace()
    })
}

/// Whether a text in any column means that there is no value.
pub fn is_nothing(text: &str) -> bool {
    is_one_of(&NOTHING, text) || is_a_stroke(text)
}

/// The same in a column of addresses, dates or languages, where more words cannot be a value.
pub fn is_unknown(text: &str) -> bool {
    is_nothing(text) || is_one_of(&UNKNOWN, text)
}

/// Whether a text in a column of names means that there is no name. People are called Null, None and Nil: these words
/// are names unless they are written as no name is, in small letters, or as databases do.
pub fn is_no_name(text: &str) -> bool {
    match text {
        "NULL" | "null" | "NONE" | "none" | "nil" => true,
        _ => is_nothing(text) && !["null", "none", "nil"].iter().any(|word| word.eq_ignore_ascii_case(text)),
    }
}

/// Whether a text in the column of the key means that there is no code. `NIL` can be someone's initials.
pub fn is_no_code(text: &str) -> bool {
    is_nothing(text) && text != "NIL"
}

/// Whether a text is a spreadsheet's error, such as `#REF!`, or the strokes of a column that is too narrow.
pub fn is_error(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('#') else {
        return text.strip_prefix("Err:").is_some_and(|code| code.bytes().all(|b| b.is_ascii_digit()));
    };
    // The only one without a mark at its end.
    if rest == "GETTING_DATA" {
        return true;
    }
    let is_code =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b"/0_".contains(&b));
    (rest.len() > 1 && rest.bytes().all(|b| b == b'#')) || rest.strip_suffix(['!', '?']).is_some_and(is_code)
}

/// A number whose last digits a spreadsheet has cut off, as in `4.47E+11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundedNumber;

/// The number as it was before a spreadsheet wrote it: `4101.0` is 4101, `4.101E+3` is 4101.
pub fn whole_number(text: &str) -> Result<Cow<'_, str>, RoundedNumber> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() || rest.is_empty() {
        return Ok(text.into());
    }
    let (fraction, exponent) = match rest.strip_prefix(['.', ',']) {
        Some(after) => {
            let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            (Some(&after[..end]), &after[end..])
        }
        None => (None, rest),
    };
    if let Some(fraction) = fraction.filter(|_| exponent.is_empty()) {
        let is_empty = !fraction.is_empty() && fraction.bytes().all(|b| b == b'0');
        // 4.000 can be four thousand.
        let could_be_thousands = fraction.len() == 3 && digits.len() <= 3;
        return Ok(if is_empty && !could_be_thousands { digits.into() } else { text.into() });
    }
    let Some(power) = exponent.strip_prefix(['E', 'e']) else { return Ok(text.into()) };
    let (sign, power) = power.strip_prefix('+').map_or((false, power), |power| (true, power));
    // 7E2 is a class; programs write a fraction or a sign.
    let Some(power) =
        power.parse::<usize>().ok().filter(|power| *power < 100 && (sign || fraction.is_some()))
    else {
        return Ok(text.into());
    };
    let fraction = fraction.unwrap_or_default();
    match fraction.get(power..) {
        Some(rest) if rest.bytes().all(|b| b == b'0') => Ok(format!("{digits}{}", &fraction[..power]).into()),
        _ => Err(RoundedNumber),
    }
}

/// A code as it was before a spreadsheet wrote it as a number: also `4,101` is 4101.
pub fn code(text: &str) -> Result<Cow<'_, str>, RoundedNumber> {
    let mut groups = text.split(',');
    let first = groups.next().unwrap_or_default();
    let is_number = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let is_grouped = text.contains(',')
        && (1..=3).contains(&first.len())
        && is_number(first)
        && groups.all(|group| group.len() == 3 && is_number(group));
    if is_grouped { Ok(text.replace(',', "").into()) } else { whole_number(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_put_around_a_value_is_taken_off() {
        for (cell, text) in [
            ("=\"00123\"", "00123"),
            ("'00123", "00123"),
            ("'00123'", "00123"),
            ("\u{2019}00123", "00123"),
            ("\u{FEFF}00123\u{200B} ", "00123"),
            ("\u{202D}+44 7700 900118\u{202C}", "+44 7700 900118"),
            ("'+44 7700 900118", "+44 7700 900118"),
            ("00\u{200B}123", "00123"),
            ("\u{a0}Ada\r\n", "Ada"),
            ("'t Hooft", "'t Hooft"),
            ("O'Neil", "O'Neil"),
            ("علی\u{200C}رضا", "علی\u{200C}رضا"),
            ("=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"),
        ] {
            assert_eq!(meant(cell), text, "{cell:?}");
        }
    }

    #[test]
    fn what_means_nothing_is_nothing_and_names_are_names() {
        for text in [
            "",
            "-",
            "--",
            "\u{2013}",
            ".",
            "\u{2026}",
            "NULL",
            "null",
            "N/A",
            "n/a",
            "#N/A",
            "none",
            "(null)",
            "\\N",
            "?",
            "__/__/____",
        ] {
            assert!(is_nothing(text) && is_no_name(text) && is_unknown(text), "{text:?}");
        }
        for name in ["Null", "None", "Nil", "NIL", "Na", "NA", "No", "Ng", "X"] {
            assert!(!is_no_name(name), "{name}");
        }
        assert!(!is_no_code("NIL") && is_no_code("None") && is_no_code("nil"));
        assert!(is_unknown("NA") && is_unknown("Unknown") && !is_nothing("NA") && !is_nothing("9B"));
    }

    #[test]
    fn errors_of_spreadsheets_are_errors() {
        for text in [
            "#REF!",
            "#VALUE!",
            "#NAME?",
            "#DIV/0!",
            "#NULL!",
            "#SPILL!",
            "#ERROR!",
            "#GETTING_DATA",
            "####",
            "Err:502",
        ] {
            assert!(is_error(text), "{text}");
        }
        for text in ["#N/A", "#1", "#9B", "#", "REF!", "Err: late"] {
            assert!(!is_error(text), "{text}");
        }
    }

    #[test]
    fn a_number_is_what_it_was_before_a_spreadsheet_wrote_it() {
        for (cell, number) in [
            ("4101.0", "4101"),
            ("4101.00", "4101"),
            ("4101,0", "4101"),
            ("4101.000", "4101"),
            ("004101.0", "004101"),
            ("7700900118.0", "7700900118"),
            ("4.101E+3", "4101"),
            ("4.101000E+03", "4101"),
            ("4.47123456789E+11", "447123456789"),
            ("4101", "4101"),
            ("4.5", "4.5"),
            ("4.000", "4.000"),
            ("7E2", "7E2"),
            ("7E", "7E"),
            ("12.5.2", "12.5.2"),
            ("A-1.0", "A-1.0"),
            ("", ""),
        ] {
            assert_eq!(whole_number(cell).as_deref(), Ok(number), "{cell}");
        }
        for cell in ["4.47E+11", "4,47E+11", "4.47e11", "7E+2", "4.4712345678E+11"] {
            assert_eq!(whole_number(cell), Err(RoundedNumber), "{cell}");
        }
        for (cell, number) in
            [("4,101", "4101"), ("1,234,567", "1234567"), ("4,10", "4,10"), ("A,101", "A,101")]
        {
            assert_eq!(code(cell).as_deref(), Ok(number), "{cell}");
        }
    }
}
