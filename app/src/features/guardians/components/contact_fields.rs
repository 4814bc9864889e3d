//! The fields that say what an adult is to a child.

use domain::fields::FieldErrors;
use domain::guardians::contact::ContactFunction;
use domain::guardians::form::{ContactForm, NO, YES};
use domain::guardians::relationship::Relationship;
use leptos::prelude::*;

use crate::ui::field::{SelectField, TextField};

/// Relationship, responsibility, and what else they do. Nothing is chosen for somebody new.
#[component]
pub fn ContactFields(
    /// What is in the fields.
    form: ContactForm,
    /// What is wrong with them.
    errors: FieldErrors,
) -> impl IntoView {
    let relationships = Relationship::ALL
        .into_iter()
        .map(|relationship| (relationship.slug().to_owned(), relationship.label().to_owned()));
    let relationships =
        std::iter::once((String::new(), "Choose a relationship".to_owned())).chain(relationships).collect();
    let answers = || {
        vec![
            (String::new(), "Not known".to_owned()),
            (YES.to_owned(), "Yes".to_owned()),
            (NO.to_owned(), "No".to_owned()),
        ]
    };
    let functions = ContactFunction::ALL
        .into_iter()
        .map(|function| {
            view! {
                <label class="choice">
                    <input type="checkbox" name=function.slug() value=YES checked=form.ticks(function)/><span>{function.label()}</span>
                </label>
            }
        })
        .collect_view();
    let no_portal = form.no_portal == YES;
    view! {
        <SelectField id="relationship" label="Relationship" choices=relationships chosen=form.relationship errors=errors.clone()/>
        <TextField id="relationship_said" label="In their own words (optional)" hint="Such as Mum, or aunt" value=form.relationship_said errors=errors.clone()/>
        <SelectField id="parental_responsibility" label="Parental responsibility" choices=answers() chosen=form.parental_responsibility errors=errors.clone()/>
        <SelectField id="lives_with" label="The student lives with them" choices=answers() chosen=form.lives_with errors=errors.clone()/>
        <TextField id="priority" label="Whom to call first (optional)" hint="1 to 99. 1 is called first." input_mode="numeric" value=form.priority errors=errors.clone()/>
        <fieldset class="field">
            <legend>"What else they do"</legend>
            {functions}
            <label class="choice">
                <input type="checkbox" name="no_portal" value=YES checked=no_portal/><span>"No portal: never give them access by a bulk action"</span>
            </label>
        </fieldset>
        <TextField id="starts_on" label="First day" kind="date" value=form.starts_on errors=errors.clone()/>
        <TextField id="ends_on" label="Last day (optional)" kind="date" value=form.ends_on errors/>
    }
    .into_any()
}
