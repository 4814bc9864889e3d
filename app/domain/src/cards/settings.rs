//! The settings for cards.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::settings::{Guard, InvalidSetting, Setting, SettingScope, SettingValue, SettingsPage};

/// Their settings page.
pub const CARDS_PAGE: SettingsPage = SettingsPage {
    path: "/settings/cards",
    name: "Passwords on cards",
    lead: "Passwords that are made for people and printed on cards work once, and only for some days. People who use one choose a password of their own.",
    in_application: false,
};

/// How long a card works.
pub const CARD_DAYS: Setting<CardDays> = Setting {
    slug: "card_days",
    label: "Days a printed password works, 1 to 60",
    hint: |_| "Cards that are printed already keep the days they were printed with.".to_owned(),
    page: &CARDS_PAGE,
    scope: SettingScope::School,
    guard: Guard::Open,
    default: || CardDays::USUAL,
};

/// The number of days a card works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct CardDays(i32);

/// An invalid number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a whole number of days from 1 to 60.")]
pub struct CardDaysError;

impl CardDays {
    /// The default: two school weeks.
    pub const USUAL: Self = Self(14);
}

impl FromStr for CardDays {
    type Err = CardDaysError;

    fn from_str(text: &str) -> Result<Self, CardDaysError> {
        text.trim().parse::<i32>().map_err(|_| CardDaysError)?.try_into()
    }
}

impl TryFrom<i32> for CardDays {
    type Error = CardDaysError;

    fn try_from(days: i32) -> Result<Self, CardDaysError> {
        if (1..=60).contains(&days) { Ok(Self(days)) } else { Err(CardDaysError) }
    }
}

impl From<CardDays> for i32 {
    fn from(days: CardDays) -> Self {
        days.0
    }
}

impl SettingValue for CardDays {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        typed.parse().map_err(|error: CardDaysError| InvalidSetting(error.to_string()))
    }

    fn typed(&self) -> String {
        self.0.to_string()
    }
}
