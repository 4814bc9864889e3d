//! The layout of sign-in pages: the book's cover, with a form beside it.

use domain::fields::FieldErrors;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{FamilyPage, FamilyShell};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::icon::Icon;

/// A whole page in this layout: the title and the form's errors, then the contents.
#[component]
pub fn AuthPage(
    /// The page of this request.
    page: FamilyPage,
    /// The title, in the page's language.
    #[prop(into)]
    title: String,
    /// Shown above the title.
    #[prop(optional, into)]
    above: Option<AnyView>,
    /// The form's errors; empty if there is no form.
    #[prop(optional)]
    errors: FieldErrors,
    /// The contents.
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

/// The layout for signing in and activating an account: cover, form and footer.
#[component]
pub fn AuthLayout(
    /// The page of this request.
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
