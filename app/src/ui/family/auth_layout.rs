//! The layout of sign-in pages: the book's cover, with a form beside it.

use domain::fields::FieldErrors;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{FamilyPage, FamilyShell, OfficeLine};
use crate::ui::icon::Icon;

/// A whole page in this layout: the title, then the contents. Each error of a form is said once: at its field, which
/// receives the focus, or above the form if no field is about it.
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
    /// Whether it is where people arrive: the cover is shown whole, on later pages only its name.
    #[prop(optional)]
    arrival: bool,
    /// The form's errors; empty if there is no form.
    #[prop(optional)]
    errors: FieldErrors,
    /// The contents.
    children: Children,
) -> impl IntoView {
    let whole = errors.of_whole().map(|sentence| {
        view! {
            <div class="errors" role="alert" tabindex="-1" autofocus>
                <p>{sentence.to_owned()}</p>
            </div>
        }
    });
    view! {
        <FamilyShell page=page.clone() title=title.clone() wrong=!errors.is_empty()>
            <AuthLayout page=page arrival>
                {above}
                <h1>{title}</h1>
                {whole}
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
    /// Whether it is where people arrive.
    #[prop(optional)]
    arrival: bool,
    /// The form.
    children: Children,
) -> impl IntoView {
    let locale = page.locale;
    let sign_out = page.signed_in.map(|_| {
        view! {
            <form method="post" action="/sign-out">
                <button class="link" type="submit">
                    {td_string!(locale, family.sign_out)}
                </button>
            </form>
        }
    });
    view! {
        <div class="auth-layout" data-arrival=arrival.then_some("")>
            <header class="cover">
                <div class="label">
                    <Icon name="cap-has" />
                    <p class="school">{page.school}</p>
                    <p class="for">{td_string!(locale, family.audience)}</p>
                </div>
            </header>
            <main class="stack" id="main">
                {children()}
                <OfficeLine locale office=page.office />
            </main>
            <footer>
                {sign_out}
                <button class="link" type="button" data-theme-toggle hidden>
                    {td_string!(locale, family.theme)}
                </button>
            </footer>
        </div>
    }
    .into_any()
}
