//! Dates as written in files.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The order of day and month in a date such as 03/04/2012.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// 3 April: what British and most other schools write, and the default if a column does not show its
    /// order.
    #[default]
    DayFirst,
    /// 4 March.
    MonthFirst,
}

/// An invalid date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Write the date as 2012-04-03 or 03/04/2012.")]
pub struct DateError;

/// The first three letters of the months in English.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Evidence of a column's date order, collected value by value. A single 25/12/2012 can settle it.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct OrderEvidence {
    day_first: usize,
    month_first: usize,
}

impl OrderEvidence {
    /// Considers one value of the column.
    pub fn note(&mut self, text: &str) {
        // Most values of most columns are no dates.
        if !text.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
            return;
        }
        if let Some((first, second)) = two_numbers_and_year(text) {
            if first > 12 && second <= 12 {
                self.day_first += 1;
            } else if second > 12 && first <= 12 {
                self.month_first += 1;
            }
        }
    }

    /// Returns the order that fits most values.
    pub fn order(self) -> DateOrder {
        if self.month_first > self.day_first { DateOrder::MonthFirst } else { DateOrder::DayFirst }
    }
}

/// Splits a date into numbers and words, without a time after it.
fn parts(text: &str) -> Option<[&str; 3]> {
    // "2 Sep 2026" has spaces inside; "2026-09-02 00:00:00" and "2026-09-02T00:00:00" end with a time.
    let text = text.trim();
    let before_time =
        text.split_once(' ').or_else(|| text.split_once('T').filter(|(_, time)| time.contains(':')));
    let date =
        before_time.map(|(date, _)| date).filter(|date| date.contains(['-', '/', '.'])).unwrap_or(text);
    let mut parts = date.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let found = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(found)
}

fn number(part: &str) -> Option<u32> {
    (part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
}

fn two_numbers_and_year(text: &str) -> Option<(u32, u32)> {
    let [first, second, _] = parts(text)?;
    (first.len() <= 2).then(|| Some((number(first)?, number(second)?))).flatten()
}

/// A two-digit year: up to 49 is this century, from 50 the last.
fn year(part: &str) -> Option<i32> {
    let value = i32::try_from(number(part)?).ok()?;
    match part.len() {
        4 => Some(value),
        2 if value < 50 => Some(2000 + value),
        2 => Some(1900 + value),
        _ => None,
    }
}

fn month(part: &str) -> Option<u32> {
    let word = part.to_lowercase();
    let at = MONTHS.iter().position(|name| word.starts_with(name))?;
    u32::try_from(at + 1).ok()
}

/// Parses a date: ISO 8601 (with or without hyphens; a time after it is ignored), numbers separated by
/// slashes, dots or hyphens in `order`, a month in English, or a spreadsheet's day number.
pub fn parse_date(text: &str, order: DateOrder) -> Result<NaiveDate, DateError> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return plain_number(text).ok_or(DateError);
    }
    let read = || {
        let [a, b, c] = parts(text)?;
        if a.len() == 4 && number(a).is_some() {
            return NaiveDate::from_ymd_opt(year(a)?, month(b).or_else(|| number(b))?, number(c)?);
        }
        if let Some(month) = month(b) {
            return NaiveDate::from_ymd_opt(year(c)?, month, number(a)?);
        }
        if let Some(month) = month(a) {
            return NaiveDate::from_ymd_opt(year(c)?, month, number(b)?);
        }
        let (day, month) = match order {
            DateOrder::DayFirst => (number(a)?, number(b)?),
            DateOrder::MonthFirst => (number(b)?, number(a)?),
        };
        NaiveDate::from_ymd_opt(year(c)?, month, day)
    };
    read().ok_or(DateError)
}

/// 20120403, or days since 30 December 1899, as in spreadsheets (ECMA-376 part 1, section 18.17.4.1).
fn plain_number(digits: &str) -> Option<NaiveDate> {
    let value: u32 = digits.parse().ok()?;
    match digits.len() {
        8 => NaiveDate::from_ymd_opt(i32::try_from(value / 10_000).ok()?, value / 100 % 100, value % 100),
        // 1927 to 2119, which covers dates of birth and school years.
        5 if (10_000..=80_000).contains(&value) => {
            NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(u64::from(value)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_usual_spellings_of_a_date_are_one_date() {
        let day = NaiveDate::from_ymd_opt(2012, 4, 3).unwrap();
        for text in [
            "2012-04-03",
            "20120403",
            "2012-04-03T00:00:00Z",
            "2012-04-03 00:00:00",
            "03/04/2012",
            "3.4.12",
            "03-04-2012",
            "3-APR-2012",
            "3 April 2012",
            "03-Apr-12",
            "Apr 3, 2012",
            "03/04/2012 00:00",
            "41002",
        ] {
            assert_eq!(parse_date(text, DateOrder::DayFirst), Ok(day), "{text}");
        }
        assert_eq!(parse_date("04/03/2012", DateOrder::MonthFirst), Ok(day));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["31/02/2012", "soon", "12", "2012", "1/2", "99/99/9999", "03/04/012", "123456789"] {
            assert_eq!(parse_date(text, DateOrder::DayFirst), Err(DateError), "{text}");
        }
    }

    #[test]
    fn one_telling_value_decides_the_order_of_its_column() {
        let order = |values: &[&str]| {
            let mut evidence = OrderEvidence::default();
            for value in values {
                evidence.note(value);
            }
            evidence.order()
        };
        assert_eq!(order(&["01/02/2012", "04/25/2012"]), DateOrder::MonthFirst);
        assert_eq!(order(&["01/02/2012", "25/04/2012"]), DateOrder::DayFirst);
        assert_eq!(order(&["01/02/2012", "", "x", "2012-12-25"]), DateOrder::DayFirst);
    }

    proptest! {
        #[test]
        fn a_date_written_in_either_order_is_read_back(days in 10_000i64..60_000) {
            let day = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::TimeDelta::days(days);
            prop_assert_eq!(parse_date(&day.format("%d/%m/%Y").to_string(), DateOrder::DayFirst), Ok(day));
            prop_assert_eq!(parse_date(&day.format("%m/%d/%Y").to_string(), DateOrder::MonthFirst), Ok(day));
            prop_assert_eq!(parse_date(&day.to_string(), DateOrder::DayFirst), Ok(day));
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,20}") {
            let _ = parse_date(&text, DateOrder::DayFirst);
            OrderEvidence::default().note(&text);
        }
    }
}
