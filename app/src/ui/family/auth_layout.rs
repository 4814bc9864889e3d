//! The cover of the book, with a form beside it.

use domain::fields::FieldErrors;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{FamilyPage, FamilyShell};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::icon::Icon;

/// A whole page of that frame: its title, and what is wrong with its form, stand above what it says.
#[component]
pub fn AuthPage(
    /// Of this request.
    page: FamilyPage,
    /// In the language of the page.
    #[prop(into)]
    title: String,
    /// What stands above the title.
    #[prop(optional, into)]
    above: Option<AnyView>,
    /// What is wrong with its form; none without one.
    #[prop(optional)]
    errors: FieldErrors,
    /// What it says and asks for.
    children: Children,
) -> impl IntoView {
    let locale = page.locale;
    view! {
        <FamilyShell page=page.clone() title=title.clone() wrong=!errors.is_empty()>
            <AuthLayout page=page>
                {above}
                <h1>{title}</h1>
                <ErrorSummary errors title=td_string!(locale, family.problem) />
                {children()}
            </AuthLayout>
        </FamilyShell>
    }
}

/// Cover, form and foot: the frame of signing in and activating.
#[component]
pub fn AuthLayout(
    /// Of this request.
    page: FamilyPage,
    /// The form.
    children: Children,
) -> impl IntoView {
    let locale = page.locale;
    view! {
        <div class="auth-layout">
            <header class="cover">
                <div class="label">
                    <Icon name="cap-has" />
                    <p class="school">{page.school}</p>
                    <p class="for">{td_string!(locale, family.audience)}</p>
                </div>
            </header>
            <main class="stack" id="main">
                {children()}
            </main>
            <footer>
                <button class="link" type="button" data-theme-toggle hidden>
                    {td_string!(locale, family.theme)}
                </button>
            </footer>
        </div>
    }
    .into_any()
}
