//! Settings: what an organisation or a school decides about Greencap, while it runs. A room declares each of its settings
//! once, in a constant; [`crate::registry::SETTINGS`] lists them. Storing, the form, the audit entry and the checks follow
//! from the declaration.

mod page;
mod value;

use serde_json::Value;

pub use page::SettingsPage;
pub use value::{NotTaken, SettingValue};

/// Whom a setting is for, and so who may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingScope {
    /// The whole organisation: those who manage settings of all schools.
    Organisation,
    /// One school: those who manage its settings.
    School,
}

/// What a hint may mention of the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingFacts {
    /// How many people it has on record.
    pub people: u64,
}

/// The declaration of a setting whose value is a `T`.
#[derive(Debug)]
pub struct Setting<T: 'static> {
    /// Its name in the database, in forms and in the audit log. Never changes.
    pub slug: &'static str,
    /// The words above its field.
    pub label: &'static str,
    /// The sentence under them; may be empty.
    pub hint: fn(SettingFacts) -> String,
    /// The page that it is on.
    pub page: &'static SettingsPage,
    /// Whom it is for.
    pub scope: SettingScope,
    /// Whether administrators are told when it changes.
    pub alerts: bool,
    /// What holds until somebody chooses otherwise.
    pub default: fn() -> T,
}

/// A setting whatever its type, for the registry.
pub trait DeclaredSetting: Sync + std::fmt::Debug {
    /// [`Setting::slug`].
    fn slug(&self) -> &'static str;
    /// [`Setting::label`].
    fn label(&self) -> &'static str;
    /// [`Setting::hint`], for an organisation.
    fn hint(&self, facts: SettingFacts) -> String;
    /// [`Setting::page`].
    fn page(&self) -> &'static SettingsPage;
    /// [`Setting::scope`].
    fn scope(&self) -> SettingScope;
    /// [`Setting::alerts`].
    fn alerts(&self) -> bool;
    /// Reads what was typed into what is stored.
    fn read(&self, typed: &str) -> Result<Value, NotTaken>;
    /// What is stored, or else the default, as it is typed.
    fn typed(&self, stored: Option<&Value>) -> String;
}

impl<T: SettingValue> DeclaredSetting for Setting<T> {
    fn slug(&self) -> &'static str {
        self.slug
    }

    fn label(&self) -> &'static str {
        self.label
    }

    fn hint(&self, facts: SettingFacts) -> String {
        (self.hint)(facts)
    }

    fn page(&self) -> &'static SettingsPage {
        self.page
    }

    fn scope(&self) -> SettingScope {
        self.scope
    }

    fn alerts(&self) -> bool {
        self.alerts
    }

    fn read(&self, typed: &str) -> Result<Value, NotTaken> {
        T::read(typed).map(|value| value.stored())
    }

    fn typed(&self, stored: Option<&Value>) -> String {
        self.value(stored).typed()
    }
}

impl<T: SettingValue> Setting<T> {
    /// The value that is stored. What cannot be read any more, as after a rule became stricter, is as if it were not there.
    pub fn value(&self, stored: Option<&Value>) -> T {
        stored.and_then(T::from_stored).unwrap_or_else(self.default)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::registry::{SETTINGS, SETTINGS_PAGES};

    #[test]
    fn every_setting_has_a_name_of_its_own_and_a_page_that_is_listed() {
        let names: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.slug()).collect();
        assert_eq!(names.len(), SETTINGS.len());
        for setting in SETTINGS {
            assert!(SETTINGS_PAGES.iter().any(|page| *page == setting.page()), "{}", setting.slug());
        }
    }

    #[test]
    fn what_stands_in_a_form_can_be_sent_again_as_it_stands() {
        for setting in SETTINGS {
            let usual = setting.typed(None);
            let stored = setting.read(&usual).unwrap_or_else(|error| panic!("{}: {error}", setting.slug()));
            assert_eq!(setting.typed(Some(&stored)), usual, "{}", setting.slug());
        }
    }

    #[test]
    fn a_stored_value_that_no_rule_takes_any_more_is_the_default() {
        for setting in SETTINGS {
            assert_eq!(setting.typed(Some(&Value::Bool(true))), setting.typed(None));
        }
    }
}
