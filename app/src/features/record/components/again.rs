//! The question before someone is sent a second invitation.

use leptos::prelude::*;

use super::Record;
use super::actions::RecordActions;
use crate::ui::dialog::Dialog;

/// Asks, and sends it.
#[component]
pub(super) fn SendAgainDialog(at: Record, actions: RecordActions, open: RwSignal<bool>) -> impl IntoView {
    let title = move || format!("Send another code to {}?", at.name.get_value());
    view! {
        <Dialog open title=Signal::derive(title)>
            <p>"They were sent one already and have not chosen a password. They get another email with a new link and code. The earlier one keeps working until one of them is used."</p>
            <footer>
                <button class="btn primary" type="button" on:click=move |_| { open.set(false); actions.invite(true); }>"Send again"</button>
                <button class="btn" type="button" on:click=move |_| open.set(false)>"Back"</button>
            </footer>
        </Dialog>
    }
}
