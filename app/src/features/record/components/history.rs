//! A student's history, latest first.

use domain::record::HistoryLine;
use leptos::prelude::*;

/// The section of the record.
#[component]
pub fn History(lines: Vec<HistoryLine>) -> impl IntoView {
    view! {
        <section aria-labelledby="history-title">
            <div class="section-head"><h2 id="history-title">"History"</h2></div>
            {if lines.is_empty() {
                view! { <p class="muted">"No history yet."</p> }.into_any()
            } else {
                view! {
                    <ul class="history" role="list">
                        {lines.into_iter().map(|line| view! {
                            <li>
                                <time>{line.when}</time>
                                <svg class="icon" aria-hidden="true"><use href=format!("/icons.svg#i-{}", line.icon)/></svg>
                                <span>{line.what}</span>
                            </li>
                        }).collect_view()}
                    </ul>
                }.into_any()
            }}
        </section>
    }
}
