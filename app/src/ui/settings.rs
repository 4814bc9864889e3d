//! The frame of a settings page: the list of settings pages beside its content.

use domain::registry::SETTINGS_PAGES;
use domain::settings::SettingsPage;
use leptos::prelude::*;

/// The list and the page's content.
#[component]
pub fn SettingsFrame(
    /// The current page.
    current: &'static SettingsPage,
    /// Its content.
    children: Children,
) -> impl IntoView {
    let pages = SETTINGS_PAGES
        .iter()
        .map(|page| {
            let rel = (!page.in_application).then_some("external");
            let current = (*page == current).then_some("page");
            view! { <li><a href=page.path rel=rel aria-current=current>{page.name}</a></li> }
        })
        .collect_view();
    view! {
        <div class="settings">
            <nav aria-label="Settings"><ul role="list">{pages}</ul></nav>
            <div class="stack">{children()}</div>
        </div>
    }
}
