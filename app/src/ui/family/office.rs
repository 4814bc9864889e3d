//! How to reach the school office: the last line of every family page, so that "contact the school office" is
//! never without a way to do it.

use domain::roll::office::OfficeContact;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;

/// The line, with a link to call and one to write; nothing if neither is known.
#[component]
pub fn OfficeLine(
    /// The page's language.
    locale: Locale,
    /// How to reach the office.
    office: OfficeContact,
) -> impl IntoView {
    (!office.is_empty()).then(|| {
        let both = office.phone.is_some() && office.email.is_some();
        let phone = office.phone.map(|phone| {
            view! { <a href=format!("tel:{}", phone.number())><bdi>{phone.to_string()}</bdi></a> }
        });
        let email = office.email.map(|email| {
            view! { <a href=format!("mailto:{email}")><bdi>{email.to_string()}</bdi></a> }
        });
        view! {
            <p class="office">
                {td_string!(locale, family.office)}
                " "
                {phone}
                {both.then(|| format!(" {} ", td_string!(locale, family.office_or)))}
                {email}
            </p>
        }
        .into_any()
    })
}
