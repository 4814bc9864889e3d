//! Times in the words of the design: "Today 08:12", "3 Nov 10:20", "3 Nov 2025 10:20".

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};

/// A moment on the school's clocks, told on `today`.
pub fn moment(local: NaiveDateTime, today: NaiveDate) -> String {
    let time = local.format("%H:%M");
    if local.date() == today {
        format!("Today {time}")
    } else {
        format!("{} {time}", short_day(local.date(), today))
    }
}

/// A day as forms and records show it: "18 November 2025".
pub fn long_day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// A day in short, with its year when that is not this one: "3 Nov", "3 Nov 2025".
fn short_day(day: NaiveDate, today: NaiveDate) -> String {
    if day.year() == today.year() {
        day.format("%-d %b").to_string()
    } else {
        day.format("%-d %b %Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_needs_no_date_and_this_year_no_year() {
        let today = NaiveDate::from_ymd_opt(2025, 11, 18).unwrap();
        let at = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap().and_hms_opt(8, 12, 59).unwrap();
        assert_eq!(moment(at(2025, 11, 18), today), "Today 08:12");
        assert_eq!(moment(at(2025, 11, 3), today), "3 Nov 08:12");
        assert_eq!(moment(at(2024, 11, 18), today), "18 Nov 2024 08:12");
    }
}
