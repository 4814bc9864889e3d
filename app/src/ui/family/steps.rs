//! The steps of a task on family pages, as a ruled line.

use leptos::prelude::*;

/// The steps; `current` starts at 1.
#[component]
pub fn RuledSteps(
    /// The name of each step.
    names: Vec<&'static str>,
    /// Which step of how many this is, in words.
    #[prop(into)]
    label: String,
    /// The current step.
    current: usize,
) -> impl IntoView {
    let steps = (1..)
        .zip(names)
        .map(|(step, name)| {
            view! {
                <li data-done=(step < current).then_some("") aria-current=(step == current).then_some("step")>
                    {name}
                </li>
            }
        })
        .collect_view();
    view! {
        <ol class="ruled-steps" role="list" aria-label=label>
            {steps}
        </ol>
    }
    .into_any()
}
