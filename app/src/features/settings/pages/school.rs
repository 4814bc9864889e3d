//! The form for a school.

use backend::roll::schools::form::SchoolForm;
use domain::fields::FieldErrors;
use domain::roll::settings::SCHOOLS_PAGE;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::page::PageHead;
use crate::ui::settings::SettingsFrame;

/// The form as HTML: for a new school, or for one with a code, which stays.
pub fn school_page(page: OfficePage, new: bool, form: SchoolForm, errors: FieldErrors) -> String {
    let title = if new { "Add a school".to_owned() } else { format!("School {}", form.code) };
    let head = if errors.is_empty() { title.clone() } else { format!("Error: {title}") };
    render(page, head, move || {
        let lead = if new {
            "Its students, staff and accounts are separate from those of your other schools.".to_owned()
        } else {
            format!("Its code is {}. Files and commands use it, so it cannot change.", form.code)
        };
        let action =
            if new { "/settings/schools/new".to_owned() } else { format!("/settings/schools/{}", form.code) };
        view! {
            <PageHead title lead=move || lead.clone() up=Some((SCHOOLS_PAGE.path, SCHOOLS_PAGE.name))/>
            <SettingsFrame current=&SCHOOLS_PAGE>
                <ErrorSummary errors=errors.clone()/>
                <form class="stack" method="post" action=action novalidate>
                    <TextField required=true id="name" label="Name" value=form.name name_like=true errors=errors.clone()/>
                    {new.then(|| view! {
                        <TextField required=true id="code" label="Short code"
                            hint="1 to 20 letters, numbers, dots, hyphens or underscores. You cannot change it later."
                            value=form.code errors=errors.clone()/>
                    })}
                    <TextField id="office_phone" kind="tel" label="Phone number of its office" value=form.office_phone
                        hint="Leave empty to use the organisation\u{2019}s." errors=errors.clone()/>
                    <TextField id="office_email" kind="email" label="Email address of its office" value=form.office_email
                        hint="Leave empty to use the organisation\u{2019}s." errors/>
                    <div class="row"><button class="btn primary" type="submit">{if new { "Add" } else { "Save" }}</button></div>
                </form>
            </SettingsFrame>
        }
    })
}
