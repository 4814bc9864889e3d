//! Undoing a merge or a split: what was made since a merge is asked one by one.

use backend::guardians::duplicates::merge::SinceFact;
use backend::guardians::duplicates::merge::undo::UndoPreview;
use leptos::prelude::*;

use super::MERGES;
use super::merges::words;
use crate::features::office::page::{OfficePage, render};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The page as HTML; `problem` is why nothing happened.
pub fn undo_page(page: OfficePage, preview: UndoPreview, problem: Option<String>) -> String {
    let title = if preview.merge.is_split { "Undo a split" } else { "Undo a merge" };
    let head = if problem.is_some() { format!("Error: {title}") } else { title.to_owned() };
    render(page, head, move || {
        let UndoPreview { merge, since } = preview;
        let lead = format!("{}.", words(&merge));
        let action = format!("/guardians/duplicates/merges/{}/undo", merge.id);
        let (stays, other) = (merge.survivor.1, merge.other.1);
        let what = if merge.is_split {
            "What went to the new person goes back, with what they got since, and the new record is kept behind this one."
        } else {
            "What came with the other record goes back to it. What was chosen becomes what it was, unless it was changed since. What is new stays where it was made."
        };
        view! {
            <PageHead title lead=move || lead.clone() up=Some(MERGES)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <p>{what}</p>
            {if merge.is_undone {
                view! { <p>"This has been undone."</p> }.into_any()
            } else {
                view! {
                    <form class="stack gap-m" method="post" action=action>
                        {since.into_iter().map(|fact| view! { <Since fact stays=stays.clone() other=other.clone()/> }).collect_view()}
                        <div class="row">
                            <button class="btn primary" type="submit">"Undo"</button>
                            <a class="btn" href=MERGES.0>"Cancel"</a>
                        </div>
                    </form>
                }
                .into_any()
            }}
        }
    })
}

#[component]
fn Since(fact: SinceFact, stays: String, other: String) -> impl IntoView {
    let name = format!("fact-{}", fact.id);
    view! {
        <fieldset class="stack">
            <legend>{format!("{}, {}, made since the merge. Whose is it?", fact.name, fact.what)}</legend>
            <label class="choice">
                <input type="radio" name=name.clone() value="stays" checked/><span>"It stays with "<bdi>{stays}</bdi>", the record that stayed"</span>
            </label>
            <label class="choice">
                <input type="radio" name=name value="other"/><span>"It goes to "<bdi>{other}</bdi>", the record that was merged away"</span>
            </label>
        </fieldset>
    }
}
