//! Splitting one record in two: choosing what goes to a new person.

use backend::guardians::duplicates::split::{Movable, SplitView};
use domain::fields::FieldErrors;
use leptos::prelude::*;

use super::MERGES;
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// What was typed and chosen.
#[derive(Debug, Clone, Default)]
pub struct TypedSplit {
    /// The given name.
    pub given: String,
    /// The family name.
    pub family: String,
    /// Everything that was ticked.
    pub ticked: Vec<String>,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Why nothing happened.
    pub problem: Option<String>,
}

/// The page as HTML.
pub fn split_page(page: OfficePage, shown: SplitView, typed: TypedSplit) -> String {
    let wrong = !typed.errors.is_empty() || typed.problem.is_some();
    let title = if wrong { "Error: Split a record" } else { "Split a record" };
    render(page, title, move || {
        let lead = format!(
            "If {} is really two people, choose what belongs to the second one. The account stays with this record, and you can undo this.",
            shown.name
        );
        let TypedSplit { given, family, ticked, errors, problem } = typed;
        let nothing = errors.of("children").map(str::to_owned);
        view! {
            <PageHead title="Split a record" lead=move || lead.clone() up=Some(MERGES)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <ErrorSummary errors=errors.clone()/>
            <form class="stack gap-m" method="post" action=format!("/guardians/{}/split", shown.person) novalidate>
                <TextField id="given" label="Given name of the new person" value=given errors=errors.clone() name_like=true/>
                <TextField id="family" label="Family name of the new person" value=family errors=errors.clone() name_like=true/>
                {nothing.map(|nothing| view! { <p class="error" id="children">{nothing}</p> })}
                <Ticks legend="Children" name="child" of=shown.children ticked=ticked.clone()/>
                <Ticks legend="Addresses" name="address" of=shown.addresses ticked=ticked.clone()/>
                <Ticks legend="Identifiers of other systems" name="key" of=shown.keys ticked/>
                <div class="row"><button class="btn primary" type="submit">"Split"</button></div>
            </form>
        }
    })
}

#[component]
fn Ticks(legend: &'static str, name: &'static str, of: Vec<Movable>, ticked: Vec<String>) -> impl IntoView {
    (!of.is_empty()).then(|| {
        view! {
            <fieldset class="field">
                <legend>{legend}</legend>
                {of.into_iter().map(|movable| {
                    let checked = ticked.contains(&movable.key);
                    let beside = if movable.beside.is_empty() { String::new() } else { format!(" ({})", movable.beside) };
                    view! {
                        <label class="choice">
                            <input type="checkbox" name=name value=movable.key checked=checked/><span><bdi>{movable.label}</bdi>{beside}</span>
                        </label>
                    }
                }).collect_view()}
            </fieldset>
        }
    })
}
