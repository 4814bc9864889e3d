//! The field for a password, which can be shown while it is typed.

use domain::fields::FieldErrors;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::field::{Field, described_by};

/// A password, with a button that shows it where scripts run. Never filled in by the server.
#[component]
pub fn PasswordField(
    /// The language of the page.
    locale: Locale,
    /// Its id and its name in the form.
    #[prop(default = "password")]
    id: &'static str,
    /// The words above it.
    label: &'static str,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// What is wrong with the form.
    errors: FieldErrors,
) -> impl IntoView {
    let error = errors.of(id).map(str::to_owned);
    let wrong = error.is_some();
    let described = described_by(id, hint.is_some(), wrong);
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
