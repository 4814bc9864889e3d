//! "Modify user": an adult's details, and the students that are attached to them.

use backend::guardians::people::shown::GuardianShown;
use backend::guardians::people::students::NamedStudent;
use domain::fields::FieldErrors;
use domain::guardians::adult::AdultForm;
use domain::guardians::form::ContactForm;
use domain::ids::PersonId;
use domain::record::HistoryLine;
use leptos::prelude::*;

use super::list::GUARDIANS_PAGE;
use super::record::ChildLines;
use crate::features::guardians::components::{AdultFields, ContactFields};
use crate::features::office::page::{OfficePage, render};
use crate::features::record::components::History;
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// What the page shows.
#[derive(Debug)]
pub struct ModifyUser {
    /// Who they are, and their students.
    pub shown: GuardianShown,
    /// The form of their details.
    pub details: AdultForm,
    /// What is wrong with it.
    pub details_errors: FieldErrors,
    /// The form that attaches a student.
    pub attach: AttachForm,
    /// What happened to them, latest first; nothing for readers who may not see it.
    pub history: Vec<HistoryLine>,
    /// Why nothing was changed.
    pub problem: Option<String>,
}

/// The form that attaches a student.
#[derive(Debug, Clone, Default)]
pub struct AttachForm {
    /// The admission number or name that was typed.
    pub student: String,
    /// Who is meant by it, if several are.
    pub choices: Vec<NamedStudent>,
    /// The student who was chosen.
    pub chosen: Option<PersonId>,
    /// What the adult is to them.
    pub contact: ContactForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
}

/// The page as HTML.
pub fn modify_page(page: OfficePage, user: ModifyUser) -> String {
    let wrong = !user.details_errors.is_empty() || !user.attach.errors.is_empty();
    let title = if wrong { "Error: Modify user" } else { "Modify user" };
    render(page, title, move || {
        let ModifyUser { shown, details, details_errors, attach, history, problem } = user;
        let person = shown.person;
        let lead = shown.name.clone();
        let listed = shown.is_staff || shown.is_student;
        let errors: FieldErrors = details_errors.0.iter().chain(&attach.errors.0).cloned().collect();
        view! {
            <PageHead title="Modify user" lead=move || lead.clone() up=Some(GUARDIANS_PAGE) actions=move || view! {
                <a class="btn" href=format!("/guardians/{person}")>"Open the record"</a>
                <a class="btn" href=format!("/guardians/{person}#account")>"Account"</a>
            }/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <ErrorSummary errors/>
            <ChildLines person children=shown.children manages=true/>
            <Attach person attach/>
            <h2 class="gap-m">"Details"</h2>
            {if listed {
                view! { <p class="muted">"They are on a list of students or staff too. Their name comes from there."</p> }.into_any()
            } else {
                view! {
                    <form class="stack gap-s" method="post" action=format!("/guardians/{person}/details") novalidate>
                        <AdultFields form=details errors=details_errors/>
                        <div class="row"><button class="btn primary" type="submit">"Save details"</button></div>
                    </form>
                }.into_any()
            }}
            {(!history.is_empty()).then(|| view! { <div class="gap-m"><History lines=history/></div> })}
        }
    })
}

#[component]
fn Attach(person: PersonId, attach: AttachForm) -> impl IntoView {
    let AttachForm { student, choices, chosen, contact, errors } = attach;
    let several = (!choices.is_empty()).then(|| {
        let lines = choices
            .into_iter()
            .map(|one| {
                let words = [one.name, one.admission_number, one.group, one.elsewhere.unwrap_or_default()];
                let words = words.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
                let checked = chosen == Some(one.person);
                view! {
                    <label class="choice">
                        <input type="radio" name="chosen" value=one.person.to_string() checked=checked/><span>{words}</span>
                    </label>
                }
            })
            .collect_view();
        view! { <fieldset class="field"><legend>"Which student?"</legend>{lines}</fieldset> }
    });
    view! {
        <h2 class="gap-m" id="attach" tabindex="-1">"Attach a student"</h2>
        <form class="stack gap-s" method="post" action=format!("/guardians/{person}/attach") novalidate>
            <TextField id="student" label="Admission number or name" value=student errors=errors.clone()/>
            {several}
            <ContactFields form=contact errors/>
            <div class="row"><button class="btn primary" type="submit">"Attach"</button></div>
        </form>
        <p class="muted gap-s">"They get the access that the school gives such adults, unless a restriction is in force."</p>
    }
    .into_any()
}
