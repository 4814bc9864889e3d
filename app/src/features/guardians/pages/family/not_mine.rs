//! The page behind "This is not my child" in a message.

use backend::guardians::access::not_mine::link::NotMineView;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage};

/// The page as HTML: one button, or what it did.
pub fn not_mine_page(page: FamilyPage, shown: NotMineView, action: String) -> String {
    render(move || {
        let locale = page.locale;
        let (home, words) = if page.signed_in.is_some() {
            ("/portal", td_string!(locale, invitations.activate.portal))
        } else {
            ("/sign-in", td_string!(locale, sign_in.button))
        };
        let (title, inside) = if shown.is_stopped {
            let inside = view! {
                <p>{td_string!(locale, access.not_mine.done)}</p>
                <p class="soft">{td_string!(locale, access.not_mine.mistake)}</p>
                <a class="tap" href=home>{words}</a>
            };
            (td_string!(locale, access.not_mine.done_title), inside.into_any())
        } else {
            let lead = td_string!(locale, access.not_mine.lead, name = shown.child, school = shown.school);
            let inside = view! {
                <p>{lead}</p>
                <form method="post" action=action>
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, access.not_mine.button)}
                    </button>
                </form>
                <a class="tap" href=home>{td_string!(locale, access.not_mine.nothing_wrong)}</a>
            };
            (td_string!(locale, access.not_mine.title), inside.into_any())
        };
        view! { <AuthPage page title>{inside}</AuthPage> }
    })
}
