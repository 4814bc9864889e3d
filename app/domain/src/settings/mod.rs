//! Settings: choices that an organisation or school makes about Greencap at run time. A room declares each of
//! its settings once, in a constant listed in [`crate::registry::SETTINGS`]. Storage, form, audit entry and
//! validation follow from the declaration.

mod guard;
mod page;
mod value;

use serde_json::Value;

pub use guard::{ChangeEffect, Guard};
pub use page::SettingsPage;
pub use value::{InvalidSetting, SettingValue};

/// Whether a setting is for a school or the whole organisation, and so who may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingScope {
    /// The whole organisation: for people who manage the settings of all schools.
    Organisation,
    /// One school: for people who manage its settings.
    School,
}

/// Facts about the organisation that a hint can mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingFacts {
    /// The number of people on record.
    pub people: u64,
}

/// The declaration of a setting whose value is a `T`.
#[derive(Debug)]
pub struct Setting<T: 'static> {
    /// Its name in the database, in forms and in the audit log. Never changes.
    pub slug: &'static str,
    /// The field's label.
    pub label: &'static str,
    /// The hint below the label; may be empty.
    pub hint: fn(SettingFacts) -> String,
    /// The page it is on.
    pub page: &'static SettingsPage,
    /// Its scope.
    pub scope: SettingScope,
    /// Who may change it, and who is told.
    pub guard: Guard<T>,
    /// The value until someone sets another.
    pub default: fn() -> T,
}

/// A setting of any type, for the registry.
pub trait DeclaredSetting: Sync + std::fmt::Debug {
    /// [`Setting::slug`].
    fn slug(&self) -> &'static str;
    /// [`Setting::label`].
    fn label(&self) -> &'static str;
    /// [`Setting::hint`] for an organisation.
    fn hint(&self, facts: SettingFacts) -> String;
    /// [`Setting::page`].
    fn page(&self) -> &'static SettingsPage;
    /// [`Setting::scope`].
    fn scope(&self) -> SettingScope;
    /// What changing the stored value to a new one takes and causes, by its [`Setting::guard`].
    fn effect(&self, stored: Option<&Value>, new: &Value) -> ChangeEffect;
    /// Converts the typed text to the stored value.
    fn read(&self, typed: &str) -> Result<Value, InvalidSetting>;
    /// The stored value, or the default, as text to edit.
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

    fn effect(&self, stored: Option<&Value>, new: &Value) -> ChangeEffect {
        self.guard.effect(&self.value(stored), &self.value(Some(new)))
    }

    fn read(&self, typed: &str) -> Result<Value, InvalidSetting> {
        T::read(typed).map(|value| value.stored())
    }

    fn typed(&self, stored: Option<&Value>) -> String {
        self.value(stored).typed()
    }
}

impl<T: SettingValue> Setting<T> {
    /// The stored value. A value that is no longer valid, for example because a rule became stricter, is
    /// treated as not set.
    pub fn value(&self, stored: Option<&Value>) -> T {
        stored.and_then(T::from_stored).unwrap_or_else(self.default)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::registry::{SETTINGS, SETTINGS_PAGES, scope_of};

    #[test]
    fn every_setting_has_a_name_of_its_own_and_a_page_that_is_listed() {
        let names: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.slug()).collect();
        assert_eq!(names.len(), SETTINGS.len());
        for setting in SETTINGS {
            assert!(SETTINGS_PAGES.iter().any(|page| *page == setting.page()), "{}", setting.slug());
        }
    }

    #[test]
    fn a_form_has_settings_of_one_school_or_of_the_organisation_and_never_both() {
        // Single sign-on draws its page itself.
        let drawn = &crate::single_sign_on::settings::SINGLE_SIGN_ON_PAGE;
        for setting in SETTINGS.iter().filter(|setting| setting.page() != drawn) {
            assert_eq!(setting.scope(), scope_of(setting.page()), "{}", setting.slug());
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
