//! A status: an icon and a word in the status's tone.

use domain::credentials::status::{AccountStatus, Tone};
use leptos::prelude::*;

use super::icon::Icon;

/// An icon and a word.
#[component]
pub fn StatusBadge(
    /// The status.
    status: AccountStatus,
) -> impl IntoView {
    let tone = (status.tone() != Tone::Ink).then(|| status.tone().slug());
    view! {
        <span class="status" data-tone=tone>
            {if status == AccountStatus::NoAccount {
                view! { <super::cap::CapDrawing has=false/> }.into_any()
            } else {
                view! { <Icon name=status.icon()/> }.into_any()
            }}
            {status.label()}
        </span>
    }
}
