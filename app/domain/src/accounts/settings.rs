//! The settings for accounts.

use super::rename::{OldUsernameDays, OldUsernameDaysError};
use super::template::{TemplateError, UsernameTemplate};
use crate::settings::{Guard, InvalidSetting, Setting, SettingScope, SettingValue, SettingsPage};

/// The usernames page, where a pattern is built from pieces.
pub const USERNAMES_PAGE: SettingsPage = SettingsPage {
    path: "/settings",
    name: "Usernames",
    lead: "How usernames are created at this school. Existing accounts keep theirs.",
    in_application: true,
};

/// The pattern for a school's usernames.
pub const USERNAME_TEMPLATE: Setting<UsernameTemplate> = Setting {
    slug: "username_template",
    label: "Username pattern",
    hint: |_| String::new(),
    page: &USERNAMES_PAGE,
    scope: SettingScope::School,
    guard: Guard::Open,
    default: UsernameTemplate::default,
};

/// The page for usernames of guardians.
pub const GUARDIAN_USERNAMES_PAGE: SettingsPage = SettingsPage {
    path: "/settings/guardian-usernames",
    name: "Usernames of guardians",
    lead: "How usernames of guardians are created at this school. Guardians have no admission number. Existing accounts keep theirs.",
    in_application: false,
};

/// The pattern for usernames of guardians.
pub const GUARDIAN_USERNAME_TEMPLATE: Setting<UsernameTemplate> = Setting {
    slug: "guardian_username_template",
    label: "Username pattern for guardians",
    hint: |_| "For example {given}.{family}. A number is added when a username is taken.".to_owned(),
    page: &GUARDIAN_USERNAMES_PAGE,
    scope: SettingScope::School,
    guard: Guard::Open,
    default: UsernameTemplate::default,
};

impl SettingValue for UsernameTemplate {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        typed.parse().map_err(|error: TemplateError| InvalidSetting(error.to_string()))
    }

    fn typed(&self) -> String {
        self.to_string()
    }
}

/// The page for what happens to usernames that change.
pub const CHANGED_USERNAMES_PAGE: SettingsPage = SettingsPage {
    path: "/settings/changed-usernames",
    name: "Changed usernames",
    lead: "When a username changes, the old one stays reserved for the same person. It can still sign in for some days.",
    in_application: false,
};

/// How long an old username signs in, unless the person who changes it says otherwise.
pub const OLD_USERNAME_DAYS: Setting<OldUsernameDays> = Setting {
    slug: "old_username_days",
    label: "Days an old username still signs in, 0 to 365",
    hint: |_| String::new(),
    page: &CHANGED_USERNAMES_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::Open,
    default: || OldUsernameDays::USUAL,
};

impl SettingValue for OldUsernameDays {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        typed.parse().map_err(|error: OldUsernameDaysError| InvalidSetting(error.to_string()))
    }

    fn typed(&self) -> String {
        i32::from(*self).to_string()
    }
}
