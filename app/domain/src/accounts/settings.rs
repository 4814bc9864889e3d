//! The settings for accounts.

use super::template::{TemplateError, UsernameTemplate};
use crate::settings::{InvalidSetting, Setting, SettingScope, SettingValue, SettingsPage};

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
    alerts: false,
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
