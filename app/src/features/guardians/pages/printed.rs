//! Invitation codes on paper, shown once.

use backend::guardians::bulk::print::PrintedInvitations;
use leptos::prelude::*;

use super::list::GUARDIANS_PAGE;
use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;

/// The page as HTML.
pub fn printed_page(page: OfficePage, printed: PrintedInvitations) -> String {
    let title = format!("Invitation codes: {}", printed.slips.len());
    render(page, title.clone(), move || {
        let PrintedInvitations { slips, page, until } = printed;
        let lead = "Each code works once. You won\u{2019}t see them again. Print them, cut them out and give each person their own.";
        let slips = slips
            .into_iter()
            .map(|slip| view! {
                <li>
                    <b>{slip.name}</b>
                    <dl class="facts">
                        <div><dt>"Username"</dt><dd><span class="code">{slip.username}</span></dd></div>
                        <div><dt>"Code"</dt><dd><b class="code">{slip.code}</b></dd></div>
                        <div><dt>"Works until"</dt><dd>{until.clone()}</dd></div>
                    </dl>
                    <p>"Go to "<span class="code">{page.clone()}</span>", type this username and code, and choose a password."</p>
                </li>
            })
            .collect_view();
        view! {
            <PageHead title lead=move || lead up=Some(GUARDIANS_PAGE) actions=|| view! {
                <button class="btn primary" type="button" data-print hidden><Icon name="printer"/>"Print"</button>
            }/>
            <ul class="slips" role="list">{slips}</ul>
        }
    })
}
