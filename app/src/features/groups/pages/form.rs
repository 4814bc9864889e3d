//! The form of a teaching group.

use backend::groups::create::{GroupForm, GroupOffer};
use domain::fields::FieldErrors;
use domain::ids::GroupId;
use leptos::prelude::*;

use super::GROUPS_PAGE;
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::{SelectField, TextField};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// What the form shows.
#[derive(Debug, Clone)]
pub struct GroupFormPage {
    /// The group to change; `None` for a new one.
    pub id: Option<GroupId>,
    /// What was typed and ticked.
    pub typed: GroupForm,
    /// What comes after creating it: `students` to create their accounts.
    pub then: String,
    /// What is wrong in the fields.
    pub errors: FieldErrors,
    /// Why nothing was saved.
    pub problem: Option<String>,
}

/// The form as HTML.
pub fn form_page(page: OfficePage, shown: GroupFormPage, offer: GroupOffer) -> String {
    let title = if shown.id.is_some() { "Change the teaching group" } else { "New teaching group" };
    let head = if shown.errors.is_empty() { title.to_owned() } else { format!("Error: {title}") };
    render(page, head, move || {
        let GroupFormPage { id, typed, then, errors, problem } = shown;
        let action = id.map_or_else(|| "/groups/new".to_owned(), |id| format!("/groups/{id}/edit"));
        let cancel = id.map_or_else(|| "/groups".to_owned(), |id| format!("/groups/{id}"));
        let years: Vec<(String, String)> = std::iter::once((String::new(), "No academic year".to_owned()))
            .chain(offer.years.iter().map(|year| (year.id.to_string(), year.name.clone())))
            .collect();
        let year = typed.year.map(|year| year.to_string()).unwrap_or_default();
        let lead = match id {
            Some(_) => "Its students and tutors stay as they are.",
            None => "Name the group, select its courses and add its tutors.",
        };
        let button = match (id, then.as_str()) {
            (Some(_), _) => "Save",
            (None, "students") => "Create group and continue",
            (None, _) => "Create group",
        };
        view! {
            <PageHead title lead=move || lead up=Some(GROUPS_PAGE)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was saved"><p>{problem}</p></Notice> })}
            <ErrorSummary errors=errors.clone()/>
            <form class="stack" method="post" action=action novalidate>
                <input type="hidden" name="then" value=then/>
                <TextField id="name" label="Name" hint="Such as 12A Mathematics" kind="text" longest=80 value=typed.name.clone() errors=errors.clone()/>
                <SelectField id="year" label="Academic year" choices=years chosen=year/>
                <Courses offer=offer.clone() typed=typed.clone()/>
                {id.is_none().then(|| view! { <Tutors offer typed/> })}
                <div class="row"><button class="btn primary" type="submit">{button}</button><a class="btn" href=cancel>"Cancel"</a></div>
            </form>
        }
    })
}

/// The courses, each with what it adds. One that is no longer offered is there if the group has it.
#[component]
fn Courses(offer: GroupOffer, typed: GroupForm) -> impl IntoView {
    let named = |id: &domain::ids::CourseId| {
        offer.courses.iter().find(|course| course.id == *id).map(|course| course.name.clone())
    };
    let boxes = offer
        .courses
        .iter()
        .filter(|course| course.offered || typed.courses.contains(&course.id))
        .map(|course| {
            let mut adds: Vec<String> = course.adds.iter().filter_map(named).collect();
            adds.sort();
            let adds = (!adds.is_empty()).then(|| view! { <span class="hint">{format!("Adds {}", adds.join(", "))}</span> });
            view! {
                <label class="choice">
                    <input type="checkbox" name="course" value=course.id.to_string() checked=typed.courses.contains(&course.id)/>
                    <span>{course.name.clone()}" "{adds}</span>
                </label>
            }
        })
        .collect_view();
    let none = offer.courses.is_empty();
    view! {
        <fieldset class="field" id="courses">
            <legend>"Courses"</legend>
            {none.then(|| view! { <p class="muted">"There are no courses yet. "<a href="/courses">"Add courses"</a></p> })}
            {boxes}
        </fieldset>
    }
    .into_any()
}

/// Who can be a tutor.
#[component]
fn Tutors(offer: GroupOffer, typed: GroupForm) -> impl IntoView {
    let boxes = offer
        .staff
        .iter()
        .map(|choice| view! {
            <label class="choice">
                <input type="checkbox" name="tutor" value=choice.person.to_string() checked=typed.tutors.contains(&choice.person)/>
                <span><bdi>{choice.named.label()}</bdi></span>
            </label>
        })
        .collect_view();
    let none = offer.staff.is_empty();
    view! {
        <fieldset class="field" id="tutors">
            <legend>"Tutors"</legend>
            <span class="hint">"They see this group and manage the accounts of its students, and no others. You can add tutors later too."</span>
            {none.then(|| view! { <p class="muted">"Nobody is on the staff list yet. "<a href="/imports">"Import staff"</a></p> })}
            <div class="choices wide">{boxes}</div>
        </fieldset>
    }
    .into_any()
}
