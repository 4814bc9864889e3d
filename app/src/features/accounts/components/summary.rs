//! The figures above the list, each of which is a filter.

use domain::accounts::views::AccountSummary;
use domain::credentials::status::StatusGroup;
use leptos::prelude::*;

use crate::ui::cap::CapDrawing;
use crate::ui::icon::Icon;

/// The figures as links that filter the list below.
#[component]
pub fn TallyStrip(
    /// The figures.
    summary: AccountSummary,
) -> impl IntoView {
    let count = move |group: StatusGroup| {
        summary.groups.iter().find(|(of, _)| *of == group).map_or(0, |(_, count)| *count)
    };
    let figures = [
        (StatusGroup::NoAccount, Some("none")),
        (StatusGroup::NotInvited, None),
        (StatusGroup::Invited, Some("blue")),
        (StatusGroup::Active, Some("cap")),
        (StatusGroup::Attention, Some("amber")),
    ];
    view! {
        <ul class="summary" role="list" aria-label="Students on roll, by account status">
            {figures.into_iter().map(|(group, tone)| view! {
                <li data-tone=tone>
                    <a href=format!("?status={}", group.slug())>
                        <span class="n">{count(group)}</span>
                        <span class="what">
                            {match group {
                                StatusGroup::NoAccount => view! { <CapDrawing has=false/> }.into_any(),
                                StatusGroup::Active => view! { <CapDrawing has=true/> }.into_any(),
                                StatusGroup::NotInvited => view! { <Icon name="circle-dashed"/> }.into_any(),
                                StatusGroup::Invited => view! { <Icon name="send"/> }.into_any(),
                                _ => view! { <Icon name="triangle-alert"/> }.into_any(),
                            }}
                            {group.label()}
                        </span>
                    </a>
                </li>
            }).collect_view()}
        </ul>
    }
}
