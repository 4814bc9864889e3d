//! A file in place of a paste: chosen, dropped anywhere on the page, or pasted. The server reads it and sends its cells
//! back.

use domain::accounts::paste::outcome::PasteFile;
use domain::accounts::paste::read::ReadError;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

use super::draft::PasteDraft;
use crate::features::imports::components::DropAnywhere;
use crate::features::office::layout::OfficeUser;
use crate::ui::fetch::{FormFile, file_of, post_form};
use crate::ui::field::Field;
use crate::ui::icon::Icon;

/// The id of the field.
const FIELD: &str = "paste-file";

/// The file types that the browser offers first.
const ACCEPTED: &str = ".csv,.tsv,.txt,.xlsx,.ods,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,application/vnd.oasis.opendocument.spreadsheet";

/// Reads a file, or the one that the field has, and pastes its cells.
pub(super) fn read_file(draft: PasteDraft, file: Option<FormFile>) {
    let input = document().get_element_by_id(FIELD).and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let Some((input, form)) = input.and_then(|input| Some((input.clone(), input.form()?))) else { return };
    let Some(file) = file.or_else(|| file_of(&form)) else { return };
    // A file that is dropped tells of itself twice.
    if draft.busy.try_update(|busy| std::mem::replace(busy, true)) != Some(false) {
        return;
    }
    leptos::task::spawn_local(async move {
        let read = post_form::<PasteFile>(&form, Some(&file)).await;
        // The same file can be chosen again after it was corrected.
        input.set_value("");
        if draft.busy.try_set(false).is_some() {
            return;
        }
        match read {
            Ok(PasteFile { rows, said }) => draft.paste(Ok(rows), said),
            Err(error) => draft.paste(Err(ReadError::File(error.message)), Vec::new()),
        }
    });
}

/// The field for a file.
#[component]
pub(super) fn FileInput(draft: PasteDraft) -> impl IntoView {
    let school = OfficeUser::get().school().to_string();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        read_file(draft, None);
    };
    let busy = draft.busy;
    view! {
        <DropAnywhere field=FIELD say="Drop the file to put its cells into the list".to_owned()/>
        <form action="/accounts/paste/file" method="post" enctype="multipart/form-data" on:submit=send>
            <input type="hidden" name="school" value=school/>
            <Field id=FIELD label="Or choose a file" hint=Some("Excel (.xlsx), OpenDocument (.ods) or CSV. You can also drop or paste it.".to_owned()) error=Signal::derive(|| None)>
                <div class="file-zone">
                    <input type="file" id=FIELD name="file" accept=ACCEPTED aria-describedby="paste-file-hint" on:change=move |_| read_file(draft, None)/>
                    <p aria-hidden="true"><Icon name="upload"/>"Choose a file or drop it here"</p>
                </div>
            </Field>
        </form>
        <p role="status">{move || busy.get().then_some("Reading the file\u{2026}")}</p>
    }
}
