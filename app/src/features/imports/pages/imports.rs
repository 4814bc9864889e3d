//! Choosing a file, and the imports that were.

use domain::imports::views::{ImportState, ImportSummary};
use leptos::prelude::*;

use crate::error::AppResult;
use crate::features::imports::api::list_imports;
use crate::features::imports::components::{ChooseFile, Step, Steps};
use crate::features::office::layout::Desk;
use crate::features::office::me::Me;
use crate::ui::icon::Icon;
use crate::ui::listing::Listing;
use crate::ui::load::Load;
use crate::ui::page::PageHead;

/// The start of an import.
#[component]
pub fn Imports() -> impl IntoView {
    let school = Desk::get().school();
    let imports: Resource<AppResult<Vec<ImportSummary>>> = Resource::new(move || school, list_imports);
    view! {
        <PageHead
            title="Import students"
            mark=|| view! { <Icon name="table-2"/> }
            lead=|| "Import the roll from your school\u{2019}s system. You can import the same file again: only differences are changed."
            steps=|| view! { <Steps now=Step::Choose/> }
        />
        <ChooseFile/>
        <h2 class="gap-l">"Earlier imports"</h2>
        <Load resource=imports view=earlier/>
    }
}

fn earlier(imports: Vec<ImportSummary>) -> AnyView {
    if imports.is_empty() {
        return view! { <p class="muted">"No file has been imported yet."</p> }.into_any();
    }
    let words = Desk::get().0.with_value(Me::words);
    view! {
        <Listing label="Earlier imports" margin="State" columns=&["File", "State", "Rows", "Result", "When"]>
                    {imports.into_iter().map(|import| {
                        let waits = matches!(import.state, ImportState::Staged | ImportState::Planned);
                        let icon = if waits { "hourglass" } else if import.state == ImportState::Undone { "undo-2" } else { "check" };
                        view! {
                            <tr role="row" data-flag=waits.then_some("amber")>
                                <td role="cell" class="m">
                                    <span class="margin-badge" data-tone=waits.then_some("amber")>
                                        <Icon name=icon/>
                                    </span>
                                </td>
                                <th role="rowheader" scope="row"><a href=format!("/imports/{}", import.id)>{import.file_name.clone()}</a></th>
                                <td role="cell">{import.state.label()}</td>
                                <td role="cell">{import.row_count}</td>
                                <td role="cell">{result(&import)}</td>
                                <td role="cell">{words.short(import.created_at)}</td>
                            </tr>
                        }
                    }).collect_view()}
            </Listing>
    }
    .into_any()
}

fn result(import: &ImportSummary) -> String {
    import.counts.map_or_else(String::new, |counts| {
        format!("{} added, {} updated, {} rejected", counts.added, counts.updated, counts.rejected)
    })
}
