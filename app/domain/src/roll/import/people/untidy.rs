//! Finds the address in what people write into a cell: "07700 900118 (mum)", "Ann Pym <ann@home.example>".
//!
//! What is only typography is read without a word. If words are dropped, a note says how the cell was read. Where a
//! cell could mean two addresses, neither is chosen.

use std::borrow::Cow;

use super::trunk::from_abroad;
use crate::digits::ascii_digits;
use crate::imports::cells::{TidiedValue, Untidy};
use crate::imports::value::is_invisible;
use crate::roll::address::{EmailAddress, EmailError, PhoneError, PhoneNumber};

/// Words that people put before or after an address to say whose it is or what for. Folded to lower case.
#[rustfmt::skip]
const LABELS: [&str; 43] = [
    "mum", "mums", "mom", "moms", "mother", "dad", "dads", "father", "parent", "parents", "carer", "guardian", "nan",
    "gran", "grandma", "grandad", "aunt", "uncle", "student", "pupil", "own", "home", "work", "mobile", "mob", "cell",
    "cellphone", "phone", "telephone", "tel", "landline", "main", "primary", "preferred", "email", "e-mail", "mail",
    "m", "h", "w", "t", "p", "and",
];

fn is_label(word: &str) -> bool {
    let word = word.trim_end_matches([':', '.', ',']).replace(['\'', '\u{2019}'], "").to_lowercase();
    LABELS.contains(&word.as_str())
}

/// The text without invisible characters and with the full-width signs of East Asian keyboards as ordinary ones.
fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let sign = |c: char| match c {
        '\u{FF20}' => '@',
        '\u{FF0E}' | '\u{3002}' | '\u{FF61}' => '.',
        '\u{FF0B}' => '+',
        '\u{FF08}' => '(',
        '\u{FF09}' => ')',
        '\u{FF1A}' => ':',
        '\u{FF1B}' => ';',
        '\u{FF0C}' => ',',
        '\u{FF0F}' => '/',
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' => '-',
        // Full-width letters.
        '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        other => other,
    };
    let visible = |c: &char| !is_invisible(*c) && !matches!(c, '\u{200C}' | '\u{200D}');
    text.chars().filter(visible).map(sign).collect::<String>().into()
}

impl Untidy for EmailAddress {
    type Error = EmailError;

    fn untidy(text: &str) -> Result<TidiedValue<Self>, EmailError> {
        // Quotation marks that came along; no address begins with one.
        let text = text.trim_start_matches(['\'', '\u{2018}', '\u{2019}', '`']);
        if let Ok(value) = text.parse() {
            return Ok(TidiedValue { value, left_out: false });
        }
        let text = plain(text);
        let (text, mut words) = written_out(&text);
        if !text.contains('@') {
            return Err(EmailError::NoAt);
        }
        let mut found: Vec<Self> = Vec::new();
        let (mut wrong, mut strangers) = (None, false);
        for part in text.split([
            '<', '>', '(', ')', '[', ']', '{', '}', '"', '\u{201c}', '\u{201d}', ',', ';', '|', '\n', '\r',
        ]) {
            // "Mum: ann@home.example", "ann@home.example - mum".
            for part in part.split(" - ").flat_map(|part| part.split(": ")) {
                let tokens: Vec<&str> = part.split_whitespace().collect();
                let has_address = tokens.iter().any(|token| token.contains('@'));
                for token in tokens {
                    if !token.contains('@') {
                        words |= token.chars().any(char::is_alphanumeric);
                        // A word beside an address, with only a space between, can be a piece of it.
                        strangers |=
                            has_address && token.chars().any(char::is_alphanumeric) && !is_label(token);
                        continue;
                    }
                    match address(token) {
                        Ok((value, label)) => {
                            words |= label;
                            found.push(value);
                        }
                        Err(error) => wrong = Some(error),
                    }
                }
            }
        }
        if found.len() > 1 && found.iter().any(|other| !found[0].is_mailbox(other.as_str())) {
            return Err(EmailError::Several);
        }
        match (found.into_iter().next(), wrong) {
            (Some(_), Some(_)) => Err(EmailError::Several),
            (Some(_), None) | (None, Some(_)) if strangers => Err(EmailError::Space),
            (Some(value), None) => Ok(TidiedValue { value, left_out: words }),
            (None, wrong) => Err(wrong.unwrap_or(EmailError::NoAt)),
        }
    }
}

/// Reads an address with a link's scheme before it or a stop after it; also returns whether a label was before it.
fn address(token: &str) -> Result<(EmailAddress, bool), EmailError> {
    let ends = ['.', ',', ':', ';', '\'', '\u{2018}', '\u{2019}', '`', '/', '\\', '*', '!', '='];
    let mut token = token.trim_matches(ends);
    let mut label = false;
    while let Some((before, after)) = token.split_once(':') {
        label |= !before.eq_ignore_ascii_case("mailto") && !before.eq_ignore_ascii_case("smtp");
        token = after.trim_start_matches(['/', ' ']);
    }
    // mailto:ann@home.example?subject=…
    let token =
        token.split_once('?').filter(|(before, _)| before.contains('@')).map_or(token, |(before, _)| before);
    Ok((token.parse()?, label))
}

/// "ann @ home.example" and "ann (at) home (dot) example" as addresses; returns whether words were read as signs.
fn written_out(text: &str) -> (String, bool) {
    let mut text = text.to_owned();
    let in_words = !text.contains('@');
    if in_words {
        for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
            for (word, sign) in [("at", "@"), ("AT", "@"), ("dot", "."), ("DOT", ".")] {
                let written = format!("{open}{word}{close}");
                for spaced in [format!(" {written} "), written] {
                    text = text.replace(&spaced, sign);
                }
            }
        }
    }
    for sign in ["@", "."] {
        // A stop with a space after it can end a sentence; an at sign cannot.
        let around: &[&str] = if sign == "@" { &[" @ ", "@ ", " @"] } else { &[" . "] };
        for spaced in around {
            while text.contains(spaced) {
                text = text.replace(spaced, sign);
            }
        }
    }
    let in_words = in_words && text.contains('@');
    (text, in_words)
}

impl Untidy for PhoneNumber {
    type Error = PhoneError;

    fn untidy(text: &str) -> Result<TidiedValue<Self>, PhoneError> {
        if let Ok(value) = text.parse() {
            let (value, left_out) = from_abroad(value);
            return Ok(TidiedValue { value, left_out });
        }
        let text = ascii_digits(text);
        let (text, mut words) = without_remarks(&plain(&text).replace(['#', '\u{D7}'], " x "));
        let (mut found, mut wrong): (Vec<Self>, _) = (Vec::new(), None);
        for part in text.split([';', '|', '&', '\n', '\r']) {
            for number in numbers(part, &mut words)? {
                let digits = number.bytes().filter(u8::is_ascii_digit).count();
                match number.parse() {
                    Ok(number) => {
                        let (number, left_out) = from_abroad(number);
                        words |= left_out;
                        found.push(number);
                    }
                    // Digits that are no number by themselves: "after 5".
                    Err(_) if digits < 7 => words = true,
                    Err(_) if digits > 15 => wrong = Some(PhoneError::Several),
                    Err(error) => wrong = Some(error),
                }
            }
        }
        match (found.first(), wrong) {
            (Some(first), None) if found.iter().all(|other| other == first) => {
                Ok(TidiedValue { value: first.clone(), left_out: words })
            }
            (Some(_), _) => Err(PhoneError::Several),
            (None, wrong) => Err(wrong.unwrap_or(PhoneError::Digits)),
        }
    }
}

/// Takes out brackets with words in them, "(mum, after 5)"; returns whether there were any.
fn without_remarks(text: &str) -> (String, bool) {
    let (mut kept, mut any) = (String::with_capacity(text.len()), false);
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        kept.push_str(&rest[..open]);
        let inside = &rest[open + 1..];
        let Some(close) = inside.find(')') else {
            // A bracket that is not closed is a remark until the end, or a stray sign.
            let is_remark = inside.chars().any(char::is_alphabetic);
            any |= is_remark;
            rest = if is_remark { "" } else { inside };
            continue;
        };
        if inside[..close].chars().any(char::is_alphabetic) {
            any = true;
            kept.push(' ');
        } else {
            kept.push_str(&rest[open..open + close + 2]);
        }
        rest = &inside[close + 1..];
    }
    kept.push_str(rest);
    (kept, any)
}

/// A token with digits and letters.
enum Mixed<'a> {
    /// "x123": a number inside a building.
    Extension,
    /// "Mum:07700", "m07700900118".
    After(&'a str),
    /// "0018x123", "900118mum".
    Before(&'a str),
}

/// The runs of digits in a text, each with what stands between the digits of one number. Words end a run; letters that
/// touch digits without a reason make it impossible to say what the number is.
fn numbers(text: &str, words: &mut bool) -> Result<Vec<String>, PhoneError> {
    let mut runs = vec![String::new()];
    let mut is_extension = false;
    let mut put = |run: &str, is_new: bool| {
        if is_new {
            runs.push(String::new());
        }
        if let Some(last) = runs.last_mut().filter(|_| !run.is_empty()) {
            last.push(' ');
            last.push_str(run);
        }
    };
    for token in text.split_whitespace() {
        let token =
            token.trim_matches(['\'', '"', '*', ',', ':', '~', '=', '<', '>', '\u{2018}', '\u{2019}']);
        let has_letters = token.contains(char::is_alphabetic);
        let has_digits = token.contains(|c: char| c.is_ascii_digit());
        match (has_letters, has_digits) {
            (false, true) if std::mem::take(&mut is_extension) => *words = true,
            (false, _) => put(&token.replace([',', '_', '\u{B7}'], " "), false),
            (true, false) => {
                *words |= !is_telephone(token);
                is_extension = is_extension_word(token);
                put("", true);
            }
            (true, true) => match mixed(token)? {
                Mixed::Extension => {
                    *words = true;
                    put("", true);
                }
                Mixed::After(number) => {
                    *words |= !token.get(..3).is_some_and(is_telephone);
                    put(number, true);
                }
                Mixed::Before(number) => {
                    *words = true;
                    put(number, false);
                    put("", true);
                }
            },
        }
    }
    let has_digits = |run: &String| run.contains(|c: char| c.is_ascii_digit());
    Ok(runs.into_iter().map(|run| run.trim().to_owned()).filter(has_digits).collect())
}

fn is_telephone(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ':']);
    ["tel", "phone", "telephone", "t"].iter().any(|label| label.eq_ignore_ascii_case(word))
}

fn is_extension_word(word: &str) -> bool {
    let word = word.trim_matches(['.', ':', '-']);
    ["ext", "extn", "extension", "x", "ex"].iter().any(|of| of.eq_ignore_ascii_case(word))
}

fn mixed(token: &str) -> Result<Mixed<'_>, PhoneError> {
    const APART: [char; 5] = [':', '.', '-', '/', '='];
    let is_number = |text: &str| !text.contains(char::is_alphabetic);
    let letters = token.find(char::is_alphabetic).unwrap_or(token.len());
    let (number, rest) = token.split_at(letters);
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    let number = number.trim_matches(['(', ' ']);
    if !is_number(after) {
        return Err(PhoneError::Letters);
    }
    let digits_after = after.bytes().filter(u8::is_ascii_digit).count();
    if number.is_empty() {
        return if is_extension_word(word) && digits_after <= 6 {
            Ok(Mixed::Extension)
        } else if after.starts_with(APART) || is_label(word) {
            Ok(Mixed::After(after.trim_start_matches(APART)))
        } else {
            Err(PhoneError::Letters)
        };
    }
    let is_extension = is_extension_word(word) && digits_after <= 6;
    if is_extension || digits_after == 0 && (number.ends_with(APART) || is_label(word)) {
        Ok(Mixed::Before(number.trim_end_matches(APART)))
    } else {
        Err(PhoneError::Letters)
    }
}

#[cfg(test)]
#[path = "untidy_tests.rs"]
mod tests;
