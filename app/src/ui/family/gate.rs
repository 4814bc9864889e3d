//! The cover of the book, with a form beside it.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::FamilyPage;
use crate::ui::icon::Icon;

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
