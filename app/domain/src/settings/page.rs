//! Settings pages.

/// A settings page. [`crate::registry::SETTINGS_PAGES`] lists all of them in menu order.
#[derive(Debug, PartialEq, Eq)]
pub struct SettingsPage {
    /// Its address.
    pub path: &'static str,
    /// Its name: the heading and the link text.
    pub name: &'static str,
    /// The sentence under the heading.
    pub lead: &'static str,
    /// Whether it is part of the browser application; other pages are loaded in full.
    pub in_application: bool,
}
