//! Adding a passkey.

use domain::factors::PasskeyName;
use domain::fields::{FieldError, FieldErrors};
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::Back;
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage, PasskeyButton, PasskeyCeremony};
use crate::ui::field::TextField;
/// Why the passkey form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyProblem {
    /// The name is invalid.
    Name,
    /// The browser's answer was refused.
    Refused,
}

/// Adding a passkey, as HTML.
pub fn passkey_page(page: FamilyPage, name: String, problem: Option<PasskeyProblem>) -> String {
    render(move || view! { <AddPasskeyPage page name problem /> })
}

#[component]
fn AddPasskeyPage(page: FamilyPage, name: String, problem: Option<PasskeyProblem>) -> impl IntoView {
    let locale = page.locale;
    let sentence = problem.map(|problem| match problem {
        PasskeyProblem::Name => td_string!(locale, factors.passkey.name_wrong),
        PasskeyProblem::Refused => td_string!(locale, factors.passkey.refused),
    });
    let errors: FieldErrors =
        sentence.map(|sentence| FieldError::new("name", sentence)).into_iter().collect();
    let title = td_string!(locale, factors.passkey.title);
    view! {
        <AuthPage page title errors=errors.clone()>
            <p class="soft">{td_string!(locale, factors.passkey.lead)}</p>
            <form class="stack" method="post" action="/account/security/passkey" novalidate>
                <TextField
                    required=true
                    id="name"
                    label=td_string!(locale, factors.passkey.name)
                    hint=td_string!(locale, factors.passkey.name_hint)
                    value=name
                    autocomplete="off"
                    name_like=true
                    longest=PasskeyName::LONGEST
                    errors
                />
                <PasskeyButton
                    locale
                    ceremony=PasskeyCeremony::Create
                    options="/account/security/passkey/options"
                    label=td_string!(locale, factors.passkey.create)
                    primary=true
                />
                <noscript>
                    <p>{td_string!(locale, factors.passkey.no_script)}</p>
                </noscript>
            </form>
            <Back locale />
        </AuthPage>
    }
    .into_any()
}
