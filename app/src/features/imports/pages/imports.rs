//! Choosing a file, and the imports that were.

use leptos::prelude::*;

use crate::features::imports::api::list_imports;
use crate::features::imports::components::columns::IMPORTS;
use crate::features::imports::components::{ChooseFile, Step, Steps};
use crate::features::office::layout::Desk;
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::table::{Paged, Rows, Table};

/// The start of an import.
#[component]
pub fn Imports() -> impl IntoView {
    let school = Desk::get().school();
    let rows = Rows::new(Paged::new(&IMPORTS, || (), move |(), after| list_imports(school, after)));
    view! {
        <PageHead
            title="Import students"
            mark=|| view! { <Icon name="table-2"/> }
            lead=|| "Import the roll from your school\u{2019}s system. You can import the same file again: only differences are changed."
            steps=|| view! { <Steps now=Step::Choose/> }
        />
        <ChooseFile/>
        <h2 class="gap-l">"Earlier imports"</h2>
        <Table rows label="Earlier imports" empty=|| view! { <p class="muted">"No file has been imported yet."</p> }/>
    }
}
