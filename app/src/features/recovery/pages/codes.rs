//! One-time codes for several people: the question first, then the slips to cut out.

use domain::ids::SchoolId;
use domain::recovery::{CodeHandout, CodesMade, CodesRequest};
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;

/// A list, and its name.
type List = (&'static str, &'static str);

/// The question before creating codes, as HTML. They are for people of a school: a selection as JSON, and the kind of people
/// that it is of. `list` is where they were chosen.
pub fn ask_page(
    page: OfficePage,
    (school, selection, among): (SchoolId, String, &'static str),
    list: List,
    request: CodesRequest,
) -> String {
    let title = match request.people {
        0 => "None of the selected accounts can be given a one-time code".to_owned(),
        1 => "Create 1 one-time code?".to_owned(),
        many => format!("Create {many} one-time codes?"),
    };
    render(page, title.clone(), move || {
        let left = request.left_alone.iter().map(|left| format!("{} skipped: {}.", left.count, left.reason));
        let left = left.collect::<Vec<_>>().join(" ");
        let without = request.people - request.with_address;
        let waits = request.waits_over.map(u64::from);
        let lead = "A code lets them sign in once and choose a new password. Their current password works until then. Nobody at the school sees the new one.";
        view! {
            <PageHead title lead=move || lead up=Some(list)/>
            <div class="stack">
                {(!left.is_empty()).then(|| view! { <p>{left}</p> })}
                {(request.people > 0 && without > 0).then(|| view! {
                    <p>{format!("No email address: {without}. Print their codes.")}</p>
                })}
                {waits.map(|over| view! {
                    <p>{format!("Codes for more than {over} people need approval. Once someone else has approved them, create them under Approvals.")}</p>
                })}
                <form class="row" method="post" action="/accounts/codes/make">
                    <input type="hidden" name="school" value=school.to_string()/>
                    <input type="hidden" name="selection" value=selection.clone()/>
                    <input type="hidden" name="among" value=among/>
                    {(request.with_address > 0).then(|| view! {
                        <button class="btn primary" type="submit" name="handout" value="emailed">
                            <Icon name="send"/>{format!("Send {} by email", request.with_address)}
                        </button>
                    })}
                    {(request.people > 0).then(|| view! {
                        <button class="btn" type="submit" name="handout" value="shown">
                            <Icon name="eye"/>{format!("Show {} to print", request.people)}
                        </button>
                    })}
                    <a class="btn" href=list.0>"Back"</a>
                </form>
            </div>
        }
    })
}

/// The codes that were created, as HTML: how many were emailed, or the codes themselves, shown only this
/// once.
pub fn made_page(page: OfficePage, list: List, made: CodesMade) -> String {
    match made.handout {
        CodeHandout::Emailed => {
            let title = format!("One-time codes queued: {}", made.made);
            render(page, title.clone(), move || {
                let lead =
                    format!("Each person gets their code by email. The codes work until {}.", made.until);
                view! { <PageHead title lead=move || lead.clone() up=Some(list)/> }
            })
        }
        CodeHandout::Shown => {
            let title = format!("One-time codes: {}", made.made);
            render(page, title.clone(), move || {
                let lead = "Each code works once. You won\u{2019}t see them again. Print them, cut them out and give each person their own.";
                view! {
                    <PageHead title lead=move || lead up=Some(list) actions=|| view! {
                        <button class="btn primary" type="button" data-print hidden><Icon name="printer"/>"Print"</button>
                    }/>
                    <Slips made/>
                }
            })
        }
    }
}

#[component]
fn Slips(made: CodesMade) -> impl IntoView {
    let slips = made.slips.into_iter().map(|slip| {
        view! {
            <li>
                <b>{slip.name}</b>
                <dl class="facts">
                    {slip.beside.map(|(label, told)| view! { <div><dt>{label}</dt><dd>{told}</dd></div> })}
                    <div><dt>"Username"</dt><dd><span class="code">{slip.username}</span></dd></div>
                    <div><dt>"Code"</dt><dd><b class="code">{slip.code}</b></dd></div>
                    <div><dt>"Works until"</dt><dd>{made.until.clone()}</dd></div>
                </dl>
                <p>"Sign in at "<span class="code">{made.page.clone()}</span>" with this code instead of your password."</p>
            </li>
        }
    });
    view! { <ul class="slips" role="list">{slips.collect_view()}</ul> }
}
