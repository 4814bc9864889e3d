//! The field for a new password: its rules, and its strength as it is typed.

use domain::credentials::password::{MAX_PASSWORD, PasswordError, RulesMet, Strength};
use domain::fields::{FieldError, FieldErrors};
use leptos::prelude::*;
use leptos_i18n::td_string;
use serde::Serialize;

use super::PasswordField;
use crate::i18n::Locale;
use crate::ui::icon::Icon;

/// The person whose password is chosen.
#[derive(Debug, Clone)]
pub struct PasswordOwner {
    /// The name to address them by.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The minimum length.
    pub minimum: u32,
}

/// Why a form with a new password is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Nothing was typed.
    Missing,
    /// The password was refused.
    Refused(PasswordError),
    /// The server is too busy.
    Busy,
    /// Too many passwords were chosen.
    Slowed,
}

impl PasswordProblem {
    /// The error of a field.
    pub fn of(self, locale: Locale, field: &'static str) -> FieldError {
        let sentence = match self {
            Self::Missing => td_string!(locale, credentials.new_password.missing).to_owned(),
            Self::Busy => td_string!(locale, sign_in.busy).to_owned(),
            Self::Slowed => td_string!(locale, credentials.new_password.slowed).to_owned(),
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

/// A password's strength, for the script that asked.
#[derive(Debug, Clone, Serialize)]
pub struct StrengthView {
    /// From 1 (would be refused) to 4.
    level: u8,
    /// The same in words.
    words: String,
    /// Which of the listed rules are met, in their order.
    met: [bool; 3],
}

impl StrengthView {
    /// The strength in the page's language.
    pub fn new(locale: Locale, strength: Strength, met: RulesMet) -> Self {
        let words = match strength {
            Strength::Short(lacking) => td_string!(locale, credentials.new_password.lacking, count = lacking),
            Strength::Refused(error) => refusal(locale, error),
            Strength::Good => td_string!(locale, credentials.new_password.good).to_owned(),
            Strength::Strong => td_string!(locale, credentials.new_password.strong).to_owned(),
        };
        Self { level: strength.level(), words, met: [met.long, met.own, met.uncommon] }
    }
}

/// A new password with its rules. If scripts run, the server judges what is typed, so that no list of common
/// passwords is sent to the browser.
#[component]
pub fn NewPasswordField(
    /// The language of the page.
    locale: Locale,
    /// The label.
    label: &'static str,
    /// The person whose password it is.
    owner: PasswordOwner,
    /// The form's errors.
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
                <span class="unmet">
                    <Icon name="circle-dashed" />
                </span>
                <span class="met">
                    <Icon name="circle-check" />
                    <span class="vh">{td_string!(locale, credentials.new_password.met)}</span>
                </span>
                {rule}
            </li>
        }
    });
    view! {
        // Shown, because password managers store the new password under the username that they see. Never read.
        <div class="field">
            <label for="username">{td_string!(locale, credentials.new_password.username)}</label>
            <input
                class="input code"
                type="text"
                id="username"
                name="username"
                value=owner.username.clone()
                autocomplete="username"
                readonly
            />
        </div>
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
