//! The question about the order of dates, where a file does not show it; and how its dates are read.

use domain::imports::dates::DateOrder;
use domain::imports::dates::evidence::DateQuestion;
use domain::imports::kind::ImportDeclaration;
use domain::imports::views::{DATES, ImportView};
use domain::when::long_day;
use leptos::prelude::*;

use crate::ui::icon::Icon;
use crate::ui::memo::Derived;

/// The question with its answers, while the file leaves it open. An example from the file shows what each answer means.
#[component]
pub fn AskDateOrder(
    /// The question; `None` if the chosen columns leave none open.
    question: Derived<Option<DateQuestion>>,
    /// The answer.
    answer: RwSignal<Option<DateOrder>>,
    /// Whether the answer is missing, after Next was chosen.
    unanswered: RwSignal<bool>,
) -> impl IntoView {
    move || {
        question.get().map(|question| {
            let words = question.words();
            let hint = question.hint();
            let choices = question.choices.iter().map(|order| {
                let (order, label) = (*order, question.label(*order));
                view! {
                    <label class="choice">
                        <input type="radio" name=DATES value=order.slug()
                            prop:checked=move || answer.get() == Some(order)
                            on:change=move |_| {
                                answer.set(Some(order));
                                unanswered.set(false);
                            }/>
                        <span>{label}</span>
                    </label>
                }
            });
            view! {
                <fieldset class="field" id=DATES data-invalid=move || unanswered.get().then_some("")
                    aria-describedby=move || unanswered.get().then_some("dates-error")>
                    <legend class="h3">{words}</legend>
                    <span class="hint">"The file does not show how its dates are written. The answer counts for all its dates."</span>
                    {hint.map(|hint| view! { <span class="hint">{hint}</span> })}
                    {choices.collect_view()}
                    {move || unanswered.get().then(|| view! {
                        <span class="error" id="dates-error" role="alert"><Icon name="circle-alert"/>"Choose how dates are written in this file."</span>
                    })}
                </fieldset>
            }
        })
    }
}

/// Says in which order dates are read, with an example from the file, if any date depends on it.
#[component]
pub fn DatesRead(
    /// The kind of list.
    kind: &'static ImportDeclaration,
    /// The import.
    import: ImportView,
) -> impl IntoView {
    import.dates_read(kind).map(|(order, example, day)| {
        let words = format!("Dates are read as {}: {example} is {}.", order.words(), long_day(day));
        view! { <p class="soft">{words}</p> }
    })
}
