//! The pages of the settings.

/// One of them. [`crate::registry::SETTINGS_PAGES`] lists them all, as they stand beside each page's content.
#[derive(Debug, PartialEq, Eq)]
pub struct SettingsPage {
    /// Its address.
    pub path: &'static str,
    /// Its name: the heading, and the words of the link.
    pub name: &'static str,
    /// The sentence under the heading.
    pub lead: &'static str,
    /// Whether it is a page of the application in the browser; the others are loaded whole.
    pub in_application: bool,
}
