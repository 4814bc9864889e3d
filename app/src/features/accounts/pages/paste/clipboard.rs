//! What a browser hands over with the clipboard.

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::ClipboardEvent;

use crate::ui::fetch::FormFile;

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

/// The first file of a paste, if it has no text: a program that copies cells may put a picture of them beside it.
pub(super) fn pasted_file(event: &ClipboardEvent) -> Option<FormFile> {
    let files = js_sys::Reflect::get(&data_of(event)?, &"files".into()).ok()?;
    FormFile::of(js_sys::Reflect::get(&files, &0.into()).ok()?)
}
