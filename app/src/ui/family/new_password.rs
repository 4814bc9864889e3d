//! The field in which someone chooses a password: its rules, and how good it is while it is typed.

use domain::credentials::password::{MAX_PASSWORD, PasswordError, Strength};
use domain::fields::{FieldError, FieldErrors};
use leptos::prelude::*;
use leptos_i18n::td_string;
use serde::Serialize;

use super::PasswordField;
use crate::i18n::Locale;
use crate::ui::icon::Icon;

/// Whose password is chosen.
#[derive(Debug, Clone)]
pub struct Owner {
    /// What to call them.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The fewest characters.
    pub minimum: u32,
}

/// Why a form with a new password comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Nothing was typed.
    Missing,
    /// The password was not taken.
    Refused(PasswordError),
    /// Too many at once.
    Busy,
}

impl PasswordProblem {
    /// As the problem of a field.
    pub fn of(self, locale: Locale, field: &'static str) -> FieldError {
        let sentence = match self {
            Self::Missing => td_string!(locale, credentials.new_password.missing).to_owned(),
            Self::Busy => td_string!(locale, sign_in.busy).to_owned(),
            Self::Refused(error) => refusal(locale, error),
        };
        FieldError::new(field, sentence)
    }
}

fn refusal(locale: Locale, error: PasswordError) -> String {
    match error {
        PasswordError::TooShort(minimum) => {
            td_string!(locale, credentials.new_password.short, minimum = minimum)
        }
        PasswordError::TooLong => td_string!(locale, credentials.new_password.long, maximum = MAX_PASSWORD),
        PasswordError::Common => td_string!(locale, credentials.new_password.common).to_owned(),
        PasswordError::Personal => td_string!(locale, credentials.new_password.personal).to_owned(),
        PasswordError::Repeated => td_string!(locale, credentials.new_password.repeated).to_owned(),
    }
}

/// How good a password is, for the script that asked.
#[derive(Debug, Clone, Serialize)]
pub struct StrengthView {
    /// From 1, which will not do, to 4.
    level: u8,
    /// The same in words.
    words: String,
}

impl StrengthView {
    /// In the language of the page.
    pub fn new(locale: Locale, strength: Strength) -> Self {
        let words = match strength {
            Strength::Short(lacking) => td_string!(locale, credentials.new_password.lacking, count = lacking),
            Strength::Refused(error) => refusal(locale, error),
            Strength::Good => td_string!(locale, credentials.new_password.good).to_owned(),
            Strength::Strong => td_string!(locale, credentials.new_password.strong).to_owned(),
        };
        Self { level: strength.level(), words }
    }
}

/// A new password, with its rules. Where scripts run, the server judges what is typed so far, so that no list of common
/// passwords has to come to the browser.
#[component]
pub fn NewPasswordField(
    /// The language of the page.
    locale: Locale,
    /// The words above it.
    label: &'static str,
    /// Whose it is.
    owner: Owner,
    /// What is wrong with the form.
    errors: FieldErrors,
) -> impl IntoView {
    let rules = [
        td_string!(locale, credentials.new_password.rule_length, minimum = owner.minimum),
        td_string!(locale, credentials.new_password.rule_own).to_owned(),
        td_string!(locale, credentials.new_password.rule_common).to_owned(),
    ]
    .map(|rule| {
        view! {
            <li>
                <Icon name="circle-dashed" />
                {rule}
            </li>
        }
    });
    view! {
        // For password managers: what they keep the new password under. Never read.
        <input
            class="vh"
            type="text"
            name="username"
            value=owner.username.clone()
            autocomplete="username"
            readonly
            tabindex="-1"
            aria-hidden="true"
        />
        <PasswordField
            locale
            label
            hint=td_string!(locale, credentials.new_password.hint)
            autocomplete="new-password"
            errors
        />
        <div
            class="strength"
            hidden
            data-strength="password"
            data-minimum=owner.minimum
            data-known=format!("{} {}", owner.name, owner.username)
        >
            <div class="bars" aria-hidden="true">
                <i></i>
                <i></i>
                <i></i>
                <i></i>
            </div>
            <p role="status"></p>
        </div>
        <ul class="ticks" role="list">
            {rules.into_iter().collect_view()}
        </ul>
    }
    .into_any()
}
