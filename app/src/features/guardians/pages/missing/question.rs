//! The question before the guardians of several students are invited.

use backend::guardians::coverage::board::{BoardFilter, Chosen};
use backend::operations::Rehearsal;
use domain::guardians::bulk::GuardianAction;
use domain::invitations::views::InvitationStanding;
use leptos::prelude::*;

use super::{HiddenFilter, MISSING, query};
use crate::features::office::page::{OfficePage, render};
use crate::features::operations::components::QuestionFacts;
use crate::ui::page::PageHead;

/// The page as HTML.
pub fn invite_page(page: OfficePage, filter: BoardFilter, chosen: Chosen, question: Rehearsal) -> String {
    let Rehearsal { ready, left_out, waits } = question;
    let action = GuardianAction::Invite(InvitationStanding::Never);
    let button = action.button(ready);
    let title = match ready {
        0 => "No invitation code can be sent to these guardians".to_owned(),
        _ => format!("{button}?"),
    };
    render(page, title.clone(), move || {
        let lead = if ready == 0 { String::new() } else { action.consequence(ready) };
        let back = format!("{MISSING}?{}", query(&filter));
        let students = match chosen {
            Chosen::All => view! { <input type="hidden" name="all" value="yes"/> }.into_any(),
            Chosen::Students(students) => students
                .into_iter()
                .map(|student| view! { <input type="hidden" name="student" value=student.to_string()/> })
                .collect_view()
                .into_any(),
        };
        view! {
            <PageHead title lead=move || lead.clone() up=Some((MISSING, "Every child has an adult"))/>
            <QuestionFacts left_out waits/>
            <form class="row gap-m" method="post" action="/guardians/missing/invite">
                <input type="hidden" name="sure" value="yes"/>
                <HiddenFilter filter/>
                {students}
                {(ready > 0).then(|| view! { <button class="btn primary" type="submit">{button}</button> })}
                <a class="btn" href=back>"Back"</a>
            </form>
        }
    })
}
