//! Office pages that need no WebAssembly: plain forms and tables in the office frame, rendered on the server.

use leptos::prelude::*;

use super::layout::{Frame, OfficeUser};
use crate::features::office::me::Me;
use crate::ui::document::{self, Document, PlainHead};
use crate::ui::page::JustDone;
use crate::ui::table::SavedColumns;
use crate::ui::theme::Theme;

pub use crate::ui::in_query::in_query;

/// What these pages need to know about the request.
#[derive(Debug, Clone)]
pub struct OfficePage {
    /// The signed-in person.
    pub me: Me,
    /// The chosen theme.
    pub theme: Option<Theme>,
    /// The path of the page.
    pub path: String,
    /// The confirmation message to show at the top, if something was just done.
    pub done: Option<&'static str>,
}

/// Renders a whole page as text.
pub fn render<V: IntoView + 'static>(
    page: OfficePage,
    title: impl Into<String>,
    body: impl FnOnce() -> V,
) -> String {
    let title = format!("{} \u{2013} Greencap", title.into());
    document::render(move || {
        let OfficePage { me, theme, path, done } = page;
        provide_context(me.words());
        // Nothing to save in the browser: the menu is a form.
        SavedColumns::provide(me.columns.clone(), |_| ());
        provide_context(OfficeUser(StoredValue::new(me)));
        provide_context(JustDone(done));
        let path = Memo::new(move |_| path.clone());
        let body = body().into_any();
        view! {
            <Document theme head=view! { <PlainHead title/> }.into_any()>
                <Frame path>{body}</Frame>
            </Document>
        }
    })
}

/// Tabs for a group of related pages.
#[component]
pub fn Tabs(
    /// The name of the group.
    name: &'static str,
    /// Addresses and names.
    tabs: &'static [(&'static str, &'static str)],
    /// The address of this page.
    current: &'static str,
) -> impl IntoView {
    let tabs = tabs
        .iter()
        .map(|(href, name)| view! { <a href=*href aria-current=(*href == current).then_some("page")>{*name}</a> })
        .collect_view();
    view! { <nav class="tabs" aria-label=name>{tabs}</nav> }
}
