//! What was sent to an adult.

use domain::guardians::delivery::Delivery;
use leptos::prelude::*;

use crate::ui::time::TimeWords;

/// The section of the record.
#[component]
pub(super) fn Deliveries(deliveries: Vec<Delivery>) -> impl IntoView {
    let words = TimeWords::here();
    let none = deliveries.is_empty();
    let lines = deliveries
        .into_iter()
        .map(|delivery| {
            let became = delivery.sentence(|at| words.at(at));
            let to =
                delivery.address.unwrap_or_else(|| "an address that was removed or is hidden".to_owned());
            view! {
                <div>
                    <dt>{delivery.subject.label()}</dt>
                    <dd><span>"To "{to}"."</span><span class="muted">{became}</span></dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="gap-m" aria-labelledby="deliveries-title" id="deliveries">
            <div class="section-head"><h2 id="deliveries-title">"Deliveries"</h2></div>
            {none.then(|| view! { <p class="muted">"Nothing was sent to them yet."</p> })}
            <dl class="facts">{lines}</dl>
        </section>
    }
    .into_any()
}
