//! The password field, whose contents can be shown.

use domain::fields::FieldErrors;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::field::{Field, described_by, is_said};

/// A password, with a button to show it if scripts run. Never filled in by the server.
#[component]
pub fn PasswordField(
    /// The language of the page.
    locale: Locale,
    /// The field's id and form name.
    #[prop(default = "password")]
    id: &'static str,
    /// The label.
    label: &'static str,
    /// A sentence below the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// The form's errors.
    errors: FieldErrors,
) -> impl IntoView {
    let error = errors.of(id).map(str::to_owned);
    let wrong = error.is_some();
    let described = described_by(id, hint.is_some(), is_said(&error));
    view! {
        <Field id label hint error=Signal::stored(error)>
            <div class="input-row">
                <input
                    class="input"
                    id=id
                    name=id
                    type="password"
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    autofocus=wrong
                    aria-describedby=described
                    aria-invalid=wrong.then_some("true")
                />
                <button
                    class="btn"
                    type="button"
                    hidden
                    data-show=td_string!(locale, family.show)
                    data-hide=td_string!(locale, family.hide)
                    data-show-name=td_string!(locale, family.show_password)
                    data-hide-name=td_string!(locale, family.hide_password)
                    aria-controls=id
                >
                    {td_string!(locale, family.show)}
                </button>
            </div>
        </Field>
    }
    .into_any()
}
