//! Changing the groups of chosen students: which groups, then who changes and who does not.

use backend::groups::change::ChangeMembers;
use backend::groups::list::GroupChoice;
use domain::accounts::bulk::BulkSimulation;
use domain::groups::members::MemberChange;
use domain::ids::{GroupId, SchoolId};
use domain::when::long_day;
use leptos::prelude::*;

use super::students_in_words;
use crate::features::accounts::pages::bulk::Named;
use crate::features::office::page::{OfficePage, render};
use crate::ui::field::{SelectField, TextField};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// What the forms carry.
#[derive(Debug, Clone)]
pub struct PickPage {
    /// The school.
    pub school: SchoolId,
    /// The students, a selection as JSON.
    pub selection: String,
    /// The group they leave, as it was chosen.
    pub from: String,
    /// The group they join, as it was chosen.
    pub to: String,
    /// The day, as it was typed.
    pub on: String,
}

/// The list where students were chosen.
const STUDENTS: (&str, &str) = ("/students", "Students");

/// The question which groups, as HTML.
pub fn pick_page(
    page: OfficePage,
    form: PickPage,
    groups: Vec<GroupChoice>,
    problem: Option<String>,
) -> String {
    let title = "Change teaching groups";
    render(page, title, move || {
        let none = groups.is_empty();
        let choices = |first: &str| -> Vec<(String, String)> {
            std::iter::once((String::new(), first.to_owned()))
                .chain(groups.iter().map(|choice| (choice.id.to_string(), choice.label())))
                .collect()
        };
        let (to, from) =
            (choices("No group: they join none"), choices("No group: they stay in those they are in"));
        view! {
            <PageHead title lead=|| "Students can be in several groups. The next page shows who changes groups and who does not. Nothing happens before you confirm it." up=Some(STUDENTS)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {if none {
                view! { <p>"There is no open group. "<a href="/groups/new">"Create a teaching group"</a></p> }.into_any()
            } else {
                view! {
                    <form class="stack" method="post" action="/groups/pick/show" novalidate>
                        <input type="hidden" name="school" value=form.school.to_string()/>
                        <input type="hidden" name="selection" value=form.selection/>
                        <SelectField id="group" label="Add to" choices=to chosen=form.to/>
                        <SelectField id="from" label="Take out of" choices=from chosen=form.from/>
                        <TextField id="on" label="From" hint="Today if empty" kind="date" value=form.on/>
                        <div class="row"><button class="btn primary" type="submit">"Show what changes"</button><a class="btn" href=STUDENTS.0>"Cancel"</a></div>
                    </form>
                }.into_any()
            }}
        }
    })
}

/// Who changes groups and who does not, as HTML, with the form that does it.
pub fn picked_page(
    page: OfficePage,
    form: PickPage,
    (input, groups): (ChangeMembers, Vec<GroupChoice>),
    found: BulkSimulation,
    problem: Option<String>,
) -> String {
    let BulkSimulation { changes, first, stays, hash, .. } = found;
    let students = students_in_words(u64::try_from(changes).unwrap_or(u64::MAX));
    let name = |group: GroupId| {
        groups.iter().find(|choice| choice.id == group).map_or_else(String::new, GroupChoice::label)
    };
    let button = match input.change {
        MemberChange::Join { .. } => format!("Add {students}"),
        MemberChange::Move { .. } => format!("Move {students}"),
        MemberChange::Leave { .. } => format!("Take out {students}"),
    };
    let what = match input.change {
        MemberChange::Join { to } => format!("To {}", name(to)),
        MemberChange::Move { from, to } => format!("From {} to {}", name(from), name(to)),
        MemberChange::Leave { from } => format!("Out of {}", name(from)),
    };
    let lead = format!("{what}, from {}. You can undo it on the group\u{2019}s page.", long_day(input.on));
    let title = if changes == 0 { "Nobody changes groups".to_owned() } else { format!("{button}?") };
    render(page, title.clone(), move || {
        view! {
            <PageHead title lead=move || lead.clone() up=Some(STUDENTS)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <form class="row gap-m" method="post" action="/groups/pick/make">
                <input type="hidden" name="school" value=form.school.to_string()/>
                <input type="hidden" name="selection" value=form.selection/>
                <input type="hidden" name="group" value=form.to/>
                <input type="hidden" name="from" value=form.from/>
                <input type="hidden" name="on" value=input.on.to_string()/>
                <input type="hidden" name="seen" value=hash.to_string()/>
                {(changes > 0).then(|| view! { <button class="btn primary" type="submit">{button}</button> })}
                <button class="btn" type="submit" formaction="/groups/pick">"Back"</button>
            </form>
            <Named changes first stays/>
        }
    })
}
