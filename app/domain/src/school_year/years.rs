//! School years as people name them.

use chrono::{Datelike as _, Months, NaiveDate};

/// The day after which a year begins, where none is recorded: 1 September in most of Europe.
const FIRST_MONTH: u32 = 9;

/// The first and last day of a year with this name, where the school has recorded none: "2026/27" and "2026" are from
/// 1 September 2026 to 31 August 2027. `None` if it is no such name.
pub fn usual_days(name: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (first, second) = match name.split_once(['/', '-', '\u{2013}']) {
        Some((first, second)) => (first.trim(), Some(second.trim())),
        None => (name.trim(), None),
    };
    let year: i32 = Some(first).filter(|first| first.len() == 4)?.parse().ok()?;
    let fits = second.is_none_or(|second| {
        let next = (year + 1).to_string();
        second == next || second.len() == 2 && next.ends_with(second)
    });
    let starts = NaiveDate::from_ymd_opt(year, FIRST_MONTH, 1).filter(|_| fits)?;
    Some((starts, NaiveDate::from_ymd_opt(year + 1, FIRST_MONTH, 1)?.pred_opt()?))
}

/// The name of the year that begins on a day: "2026/27".
pub fn name_from(starts: NaiveDate) -> String {
    format!("{}/{:02}", starts.year(), (starts.year() + 1).rem_euclid(100))
}

/// The days of the year after one that ends on this day and began on that.
pub fn days_after(starts: NaiveDate, ends: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let next = ends.succ_opt()?;
    // As long as the one before, to the day of the calendar.
    let last = ends.checked_add_months(Months::new(12))?;
    (last > next && starts < ends).then_some((next, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_read_as_people_write_it() {
        let expected = (NaiveDate::from_ymd_opt(2026, 9, 1), NaiveDate::from_ymd_opt(2027, 8, 31));
        for name in ["2026/27", "2026", "2026/2027", "2026-27", "2026 \u{2013} 2027"] {
            let (starts, ends) = usual_days(name).unwrap();
            assert_eq!((Some(starts), Some(ends)), expected, "{name}");
            assert_eq!(name_from(starts), "2026/27");
        }
        for name in ["2026/28", "26/27", "next", "", "2026/", "20266"] {
            assert_eq!(usual_days(name), None, "{name}");
        }
        let (starts, ends) = usual_days("2026").unwrap();
        assert_eq!(days_after(starts, ends), usual_days("2027"));
    }
}
