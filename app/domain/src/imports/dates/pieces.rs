//! The pieces of a date: its numbers and the month in words, without weekday, ordinals, time and zone.

use std::borrow::Cow;

use crate::digits::ascii_digits;
use crate::fold::fold;

/// A piece of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A number, and how many digits it has.
    Number(u64, usize),
    /// A month in words, from 1.
    Month(u32),
}

/// The beginnings of the names of months, folded: English, German, French, Spanish, Italian, Portuguese, Dutch and
/// Polish.
#[rustfmt::skip]
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen", "sty"],
    &["feb", "fev", "lut"],
    &["mar", "maa", "mrt", "mrz"],
    &["apr", "avr", "abr", "kwi"],
    &["may", "mai", "mag", "mei", "maj"],
    &["jun", "juin", "giu", "cze"],
    &["jul", "juil", "lug", "lip"],
    &["aug", "aou", "ago", "sie"],
    &["sep", "set", "wrz"],
    &["oct", "okt", "out", "ott", "paz"],
    &["nov", "lis"],
    &["dec", "dez", "dic", "gru"],
];

/// The beginnings of weekdays, folded, in the same languages. Two letters are whole abbreviations.
#[rustfmt::skip]
const WEEKDAYS: [&str; 39] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so", "die", "mit", "don",
    "fre", "sam", "son", "lun", "mar", "mer", "jeu", "ven", "dim", "mie", "jue", "vie", "sab", "dom", "gio", "seg",
    "ter", "qua", "qui", "sex", "maa", "woe",
];

/// Words inside dates that say nothing: "3rd of April", "3 de abril", "1er mai".
const FILLERS: [&str; 12] = ["st", "nd", "rd", "th", "er", "o", "a", "of", "the", "de", "den", "del"];

fn month(word: &str) -> Option<u32> {
    let at = MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name)))?;
    u32::try_from(at + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    WEEKDAYS.iter().any(|day| if day.len() == 2 { word == *day } else { word.starts_with(day) })
}

/// Returns the pieces of a date; `None` if the text has anything that does not belong to one.
pub(super) fn pieces(text: &str) -> Option<Vec<Piece>> {
    let text = ascii_digits(text);
    let (date, year_after) = without_time(&text)?;
    let mut words = split(date)?;
    words.extend(year_after);
    let mut pieces = Vec::with_capacity(3);
    let mut folded: Vec<Cow<'_, str>> = Vec::with_capacity(words.len());
    for word in words {
        let word = if is_number(word) { Cow::Borrowed(word) } else { Cow::Owned(fold(word)) };
        if !FILLERS.contains(&&*word) {
            folded.push(word);
        }
    }
    // "Tue 3 Apr 2012". March is followed by two numbers, a Tuesday that is "mar." by three pieces.
    if folded.len() > 3 && is_weekday(&folded[0]) {
        folded.remove(0);
    }
    for word in folded {
        pieces.push(if is_number(&word) {
            Piece::Number(word.parse().ok()?, word.len())
        } else {
            Piece::Month(month(&word)?)
        });
    }
    Some(pieces)
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Splits into runs of digits and of letters; `None` if something else than a separator is between them.
fn split(text: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        if matches!(first, '年' | '月' | '日' | '년' | '월' | '일')
            || first.is_whitespace()
            || matches!(
                first,
                '-' | '/' | '.' | ',' | '\'' | '\u{2019}' | '_' | '\\' | '\u{2010}'
                    ..='\u{2015}'
                        | '\u{2212}'
                        | '\u{FF0F}'
                        | '\u{FF0D}'
                        | '\u{FF0E}'
                        | '\u{200E}'
                        | '\u{200F}'
            )
        {
            rest = &rest[first.len_utf8()..];
            continue;
        }
        if !is_digit && !first.is_alphabetic() {
            return None;
        }
        let ours = |c: char| {
            if is_digit {
                c.is_ascii_digit()
            } else {
                // Letters and the marks that are written on them.
                c.is_alphabetic() && !matches!(c, '年' | '月' | '日') || ('\u{300}'..='\u{36F}').contains(&c)
            }
        };
        let end = rest.find(|c| !ours(c)).unwrap_or(rest.len());
        words.push(&rest[..end]);
        rest = &rest[end..];
    }
    Some(words)
}

/// Cuts a time and a zone off, which do not change the day; `None` if what follows the date is not a time. Some
/// programs write the year after the time ("Tue Apr  3 00:00:00 BST 2012"): it is returned too.
fn without_time(text: &str) -> Option<(&str, Option<&str>)> {
    let bytes = text.as_bytes();
    // 2012-04-03T00:00:00Z, 2012-04-03Z, 2012-04-03+01:00.
    let is_iso = bytes.len() > 10
        && bytes[..10].iter().enumerate().all(|(at, b)| match at {
            4 | 7 => matches!(b, b'-' | b'/' | b'.'),
            _ => b.is_ascii_digit(),
        })
        && !bytes[10].is_ascii_digit();
    if is_iso {
        return is_time(&text[10..]).then_some((&text[..10], None));
    }
    // 20120403T000000Z.
    if bytes.len() > 8 && bytes[..8].iter().all(u8::is_ascii_digit) && matches!(bytes[8], b'T' | b'Z') {
        return is_time(&text[8..]).then_some((&text[..8], None));
    }
    if let Some(colon) = text.find(':') {
        let hour = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let date = text[..hour].trim_end().trim_end_matches([',', 'T']);
        let date = date.strip_suffix(" at").unwrap_or(date);
        let after = &text[hour..];
        let year = after.split(|c: char| !c.is_ascii_digit()).rfind(|run| run.len() == 4);
        let numbers = split(date)?.into_iter().filter(|word| is_number(word)).count();
        return is_time(after).then_some((date, year.filter(|_| numbers < 2)));
    }
    // 03/04/2012 00.00.00, 3/4/2012 12 AM.
    if let Some((date, after)) = text.split_once(' ')
        && split(date).is_some_and(|words| words.len() == 3 && is_number(words[2]))
    {
        return is_time(after).then_some((date, None));
    }
    Some((text, None))
}

/// Whether a text after a date is a time or a zone, such as "T00:00:00.000+0100", " 12:00AM", "Z", "+01:00" or
/// "00:00:00 GMT+0100 (British Summer Time)".
fn is_time(text: &str) -> bool {
    let text = text.trim_start();
    let begins = text.starts_with(|c: char| c.is_ascii_digit())
        || text.starts_with(['T', 't', 'Z', 'z', '+', '-', '\u{2212}'])
        || text.starts_with("UTC")
        || text.starts_with("GMT");
    begins
        && text.chars().all(|c| {
            c.is_alphanumeric()
                || c.is_whitespace()
                || matches!(c, ':' | '.' | ',' | '+' | '-' | '\u{2212}' | '(' | ')' | '/')
        })
}
