//! The question which part of whole names comes first, where nothing says it.

use domain::accounts::paste::names::NameOrder;
use leptos::prelude::*;

use super::draft::{ORDER_ASKED, PasteDraft};
use crate::ui::notice::Notice;

#[component]
pub(super) fn NameOrderQuestion(draft: PasteDraft) -> impl IntoView {
    let answer = move |order| {
        if let Some((rows, _)) = draft.asked.get_untracked() {
            draft.put(rows, Some(order));
        }
    };
    let choice = move |label: &'static str, order: NameOrder, id: Option<&'static str>| {
        view! { <button class="btn" type="button" id=id on:click=move |_| answer(order)>{label}</button> }
    };
    view! {
        {move || draft.asked.get().map(|(_, example)| view! {
            <Notice tone="amber" title="Which part of the names comes first?">
                <p>"Whole names stand in one column, and nothing says which part is the family name, as in \u{201c}"<bdi>{example}</bdi>"\u{201d}. Nothing has been added yet."</p>
                <p class="row">
                    {choice("Given name first", NameOrder::GivenFirst, Some(ORDER_ASKED))}
                    {choice("Family name first", NameOrder::FamilyFirst, None)}
                    {choice("They are family names only", NameOrder::FamilyOnly, None)}
                </p>
            </Notice>
        })}
    }
}
