//! For how long staff may go without a second factor.

use domain::factors::GraceDays;
use domain::fields::FieldErrors;
use leptos::prelude::*;

use crate::features::office::desk::{DeskPage, Errors, Head, Input, render};

/// The setting as HTML; `sets` is whether the reader may change it, `typed` what they typed before.
pub fn grace_page(
    page: DeskPage,
    days: GraceDays,
    sets: bool,
    typed: Option<String>,
    errors: FieldErrors,
) -> String {
    const TITLE: &str = "Second factors for staff";
    let head = if errors.is_empty() { TITLE.to_owned() } else { format!("Error: {TITLE}") };
    render(page, head, move || {
        let lead = "Staff must have a second factor. Choose how many days they get a reminder before they must set one up.";
        let form = sets.then(|| {
            view! {
                <Errors errors=errors.clone()/>
                <form class="stack" method="post" action="/settings/second-factors" novalidate>
                    <Input id="days" label="Days after first signing in as staff, 0 to 90" kind="text"
                        value=typed.unwrap_or_else(|| i32::from(days).to_string()) errors/>
                    <div class="row"><button class="btn primary" type="submit">"Save"</button></div>
                </form>
            }
        });
        let told = (!sets).then(|| {
            let days = i32::from(days);
            view! { <p>{format!("Days after first signing in as staff: {days}. To change this, ask someone with a role for all schools.")}</p> }
        });
        view! {
            <Head title=TITLE lead up=Some(("/settings", "Settings"))/>
            {form}
            {told}
        }
    })
}
