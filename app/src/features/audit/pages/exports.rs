//! How much one person may take out in a day, and from how much on administrators are told.

use backend::audit::exports::{ExportForm, ExportSettings};
use domain::fields::FieldErrors;
use leptos::prelude::*;

use crate::features::office::desk::{DeskPage, Errors, Head, Input, render};

/// The settings as HTML; `typed` is what was typed before.
pub fn exports_page(
    page: DeskPage,
    settings: ExportSettings,
    typed: Option<ExportForm>,
    errors: FieldErrors,
) -> String {
    const TITLE: &str = "Exports";
    let head = if errors.is_empty() { TITLE.to_owned() } else { format!("Error: {TITLE}") };
    render(page, head, move || {
        let lead = "A file with a list of people is soon gone. So much may leave in a day, and administrators of all schools hear of more.";
        let ExportSettings { limits, usual, sets } = settings;
        let a_day = limits.a_day.map(|rows| i32::from(rows).to_string());
        let alert_over = i32::from(limits.alert_over).to_string();
        let approval_over = limits.approval_over.map(|rows| i32::from(rows).to_string());
        let form = sets.then(|| {
            let typed = typed.unwrap_or_else(|| ExportForm {
                a_day: a_day.clone().unwrap_or_default(),
                alert_over: alert_over.clone(),
                approval_over: approval_over.clone().unwrap_or_default(),
            });
            view! {
                <Errors errors=errors.clone()/>
                <form class="stack" method="post" action="/settings/exports" novalidate>
                    <Input id="a_day" label="Rows of lists of people that one person may take out in a day"
                        hint=format!("Empty: five times the people that there are, and at least 5000; {usual} at present.")
                        kind="text" value=typed.a_day errors=errors.clone()/>
                    <Input id="alert_over" label="Tell administrators at once of a file with more rows than"
                        hint="By email, and on the page of the audit log. A file of the audit log counts too."
                        kind="text" value=typed.alert_over errors=errors.clone()/>
                    <Input id="approval_over" label="Wait for a second person before a list with more people, or one-time codes for more"
                        hint="Empty: nothing waits. Whoever may do the same approves it under Approvals, and nobody their own."
                        kind="text" value=typed.approval_over errors/>
                    <div class="row"><button class="btn primary" type="submit">"Save"</button></div>
                </form>
            }
        });
        let told = (!sets).then(|| {
            let a_day = a_day.unwrap_or_else(|| usual.to_string());
            view! {
                <dl class="facts">
                    <div><dt>"Rows that one person may take out in a day"</dt><dd>{a_day}</dd></div>
                    <div><dt>"Administrators are told of more rows than"</dt><dd>{alert_over}</dd></div>
                    <div><dt>"More people wait for a second person"</dt><dd>{approval_over.unwrap_or_else(|| "Nothing waits".to_owned())}</dd></div>
                </dl>
                <p>"Someone with a role for all schools can change that."</p>
            }
        });
        view! {
            <Head title=TITLE lead up=Some(("/settings", "Settings"))/>
            {form}
            {told}
        }
    })
}
