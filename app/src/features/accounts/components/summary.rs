//! The figures above the list, each of which is a filter.

use domain::accounts::views::AccountSummary;
use domain::credentials::status::StatusGroup;
use domain::roll::status::RollStatus;
use leptos::prelude::*;

use crate::ui::cap::CapDrawing;
use crate::ui::icon::Icon;

/// The query that lists leavers whose account is still open.
pub fn open_leavers() -> String {
    let open = StatusGroup::OPEN.map(StatusGroup::slug).join(",");
    format!("roll={}&status={open}", RollStatus::Leaver.slug())
}

/// The figures as links that filter the list below.
#[component]
pub fn TallyStrip(
    /// The figures.
    summary: AccountSummary,
) -> impl IntoView {
    let count = move |group: StatusGroup| {
        summary.groups.iter().find(|(of, _)| *of == group).map_or(0, |(_, count)| *count)
    };
    let leavers = summary.open_leavers;
    let figures = [
        (StatusGroup::NoAccount, Some("none")),
        (StatusGroup::NotInvited, None),
        (StatusGroup::Invited, Some("blue")),
        (StatusGroup::Active, Some("cap")),
        (StatusGroup::Attention, Some("amber")),
    ];
    view! {
        <ul class="summary" role="list" aria-label="Students on roll, by account status, and leavers">
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
            {(leavers > 0).then(|| view! {
                <li data-tone="amber">
                    <a href=format!("?{}", open_leavers())>
                        <span class="n">{leavers}</span>
                        <span class="what"><Icon name="log-out"/>"Leavers, still open"</span>
                    </a>
                </li>
            })}
        </ul>
    }
}
