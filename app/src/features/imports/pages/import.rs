//! One import, at its current step.

use domain::ids::ImportId;
use domain::imports::kind::ImportDeclaration;
use domain::imports::views::{ImportState, ImportView, LogLine};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use crate::error::{AppError, AppResult, ErrorKind};
use crate::features::imports::api::view_import;
use crate::features::imports::components::{Check, ImportResult, MatchColumns, NextHeld, start};
use crate::features::operations::components::RunningOperations;
use crate::ui::focus::focus_when_drawn;
use crate::ui::load::Load;
use crate::ui::memo::memo;
use crate::ui::notice::{ErrorNotice, Notice};
use crate::ui::page::PageHead;

/// Match columns, Check or Result.
#[component]
pub fn Import() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let id = memo(move || params.with(|params| params.get("id").and_then(|id| id.parse::<ImportId>().ok())));
    let import: Resource<AppResult<ImportView>> = Resource::new_blocking(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => view_import(id).await,
                None => Err(not_found()),
            }
        },
    );
    let drift = RwSignal::new(Vec::<LogLine>::new());
    let matches_again =
        memo(move || query.with(|query| query.get("step").is_some_and(|step| step == "match")));
    let navigate = use_navigate();
    let moved = Callback::new(move |view: ImportView| {
        let page = format!("/imports/{}", view.id);
        import.set(Some(Ok(view)));
        navigate(&page, leptos_router::NavigateOptions::default());
        // The button that led to the next step is gone with its own.
        focus_when_drawn("main".to_owned());
    });
    // A decision leads to no other step: the page stays where it is.
    let decided = Callback::new(move |view: ImportView| import.set(Some(Ok(view))));
    let next = NextHeld::new(None);
    view! {
        <RunningOperations/>
        <Load resource=import view=move |import: ImportView| move || {
            let import = import.clone();
            let Some(kind) = import.kind.declaration() else {
                return view! { <ErrorNotice error=not_found()/> }.into_any();
            };
            match import.state {
                ImportState::Staged => view! { <MatchColumns kind import checked=moved/> }.into_any(),
                ImportState::Planned if matches_again.get() => view! { <MatchColumns kind import checked=moved/> }.into_any(),
                ImportState::Planned => view! { <Check kind import drift moved decided next/> }.into_any(),
                ImportState::Committed | ImportState::Undone => view! { <ImportResult kind import moved/> }.into_any(),
                ImportState::Discarded => view! { <Discarded kind/> }.into_any(),
            }
        }/>
    }
}

fn not_found() -> AppError {
    AppError::new(
        ErrorKind::NotFound,
        "not_found",
        "Import not found. It may have been removed, or the web address may be wrong.",
    )
}

#[component]
fn Discarded(kind: &'static ImportDeclaration) -> impl IntoView {
    view! {
        <PageHead title=kind.title lead=|| "This import was discarded."/>
        <Notice tone="blue" title="Nothing was changed">
            <p><a href=start(kind)>"Choose a file"</a></p>
        </Notice>
    }
}
