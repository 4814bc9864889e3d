//! The page where the first administrator creates their account.

use domain::fields::{FieldError, FieldErrors};
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::steps::SetupSteps;
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage, PasswordField};
use crate::ui::field::TextField;

/// The form, with what has been typed so far.
#[derive(Debug, Clone, Default)]
pub struct SetupView {
    /// The link's token. The form is sent to the link's address.
    pub token: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Email address.
    pub email: String,
    /// Username.
    pub username: String,
    /// The minimum length of a password.
    pub minimum: usize,
    /// The form's errors.
    pub errors: FieldErrors,
}

const FIELDS: [&str; 5] = ["given", "family", "email", "username", "password"];

/// The form as HTML.
pub fn setup_page(page: FamilyPage, shown: SetupView) -> String {
    render(move || view! { <SetupPage page shown /> })
}

/// The page for a link that was used or has expired.
pub fn setup_gone_page(page: FamilyPage) -> String {
    render(move || view! { <SetupGonePage page /> })
}

#[component]
fn SetupPage(page: FamilyPage, shown: SetupView) -> impl IntoView {
    let locale = page.locale;
    let errors: FieldErrors = FIELDS
        .into_iter()
        .filter_map(|field| shown.errors.of(field).map(|message| FieldError::new(field, message)))
        .collect();
    let title = td_string!(locale, setup.title);
    view! {
        <AuthPage page title above=view! { <SetupSteps locale current=1 /> }.into_any() errors=errors.clone()>
            <p class="soft">{td_string!(locale, setup.lead)}</p>
            <form class="stack" method="post" action=format!("/setup/{}", shown.token) novalidate>
                <TextField
                    required=true
                    id="given"
                    label=td_string!(locale, setup.given)
                    value=shown.given
                    autocomplete="given-name"
                    name_like=true
                    errors=errors.clone()
                />
                <TextField
                    id="family"
                    label=td_string!(locale, setup.family)
                    value=shown.family
                    autocomplete="family-name"
                    name_like=true
                    errors=errors.clone()
                />
                <TextField
                    required=true
                    id="email"
                    kind="email"
                    label=td_string!(locale, setup.email)
                    value=shown.email
                    autocomplete="email"
                    errors=errors.clone()
                />
                <TextField
                    required=true
                    id="username"
                    label=td_string!(locale, setup.username)
                    hint=td_string!(locale, setup.username_hint)
                    value=shown.username
                    autocomplete="username"
                    errors=errors.clone()
                />
                <PasswordField
                    locale
                    label=td_string!(locale, setup.password)
                    hint=td_string!(locale, setup.password_hint, minimum = shown.minimum)
                    autocomplete="new-password"
                    errors
                />
                <button class="btn primary wide large" type="submit">
                    {td_string!(locale, setup.button)}
                </button>
            </form>
        </AuthPage>
    }
    .into_any()
}

#[component]
fn SetupGonePage(page: FamilyPage) -> impl IntoView {
    let locale = page.locale;
    let title = td_string!(locale, setup.gone_title);
    view! {
        <AuthPage page title=title>
            <p>{td_string!(locale, setup.gone)}</p>
            <a class="btn wide large" href="/sign-in">
                {td_string!(locale, sign_in.button)}
            </a>
        </AuthPage>
    }
    .into_any()
}
