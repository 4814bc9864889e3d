//! New recovery codes.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::Back;
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage};
use crate::ui::icon::Icon;
/// The question before creating new recovery codes, as HTML.
pub fn renew_page(page: FamilyPage) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, factors.security.renew_title);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, factors.security.renew)}</p>
                <form method="post" action="/account/security/recovery-codes">
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, factors.security.codes_renew)}
                    </button>
                </form>
                <Back locale />
            </AuthPage>
        }
    })
}

/// New recovery codes, as HTML; shown only this once.
pub fn codes_page(page: FamilyPage, codes: Vec<String>) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, factors.security.codes_title);
        let codes = codes.into_iter().map(|code| view! { <li class="code">{code}</li> }).collect_view();
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, factors.security.codes_lead)}</p>
                <ol class="codes" role="list">
                    {codes}
                </ol>
                <button class="btn wide large no-print" type="button" data-print hidden>
                    <Icon name="printer" />
                    {td_string!(locale, factors.security.print)}
                </button>
                <a class="btn primary wide large no-print" href="/account/security?said=added">
                    {td_string!(locale, factors.security.codes_kept)}
                </a>
            </AuthPage>
        }
    })
}
