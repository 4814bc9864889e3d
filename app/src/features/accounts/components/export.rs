//! The button that takes the list out as a file.

use domain::selection::Selection;
use leptos::prelude::*;

use crate::features::roll::components::register::{Picks, RollStore};
use crate::ui::icon::Icon;
use crate::ui::layout::Desk;

/// Saves those who are picked, or else all who match, as a file for a spreadsheet.
#[component]
pub fn ExportButton(store: RollStore, picks: Picks) -> impl IntoView {
    let school = Desk::get().school();
    let selection = move || {
        let chosen = if picks.count() > 0 {
            Selection::People { ids: picks.to_vec() }
        } else {
            Selection::Matching { filter: store.filter.get() }
        };
        serde_json::to_string(&chosen).unwrap_or_default()
    };
    let label = move || match picks.count() {
        0 => "Export all that match".to_owned(),
        count => format!("Export {count} selected"),
    };
    view! {
        <form method="post" action="/accounts/export">
            <input type="hidden" name="school" value=school.to_string()/>
            <input type="hidden" name="selection" prop:value=selection value=selection/>
            <button class="btn" type="submit"><Icon name="download"/>{label}</button>
        </form>
    }
}
