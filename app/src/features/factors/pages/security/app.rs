//! Setting up an authenticator app.

use domain::fields::FieldErrors;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::Back;
use crate::features::factors::pages::second_factor::FactorProblem;
use crate::ui::document::render;
use crate::ui::family::qr::QrCode;
use crate::ui::family::{AuthPage, FamilyPage};
use crate::ui::field::TextField;
/// The data an authenticator app needs.
#[derive(Debug, Clone)]
pub struct AppSecret {
    /// For the QR code.
    pub uri: String,
    /// To type by hand.
    pub secret: String,
}

/// Setting up an app, as HTML: the QR code, the secret as text, and the field for the first code.
pub fn app_page(page: FamilyPage, secret: AppSecret, problem: Option<FactorProblem>) -> String {
    render(move || view! { <AppPage page secret problem /> })
}

#[component]
fn AppPage(page: FamilyPage, secret: AppSecret, problem: Option<FactorProblem>) -> impl IntoView {
    let locale = page.locale;
    let errors: FieldErrors = problem.map(|problem| problem.of(locale, "code")).into_iter().collect();
    let title = td_string!(locale, factors.security.app_title);
    view! {
        <AuthPage page title errors=errors.clone()>
            <ol class="numbered">
                <li>{td_string!(locale, factors.security.app_install)}</li>
                <li>
                    <p>{td_string!(locale, factors.security.app_scan)}</p>
                    <QrCode text=secret.uri label=td_string!(locale, factors.security.app_qr) />
                    <p class="soft">
                        {td_string!(locale, factors.security.app_type)} " "
                        <span class="code">{secret.secret}</span>
                    </p>
                </li>
                <li>
                    <form class="stack" method="post" action="/account/security/app" novalidate>
                        <TextField
                            required=true
                            id="code"
                            label=td_string!(locale, factors.security.app_code)
                            value=""
                    autocomplete="one-time-code"
                            class="input codebox"
                            errors
                        />
                        <button class="btn primary wide large" type="submit">
                            {td_string!(locale, factors.security.app_save)}
                        </button>
                    </form>
                </li>
            </ol>
            <Back locale />
        </AuthPage>
    }
    .into_any()
}
