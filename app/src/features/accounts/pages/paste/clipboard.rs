//! What a browser hands over: the clipboard, and the text of a file.

use domain::accounts::paste::read::{self, LONGEST_TEXT, ReadError, TextSource};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::ClipboardEvent;

use super::draft::PasteDraft;
use crate::ui::field::Field;
use crate::ui::icon::Icon;

/// The method of a JavaScript object.
fn method(of: &JsValue, name: &str) -> Option<js_sys::Function> {
    js_sys::Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

fn data_of(event: &ClipboardEvent) -> Option<JsValue> {
    js_sys::Reflect::get(event, &"clipboardData".into()).ok().filter(JsValue::is_object)
}

/// The clipboard of a paste in one form; empty if it has none.
pub(super) fn pasted(event: &ClipboardEvent, form: &str) -> String {
    let text = data_of(event).and_then(|data| method(&data, "getData")?.call1(&data, &form.into()).ok());
    text.and_then(|text| text.as_string()).unwrap_or_default()
}

/// Puts a text on the clipboard, in place of what the browser would.
pub(super) fn copy(event: &ClipboardEvent, text: &str) {
    let set = data_of(event)
        .and_then(|data| method(&data, "setData")?.call2(&data, &"text/plain".into(), &text.into()).ok());
    if set.is_some() {
        event.prevent_default();
    }
}

/// A field for a file with comma-separated values, in place of a paste.
#[component]
pub(super) fn FileInput(draft: PasteDraft) -> impl IntoView {
    let read = move |event: web_sys::Event| {
        let Some(input) =
            event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
        else {
            return;
        };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        let size = file.size();
        // The same file can be chosen again after it was corrected.
        input.set_value("");
        if size > f64::from(u32::try_from(LONGEST_TEXT).unwrap_or(u32::MAX)) {
            draft.said.set(Some(Err(ReadError::TooLong)));
            return;
        }
        let promise = method(&file, "text").and_then(|text| text.call0(&file).ok());
        let Some(promise) = promise.and_then(|promise| promise.dyn_into::<js_sys::Promise>().ok()) else {
            return;
        };
        leptos::task::spawn_local(async move {
            let text = wasm_bindgen_futures::JsFuture::from(promise).await.ok();
            let text = text.and_then(|text| text.as_string()).unwrap_or_default();
            draft.paste(read::text(&text, TextSource::File));
        });
    };
    view! {
        <Field id="paste-file" label="Or choose a CSV file" hint=None error=Signal::derive(|| None)>
            <div class="file-zone">
                <input type="file" id="paste-file" accept=".csv,.tsv,.txt,text/csv,text/plain" on:change=read/>
                <p aria-hidden="true"><Icon name="upload"/>"Choose a file or drop it here"</p>
            </div>
        </Field>
    }
}
