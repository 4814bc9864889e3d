//! What rooms declare, a line each.

use crate::settings::{DeclaredSetting, SettingsPage};
use crate::{accounts, audit, factors, single_sign_on};

/// Every setting, in the order of its page.
pub const SETTINGS: &[&dyn DeclaredSetting] = &[
    &accounts::settings::USERNAME_TEMPLATE,
    &factors::settings::GRACE,
    &audit::exports::ROWS_A_DAY,
    &audit::exports::ALERT_ROWS,
    &audit::exports::APPROVAL_OVER,
];

/// The pages of the settings, in the order of their list.
pub const SETTINGS_PAGES: &[&SettingsPage] = &[
    &accounts::settings::USERNAMES_PAGE,
    &single_sign_on::SETTINGS_PAGE,
    &factors::settings::SECOND_FACTORS_PAGE,
    &audit::exports::EXPORTS_PAGE,
];
