//! The long operations that have not finished, shown above the list of their results.

use domain::operations::progress::OperationProgress;
use leptos::prelude::*;

use crate::error::AppResult;
use crate::features::office::layout::OfficeUser;
use crate::features::operations::api::list_running;
use crate::ui::icon::Icon;

/// One line for each operation queued or running at this school; nothing if there are none.
#[component]
pub fn RunningOperations() -> impl IntoView {
    let school = OfficeUser::get().school();
    let running: Resource<AppResult<Vec<OperationProgress>>> =
        Resource::new(|| (), move |()| list_running(school));
    view! {
        <Suspense>
            // An error is ignored: the list below works without this.
            {move || Suspend::new(async move { running.await.unwrap_or_default().into_iter().map(line).collect_view() })}
        </Suspense>
    }
}

fn line(operation: OperationProgress) -> impl IntoView {
    let href = format!("/operations/{}", operation.id);
    let figures = operation.in_figures().map(|figures| format!(": {figures}")).unwrap_or_default();
    view! {
        <div class="notice" data-tone="blue">
            <Icon name="history"/>
            <p><a href=href>{operation.what}</a>{format!(" \u{2013} still running{figures}.")}</p>
        </div>
    }
}
