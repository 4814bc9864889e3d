//! Limits on exports, and the size from which administrators are alerted.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::settings::{
    Guard, InvalidSetting, Setting, SettingFacts, SettingScope, SettingValue, SettingsPage,
};

/// A number of rows: 1 to [`RowCount::MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct RowCount(i32);

/// An invalid number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a whole number from 1 to 10 million, such as 5000.")]
pub struct RowCountError;

impl RowCount {
    /// More people than any organisation has.
    pub const MOST: i32 = 10_000_000;

    /// Whether `people` is more than this.
    pub fn are_fewer_than(self, people: usize) -> bool {
        people as u64 > self.into()
    }
}

impl TryFrom<i32> for RowCount {
    type Error = RowCountError;

    fn try_from(rows: i32) -> Result<Self, RowCountError> {
        if (1..=Self::MOST).contains(&rows) { Ok(Self(rows)) } else { Err(RowCountError) }
    }
}

impl FromStr for RowCount {
    type Err = RowCountError;

    fn from_str(text: &str) -> Result<Self, RowCountError> {
        text.trim().parse::<i32>().map_err(|_| RowCountError)?.try_into()
    }
}

impl From<RowCount> for i32 {
    fn from(rows: RowCount) -> Self {
        rows.0
    }
}

impl From<RowCount> for u64 {
    fn from(rows: RowCount) -> Self {
        u64::from(rows.0.unsigned_abs())
    }
}

impl SettingValue for RowCount {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        typed.parse().map_err(|error: RowCountError| InvalidSetting(error.to_string()))
    }

    fn typed(&self) -> String {
        self.0.to_string()
    }
}

/// The settings page for export limits.
pub const EXPORTS_PAGE: SettingsPage = SettingsPage {
    path: "/settings/exports",
    name: "Exports",
    lead: "Limit how many people\u{2019}s details one person can export in a day. Administrators of all schools are told about larger exports.",
    in_application: false,
};

/// How many rows of lists of people one person may export in a day; [`usual`] if not set.
pub const ROWS_A_DAY: Setting<Option<RowCount>> = Setting {
    slug: "export_rows_a_day",
    label: "Rows one person can export in a day",
    hint: |SettingFacts { people }| {
        let now = usual(people);
        format!("Leave empty for five times the number of people, at least 5000. That is {now} today.")
    },
    page: &EXPORTS_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::Alerts,
    default: || None,
};

/// Administrators of all schools are alerted to exports of more rows than this.
pub const ALERT_ROWS: Setting<RowCount> = Setting {
    slug: "export_alert_rows",
    label: "Alert administrators when an export has more rows than",
    hint: |_| "They get an email and see it in the audit log. Exports of the audit log count too.".to_owned(),
    page: &EXPORTS_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::Alerts,
    default: || RowCount(500),
};

/// Exports of longer lists, and ways into the accounts of more people than this, need a second person's approval; if not
/// set, nothing does.
pub const APPROVAL_OVER: Setting<Option<RowCount>> = Setting {
    slug: "approval_over",
    label: "Require approval for exports and one-time codes for more people than",
    hint: |_| {
        "Leave empty to require no approval. Nobody can approve their own request. Removed second factors, and invitations to addresses that their sender changed, count like one-time codes. Only an administrator of all schools can raise or remove this limit.".to_owned()
    },
    page: &EXPORTS_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::LoosenedByAdministrators {
        looser: |before, after| match (before, after) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(before), Some(after)) => after > before,
        },
        refusal: "Only someone with every permission at all schools can raise or remove this limit: it says when a second person is needed. Ask an administrator of all schools.",
    },
    default: || None,
};

/// The daily limit if none is set: five times the number of people, and enough for an ordinary day at a small
/// school.
pub fn usual(people: u64) -> u64 {
    people.saturating_mul(5).max(5000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_rows_is_typed_in_digits_and_is_at_least_one() {
        assert_eq!(" 500 ".parse(), RowCount::try_from(500));
        for wrong in ["", "0", "-5", "10000001", "many", "1,000", "99999999999999"] {
            assert_eq!(wrong.parse::<RowCount>(), Err(RowCountError), "{wrong}");
        }
    }

    #[test]
    fn the_usual_day_takes_everybody_out_several_times() {
        assert_eq!((usual(0), usual(900), usual(100_000)), (5000, 5000, 500_000));
    }
}
