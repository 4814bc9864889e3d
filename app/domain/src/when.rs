//! Times as the design writes them: "Today 08:12", "3 Nov 10:20", "3 Nov 2025 10:20".
//!
//! For staff, so in English. Not formatted by `chrono`, whose format parser would add 30 kB of WebAssembly to
//! every first visit (decision 0009).

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use thiserror::Error;

/// Text that is not a day, or one that no school needs and PostgreSQL may not be able to store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter the date in the format 2026-09-01.")]
pub struct DayError;

/// Reads a day as date fields send it, `2026-09-01`, in a year from 1900 to 2199; `None` if it is empty.
pub fn typed_day(text: &str) -> Result<Option<NaiveDate>, DayError> {
    match text.trim() {
        "" => Ok(None),
        text => text
            .parse()
            .ok()
            .filter(|day: &NaiveDate| (1900..2200).contains(&day.year()))
            .map(Some)
            .ok_or(DayError),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(day: &impl Datelike) -> &'static str {
    MONTHS[day.month0() as usize]
}

/// The time of day: "08:12".
pub fn clock(time: &impl Timelike) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A short date without the year: "3 Nov".
pub fn day_and_month(day: &impl Datelike) -> String {
    format!("{} {}", day.day(), &month(day)[..3])
}

/// A short date with the year: "3 Nov 2025".
pub fn short_date(day: &impl Datelike) -> String {
    format!("{} {}", day_and_month(day), day.year())
}

/// A moment in the school's time zone, relative to `today`.
pub fn moment(local: NaiveDateTime, today: NaiveDate) -> String {
    let time = clock(&local);
    if local.date() == today {
        format!("Today {time}")
    } else {
        format!("{} {time}", short_day(&local, today.year()))
    }
}

/// A moment as it continues a sentence: "today at 08:12", "on 3 Nov at 10:20".
pub fn at_moment(local: NaiveDateTime, today: NaiveDate) -> String {
    let time = clock(&local);
    if local.date() == today {
        format!("today at {time}")
    } else {
        format!("on {} at {time}", short_day(&local, today.year()))
    }
}

/// A date as forms and records show it: "18 November 2025".
pub fn long_day(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month(&day), day.year())
}

/// A short date, with the year unless it is `this_year`: "3 Nov", "3 Nov 2025".
pub fn short_day(day: &impl Datelike, this_year: i32) -> String {
    if day.year() == this_year { day_and_month(day) } else { short_date(day) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_day_is_one_that_a_calendar_of_the_school_has() {
        let day = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
        assert_eq!(typed_day(" 2026-09-01 "), Ok(Some(day)));
        assert_eq!(typed_day(" "), Ok(None));
        for wrong in
            ["-4713-01-01", "0001-01-01", "+262142-12-31", "2026-02-30", "1 Sept", "2026-09-01T00:00"]
        {
            assert_eq!(typed_day(wrong), Err(DayError), "{wrong}");
        }
    }

    #[test]
    fn today_needs_no_date_and_this_year_no_year() {
        let today = NaiveDate::from_ymd_opt(2025, 11, 18).unwrap();
        let at = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap().and_hms_opt(8, 12, 59).unwrap();
        assert_eq!(moment(at(2025, 11, 18), today), "Today 08:12");
        assert_eq!(moment(at(2025, 11, 3), today), "3 Nov 08:12");
        assert_eq!(moment(at(2024, 11, 18), today), "18 Nov 2024 08:12");
        assert_eq!(at_moment(at(2025, 11, 18), today), "today at 08:12");
        assert_eq!(at_moment(at(2024, 11, 3), today), "on 3 Nov 2024 at 08:12");
    }

    #[test]
    fn every_day_of_two_years_is_told_as_chrono_would() {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        for day in first.iter_days().take(731) {
            assert_eq!(long_day(day), day.format("%-d %B %Y").to_string());
            assert_eq!(short_date(&day), day.format("%-d %b %Y").to_string());
            let time = day.and_hms_opt(day.day() % 24, day.day(), 0).unwrap();
            assert_eq!(clock(&time), time.format("%H:%M").to_string());
        }
    }
}
