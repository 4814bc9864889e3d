//! What is said before a list leaves people out. It needs no WebAssembly.

use domain::accounts::action::LeftAlone;
use domain::accounts::export::ExportFormat;
use domain::ids::SchoolId;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;

/// How many of those chosen a restriction hides, as HTML, with the form that exports the others. `selection` is who is
/// chosen, as JSON.
pub fn hidden_page(
    page: OfficePage,
    school: SchoolId,
    selection: String,
    format: ExportFormat,
    hidden: u32,
) -> String {
    let title = match hidden {
        1 => "1 person will not be in the file".to_owned(),
        many => format!("{many} people will not be in the file"),
    };
    render(page, title.clone(), move || {
        let lead = format!("{hidden} skipped: {}.", LeftAlone::RESTRICTED);
        let words = match format {
            ExportFormat::Csv => "Export the others as CSV",
            ExportFormat::Xlsx => "Export the others as Excel",
        };
        view! {
            <PageHead title lead=move || lead.clone() up=Some(("/accounts", "User accounts"))/>
            <form class="row" method="post" action="/accounts/export">
                <input type="hidden" name="school" value=school.to_string()/>
                <input type="hidden" name="selection" value=selection/>
                <input type="hidden" name="told" value=hidden.to_string()/>
                <button class="btn primary" type="submit" name="format" value=format.slug()>
                    <Icon name="download"/>{words}
                </button>
                <a class="btn" href="/accounts">"Back"</a>
            </form>
        }
    })
}
