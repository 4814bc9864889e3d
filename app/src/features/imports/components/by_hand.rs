//! Values that were changed by hand, and that a file would change again.

use domain::imports::views::ImportView;
use domain::imports::words::rows;
use leptos::prelude::*;

use crate::error::AppError;
use crate::features::imports::api::replace_edits;
use crate::ui::notice::{ErrorNotice, Notice};

/// Says that such values stay, and offers to replace them.
#[component]
pub fn ByHand(
    /// The import.
    import: ImportView,
    /// Called with the import as it is with the other choice.
    chosen: Callback<ImportView>,
) -> impl IntoView {
    let (id, replaces) = (import.id, import.replaces_edits);
    let kept = import.counts.unwrap_or_default().by_hand;
    let problem = RwSignal::new(None::<AppError>);
    let choose = Action::new(move |replaces: &bool| {
        let replaces = *replaces;
        async move {
            problem.set(None);
            match replace_edits(id, replaces).await {
                // The answer may arrive after the page was left.
                Ok(import) => drop(chosen.try_run(import)),
                Err(error) => drop(problem.try_set(Some(error))),
            }
        }
    });
    let said = match (replaces, kept) {
        (true, _) => "This import replaces what was changed by hand.".to_owned(),
        (false, kept) => format!(
            "In {}, an address was changed by hand and differs from the file. What was typed by hand stays.",
            rows(kept)
        ),
    };
    (replaces || kept > 0).then(|| {
        view! {
            <Notice tone="blue" title="Changed by hand">
                <p>{said}</p>
                {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
                <label class="choice">
                    <input type="checkbox" id="replace-edits" checked=replaces prop:checked=replaces
                        on:change=move |event| { choose.dispatch(event_target_checked(&event)); }/>
                    <span>"Replace what was changed by hand"</span>
                </label>
            </Notice>
        }
    })
}
