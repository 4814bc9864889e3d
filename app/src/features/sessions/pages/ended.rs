//! The pages shown instead of saving a form, and after signing in again in another tab.

use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::features::office::page::in_query;
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage};

/// The page for a form that was sent after its session had ended and cannot be kept, as HTML. `next` is the page
/// to return to.
pub fn ended_page(page: FamilyPage, next: Option<String>) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, sessions.ended.title);
        let sign_in =
            next.map_or_else(|| "/sign-in".to_owned(), |next| format!("/sign-in?next={}", in_query(&next)));
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, sessions.ended.text)}</p>
                <a class="btn primary wide large" href=sign_in>
                    {td_string!(locale, sessions.sign_in)}
                </a>
            </AuthPage>
        }
    })
}

/// The page of a tab that was opened to sign in, while another tab keeps what was typed, as HTML.
pub fn signed_in_page(page: FamilyPage) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, sessions.signed_in.title);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, sessions.signed_in.text)}</p>
                <a class="btn wide large" href="/">
                    {td_string!(locale, sessions.signed_in.start)}
                </a>
            </AuthPage>
        }
    })
}

/// The page for a form that someone else filled in, as HTML: says who is signed in. `next` is where its owner
/// continues, and `is_kept` whether they find it again there.
pub fn someone_else_page(page: FamilyPage, next: String, is_kept: bool) -> String {
    render(move || {
        let locale = page.locale;
        let name = page.signed_in.clone().unwrap_or_default();
        let title = td_string!(locale, sessions.someone_else.title, name = name);
        let kept = is_kept.then(|| td_string!(locale, sessions.someone_else.kept));
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, sessions.someone_else.text)}</p>
                {kept.map(|kept| view! { <p>{kept}</p> })}
                <form class="stack" method="post" action="/sign-out">
                    <input type="hidden" name="next" value=next />
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, sessions.someone_else.switch)}
                    </button>
                </form>
                <a class="btn wide large" href="/">
                    {td_string!(locale, sessions.someone_else.leave)}
                </a>
            </AuthPage>
        }
    })
}
