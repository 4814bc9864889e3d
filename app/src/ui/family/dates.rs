//! Days and months in the page's language.

use chrono::{DateTime, Datelike as _, FixedOffset, Month, NaiveDate, Weekday};
use leptos_i18n::td_string;

use crate::i18n::Locale;

/// A full date with the time.
pub fn moment(locale: Locale, at: DateTime<FixedOffset>) -> String {
    format!("{}, {}", date(locale, at.date_naive()), at.format("%H:%M"))
}

/// A full date.
pub fn date(locale: Locale, day: NaiveDate) -> String {
    td_string!(locale, portal.home.born_date, day = day.day(), month = month(locale, day), year = day.year())
}

/// The name of a day of the week.
pub fn weekday(locale: Locale, day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => td_string!(locale, portal.weekday.mon),
        Weekday::Tue => td_string!(locale, portal.weekday.tue),
        Weekday::Wed => td_string!(locale, portal.weekday.wed),
        Weekday::Thu => td_string!(locale, portal.weekday.thu),
        Weekday::Fri => td_string!(locale, portal.weekday.fri),
        Weekday::Sat => td_string!(locale, portal.weekday.sat),
        Weekday::Sun => td_string!(locale, portal.weekday.sun),
    }
}

/// The name of a day's month.
pub fn month(locale: Locale, day: NaiveDate) -> &'static str {
    match month_of(day) {
        Month::January => td_string!(locale, portal.month.jan),
        Month::February => td_string!(locale, portal.month.feb),
        Month::March => td_string!(locale, portal.month.mar),
        Month::April => td_string!(locale, portal.month.apr),
        Month::May => td_string!(locale, portal.month.may),
        Month::June => td_string!(locale, portal.month.jun),
        Month::July => td_string!(locale, portal.month.jul),
        Month::August => td_string!(locale, portal.month.aug),
        Month::September => td_string!(locale, portal.month.sep),
        Month::October => td_string!(locale, portal.month.oct),
        Month::November => td_string!(locale, portal.month.nov),
        Month::December => td_string!(locale, portal.month.dec),
    }
}

/// The short name of a day's month.
pub fn short_month(locale: Locale, day: NaiveDate) -> &'static str {
    match month_of(day) {
        Month::January => td_string!(locale, portal.short_month.jan),
        Month::February => td_string!(locale, portal.short_month.feb),
        Month::March => td_string!(locale, portal.short_month.mar),
        Month::April => td_string!(locale, portal.short_month.apr),
        Month::May => td_string!(locale, portal.short_month.may),
        Month::June => td_string!(locale, portal.short_month.jun),
        Month::July => td_string!(locale, portal.short_month.jul),
        Month::August => td_string!(locale, portal.short_month.aug),
        Month::September => td_string!(locale, portal.short_month.sep),
        Month::October => td_string!(locale, portal.short_month.oct),
        Month::November => td_string!(locale, portal.short_month.nov),
        Month::December => td_string!(locale, portal.short_month.dec),
    }
}

/// A date's month as an enum, so that a match needs no fallback.
fn month_of(day: NaiveDate) -> Month {
    u8::try_from(day.month()).ok().and_then(|number| Month::try_from(number).ok()).unwrap_or(Month::January)
}
