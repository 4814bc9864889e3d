//! Step 1: the file.

use domain::imports::kind::ImportDeclaration;
use leptos::prelude::*;

use super::drop::DropAnywhere;
use super::reading::ReadingFields;
use super::sending::FileForm;
use crate::features::office::layout::OfficeUser;
use crate::ui::file::FileField;
use crate::ui::icon::Icon;
use crate::ui::notice::ErrorNotice;

/// The file types that the browser offers first.
pub(super) const ACCEPTED: &str = ".csv,.txt,.tsv,.xlsx,.ods,.zip,text/csv,application/zip,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The form that takes cells copied in a spreadsheet.
#[component]
fn Paste(kind: &'static ImportDeclaration) -> impl IntoView {
    let school = OfficeUser::get().school().to_string();
    let form = FileForm::new();
    let (busy, problem) = (form.busy, form.problem);
    let send = form.sends(None);
    view! {
        <form class="stack gap-m" action="/imports/upload" method="post" enctype="multipart/form-data" on:submit=send>
            {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
            <input type="hidden" name="kind" value=kind.slug/>
            <input type="hidden" name="school" value=school/>
            <div class="field">
                <label for="pasted">{format!("Cells with {}", kind.name.to_lowercase())}</label>
                <span class="hint" id="pasted-hint">"Copy the rows in your spreadsheet, together with the row that has the column names, and paste them here."</span>
                <textarea class="input" id="pasted" name="pasted" rows="8" required spellcheck="false" autocomplete="off" aria-describedby="pasted-hint"></textarea>
            </div>
            <div class="row">
                <button class="btn" type="submit" aria-busy=move || busy.get().then_some("true")>
                    {move || if busy.get() { "Reading\u{2026}" } else { "Read these cells" }}
                </button>
            </div>
        </form>
    }
}

/// The form that uploads a file. Without WebAssembly it is an ordinary form; with it, errors are shown on the
/// page.
#[component]
pub fn ChooseFile(
    /// The kind of list.
    kind: &'static ImportDeclaration,
) -> impl IntoView {
    let user = OfficeUser::get();
    let school = user.school().to_string();
    let form = FileForm::new();
    let (busy, problem, complaint) = (form.busy, form.problem, form.complaint());
    let send = form.sends(None);
    view! {
        <DropAnywhere field="file" say=format!("Drop the file to read it as {}", kind.name.to_lowercase())/>
        <form class="stack gap-m" action="/imports/upload" method="post" enctype="multipart/form-data" on:submit=send>
            {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
            <input type="hidden" name="kind" value=kind.slug/>
            <input type="hidden" name="school" value=school/>
            <FileField id="file" label=format!("File with {}", kind.name.to_lowercase()) accept=ACCEPTED error=complaint
                hint="CSV, Excel (.xlsx), OpenDocument (.ods) or a OneRoster zip, up to 32 MB. You can check everything before it is imported."/>
            <details>
                <summary>"How to read the file"</summary>
                <div class="stack gap-m"><ReadingFields/></div>
            </details>
            <div class="row">
                <button class="btn primary" type="submit" aria-busy=move || busy.get().then_some("true")>
                    <Icon name="upload"/>{move || if busy.get() { "Reading\u{2026}" } else { "Next" }}
                </button>
                <a href=format!("/imports/template.xlsx?kind={}", kind.slug) rel="external" download=format!("{}.xlsx", kind.slug)>"Template for Excel"</a>
                <a href=format!("/imports/template.csv?kind={}", kind.slug) rel="external" download=format!("{}.csv", kind.slug)>"Template as CSV"</a>
                <a href=format!("/imports/senders?kind={}", kind.slug) rel="external">"Remembered columns"</a>
            </div>
        </form>
        <details>
            <summary>"Paste cells from a spreadsheet instead"</summary>
            <Paste kind/>
        </details>
        <details>
            <summary>"Columns that can be imported"</summary>
            <ul>
                {kind.template().map(|field| {
                    let required = if kind.is_required(field) { " (required)" } else { "" };
                    let example =
                        if field.example.is_empty() { String::new() } else { format!(", for example {}", field.example) };
                    view! { <li><b>{field.label}</b>{format!("{required}{example}")}</li> }
                }).collect_view()}
            </ul>
        </details>
    }
}
