//! The loading state: bars of the right height, then the content or the error in their place.

use leptos::prelude::*;
use leptos_meta::Title;

use super::notice::ErrorNotice;
use crate::error::AppResult;

/// Shows the value of a resource. Refetching keeps the old content until the new content is there.
#[component]
pub fn Load<T, V>(
    /// The resource.
    resource: Resource<AppResult<T>>,
    /// Draws the value.
    view: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=|| view! { <p class="muted" role="status">"Loading\u{2026}"</p> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => view(value).into_any(),
                        Err(error) => view! { <Title text=error.kind.title()/><ErrorNotice error of_page=true/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}
