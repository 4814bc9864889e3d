//! Choosing a kind of list and a file, and earlier imports.

use domain::imports::kind::KindSlug;
use domain::rooms;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::features::imports::api::list_imports;
use crate::features::imports::components::columns::IMPORTS;
use crate::features::imports::components::{ChooseFile, Step, Steps, start};
use crate::features::office::layout::Desk;
use crate::features::operations::components::RunningOperations;
use crate::ui::icon::Icon;
use crate::ui::memo::memo;
use crate::ui::page::PageHead;
use crate::ui::table::{Paged, Rows, Table};

/// The start page of imports.
#[component]
pub fn Imports() -> impl IntoView {
    let desk = Desk::get();
    let school = desk.school();
    let query = use_query_map();
    let offered = move || rooms::IMPORTS.iter().copied().filter(move |kind| desk.may(kind.permission));
    let chosen = memo(move || {
        let asked = query.with(|query| query.get("kind").and_then(|slug| rooms::import(&slug)));
        asked.unwrap_or(rooms::IMPORTS[0]).slug
    });
    let rows = Rows::new(Paged::new(
        &IMPORTS,
        move || chosen.get(),
        move |slug, after| list_imports(KindSlug(slug.to_owned()), school, after),
    ));
    view! {
        {move || rooms::import(chosen.get()).map(|kind| view! {
            <PageHead
                title=kind.title
                mark=|| view! { <Icon name="table-2"/> }
                lead=|| kind.lead
                steps=|| view! { <Steps now=Step::Choose/> }
            />
            <nav class="tabs" aria-label="Lists that can be imported">
                {offered().map(|offered| view! {
                    <a href=start(offered) aria-current=(offered.slug == kind.slug).then_some("page")>{offered.name}</a>
                }).collect_view()}
            </nav>
            <ChooseFile kind/>
        })}
        <RunningOperations/>
        <h2 class="gap-l">"Earlier imports"</h2>
        <Table rows label="Earlier imports" empty=|| view! { <p class="muted">"No file has been imported yet."</p> }/>
    }
}
