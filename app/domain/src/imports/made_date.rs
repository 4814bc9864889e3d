//! Codes and groups that a spreadsheet has made dates: 3-4 became `03-Apr`, 13-3-2026 became `13/03/2026`.

use super::dates::{DateOrder, spelled};
use crate::fold::fold;

/// The months as spreadsheets shorten them, folded: English, German, French, Spanish, Italian, Portuguese, Dutch,
/// Polish, Czech, the languages of the North, Turkish, Indonesian and Russian.
#[rustfmt::skip]
const MONTHS: &[&str] = &[
    "jan", "janv", "ene", "gen", "sty", "led", "tammi", "oca", "янв",
    "feb", "fev", "fevr", "lut", "uno", "helmi", "sub", "фев",
    "mar", "mars", "marz", "mrz", "mrt", "maa", "bre", "maalis", "мар",
    "apr", "avr", "abr", "kwi", "dub", "huhti", "nis", "апр",
    "may", "mai", "mei", "mag", "maj", "kve", "touko", "mayis", "май", "маи",
    "jun", "juin", "juni", "giu", "cze", "cer", "kesa", "haz", "июн",
    "jul", "juil", "juli", "lug", "lip", "heina", "tem", "июл",
    "aug", "aou", "aout", "ago", "sie", "srp", "elo", "agu", "авг",
    "sep", "sept", "set", "wrz", "zar", "syys", "eyl", "сен",
    "oct", "okt", "out", "ott", "paz", "rij", "loka", "eki", "окт",
    "nov", "lis", "marras", "kas", "ноя",
    "dec", "dez", "dic", "gru", "pro", "joulu", "des", "ara", "дек",
];

/// Whether a text is a whole, valid date, in a form in which spreadsheets show one that they made of something else.
pub fn is_made_a_date(text: &str) -> bool {
    let text = text.trim();
    // Nothing longer is a date with a time.
    text.len() <= 40 && (has_month_in_words(text) || is_east_asian(text) || is_in_numbers(text))
}

/// `03-Apr`, `03. Apr`, `3/avr.`, `Apr-03`, `03-Apr-26`.
fn has_month_in_words(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    // Without any sign, "9 Mar" is class 9 of a teacher with these letters.
    let is_signed = text.contains(['-', '/', '.']);
    match parts.as_slice() {
        [day, month] if is_day(day) => is_signed && is_month(month),
        [month, year] => is_signed && is_month(month) && matches!(year.len(), 1 | 2 | 4) && is_number(year),
        [day, month, year] => {
            is_day(day) && is_month(&month.to_lowercase()) && matches!(year.len(), 2 | 4) && is_number(year)
        }
        _ => false,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_day(text: &str) -> bool {
    text.len() <= 2 && is_number(text) && text.parse().is_ok_and(|day: u32| (1..=31).contains(&day))
}

/// Whether a word is a month as spreadsheets write it; in capitals it can be the initials of a teacher.
fn is_month(word: &str) -> bool {
    let is_written = word.chars().skip(1).all(|c| !c.is_uppercase());
    is_written && word.chars().all(char::is_alphabetic) && MONTHS.contains(&fold(word).as_str())
}

/// 4月3日.
fn is_east_asian(text: &str) -> bool {
    let month_and_day = |month: char, day: char| {
        let (of, rest) = text.split_once(month)?;
        Some(is_day(of.trim()) && is_day(rest.trim().strip_suffix(day)?))
    };
    month_and_day('月', '日').or_else(|| month_and_day('월', '일')).unwrap_or(false)
}

/// `13/03/2026`, `3.4.2026`, `2026-04-03 00:00:00`: three numbers with one sign between them, one of which is a whole
/// year. `12/345`, `2026-0412` and `03/04/26` can be codes.
fn is_in_numbers(text: &str) -> bool {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let Some(sign) = date.chars().find(|c| matches!(c, '/' | '-' | '.')) else { return false };
    let parts: Vec<&str> = date.split(sign).collect();
    let [first, middle, last] = parts.as_slice() else { return false };
    let has_year = (first.len() == 4 && last.len() <= 2) || (first.len() <= 2 && last.len() == 4);
    let is_shaped = has_year && middle.len() <= 2 && parts.iter().all(|part| is_number(part));
    is_shaped
        && spelled(text).is_some_and(|date| {
            [DateOrder::DayFirst, DateOrder::MonthFirst]
                .into_iter()
                .any(|order| date.in_order(order).is_some())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_groups_that_became_dates_are_found() {
        for text in [
            "03-Apr",
            "3-Apr",
            "12-Mar",
            "Apr-03",
            "Apr-45",
            "Apr-2026",
            "2026-04-03",
            "2026-04-03 00:00:00",
            "2026-04-03T00:00:00",
            "13/03/2026",
            "03/04/2026",
            "3/4/2026",
            "4/13/2026",
            "03.04.2026",
            "13-03-2026",
            "2026/4/3",
            "03. Apr",
            "3. Apr.",
            "03-avr",
            "03-avr.",
            "3/abr",
            "03-ao\u{fb}t",
            "12. M\u{e4}rz",
            "03.kwi",
            "3-Apr-26",
            "03-APR-26",
            "03 Apr 2026",
            "4月3日",
            "04월 03일",
            "03.апр",
        ] {
            assert!(is_made_a_date(text), "{text}");
        }
    }

    #[test]
    fn codes_and_groups_that_are_no_dates_stay() {
        for text in [
            "3-4",
            "9B",
            "7-May-A",
            "2026-27",
            "2026/27",
            "Year 10",
            "10-11",
            "9Mar",
            "9 Mar",
            "9-MAR",
            "12/345",
            "2026-0412",
            "3-4512",
            "004512",
            "20260403",
            "31/02/2026",
            "2026-13-45",
            "12/04/26",
            "045/2026",
            "12/2026",
            "1/2/3",
            "2026.0412",
            "32-Mar",
            "A-12-2026",
            "7-Mary",
            "03/04/2026/7",
            "10.5",
            "4101.0",
            "",
            "-",
            "...",
        ] {
            assert!(!is_made_a_date(text), "{text}");
        }
    }
}
