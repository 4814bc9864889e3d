//! How a file was read, and the form that has it read in another way.
//!
//! The server does not keep the file. Where this page still has it from the step before, it sends it again; otherwise
//! the form asks for it.

use domain::imports::encoding::TextEncoding;
use domain::imports::kind::ImportDeclaration;
use domain::imports::reading::FileReading;
use domain::imports::views::ImportView;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::choose::ACCEPTED;
use crate::error::AppError;
use crate::ui::fetch::{self, FormFile};
use crate::ui::field::{SelectField, TextField};
use crate::ui::file::FileField;
use crate::ui::notice::{ErrorNotice, Notice};

thread_local! {
    /// The page of the last import, and its file.
    static SENT: std::cell::RefCell<Option<(String, FormFile)>> = const { std::cell::RefCell::new(None) };
}

/// Remembers the file of an import for as long as this page is open.
pub(super) fn remember(page: String, file: Option<FormFile>) {
    SENT.with(|sent| *sent.borrow_mut() = file.map(|file| (page, file)));
}

/// The file of an import, if it was sent from this page.
fn remembered(page: &str) -> Option<FormFile> {
    SENT.with(|sent| sent.borrow().as_ref().filter(|(of, _)| of == page).map(|(_, file)| file.clone()))
}

/// The choices of how a file is read: those of a text, those of a workbook, or all if the file is not known yet.
#[component]
pub(super) fn ReadingFields(
    /// How it was read, if it was.
    #[prop(optional)]
    reading: FileReading,
) -> impl IntoView {
    let is_known = reading.text.is_some() || reading.sheet.is_some();
    let asked = reading.asked.clone();
    let encoding = (!is_known || reading.text.is_some()).then(|| encodings(&reading));
    let chosen = asked.encoding.map(|encoding| encoding.slug().to_owned()).unwrap_or_default();
    let sheets = reading.sheet.map(|sheet| {
        std::iter::once(sheet.name)
            .chain(sheet.others.into_iter().map(|other| other.name))
            .collect::<Vec<_>>()
    });
    let row = asked.header_row.map(|row| row.to_string()).unwrap_or_default();
    view! {
        {encoding.map(|choices| view! {
            <SelectField id="encoding" label="Encoding of a CSV file" choices chosen
                hint="Choose another one if letters in names are wrong."/>
        })}
        {sheets.map(|sheets| {
            let chosen = sheets.first().cloned().unwrap_or_default();
            let choices: Vec<_> = sheets.into_iter().map(|name| (name.clone(), name)).collect();
            view! { <SelectField id="sheet" label="Sheet" choices chosen/> }
        })}
        {(!is_known).then(|| view! {
            <TextField id="sheet" label="Sheet of a workbook" value="" hint="Leave empty to have the first list read."/>
        })}
        <TextField id="header_row" label="Row with the column names" input_mode="numeric" value=row
            hint="The row\u{2019}s number, as a spreadsheet shows it. Leave empty to have it found."/>
    }
}

/// The encodings to choose from, each with the file's names as it would read them.
fn encodings(reading: &FileReading) -> Vec<(String, String)> {
    let samples = reading.text.as_ref().map(|text| text.samples.as_slice()).unwrap_or_default();
    let label = |encoding: TextEncoding| {
        let cells =
            samples.iter().find(|sample| sample.encoding == encoding).map(|sample| sample.cells.join(", "));
        let cells = cells.filter(|cells| !cells.is_empty()).map(|cells| format!(": {cells}"));
        format!("{}{}", encoding.label(), cells.unwrap_or_default())
    };
    let detect = std::iter::once((String::new(), "Detect it".to_owned()));
    detect.chain(TextEncoding::all().map(|encoding| (encoding.slug().to_owned(), label(encoding)))).collect()
}

/// What to check about how a file was read, and the form that has it read in another way.
#[component]
pub fn HowItWasRead(
    /// The kind of list.
    kind: &'static ImportDeclaration,
    /// The import.
    import: ImportView,
) -> impl IntoView {
    let reading = import.reading;
    if reading == FileReading::default() {
        // An import from before this was kept, or a OneRoster export: there is nothing to choose.
        return ().into_any();
    }
    let page = format!("/imports/{}", import.id);
    let file = RwSignal::new(None::<String>);
    // Only the browser has the file.
    Effect::new({
        let page = page.clone();
        move || file.set(remembered(&page).map(|file| file.name()))
    });
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<AppError>);
    let complaint = Signal::derive(move || problem.get().map(|error| error.message));
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
        let (navigate, kept) = (navigate.clone(), remembered(&page));
        leptos::task::spawn_local(async move {
            let file = kept.or_else(|| fetch::file_of(&form));
            match fetch::post_form::<String>(&form, file.as_ref()).await {
                Ok(page) => {
                    remember(page.clone(), file);
                    navigate(&page, leptos_router::NavigateOptions { replace: true, ..Default::default() });
                }
                Err(error) => drop(problem.try_set(Some(error))),
            }
            busy.try_set(false);
        });
    };
    let (questions, notes) = (reading.questions(), reading.notes());
    let is_open = !questions.is_empty();
    let school = import.school.to_string();
    let replaces = import.id.to_string();
    view! {
        {is_open.then(|| view! {
            <Notice tone="amber" title="Check how the file was read">
                {questions.into_iter().map(|question| view! { <p>{question}</p> }).collect_view()}
            </Notice>
        })}
        {(!notes.is_empty()).then(|| view! { <p class="muted">{notes.join(" ")}</p> })}
        <details class="gap-m" open=is_open>
            <summary>"Read the file in another way"</summary>
            <form class="stack gap-m" action="/imports/upload" method="post" enctype="multipart/form-data" on:submit=send>
                {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
                <input type="hidden" name="kind" value=kind.slug/>
                <input type="hidden" name="school" value=school/>
                <input type="hidden" name="replaces" value=replaces/>
                <ReadingFields reading/>
                {move || file.with(Option::is_none).then(|| view! {
                    <FileField id="file" label="The same file, once more" accept=ACCEPTED error=complaint
                        hint="It isn\u{2019}t kept, so choose it again."/>
                })}
                <div class="row">
                    <button class="btn" type="submit" aria-busy=move || busy.get().then_some("true")>
                        {move || if busy.get() { "Reading\u{2026}" } else { "Read it again" }}
                    </button>
                </div>
            </form>
        </details>
    }
    .into_any()
}
