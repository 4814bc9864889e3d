//! Dialogs, used only to confirm something that is hard to undo, or to say what a bulk action will do.

use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;

use super::live::effect;

/// A modal dialog. The browser keeps the focus inside, closes it with Escape and returns the focus to the
/// opener.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// A question with the count, such as "Disable 5 accounts?".
    #[prop(into)]
    title: Signal<String>,
    /// The contents and the buttons.
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<DialogElement>::new();
    effect(move || {
        let Some(dialog) = element.get() else { return };
        match (open.get(), dialog.open()) {
            // Only fails while another modal is open; this one then opens at the next change.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog class="dialog" node_ref=element aria-label=title on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <h2>{title}</h2>
                {children()}
            </Show>
        </dialog>
    }
}
