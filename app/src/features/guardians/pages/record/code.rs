//! A one-time code, shown once.

use domain::ids::PersonId;
use leptos::prelude::*;

use super::super::list::GUARDIANS_PAGE;
use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;

/// What is handed over.
#[derive(Debug, Clone)]
pub struct ShownCode {
    /// Whose it is.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The code.
    pub code: String,
    /// Where it is typed.
    pub page: String,
    /// When it expires, in words.
    pub until: String,
}

/// The page.
pub fn code_page(page: OfficePage, shown: ShownCode) -> String {
    let title = format!("One-time code for {}", shown.name);
    render(page, title.clone(), move || {
        let ShownCode { person, name, username, code, page, until } = shown;
        let lead = "It works once. You won\u{2019}t see it again.";
        view! {
            <PageHead title lead=move || lead up=Some(GUARDIANS_PAGE) actions=|| view! {
                <button class="btn primary" type="button" data-print hidden><Icon name="printer"/>"Print"</button>
            }/>
            <div class="stack slip">
                <p>"Sign in at "<span class="code">{page}</span>" with this username, and this code instead of the password."</p>
                <dl class="facts">
                    <div><dt>"Name"</dt><dd>{name}</dd></div>
                    <div><dt>"Username"</dt><dd><span class="code">{username}</span></dd></div>
                    <div><dt>"Code"</dt><dd><b class="code">{code}</b></dd></div>
                    <div><dt>"Works until"</dt><dd>{until}</dd></div>
                </dl>
            </div>
            <p class="no-print gap-m"><a class="btn" href=format!("/guardians/{person}")>"Back to the record"</a></p>
        }
    })
}
