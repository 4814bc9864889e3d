//! Icons from the design's icon sheet.

use leptos::prelude::*;

/// An icon from `icons.svg`. Hidden from screen readers: there must be a word beside it, or a hidden one in
/// the control.
#[component]
pub fn Icon(
    /// The icon's name without its `i-`.
    #[prop(into)]
    name: Signal<&'static str>,
    /// 16 instead of 20 pixels.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <svg class=if small { "icon icon-s" } else { "icon" } aria-hidden="true">
            <use href=move || format!("/icons.svg#i-{}", name.get())/>
        </svg>
    }
}

/// Text only for screen readers.
#[component]
pub fn Hidden(children: Children) -> impl IntoView {
    view! { <span class="vh">{children()}</span> }
}
