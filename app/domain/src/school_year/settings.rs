//! The settings of a school for accounts that follow its roll.

use serde::{Deserialize, Serialize};

use crate::settings::{Guard, InvalidSetting, Setting, SettingScope, SettingValue, SettingsPage};

/// Their settings page.
pub const SCHOOL_YEAR_PAGE: SettingsPage = SettingsPage {
    path: "/settings/school-year",
    name: "School year",
    lead: "When accounts open before a student starts, and what becomes of them after somebody leaves.",
    in_application: false,
};

/// A number of days, up to ten years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Days(u32);

/// The most days.
const MOST: u32 = 3650;

impl Days {
    /// The number.
    pub fn count(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Days {
    type Error = InvalidSetting;

    fn try_from(days: u32) -> Result<Self, InvalidSetting> {
        if days <= MOST {
            Ok(Self(days))
        } else {
            Err(InvalidSetting(format!("Enter a whole number of days from 0 to {MOST}.")))
        }
    }
}

impl From<Days> for u32 {
    fn from(days: Days) -> Self {
        days.0
    }
}

impl SettingValue for Days {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        // Text that is no number is answered like one out of range.
        typed.trim().parse::<u32>().unwrap_or(u32::MAX).try_into()
    }

    fn typed(&self) -> String {
        self.0.to_string()
    }
}

/// A share of a school's accounts, in whole percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct StoppedShare(u32);

impl StoppedShare {
    /// The percent.
    pub fn percent(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for StoppedShare {
    type Error = InvalidSetting;

    fn try_from(percent: u32) -> Result<Self, InvalidSetting> {
        if (1..=100).contains(&percent) {
            Ok(Self(percent))
        } else {
            Err(InvalidSetting("Enter a whole number from 1 to 100, such as 25.".to_owned()))
        }
    }
}

impl From<StoppedShare> for u32 {
    fn from(share: StoppedShare) -> Self {
        share.0
    }
}

impl SettingValue for StoppedShare {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        typed.trim().trim_end_matches('%').trim_end().parse::<u32>().unwrap_or(u32::MAX).try_into()
    }

    fn typed(&self) -> String {
        self.0.to_string()
    }
}

/// How long before their first day a student gets in, and the adults of one whose first child starts.
pub const OPENS_BEFORE: Setting<Days> = Setting {
    slug: "account_opens_days_before",
    label: "Days before the first day on roll that an account opens",
    hint: |_| "Before then, an account can be made and invited, and nobody can sign in to it.".to_owned(),
    page: &SCHOOL_YEAR_PAGE,
    scope: SettingScope::School,
    guard: Guard::Open,
    default: || Days(14),
};

/// How long after the last day on roll an account is disabled.
pub const SUSPENDED_AFTER: Setting<Days> = Setting {
    slug: "account_suspended_days_after",
    label: "Days after the last day on roll that an account is disabled",
    hint: |_| {
        "For students, and for adults whose last child has left. Somebody who comes back gets it again."
            .to_owned()
    },
    page: &SCHOOL_YEAR_PAGE,
    scope: SettingScope::School,
    guard: Guard::Open,
    default: || Days(14),
};

/// How long after the last day of an employment a colleague's account is disabled.
pub const STAFF_SUSPENDED_AFTER: Setting<Days> = Setting {
    slug: "staff_account_suspended_days_after",
    label: "Days after the last day of work that the account of a member of staff is disabled",
    hint: |_| "0 for the day after.".to_owned(),
    page: &SCHOOL_YEAR_PAGE,
    scope: SettingScope::School,
    guard: Guard::AlertsIfLooser(|before, after| after.0 > before.0),
    default: || Days(0),
};

/// How long an account that the roll disabled waits to be closed.
pub const CLOSED_AFTER: Setting<Days> = Setting {
    slug: "account_closed_days_after",
    label: "Days after that until the account is closed",
    hint: |_| "Somebody who comes back then gets the same username, and a new invitation.".to_owned(),
    page: &SCHOOL_YEAR_PAGE,
    scope: SettingScope::School,
    guard: Guard::Open,
    default: || Days(90),
};

/// How long what a closed account held is kept.
pub const ERASED_AFTER: Setting<Days> = Setting {
    slug: "account_erased_days_after",
    label: "Days after that until the data of the account is erased",
    hint: |_| {
        "Its password, second factors, browsers and choices. That the account existed and its username are kept."
            .to_owned()
    },
    page: &SCHOOL_YEAR_PAGE,
    scope: SettingScope::School,
    guard: Guard::Open,
    default: || Days(180),
};

/// How much of a school a night may stop without a person.
pub const STOPPED_SHARE: Setting<StoppedShare> = Setting {
    slug: "nightly_stopped_share",
    label: "Share of the accounts that a night may stop by itself, in percent",
    hint: |_| {
        "Above it, nothing is stopped: one person asks for it and another approves. Twenty accounts are never too many."
            .to_owned()
    },
    page: &SCHOOL_YEAR_PAGE,
    scope: SettingScope::School,
    guard: Guard::AlertsIfLooser(|before, after| after > before),
    default: || StoppedShare(25),
};

/// The periods of one school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Periods {
    /// [`OPENS_BEFORE`].
    pub opens: Days,
    /// [`SUSPENDED_AFTER`].
    pub suspended: Days,
    /// [`STAFF_SUSPENDED_AFTER`].
    pub staff_suspended: Days,
    /// [`CLOSED_AFTER`].
    pub closed: Days,
    /// [`ERASED_AFTER`].
    pub erased: Days,
    /// [`STOPPED_SHARE`].
    pub share: StoppedShare,
}

impl Default for Periods {
    fn default() -> Self {
        Self {
            opens: (OPENS_BEFORE.default)(),
            suspended: (SUSPENDED_AFTER.default)(),
            staff_suspended: (STAFF_SUSPENDED_AFTER.default)(),
            closed: (CLOSED_AFTER.default)(),
            erased: (ERASED_AFTER.default)(),
            share: (STOPPED_SHARE.default)(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_shares_out_of_range_are_answered_with_the_range() {
        assert_eq!(Days::read(" 30 "), Ok(Days(30)));
        assert!(Days::read("3651").is_err() && Days::read("-1").is_err() && Days::read("soon").is_err());
        assert_eq!(StoppedShare::read("25 %"), Ok(StoppedShare(25)));
        assert!(StoppedShare::read("0").is_err() && StoppedShare::read("101").is_err());
    }
}
