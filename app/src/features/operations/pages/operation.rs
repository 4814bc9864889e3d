//! The page of a long operation, during and after its run.

use domain::ids::OperationId;
use domain::operations::progress::OperationProgress;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::error::{AppError, AppResult, ErrorKind};
use crate::features::operations::api::read_operation;
use crate::features::operations::components::WatchedOperation;
use crate::ui::load::Load;
use crate::ui::page::PageHead;

/// The page.
#[component]
pub fn LongOperation() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id")).and_then(|id| id.parse::<OperationId>().ok());
    let operation: Resource<AppResult<OperationProgress>> = Resource::new(id, |id| async move {
        match id {
            Some(id) => read_operation(id).await,
            None => Err(AppError::new(ErrorKind::NotFound, "not_found", "Page not found.")),
        }
    });
    view! {
        <Load resource=operation view=|operation: OperationProgress| view! {
            <PageHead title=operation.what.clone() lead=|| "This page shows the progress. You can leave it and come back at any time."/>
            <WatchedOperation operation/>
        }/>
    }
}
