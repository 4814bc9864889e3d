//! What a question before an operation on many people says: who is left out and why, and that a second person is needed.

use domain::operations::progress::LeftOutCount;
use leptos::prelude::*;

/// Says it.
#[component]
pub fn QuestionFacts(
    /// Who is left out.
    left_out: Vec<LeftOutCount>,
    /// Whether a second person has to approve it.
    waits: bool,
) -> impl IntoView {
    let left = left_out
        .into_iter()
        .map(|left| view! { <li>{format!("{} left out: {}.", left.count, left.reason)}</li> });
    view! {
        <ul role="list">{left.collect_view()}</ul>
        {waits.then(|| view! { <p>"A second person has to approve this, because it is for many people. They find it under Approvals."</p> })}
    }
}
