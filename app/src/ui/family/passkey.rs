//! The passkey button. Shown if scripts run and the browser supports passkeys; pages work without it.

use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::icon::Icon;

/// What the browser does with a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyCeremony {
    /// Creates one.
    Create,
    /// Uses one.
    Get,
}

/// A button that asks the browser for a passkey, and sends its form with the answer.
#[component]
pub fn PasskeyButton(
    /// The language of the page.
    locale: Locale,
    /// What the browser does.
    ceremony: PasskeyCeremony,
    /// The address of the challenge.
    options: &'static str,
    /// The button's label.
    label: &'static str,
    /// The answer's name in the form.
    #[prop(default = "passkey")]
    name: &'static str,
    /// Whether it is the main action on the page.
    #[prop(optional)]
    primary: bool,
) -> impl IntoView {
    let method = match ceremony {
        PasskeyCeremony::Create => "create",
        PasskeyCeremony::Get => "get",
    };
    view! {
        <input type="hidden" name=name data-passkey-answer />
        <div class="notice" data-tone="red" role="alert" data-passkey-failed hidden>
            <Icon name="circle-alert" />
            <p>{td_string!(locale, factors.passkey.failed)}</p>
        </div>
        <button
            class=if primary { "btn primary wide large" } else { "btn wide large" }
            type="button"
            hidden
            data-passkey=method
            data-options=options
        >
            <Icon name="fingerprint" />
            {label}
        </button>
    }
    .into_any()
}
