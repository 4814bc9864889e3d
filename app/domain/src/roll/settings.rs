//! The settings pages of the organisation and its schools. Their values are columns of their tables, because
//! most statements need them.

use crate::settings::SettingsPage;

/// The page for the organisation's name, time zone and office.
pub const ORGANISATION_PAGE: SettingsPage = SettingsPage {
    path: "/settings/organisation",
    name: "Organisation",
    lead: "The name on the sign-in page, the time zone of every date and time, and how families reach the office.",
    in_application: false,
};

/// The page for schools.
pub const SCHOOLS_PAGE: SettingsPage = SettingsPage {
    path: "/settings/schools",
    name: "Schools",
    lead: "The schools of your organisation. Each has its own students, staff and accounts.",
    in_application: false,
};
