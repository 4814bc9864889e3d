//! Choosing a kind of list and a file, and earlier imports.

use domain::imports::kind::KindSlug;
use domain::rooms;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::features::imports::api::list_imports;
use crate::features::imports::components::columns::IMPORTS;
use crate::features::imports::components::{ChooseFile, ImportStep, Steps, start};
use crate::features::office::layout::OfficeUser;
use crate::features::operations::components::RunningOperations;
use crate::ui::icon::Icon;
use crate::ui::memo::memo;
use crate::ui::page::PageHead;
use crate::ui::table::{Paged, Table, TableRows};

/// The start page of imports.
#[component]
pub fn Imports() -> impl IntoView {
    let user = OfficeUser::get();
    let school = user.school();
    let query = use_query_map();
    let offered = move || rooms::IMPORTS.iter().copied().filter(move |kind| user.may(kind.permission));
    let chosen = memo(move || {
        let asked = query.with(|query| query.get("kind").and_then(|slug| rooms::import(&slug)));
        asked.unwrap_or(rooms::IMPORTS[0]).slug
    });
    let rows = TableRows::new(Paged::new(
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
                steps=|| view! { <Steps now=ImportStep::Choose/> }
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
