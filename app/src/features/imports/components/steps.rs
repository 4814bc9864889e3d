//! The four steps of an import.

use leptos::prelude::*;

use crate::ui::icon::{Hidden, Icon};

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImportStep {
    /// 1.
    Choose,
    /// 2.
    Match,
    /// 3.
    Check,
    /// 4.
    Result,
}

/// The list of steps, with the current one marked.
#[component]
pub fn Steps(
    /// The current step.
    now: ImportStep,
) -> impl IntoView {
    let steps = [
        (ImportStep::Choose, "Choose file"),
        (ImportStep::Match, "Match columns"),
        (ImportStep::Check, "Check"),
        (ImportStep::Result, "Result"),
    ];
    view! {
        <ol class="steps" aria-label="Progress">
            {steps.into_iter().zip(1..).map(|((step, name), number)| {
                let is_done = step < now;
                view! {
                    <li data-done=is_done.then_some("") aria-current=(step == now).then_some("step")>
                        <span class="step-number" data-done=is_done.then_some("") data-now=(step == now).then_some("")>
                            {if is_done {
                                view! { <Icon name="check" small=true/><Hidden>"Done: "</Hidden> }.into_any()
                            } else {
                                number.into_any()
                            }}
                        </span>
                        <span class="label">{name}</span>
                    </li>
                }
            }).collect_view()}
        </ol>
    }
}
