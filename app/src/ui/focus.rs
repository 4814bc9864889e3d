//! Moving the focus.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// Focuses the element with this `id` once the page is drawn, or the page's content if it has none.
pub fn focus_when_drawn(id: String) {
    request_animation_frame(move || {
        if !focus_on(&id) {
            focus_on("main");
        }
    });
}

/// Focuses the element with this `id`; `false` if the page has none.
pub fn focus_on(id: &str) -> bool {
    let element = document().get_element_by_id(id);
    let element = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    element.is_some_and(|element| element.focus().is_ok())
}
