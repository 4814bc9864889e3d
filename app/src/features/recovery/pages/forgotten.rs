//! "Forgotten your password?" and "Forgotten your username?", and the one answer to both.

use domain::fields::{FieldError, FieldErrors};
use domain::single_sign_on::{Offers, ProviderOffer};
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::features::single_sign_on::pages::visit::ProviderButtons;
use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage};
use crate::ui::field::TextField;
use crate::ui::icon::Icon;

/// What was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgottenCredential {
    /// The password; they have the username or email address.
    Password,
    /// The username; they have the email address.
    Username,
}

/// Why the form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgottenProblem {
    /// Nothing was typed.
    Missing,
    /// Too many requests.
    Slowed,
}

impl ForgottenCredential {
    fn title(self, locale: Locale) -> &'static str {
        match self {
            Self::Password => td_string!(locale, recovery.forgotten.password_title),
            Self::Username => td_string!(locale, recovery.forgotten.username_title),
        }
    }

    fn problem(self, locale: Locale, problem: ForgottenProblem) -> FieldError {
        let sentence = match (problem, self) {
            (ForgottenProblem::Slowed, _) => td_string!(locale, recovery.forgotten.slowed),
            (ForgottenProblem::Missing, Self::Password) => {
                td_string!(locale, recovery.forgotten.name_missing)
            }
            (ForgottenProblem::Missing, Self::Username) => {
                td_string!(locale, recovery.forgotten.email_missing)
            }
        };
        FieldError::new("name", sentence)
    }
}

/// The form as HTML, or the single sign-on providers if no school uses passwords.
pub fn forgotten_page(
    page: FamilyPage,
    what: ForgottenCredential,
    name: String,
    problem: Option<ForgottenProblem>,
    offers: Offers,
) -> String {
    render(move || {
        if what == ForgottenCredential::Password && !offers.passwords {
            view! { <NoPassword page providers=offers.providers /> }.into_any()
        } else {
            view! { <ForgottenPage page what name problem /> }.into_any()
        }
    })
}

/// The answer; the same whether or not anything was found.
pub fn asked_page(page: FamilyPage, what: ForgottenCredential, offers: Offers) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, recovery.forgotten.done_title);
        let text = match what {
            ForgottenCredential::Password => td_string!(locale, recovery.forgotten.done_password),
            ForgottenCredential::Username => td_string!(locale, recovery.forgotten.done_username),
        };
        let hint = (what == ForgottenCredential::Password && !offers.providers.is_empty())
            .then(|| view! { <p>{td_string!(locale, recovery.forgotten.provider_hint)}</p> });
        view! {
            <AuthPage page title=title>
                <p>{text}</p>
                {hint}
                <p class="soft">{td_string!(locale, recovery.forgotten.office)}</p>
                <a class="btn wide large" href="/sign-in">
                    {td_string!(locale, recovery.forgotten.back)}
                </a>
            </AuthPage>
        }
    })
}

#[component]
fn NoPassword(page: FamilyPage, providers: Vec<ProviderOffer>) -> impl IntoView {
    let locale = page.locale;
    let title = ForgottenCredential::Password.title(locale);
    view! {
        <AuthPage page title=title>
            <p>{td_string!(locale, recovery.forgotten.provider)}</p>
            <ProviderButtons locale providers first=true />
            <a class="tap" href="/sign-in">
                {td_string!(locale, recovery.forgotten.back)}
            </a>
        </AuthPage>
    }
}

#[component]
fn ForgottenPage(
    page: FamilyPage,
    what: ForgottenCredential,
    name: String,
    problem: Option<ForgottenProblem>,
) -> impl IntoView {
    let locale = page.locale;
    let title = what.title(locale);
    let errors: FieldErrors = problem.map(|problem| what.problem(locale, problem)).into_iter().collect();
    let (action, lead, label, kind, autocomplete, button) = match what {
        ForgottenCredential::Password => (
            "/forgotten/password",
            td_string!(locale, recovery.forgotten.password_lead),
            td_string!(locale, recovery.forgotten.name),
            "text",
            "username",
            td_string!(locale, recovery.forgotten.password_button),
        ),
        ForgottenCredential::Username => (
            "/forgotten/username",
            td_string!(locale, recovery.forgotten.username_lead),
            td_string!(locale, recovery.forgotten.email),
            "email",
            "email",
            td_string!(locale, recovery.forgotten.username_button),
        ),
    };
    view! {
        <AuthPage page title errors=errors.clone()>
            <p class="soft">{lead}</p>
            <form class="stack" method="post" action=action novalidate>
                <TextField required=true id="name" label value=name kind autocomplete errors />
                <button class="btn primary wide large" type="submit">
                    <Icon name="send" />
                    {button}
                </button>
            </form>
            <p class="soft">{td_string!(locale, recovery.forgotten.office)}</p>
            <a class="tap" href="/sign-in">
                {td_string!(locale, recovery.forgotten.back)}
            </a>
        </AuthPage>
    }
    .into_any()
}
