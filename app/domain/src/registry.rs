//! What rooms register, one line each.

use crate::settings::{DeclaredSetting, SettingScope, SettingsPage};
use crate::{
    accounts, audit, cards, data_rights, factors, guardians, imports, roll, school_year, single_sign_on,
};

/// All settings, in the order of their pages.
pub const SETTINGS: &[&dyn DeclaredSetting] = &[
    &accounts::settings::USERNAME_TEMPLATE,
    &accounts::settings::GUARDIAN_USERNAME_TEMPLATE,
    &accounts::settings::OLD_USERNAME_DAYS,
    &cards::settings::CARD_DAYS,
    &guardians::settings::DEFAULT_ACCESS,
    &guardians::settings::OF_AGE,
    &guardians::settings::OF_AGE_NOTICE,
    &school_year::settings::OPENS_BEFORE,
    &school_year::settings::SUSPENDED_AFTER,
    &school_year::settings::STAFF_SUSPENDED_AFTER,
    &school_year::settings::CLOSED_AFTER,
    &school_year::settings::ERASED_AFTER,
    &school_year::settings::STOPPED_SHARE,
    &single_sign_on::settings::SINGLE_SIGN_ON,
    &single_sign_on::settings::SIGN_IN_ADDRESSES,
    &factors::settings::GRACE,
    &imports::settings::ENDING_SHARE,
    &audit::exports::ROWS_A_DAY,
    &audit::exports::ALERT_ROWS,
    &audit::exports::APPROVAL_OVER,
    &data_rights::settings::MESSAGES_DAYS,
    &data_rights::settings::VIEWS_DAYS,
];

/// All settings pages, in the order of the list.
pub const SETTINGS_PAGES: &[&SettingsPage] = &[
    &roll::settings::ORGANISATION_PAGE,
    &roll::settings::SCHOOLS_PAGE,
    &accounts::settings::USERNAMES_PAGE,
    &accounts::settings::GUARDIAN_USERNAMES_PAGE,
    &accounts::settings::CHANGED_USERNAMES_PAGE,
    &cards::settings::CARDS_PAGE,
    &guardians::settings::GUARDIAN_ACCESS_PAGE,
    &guardians::settings::OF_AGE_PAGE,
    &school_year::settings::SCHOOL_YEAR_PAGE,
    &single_sign_on::settings::SINGLE_SIGN_ON_PAGE,
    &factors::settings::SECOND_FACTORS_PAGE,
    &imports::settings::IMPORTS_PAGE,
    &audit::exports::EXPORTS_PAGE,
    &data_rights::settings::KEPT_PAGE,
];

/// Whose settings are on a page: a page has those of the organisation or those of a school, and never both.
pub fn scope_of(page: &SettingsPage) -> SettingScope {
    let first = SETTINGS.iter().find(|setting| setting.page() == page);
    first.map_or(SettingScope::Organisation, |setting| setting.scope())
}
