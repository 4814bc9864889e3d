//! Exporting the list as a file. A plain form, so that it also works without WebAssembly.

use domain::accounts::export::ExportFormat;
use domain::roll::selection::Selection;
use leptos::prelude::*;

use crate::features::office::layout::OfficeUser;
use crate::features::roll::components::list::RollStore;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::table::Picks;

/// Menu items that export these people's accounts as a file.
#[component]
pub fn ExportItems(
    /// The people to export.
    #[prop(into)]
    selection: Signal<Selection>,
) -> impl IntoView {
    let button = |format: ExportFormat, words: &'static str| {
        view! {
            <button type="submit" name="format" value=format.slug()><Icon name="download"/>{words}</button>
        }
    };
    view! {
        <SelectionForm to="/accounts/export" selection>
            {button(ExportFormat::Csv, "Export as CSV")}
            {button(ExportFormat::Xlsx, "Export as Excel")}
        </SelectionForm>
    }
}

/// Menu items that send these people to a web address on the server.
#[component]
pub fn SelectionForm(
    /// The address.
    to: &'static str,
    /// The people to send.
    selection: Signal<Selection>,
    /// The buttons.
    children: Children,
) -> impl IntoView {
    let school = OfficeUser::get().school();
    let chosen = move || selection.with(serde_json::to_string).unwrap_or_default();
    view! {
        // A form that is removed as the menu closes would not be sent.
        <form method="post" action=to on:click=|event| event.stop_propagation()>
            <input type="hidden" name="school" value=school.to_string()/>
            <input type="hidden" name="selection" prop:value=chosen value=untrack(chosen)/>
            {children()}
        </form>
    }
}

/// The button that exports the selected people, or else all who match.
#[component]
pub fn ExportButton(store: RollStore, picks: Picks) -> impl IntoView {
    let selection = Signal::derive(move || {
        if picks.count() > 0 {
            store.selection(picks)
        } else {
            Selection::Matching { filter: store.filter() }
        }
    });
    let label = move || match picks.count() {
        0 => "Export all that match ".to_owned(),
        count => format!("Export {count} selected "),
    };
    view! {
        <details class="menu-at">
            <summary class="btn"><Icon name="download"/>{live(label)}<Icon name="chevron-down" small=true/></summary>
            <div class="menu"><ExportItems selection/></div>
        </details>
    }
}
