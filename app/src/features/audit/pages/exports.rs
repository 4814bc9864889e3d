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
        let lead = "Limit how many people\u{2019}s details one person can export in a day. Administrators of all schools are told about larger exports.";
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
                    <Input id="a_day" label="Rows one person can export in a day"
                        hint=format!("Leave empty for five times the number of people, at least 5000. That is {usual} today.")
                        kind="text" value=typed.a_day errors=errors.clone()/>
                    <Input id="alert_over" label="Alert administrators when an export has more rows than"
                        hint="They get an email and see it in the audit log. Exports of the audit log count too."
                        kind="text" value=typed.alert_over errors=errors.clone()/>
                    <Input id="approval_over" label="Require approval for exports and one-time codes for more people than"
                        hint="Leave empty to require no approval. Nobody can approve their own request."
                        kind="text" value=typed.approval_over errors/>
                    <div class="row"><button class="btn primary" type="submit">"Save"</button></div>
                </form>
            }
        });
        let told = (!sets).then(|| {
            let a_day = a_day.unwrap_or_else(|| usual.to_string());
            view! {
                <dl class="facts">
                    <div><dt>"Rows one person can export in a day"</dt><dd>{a_day}</dd></div>
                    <div><dt>"Administrators are alerted when an export has more rows than"</dt><dd>{alert_over}</dd></div>
                    <div><dt>"Approval is required for more people than"</dt><dd>{approval_over.unwrap_or_else(|| "No approval required".to_owned())}</dd></div>
                </dl>
                <p>"To change this, ask someone with a role for all schools."</p>
            }
        });
        view! {
            <Head title=TITLE lead up=Some(("/settings", "Settings"))/>
            {form}
            {told}
        }
    })
}
