//! Removing a second factor.

use domain::fields::{FieldError, FieldErrors};
use domain::ids::PasskeyId;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::Back;
use crate::features::factors::pages::second_factor::{FactorField, FactorProblem, OwnPasskey};
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage, PasswordField};
/// Why the removal form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalProblem {
    /// No password was typed.
    PasswordMissing,
    /// The password is wrong.
    PasswordWrong,
    /// There is a problem with the code.
    Code(FactorProblem),
}

/// What to remove, and how its owner can present a second factor.
#[derive(Debug, Clone)]
pub struct FactorRemovalView {
    /// The passkey and its name; `None` for the app.
    pub passkey: Option<(PasskeyId, String)>,
    /// Whether there are passkeys to use.
    pub has_passkeys: bool,
    /// Whether the password is asked for too.
    pub asks_for_password: bool,
}

/// The removal form, as HTML.
pub fn remove_page(page: FamilyPage, removing: FactorRemovalView, problem: Option<RemovalProblem>) -> String {
    render(move || view! { <RemovePage page removing problem /> })
}

#[component]
fn RemovePage(
    page: FamilyPage,
    removing: FactorRemovalView,
    problem: Option<RemovalProblem>,
) -> impl IntoView {
    let locale = page.locale;
    let problem = problem.map(|problem| match problem {
        RemovalProblem::PasswordMissing => {
            FieldError::new("present", td_string!(locale, own_account.account.current_missing))
        }
        RemovalProblem::PasswordWrong => {
            FieldError::new("present", td_string!(locale, own_account.account.current_wrong))
        }
        RemovalProblem::Code(problem) => problem.of(locale, "code"),
    });
    let errors: FieldErrors = problem.into_iter().collect();
    let (title, action) = match removing.passkey {
        None => (
            td_string!(locale, factors.security.remove_title).to_owned(),
            "/account/security/app/remove".to_owned(),
        ),
        Some((id, name)) => (
            td_string!(locale, factors.security.remove_passkey_title, name = name),
            format!("/account/security/passkeys/{id}/remove"),
        ),
    };
    view! {
        <AuthPage page title errors=errors.clone()>
            <p class="soft">{td_string!(locale, factors.security.remove_lead)}</p>
            <form class="stack" method="post" action=action novalidate>
                {removing
                    .asks_for_password
                    .then(|| {
                        let label = td_string!(locale, own_account.account.current);
                        let autocomplete = "current-password";
                        view! { <PasswordField locale id="present" label autocomplete errors=errors.clone() /> }
                    })}
                <FactorField locale errors=errors.clone() />
                <button class="btn danger wide large" type="submit">
                    {td_string!(locale, factors.security.remove)}
                </button>
                {removing
                    .has_passkeys
                    .then(|| {
                        let label = td_string!(locale, factors.security.remove_with_passkey);
                        view! { <OwnPasskey locale label name="passkey" /> }
                    })}
            </form>
            <Back locale />
        </AuthPage>
    }
    .into_any()
}
