//! Dates as written in files.
//!
//! Most spellings say by themselves which day they mean. Three numbers, such as 03/04/2012, do not: [`DateOrder`]
//! is the order in which one file writes them, decided by all dates of the file ([`evidence`]) or by a person.

pub mod evidence;
mod named;
mod nothing;
mod pieces;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::nothing::is_no_date;
use self::pieces::{Piece, pieces};

/// The order of three numbers that are a date. One file has one order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DateOrder {
    /// 03/04/2012 is 3 April. The order where no date of a file depends on it.
    #[default]
    #[serde(rename = "dmy")]
    DayFirst,
    /// 03/04/2012 is 4 March.
    #[serde(rename = "mdy")]
    MonthFirst,
    /// 12-04-03 is 3 April 2012.
    #[serde(rename = "ymd")]
    YearFirst,
}

impl DateOrder {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::DayFirst, Self::MonthFirst, Self::YearFirst];

    /// The name on the command line and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::DayFirst => "dmy",
            Self::MonthFirst => "mdy",
            Self::YearFirst => "ymd",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.slug() == slug)
    }

    /// The order in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::DayFirst => "day, month, year",
            Self::MonthFirst => "month, day, year",
            Self::YearFirst => "year, month, day",
        }
    }
}

/// An invalid date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Write the date as 2012-04-03 or 03/04/2012.")]
pub struct DateError;

/// A date as it is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SpelledDate {
    /// A spelling that names one day.
    Day(NaiveDate),
    /// Three numbers, whose order the file decides: each with its number of digits.
    Numbers([(u32, usize); 3]),
}

impl SpelledDate {
    /// The day, if there is one in this order.
    pub(crate) fn in_order(self, order: DateOrder) -> Option<NaiveDate> {
        let [a, b, c] = match self {
            Self::Day(day) => return Some(day),
            Self::Numbers(numbers) => numbers,
        };
        let (year_at, month, day) = match order {
            DateOrder::DayFirst => (c, b, a),
            DateOrder::MonthFirst => (c, a, b),
            DateOrder::YearFirst => (a, b, c),
        };
        (month.1 <= 2 && day.1 <= 2).then(|| date(year(year_at)?, month.0, day.0)).flatten()
    }
}

/// A year of four digits, or of two: up to 49 is this century, from 50 the last.
fn year((value, digits): (u32, usize)) -> Option<i32> {
    let value = i32::try_from(value).ok()?;
    match digits {
        // People who are on no roll are older, and plans end earlier.
        4 => (1800..=2200).contains(&value).then_some(value),
        2 if value < 50 => Some(2000 + value),
        2 => Some(1900 + value),
        _ => None,
    }
}

fn date(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Reads how a date is spelled: ISO 8601 (with or without hyphens), three numbers, a month in words with a weekday or
/// an ordinal around it, or a spreadsheet's day number. A time after it is ignored: with a zone, the day is the one in
/// that zone.
pub(crate) fn spelled(text: &str) -> Option<SpelledDate> {
    let text = text.trim();
    if let Some(day) = iso(text.as_bytes()) {
        return Some(SpelledDate::Day(day));
    }
    if let Some(numbers) = three_numbers(text.as_bytes()) {
        return Some(SpelledDate::Numbers(numbers));
    }
    let pieces = pieces(text)?;
    match pieces.as_slice() {
        [Piece::Number(number, digits)] => run_of_digits(*number, *digits),
        // A day number of a spreadsheet with a time of day: 41002.5.
        [Piece::Number(number, 5), Piece::Number(..)] if text.contains(['.', ',']) => {
            serial(*number).map(SpelledDate::Day)
        }
        [Piece::Number(a, len), Piece::Number(b, 1..=2), Piece::Number(c, 1..=2)] if *len == 4 => {
            date(year((number(*a)?, 4))?, number(*b)?, number(*c)?).map(SpelledDate::Day)
        }
        [
            Piece::Number(a, a_digits @ 1..=2),
            Piece::Number(b, b_digits @ 1..=2),
            Piece::Number(c, c_digits),
        ] if matches!(c_digits, 1 | 2 | 4) => {
            let numbers = [(number(*a)?, *a_digits), (number(*b)?, *b_digits), (number(*c)?, *c_digits)];
            Some(SpelledDate::Numbers(numbers))
        }
        [Piece::Number(a, 4), Piece::Month(month), Piece::Number(c, 1..=2)] => {
            date(year((number(*a)?, 4))?, *month, number(*c)?).map(SpelledDate::Day)
        }
        [Piece::Number(day, 1..=2), Piece::Month(month), Piece::Number(y, digits)]
        | [Piece::Month(month), Piece::Number(day, 1..=2), Piece::Number(y, digits)] => {
            date(year((number(*y)?, *digits))?, *month, number(*day)?).map(SpelledDate::Day)
        }
        _ => None,
    }
}

fn number(value: u64) -> Option<u32> {
    u32::try_from(value).ok()
}

/// The value of digits; `None` if one of them is none.
fn value(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

/// 2012-04-03 and nothing else: the most common spelling, without looking at its pieces.
fn iso(text: &[u8]) -> Option<NaiveDate> {
    if text.len() != 10 || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    date(year((value(&text[..4])?, 4))?, value(&text[5..7])?, value(&text[8..])?)
}

/// 03/04/2012 and nothing else: the second most common.
fn three_numbers(text: &[u8]) -> Option<[(u32, usize); 3]> {
    if text.len() != 10 || text[2] != text[5] || !matches!(text[2], b'/' | b'.' | b'-') {
        return None;
    }
    Some([(value(&text[..2])?, 2), (value(&text[3..5])?, 2), (value(&text[6..])?, 4)])
}

/// Digits without anything between them: 20120403, 03042012, 120403, 20120403000000, or a spreadsheet's day number.
fn run_of_digits(value: u64, digits: usize) -> Option<SpelledDate> {
    let year_first = |value: u64| {
        date(year((number(value / 10_000)?, 4))?, number(value / 100 % 100)?, number(value % 100)?)
            .map(SpelledDate::Day)
    };
    let three = |last: u64, last_digits: usize| {
        let rest = value / last;
        Some(SpelledDate::Numbers([
            (number(rest / 100)?, 2),
            (number(rest % 100)?, 2),
            (number(value % last)?, last_digits),
        ]))
    };
    match digits {
        5 => serial(value).map(SpelledDate::Day),
        6 => three(100, 2),
        8 => year_first(value).or_else(|| three(10_000, 4)),
        // With a time, as databases write it.
        12 => year_first(value / 10_000),
        14 => year_first(value / 1_000_000),
        _ => None,
    }
}

/// Days since 30 December 1899, as in spreadsheets (ECMA-376 part 1, section 18.17.4.1): 1927 to 2119, which covers
/// dates of birth and school years.
fn serial(value: u64) -> Option<NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    (10_000..=80_000).contains(&value).then(|| epoch.checked_add_days(Days::new(value))).flatten()
}

/// Whether a text is a date in some spelling.
pub fn looks_like_a_date(text: &str) -> bool {
    spelled(text).is_some_and(|date| DateOrder::ALL.into_iter().any(|order| date.in_order(order).is_some()))
}

/// Reads a date whose numbers, if it is three numbers, are in this order.
pub fn parse_date(text: &str, order: DateOrder) -> Result<NaiveDate, DateError> {
    spelled(text).and_then(|date| date.in_order(order)).ok_or(DateError)
}

/// Whether a text is a date in one of the usual orders.
pub fn is_written_date(text: &str) -> bool {
    [DateOrder::DayFirst, DateOrder::MonthFirst].into_iter().any(|order| parse_date(text, order).is_ok())
}

#[cfg(test)]
mod tests;
