//! Invitation codes on paper: the question first, then the slips to cut out, shown once.

use backend::accounts::print::PrintedInvitations;
use backend::operations::Rehearsal;
use domain::guardians::bulk::GuardianAction;
use domain::ids::SchoolId;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::features::operations::components::QuestionFacts;
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;

/// A list, and its name.
type List = (&'static str, &'static str);

/// The question before codes are made for people of a school: a selection as JSON, and the kind of people that it is of.
/// `list` is where they were chosen.
pub fn print_page(
    page: OfficePage,
    (school, selection, among): (SchoolId, String, &'static str),
    list: List,
    question: Rehearsal,
) -> String {
    let Rehearsal { ready, left_out, waits } = question;
    let title = match ready {
        0 => "None of the selected accounts waits for a password".to_owned(),
        1 => "Print 1 invitation code?".to_owned(),
        many => format!("Print {many} invitation codes?"),
    };
    render(page, title.clone(), move || {
        let lead = if ready == 0 { String::new() } else { GuardianAction::Print.consequence(ready) };
        let button = GuardianAction::Print.button(ready);
        view! {
            <PageHead title lead=move || lead.clone() up=Some(list)/>
            <QuestionFacts left_out waits/>
            <form class="row gap-m" method="post" action="/accounts/print/make">
                <input type="hidden" name="school" value=school.to_string()/>
                <input type="hidden" name="selection" value=selection/>
                <input type="hidden" name="among" value=among/>
                {(ready > 0).then(|| view! { <button class="btn primary" type="submit"><Icon name="printer"/>{button}</button> })}
                <a class="btn" href=list.0>"Back"</a>
            </form>
        }
    })
}

/// The codes, as HTML.
pub fn printed_page(page: OfficePage, list: List, printed: PrintedInvitations) -> String {
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
                        {slip.beside.map(|(label, told)| view! { <div><dt>{label}</dt><dd>{told}</dd></div> })}
                        <div><dt>"Username"</dt><dd><span class="code">{slip.username}</span></dd></div>
                        <div><dt>"Code"</dt><dd><b class="code">{slip.code}</b></dd></div>
                        <div><dt>"Works until"</dt><dd>{until.clone()}</dd></div>
                    </dl>
                    <p>"Go to "<span class="code">{page.clone()}</span>", type this username and code, and choose a password."</p>
                </li>
            })
            .collect_view();
        view! {
            <PageHead title lead=move || lead up=Some(list) actions=|| view! {
                <button class="btn primary" type="button" data-print hidden><Icon name="printer"/>"Print"</button>
            }/>
            <ul class="slips" role="list">{slips}</ul>
        }
    })
}
