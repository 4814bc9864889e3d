//! The settings for second factors.

use crate::factors::GraceDays;
use crate::settings::{Guard, InvalidSetting, Setting, SettingScope, SettingValue, SettingsPage};

/// Their settings page.
pub const SECOND_FACTORS_PAGE: SettingsPage = SettingsPage {
    path: "/settings/second-factors",
    name: "Second factors for staff",
    lead: "Staff must have a second factor. Choose how many days they get a reminder before they must set one up.",
    in_application: false,
};

/// How long staff may go without a second factor.
pub const GRACE: Setting<GraceDays> = Setting {
    slug: "second_factor_grace_days",
    label: "Days after first signing in as staff, 0 to 90",
    hint: |_| String::new(),
    page: &SECOND_FACTORS_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::AlertsIfLooser(|before, after| i32::from(*after) > i32::from(*before)),
    default: || GraceDays::USUAL,
};

impl SettingValue for GraceDays {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        typed.parse().map_err(|error: crate::factors::GraceDaysError| InvalidSetting(error.to_string()))
    }

    fn typed(&self) -> String {
        i32::from(*self).to_string()
    }
}
