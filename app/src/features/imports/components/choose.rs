//! Step 1: the file.

use domain::imports::kind::ImportDeclaration;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::reading::{ReadingFields, remember};
use crate::error::AppError;
use crate::features::office::layout::OfficeUser;
use crate::ui::fetch;
use crate::ui::file::FileField;
use crate::ui::icon::Icon;
use crate::ui::notice::ErrorNotice;

/// The file types that the browser offers first.
pub(super) const ACCEPTED: &str = ".csv,.txt,.tsv,.xlsx,.zip,text/csv,application/zip,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The form that uploads a file. Without WebAssembly it is an ordinary form; with it, errors are shown on the
/// page.
#[component]
pub fn ChooseFile(
    /// The kind of list.
    kind: &'static ImportDeclaration,
) -> impl IntoView {
    let user = OfficeUser::get();
    let school = user.school().to_string();
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<AppError>);
    // The notice above has the full explanation; this marks the field.
    let complaint = Signal::derive(move || {
        problem.get().map(|error| {
            let field = error.fields.0.into_iter().next();
            field.map_or_else(|| "This file was not imported.".to_owned(), |field| field.message)
        })
    });
    let navigate = use_navigate();
    let send = move |event: leptos::ev::SubmitEvent| {
        use wasm_bindgen::JsCast as _;
        event.prevent_default();
        let Some(form) = event.target().and_then(|it| it.dyn_into::<web_sys::HtmlFormElement>().ok()) else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let navigate = navigate.clone();
        leptos::task::spawn_local(async move {
            match fetch::post_form::<String>(&form, None).await {
                Ok(page) => {
                    remember(page.clone(), fetch::file_of(&form));
                    navigate(&page, leptos_router::NavigateOptions::default());
                }
                Err(error) => problem.set(Some(error)),
            }
            busy.set(false);
        });
    };
    view! {
        <form class="stack gap-m" action="/imports/upload" method="post" enctype="multipart/form-data" on:submit=send>
            {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
            <input type="hidden" name="kind" value=kind.slug/>
            <input type="hidden" name="school" value=school/>
            <FileField id="file" label=format!("File with {}", kind.name.to_lowercase()) accept=ACCEPTED error=complaint
                hint="CSV, Excel (.xlsx) or a OneRoster zip, up to 32 MB. You can check everything before it is imported."/>
            <details>
                <summary>"How to read the file"</summary>
                <div class="stack gap-m"><ReadingFields/></div>
            </details>
            <div class="row">
                <button class="btn primary" type="submit" aria-busy=move || busy.get().then_some("true")>
                    <Icon name="upload"/>{move || if busy.get() { "Reading\u{2026}" } else { "Next" }}
                </button>
                <a href=format!("/imports/template.csv?kind={}", kind.slug) rel="external" download=format!("{}.csv", kind.slug)>"Download a template"</a>
            </div>
        </form>
        <details>
            <summary>"Columns that can be imported"</summary>
            <ul>
                {kind.template().map(|field| view! {
                    <li><b>{field.label}</b>{if kind.is_required(field) { " (required)" } else { "" }}{format!(", for example {}", field.example)}</li>
                }).collect_view()}
            </ul>
        </details>
    }
}
