//! Create accounts in bulk: a list is pasted or typed into a grid, checked, and its accounts are created.

mod clipboard;
mod done;
mod draft;
mod file;
mod grid;
mod order;
mod row;
mod save;

use domain::accounts::paste::outcome::{PasteDone, PastePlace};
use domain::accounts::paste::{NewPasteGroup, PasteInto};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::done::Created;
use self::draft::PasteDraft;
use self::file::FileInput;
use self::grid::Grid;
use self::order::NameOrderQuestion;
use self::save::{Figures, SaveBar};
use crate::error::AppResult;
use crate::features::accounts::api::find_paste_place;
use crate::features::office::layout::OfficeUser;
use crate::ui::cap::CapDrawing;
use crate::ui::load::Load;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The page. Its address says the group: `?group=` and its id, or `?new=` and a name, with `course=` for each course.
#[component]
pub fn PasteAccounts() -> impl IntoView {
    let query = use_query_map();
    let into = query.with_untracked(|query| {
        let name = query.get("new").filter(|name| !name.trim().is_empty());
        match (query.get("group").and_then(|group| group.parse().ok()), name) {
            (Some(group), _) => Some(PasteInto::Group(group)),
            (None, Some(name)) => {
                let courses = query.get_all("course").unwrap_or_default();
                let courses = courses.iter().filter_map(|course| course.parse().ok()).collect();
                Some(PasteInto::New(NewPasteGroup { name, courses, tutors: Vec::new() }))
            }
            (None, None) => None,
        }
    });
    match into {
        Some(into) => view! { <OfGroup into/> }.into_any(),
        None => view! {
            <PageHead title="Create accounts in bulk" up=Some(("/accounts", "User accounts")) lead=|| "Choose the group that the accounts are for."/>
            <Notice tone="amber" title="No group chosen">
                <p>"New accounts belong to a teaching group. Open a group, or create one, and choose Create accounts in bulk there."</p>
            </Notice>
        }
        .into_any(),
    }
}

#[component]
fn OfGroup(into: PasteInto) -> impl IntoView {
    let school = OfficeUser::get().school();
    let asked = into.clone();
    let place: Resource<AppResult<PastePlace>> =
        Resource::new(|| (), move |()| find_paste_place(school, asked.clone()));
    let into = StoredValue::new(into);
    view! { <Load resource=place view=move |place: PastePlace| view! { <Paste place into=into.get_value()/> }/> }
}

#[component]
fn Paste(place: PastePlace, into: PasteInto) -> impl IntoView {
    let draft = PasteDraft::new(OfficeUser::get().school(), into);
    let done = RwSignal::new(None::<PasteDone>);
    let (name, is_new) = (place.name.clone(), place.is_new);
    let courses = place.courses.join(", ");
    let lead = move || {
        let group =
            if is_new { format!("For the new group {name}") } else { format!("For the group {name}") };
        let courses = if courses.is_empty() { String::new() } else { format!(" ({courses})") };
        format!("{group}{courses}. Copy the cells of your spreadsheet, and paste them below.")
    };
    view! {
        <PageHead
            title="Create accounts in bulk"
            up=Some(("/accounts", "User accounts"))
            mark=move || view! { <span class="cap large"><CapDrawing has=false/></span> }
            lead
        />
        {move || match done.get() {
            Some(done) => view! { <Created done/> }.into_any(),
            None => view! {
                <div class="paste-intro">
                    <p>"Columns in this order need no headings; with headings, any order will do. Leave the username blank to have one made. Students who are on the roll, or have an account, are recognised and join the group."</p>
                    <FileInput draft/>
                </div>
                <NameOrderQuestion draft/>
                <Figures draft/>
                <Grid draft/>
                <SaveBar draft done/>
            }
            .into_any(),
        }}
    }
}
