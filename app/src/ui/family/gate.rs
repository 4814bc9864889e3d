//! The cover of the book, with a form beside it.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{FamilyPage, FamilyShell};
use crate::ui::icon::Icon;

/// A whole page of that frame: its title stands above what it says.
#[component]
pub fn GatePage(
    /// Of this request.
    page: FamilyPage,
    /// In the language of the page.
    title: &'static str,
    /// What it says and asks for.
    children: Children,
) -> impl IntoView {
    view! {
        <FamilyShell page=page.clone() title=title>
            <Gate page=page>
                <h1>{title}</h1>
                {children()}
            </Gate>
        </FamilyShell>
    }
}

/// Cover, form and foot: the frame of signing in and activating.
#[component]
pub fn Gate(
    /// Of this request.
    page: FamilyPage,
    /// The form.
    children: Children,
) -> impl IntoView {
    let locale = page.locale;
    view! {
        <div class="gate">
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
