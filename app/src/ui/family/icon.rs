//! An icon of the sheet.

use leptos::prelude::*;

/// An icon beside words, hidden from those who hear the page. `name` is that of a symbol in `icons.svg`.
#[component]
pub fn Icon(
    /// Such as `log-out`.
    name: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use href=format!("/icons.svg#i-{name}")></use>
        </svg>
    }
}
