//! A file that is dropped anywhere on the page. With the keyboard, the field is there as always.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::ui::icon::Icon;

/// Takes a file dropped anywhere on the page, puts it into the field with this id and sends its form. While a file is
/// dragged over the page, says where it will go.
#[component]
pub fn DropAnywhere(
    /// The id of the field.
    field: &'static str,
    /// What is said meanwhile.
    say: String,
) -> impl IntoView {
    let is_over = RwSignal::new(false);
    Effect::new(move || {
        let over = window_event_listener(ev::dragover, move |event| {
            if has_files(event.as_ref()) {
                // Without this, the browser leaves the page and shows the file.
                event.prevent_default();
                is_over.set(true);
            }
        });
        let leave = window_event_listener(ev::dragleave, move |event| {
            // It has left the window, and not only one element for another.
            if event.related_target().is_none() {
                is_over.set(false);
            }
        });
        let drop = window_event_listener(ev::drop, move |event| {
            is_over.set(false);
            if is_field(event.target(), field) || !has_files(event.as_ref()) {
                return;
            }
            event.prevent_default();
            send(event.as_ref(), field);
        });
        on_cleanup(move || {
            over.remove();
            leave.remove();
            drop.remove();
        });
    });
    view! {
        <div class="drop-target" aria-hidden="true" hidden=move || !is_over.get()>
            <p><Icon name="upload"/>{say}</p>
        </div>
    }
}

/// A member of what is dragged. Read by name: the typed one would need another part of the browser's interface.
fn dragged(event: &JsValue, name: &str) -> Option<JsValue> {
    let transfer = js_sys::Reflect::get(event, &"dataTransfer".into()).ok().filter(JsValue::is_object)?;
    js_sys::Reflect::get(&transfer, &name.into()).ok()
}

/// Whether files are dragged, and not a text or a link.
fn has_files(event: &JsValue) -> bool {
    let types = dragged(event, "types").map(|types| js_sys::Array::from(&types));
    types.is_some_and(|types| types.iter().any(|of| of.as_string().as_deref() == Some("Files")))
}

/// Whether something is the field itself, which takes files by itself.
fn is_field(target: Option<web_sys::EventTarget>, field: &str) -> bool {
    target.and_then(|it| it.dyn_into::<web_sys::Element>().ok()).is_some_and(|it| it.id() == field)
}

/// Puts the files into the field, and sends its form.
fn send(event: &JsValue, field: &str) {
    let files = dragged(event, "files").and_then(|files| files.dyn_into::<web_sys::FileList>().ok());
    let input =
        document().get_element_by_id(field).and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok());
    let (Some(files), Some(input)) = (files, input) else { return };
    if files.length() == 0 {
        return;
    }
    input.set_files(Some(&files));
    if let Ok(changed) = web_sys::Event::new("change") {
        // Only fails for an event that is being sent already.
        let _ = input.dispatch_event(&changed);
    }
    if let Some(form) = input.form() {
        // Only fails if the form does not allow it; then the file stays chosen.
        let _ = form.request_submit();
    }
}
