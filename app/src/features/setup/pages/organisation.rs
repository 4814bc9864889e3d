//! The second step of set-up: the organisation.

use backend::roll::organisation::details::OrganisationForm;
use domain::fields::FieldErrors;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::steps::SetupSteps;
use crate::features::settings::pages::OrganisationFields;
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage};

/// The form as HTML.
pub fn organisation_page(page: FamilyPage, form: OrganisationForm, errors: FieldErrors) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, setup.organisation.title);
        view! {
            <AuthPage page title above=view! { <SetupSteps locale current=2 /> }.into_any() errors=errors.clone()>
                <p class="soft">{td_string!(locale, setup.organisation.lead)}</p>
                <form class="stack" method="post" action="/setup/organisation" novalidate>
                    <OrganisationFields locale form errors />
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, setup.button)}
                    </button>
                </form>
            </AuthPage>
        }
    })
}
