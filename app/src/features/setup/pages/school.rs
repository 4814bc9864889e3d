//! The third step of set-up: the first school.

use backend::roll::schools::form::SchoolForm;
use domain::fields::FieldErrors;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::steps::SetupSteps;
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage};
use crate::ui::field::TextField;

/// The form as HTML.
pub fn school_page(page: FamilyPage, form: SchoolForm, errors: FieldErrors) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, setup.school.title);
        view! {
            <AuthPage page title above=view! { <SetupSteps locale current=3 /> }.into_any() errors=errors.clone()>
                <p class="soft">{td_string!(locale, setup.school.lead)}</p>
                <form class="stack" method="post" action="/setup/school" novalidate>
                    <TextField
                        required=true
                        id="name"
                        label=td_string!(locale, setup.school.name)
                        value=form.name
                        autocomplete="organization"
                        name_like=true
                        errors=errors.clone()
                    />
                    <TextField
                        required=true
                        id="code"
                        label=td_string!(locale, setup.school.code)
                        hint=td_string!(locale, setup.school.code_hint)
                        value=form.code
                        errors
                    />
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, setup.school.button)}
                    </button>
                </form>
                <a class="tap" href="/setup/organisation">
                    {td_string!(locale, setup.school.back)}
                </a>
            </AuthPage>
        }
    })
}
