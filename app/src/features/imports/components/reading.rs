//! How a file was read, and the form that has it read in another way.

use domain::imports::encoding::TextEncoding;
use domain::imports::kind::ImportDeclaration;
use domain::imports::reading::FileReading;
use domain::imports::unsent::{UNSENT, Unsent};
use domain::imports::views::ImportView;
use leptos::prelude::*;

use super::choose::ACCEPTED;
use super::sending::{FileForm, remembered};
use crate::ui::field::{SelectField, TextField};
use crate::ui::file::FileField;
use crate::ui::memo::Derived;
use crate::ui::notice::{ErrorNotice, Notice};

/// The choices of how a file is read: those of a text, those of a workbook, or all if the file is not known yet.
#[component]
pub(super) fn ReadingFields(
    /// How it was read, if it was.
    #[prop(optional)]
    reading: FileReading,
) -> impl IntoView {
    let is_known = reading.text.is_some() || reading.sheet.is_some();
    // In a OneRoster export it is always the first.
    let has_header = !is_known || reading.header_row.is_some();
    let asked = reading.asked.clone();
    let encoding = (!is_known || reading.text.is_some()).then(|| encodings(&reading));
    let chosen = asked.encoding.map(|encoding| encoding.slug().to_owned()).unwrap_or_default();
    let sheets = reading.sheet.map(|sheet| {
        std::iter::once(sheet.name)
            .chain(sheet.others.into_iter().map(|other| other.name))
            .collect::<Vec<_>>()
    });
    let merged = reading.merged_down > 0;
    let fills = asked.fill_merged.map(|fills| fills.to_string()).unwrap_or_default();
    let row = asked.header_row.map(|row| row.to_string()).unwrap_or_default();
    view! {
        {encoding.map(|choices| view! {
            <SelectField id="encoding" label="Encoding of the text" choices chosen
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
        {has_header.then(|| view! {
            <TextField id="header_row" label="Row with the column names" input_mode="numeric" value=row
                hint="The row\u{2019}s number, as a spreadsheet shows it, or 0 if there is none. Leave empty to have it found."/>
        })}
        {merged.then(|| view! {
            <SelectField id="fill_merged" label="Cells that are merged with the cell above" chosen=fills choices=[
                ("", "Not decided: they stay empty"),
                ("true", "They get the value of the cell above"),
                ("false", "They are empty"),
            ].map(|(value, label)| (value.to_owned(), label.to_owned())).to_vec()/>
        })}
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
    /// What was chosen on the page and not sent: it is kept when the file is read again.
    unsent: Derived<Unsent>,
) -> impl IntoView {
    let reading = import.reading;
    if reading == FileReading::default() {
        // An import from before this was kept: there is nothing to choose.
        return ().into_any();
    }
    let page = format!("/imports/{}", import.id);
    let file = RwSignal::new(None::<String>);
    // Only the browser has the file.
    Effect::new({
        let page = page.clone();
        move || file.set(remembered(&page).map(|file| file.name()))
    });
    let form = FileForm::new();
    let (busy, problem, complaint) = (form.busy, form.problem, form.complaint());
    let send = form.sends(Some(page));
    let (mut questions, notes) = (reading.questions(), reading.notes());
    questions.extend(reading.lost_matches(kind));
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
                <input type="hidden" name=UNSENT value=move || unsent.with(|unsent| serde_json::to_string(unsent).unwrap_or_default())/>
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
