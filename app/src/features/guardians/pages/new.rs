//! "New user": an adult who is entered by hand.

use domain::fields::FieldErrors;
use domain::guardians::adult::AdultForm;
use domain::guardians::form::{ContactForm, YES};
use domain::guardians::views::{LikelyPerson, SameReason};
use domain::ids::PersonId;
use leptos::prelude::*;

use super::list::GUARDIANS_PAGE;
use crate::features::guardians::components::{AdultFields, ContactFields};
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The page's form and what is shown around it.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// Who they are.
    pub adult: AdultForm,
    /// What they are to the student, if one is named.
    pub contact: ContactForm,
    /// The student whose contact they become, with their name.
    pub child: Option<(PersonId, String)>,
    /// What is wrong with the fields.
    pub errors: FieldErrors,
    /// Why nothing was added.
    pub problem: Option<String>,
    /// People who may be the same.
    pub likely: Vec<LikelyPerson>,
    /// Whether somebody like them is known at a school that the office does not reach.
    pub elsewhere: bool,
}

/// The page as HTML.
pub fn new_page(page: OfficePage, new: NewUser) -> String {
    let title = if new.errors.is_empty() { "New user" } else { "Error: New user" };
    render(page, title, move || {
        let NewUser { adult, contact, child, errors, problem, likely, elsewhere } = new;
        let lead = match &child {
            Some((_, name)) => format!("A contact of {name}. Nothing is sent until you send an invitation."),
            None => "A guardian or other contact. You attach students next. Nothing is sent until you send an invitation.".to_owned(),
        };
        let asked = !likely.is_empty() || elsewhere;
        let some_likely = !likely.is_empty();
        let button = if asked { "Add a second person" } else { "Add user" };
        let id = child.as_ref().map(|(id, _)| *id);
        view! {
            <PageHead title="New user" lead=move || lead.clone() up=Some(GUARDIANS_PAGE)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was added"><p>{problem}</p></Notice> })}
            {elsewhere.then(|| view! { <Elsewhere has_child=id.is_some()/> })}
            {some_likely.then(|| view! { <Likely likely child=id contact=contact.clone()/> })}
            <ErrorSummary errors=errors.clone()/>
            <form class="stack gap-s" method="post" action="/guardians/new" novalidate>
                {id.map(|id| view! { <input type="hidden" name="child" value=id.to_string()/> })}
                {asked.then(|| view! { <input type="hidden" name="sure" value=YES/> })}
                <AdultFields form=adult errors=errors.clone() with_addresses=true/>
                {id.is_some().then(|| view! {
                    <h2 class="gap-m">"What they are to the student"</h2>
                    <ContactFields form=contact errors/>
                })}
                <div class="row">
                    {(elsewhere && id.is_some()).then(|| view! {
                        <button class="btn primary" type="submit" name="elsewhere" value=YES>"Ask for their record"</button>
                    })}
                    <button class="btn" class:primary=!elsewhere type="submit">{button}</button><a class="btn" href="/guardians">"Cancel"</a>
                </div>
            </form>
        }
    })
}

/// Says that somebody is known at a school that the office does not reach, and nothing about them.
#[component]
fn Elsewhere(has_child: bool) -> impl IntoView {
    let what = if has_child {
        "Ask for their record: somebody who reaches both schools gets a task, and attaches the student to it."
    } else {
        "Start from the contacts of a student instead: then you can ask for their record."
    };
    view! {
        <Notice tone="amber" title="Known at another school">
            <p>"Nothing was added yet. Somebody with this name and this email address or phone number is on record at another school. You can\u{2019}t see their record. "{what}" Two records of one person make two accounts."</p>
        </Notice>
    }
    .into_any()
}

/// People who may be the one that is being entered: attaching the student to them makes no second person.
#[component]
fn Likely(likely: Vec<LikelyPerson>, child: Option<PersonId>, contact: ContactForm) -> impl IntoView {
    let lines = likely
        .into_iter()
        .map(|person| {
            let LikelyPerson { person: id, name, who, is_colleague, username, reasons } = person;
            let href = if is_colleague { format!("/staff/{id}") } else { format!("/guardians/{id}") };
            let attach = child.map(|child| {
                let label = format!("Attach the student to {name}");
                view! {
                    <form method="post" action="/guardians/new">
                        <input type="hidden" name="child" value=child.to_string()/>
                        <input type="hidden" name="known" value=id.to_string()/>
                        <Hold contact=contact.clone()/>
                        <button class="btn small" type="submit" aria-label=label>"Attach the student to them"</button>
                    </form>
                }
            });
            view! {
                <li>
                    <p>
                        <a href=href><b><bdi>{name}</bdi></b></a>". "{who}". "
                        {username.map(|username| view! { "Signs in as "<span class="code">{username}</span>". " })}
                        <span class="muted">{SameReason::list(&reasons)}"."</span>
                    </p>
                    {attach}
                </li>
            }
        })
        .collect_view();
    view! {
        <Notice tone="amber" title="This may be someone you already have">
            <p>"Nothing was added yet. If it is one of these people, use their record. Two records of one person make two accounts."</p>
            <ul>{lines}</ul>
        </Notice>
    }
    .into_any()
}

/// What was typed about the contact, for a form that only asks which person is meant.
#[component]
fn Hold(contact: ContactForm) -> impl IntoView {
    [
        ("relationship", contact.relationship),
        ("relationship_said", contact.relationship_said),
        ("emergency", contact.emergency),
        ("pickup", contact.pickup),
        ("payer", contact.payer),
        ("priority", contact.priority),
        ("parental_responsibility", contact.parental_responsibility),
        ("lives_with", contact.lives_with),
        ("no_portal", contact.no_portal),
        ("starts_on", contact.starts_on),
        ("ends_on", contact.ends_on),
    ]
    .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
    .into_iter()
    .collect_view()
}
