//! Times in words, the same on the server and in the browser: both receive the current time and the school's
//! offset.

use chrono::{DateTime, Datelike as _, FixedOffset, Utc};
use domain::when::{at_moment, clock, short_day};
use leptos::prelude::*;

/// Puts times into words, using the time when the page was created and the school's offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeWords {
    /// When the page was created.
    pub now: DateTime<Utc>,
    /// The school's offset.
    pub offset: FixedOffset,
}

impl TimeWords {
    /// The words for this page.
    pub fn here() -> Self {
        expect_context()
    }

    /// "Today 08:12", "Yesterday", "14 Nov", or "14 Nov 2025" for another year.
    pub fn short(self, at: DateTime<Utc>) -> String {
        let at = at.with_timezone(&self.offset);
        let now = self.now.with_timezone(&self.offset);
        let days = (now.date_naive() - at.date_naive()).num_days();
        match days {
            0 => format!("Today {}", clock(&at)),
            1 => "Yesterday".to_owned(),
            _ => short_day(&at, now.year()),
        }
    }

    /// Continues "until": "08:12 today", "14 Nov", or "14 Nov 2025" for another year.
    pub fn until(self, at: DateTime<Utc>) -> String {
        let at = at.with_timezone(&self.offset);
        let now = self.now.with_timezone(&self.offset);
        if at.date_naive() == now.date_naive() {
            format!("{} today", clock(&at))
        } else {
            short_day(&at, now.year())
        }
    }

    /// Continues a sentence: "today at 08:12", "on 14 Nov at 08:12".
    pub fn at(self, at: DateTime<Utc>) -> String {
        let local = |time: DateTime<Utc>| time.with_timezone(&self.offset).naive_local();
        at_moment(local(at), local(self.now).date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_schools_clock_not_utc() {
        let offset = FixedOffset::east_opt(3600).unwrap();
        let words = TimeWords { now: DateTime::from_timestamp(1_795_251_600, 0).unwrap(), offset };
        let at = |seconds: i64| words.short(DateTime::from_timestamp(1_795_251_600 + seconds, 0).unwrap());
        assert_eq!(at(0), "Today 10:00");
        // 23:30 UTC the day before is half past midnight at the school.
        assert_eq!(at(-9 * 3600 - 1800), "Today 00:30");
        assert_eq!(at(-24 * 3600), "Yesterday");
        assert_eq!(words.at(words.now), "today at 10:00");
        assert_eq!(words.until(words.now), "10:00 today");
        assert_eq!(words.until(words.now + chrono::TimeDelta::days(30)), "21 Dec");
        assert_eq!(at(-8 * 24 * 3600), "13 Nov");
        assert_eq!(at(-400 * 24 * 3600), "17 Oct 2025");
    }
}
