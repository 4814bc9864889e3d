//! Icons of the design's sheet.

use leptos::prelude::*;

/// A drawing from `icons.svg`. It says nothing to a screen reader: a word stands beside it or hidden in the control.
#[component]
pub fn Icon(
    /// The drawing's name without its `i-`.
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

/// Words for screen readers alone.
#[component]
pub fn Hidden(children: Children) -> impl IntoView {
    view! { <span class="vh">{children()}</span> }
}
