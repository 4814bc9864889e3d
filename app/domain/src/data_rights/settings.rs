//! How long some kinds of data are kept, as an organisation chooses.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::settings::{Guard, InvalidSetting, Setting, SettingScope, SettingValue, SettingsPage};

/// A number of days: 7 to 1100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct KeptDays(i32);

/// An invalid number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a whole number of days from 7 to 1100, such as 30.")]
pub struct KeptDaysError;

impl TryFrom<i32> for KeptDays {
    type Error = KeptDaysError;

    fn try_from(days: i32) -> Result<Self, KeptDaysError> {
        if (7..=1100).contains(&days) { Ok(Self(days)) } else { Err(KeptDaysError) }
    }
}

impl FromStr for KeptDays {
    type Err = KeptDaysError;

    fn from_str(text: &str) -> Result<Self, KeptDaysError> {
        text.trim().parse::<i32>().map_err(|_| KeptDaysError)?.try_into()
    }
}

impl From<KeptDays> for i32 {
    fn from(days: KeptDays) -> Self {
        days.0
    }
}

impl SettingValue for KeptDays {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        typed.parse().map_err(|error: KeptDaysError| InvalidSetting(error.to_string()))
    }

    fn typed(&self) -> String {
        self.0.to_string()
    }
}

/// The page.
pub const KEPT_PAGE: SettingsPage = SettingsPage {
    path: "/settings/kept",
    name: "How long data is kept",
    lead: "Older data of these kinds is deleted every night. Everything else is listed under Data rights.",
    in_application: false,
};

/// How long messages are kept, counted from when they were queued. The clean-up of messages reads it by its slug.
pub const MESSAGES_DAYS: Setting<KeptDays> = Setting {
    slug: "messages_kept_days",
    label: "Days that sent messages are kept",
    hint: |_| {
        "Which message went to whom, and whether it arrived. An invitation\u{2019}s message is kept as long as the invitation.".to_owned()
    },
    page: &KEPT_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::Open,
    default: || KeptDays(30),
};

/// How long it is kept on which days an adult looked at a child. The clean-up of guardians reads it by its slug.
pub const VIEWS_DAYS: Setting<KeptDays> = Setting {
    slug: "views_kept_days",
    label: "Days that it is kept when an adult looked at a child",
    hint: |_| {
        "It says whether an adult uses the portal at all, which is asked about within a school year."
            .to_owned()
    },
    page: &KEPT_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::Open,
    default: || KeptDays(400),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_a_week_at_least_and_three_years_at_most() {
        assert_eq!(" 30 ".parse(), KeptDays::try_from(30));
        for wrong in ["", "6", "1101", "a month", "-30", "30.5"] {
            assert_eq!(wrong.parse::<KeptDays>(), Err(KeptDaysError), "{wrong}");
        }
    }
}
