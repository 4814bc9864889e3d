//! The pages about teaching groups. None of them needs WebAssembly.

pub mod add;
pub mod courses;
pub mod form;
pub mod group;
pub mod list;
pub mod pick;
pub mod students;
pub mod years;

use domain::accounts::export::ExportFormat;
use leptos::prelude::*;

use crate::ui::icon::Icon;

/// The address and name of the list, for pages below it.
const GROUPS_PAGE: (&str, &str) = ("/groups", "Teaching groups");

/// "1 student", "12 students".
fn students_in_words(many: u64) -> String {
    if many == 1 { "1 student".to_owned() } else { format!("{many} students") }
}

/// The buttons of a form that exports a list.
#[component]
fn ExportButtons() -> impl IntoView {
    view! {
        <button class="btn" type="submit" name="format" value=ExportFormat::Xlsx.slug()><Icon name="download"/>"Export to Excel"</button>
        <button class="btn" type="submit" name="format" value=ExportFormat::Csv.slug()><Icon name="download"/>"Export to CSV"</button>
    }
}
