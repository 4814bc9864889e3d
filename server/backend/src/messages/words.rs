//! Formats times and numbers in a recipient's language and country, by the rules of Unicode CLDR.

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};
use chrono_tz::Tz;
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::{Date, DateTime as DateAndTime, Time};
use icu_locale_core::Locale;

use crate::{Error, Result};

/// Formats the times and numbers of one message.
#[derive(Debug, Clone)]
pub struct MessageFormatter {
    locale: Locale,
    zone: Tz,
}

impl MessageFormatter {
    /// Creates the formats for a message written in `language` to a recipient whose language is `recipient`,
    /// both BCP 47 tags. A message in English has American dates for a reader of `en-US`, and British ones
    /// for a reader of German, like the rest of Greencap's English.
    pub fn new(language: &str, recipient: &str, zone: Tz) -> Self {
        let same = primary(recipient).eq_ignore_ascii_case(primary(language));
        let tag = if same { recipient } else { language };
        let tag = if tag.eq_ignore_ascii_case("en") { "en-GB" } else { tag };
        let locale = tag.parse().unwrap_or(icu_locale_core::locale!("en-GB"));
        Self { locale, zone }
    }

    /// Formats the day of a time, such as "5 December 2026".
    pub fn day(&self, at: DateTime<Utc>) -> Result<String> {
        self.date(at.with_timezone(&self.zone).date_naive())
    }

    /// Formats a day of the calendar.
    pub fn date(&self, day: NaiveDate) -> Result<String> {
        let formatter =
            DateTimeFormatter::try_new(self.locale.clone().into(), YMD::long()).map_err(Error::unexpected)?;
        let date =
            Date::try_new_iso(day.year(), part(day.month()), part(day.day())).map_err(Error::unexpected)?;
        Ok(formatter.format(&date).to_string())
    }

    /// Formats a time to the minute, such as "5 December 2026 at 09:00".
    pub fn moment(&self, at: DateTime<Utc>) -> Result<String> {
        let formatter = DateTimeFormatter::try_new(self.locale.clone().into(), YMD::long().with_time_hm())
            .map_err(Error::unexpected)?;
        let at = at.with_timezone(&self.zone);
        let date =
            Date::try_new_iso(at.year(), part(at.month()), part(at.day())).map_err(Error::unexpected)?;
        let time = Time::try_new(part(at.hour()), part(at.minute()), 0, 0).map_err(Error::unexpected)?;
        Ok(formatter.format(&DateAndTime { date, time }).to_string())
    }
}

/// Converts a month, day, hour or minute, which always fit.
fn part(number: u32) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

/// The language subtag of a BCP 47 tag.
pub(super) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_reader_writes_them_in_the_language_of_the_message() {
        let at = DateTime::from_timestamp(1_796_465_100, 0).unwrap();
        let written = |language, recipient| {
            let words = MessageFormatter::new(language, recipient, Tz::Europe__London);
            (words.day(at).unwrap(), words.moment(at).unwrap())
        };
        let british = ("5 December 2026".to_owned(), "5 December 2026 at 10:05".to_owned());
        assert_eq!(written("en", "en"), british);
        assert_eq!(written("en", "en-GB"), british);
        assert_eq!(written("en", "de-CH"), british, "an English message has English dates");
        assert_eq!(written("en", "not a tag"), british);
        assert_eq!(written("en", "en-US").0, "December 5, 2026");
        assert_eq!(written("de", "de").0, "5. Dezember 2026");
        assert_eq!(written("ja", "ja-JP").0, "2026\u{5e74}12\u{6708}5\u{65e5}");
        let abroad = MessageFormatter::new("en", "en", Tz::Asia__Tokyo);
        assert_eq!(abroad.moment(at).unwrap(), "5 December 2026 at 19:05");
    }
}
