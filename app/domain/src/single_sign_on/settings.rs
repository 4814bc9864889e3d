//! The settings of single sign-on.

use serde::{Deserialize, Serialize};

use crate::settings::{Guard, InvalidSetting, Setting, SettingScope, SettingValue, SettingsPage};

/// Their page, where providers are listed too.
pub const SINGLE_SIGN_ON_PAGE: SettingsPage = SettingsPage {
    path: "/settings/single-sign-on",
    name: "Single sign-on",
    lead: "Let people sign in with an account they already have, such as Microsoft or Google.",
    in_application: false,
};

/// What providers are to the people of a school. SQL knows both words: `password_is_off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SingleSignOnUse {
    /// One way to sign in beside passwords.
    Optional,
    /// The only way.
    Required,
}

impl SingleSignOnUse {
    /// [`Self::Required`] where it is.
    pub fn when_required(required: bool) -> Self {
        if required { Self::Required } else { Self::Optional }
    }
}

/// Whether the people of a school have to sign in with a provider.
pub const SINGLE_SIGN_ON: Setting<SingleSignOnUse> = Setting {
    slug: "single_sign_on",
    label: "Single sign-on",
    hint: |_| String::new(),
    page: &SINGLE_SIGN_ON_PAGE,
    scope: SettingScope::School,
    guard: Guard::Open,
    default: || SingleSignOnUse::Optional,
};

impl SettingValue for SingleSignOnUse {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        match typed {
            "optional" => Ok(Self::Optional),
            "required" => Ok(Self::Required),
            _ => Err(InvalidSetting("Choose whether single sign-on is optional or required.".to_owned())),
        }
    }

    fn typed(&self) -> String {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
        }
        .to_owned()
    }
}

/// Which addresses of a person a provider can confirm for the first sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInAddresses {
    /// The one that messages go to.
    Primary,
    /// Any on their record.
    Any,
}

/// By which addresses people are found at their first sign-in with a provider.
pub const SIGN_IN_ADDRESSES: Setting<SignInAddresses> = Setting {
    slug: "sign_in_addresses",
    label: "Addresses for the first sign-in",
    hint: |_| String::new(),
    page: &SINGLE_SIGN_ON_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::Alerts,
    default: || SignInAddresses::Primary,
};

impl SettingValue for SignInAddresses {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        match typed {
            "primary" => Ok(Self::Primary),
            "any" => Ok(Self::Any),
            _ => Err(InvalidSetting("Choose which addresses count.".to_owned())),
        }
    }

    fn typed(&self) -> String {
        match self {
            Self::Primary => "primary",
            Self::Any => "any",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_stored_in_the_words_that_sql_compares_with() {
        assert_eq!(SINGLE_SIGN_ON.slug, "single_sign_on");
        assert_eq!(SingleSignOnUse::Required.stored(), serde_json::json!("required"));
    }
}
