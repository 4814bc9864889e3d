//! The page of what waits for a second person. It needs no WebAssembly.

use backend::operations::approvals::ApprovalLine;
use domain::operations::state::OperationState;
use leptos::prelude::*;

use crate::features::office::desk::{DeskPage, render};
use crate::ui::icon::Icon;
use crate::ui::listing::Listing;
use crate::ui::page::PageHead;

/// The requests, as HTML.
pub fn approvals_page(page: DeskPage, lines: Vec<ApprovalLine>) -> String {
    render(page, "Approvals", move || {
        let lead = "Large exports, one-time codes, new accounts and closing accounts for many people need approval. Check with the person who sent a request before you approve it.";
        let none = lines.is_empty();
        let rows = lines.into_iter().map(|line| view! { <Line line/> }).collect_view();
        view! {
            <PageHead title="Approvals" lead=move || lead/>
            {if none {
                view! { <p>"No requests in the last 30 days."</p> }.into_any()
            } else {
                view! { <Table>{rows}</Table> }.into_any()
            }}
        }
    })
}

#[component]
fn Table(children: Children) -> impl IntoView {
    view! {
        <Listing label="Approvals" columns=&["What", "Requested by", "When", "School", "State"] acts=true>{children()}</Listing>
    }
    .into_any()
}

#[component]
fn Line(line: ApprovalLine) -> impl IntoView {
    let by = line.decided_by.map(|name| view! { ", by "<bdi>{name}</bdi> });
    let (what, who, id) = (line.what.clone(), line.who.clone(), line.id);
    let actions = match (line.state, line.own) {
        (OperationState::Waiting, false) => Some(
            view! {
                <form class="row" method="post" action=format!("/approvals/{id}/decide")>
                    <button class="btn small" type="submit" name="decision" value="approve"
                        aria-label=format!("Approve {what} for {who}")>"Approve"</button>
                    <button class="btn small" type="submit" name="decision" value="decline"
                        aria-label=format!("Decline {what} for {who}")>"Decline"</button>
                </form>
            }
            .into_any(),
        ),
        (OperationState::Approved, true) => Some(
            view! {
                <form method="post" action=format!("/approvals/{id}/take")>
                    <button class="btn small" type="submit" aria-label=format!("{} {what}", line.verb)>
                        <Icon name="download" small=true/>{line.verb}
                    </button>
                </form>
            }
            .into_any(),
        ),
        _ => None,
    };
    view! {
        <tr role="row">
            <td role="cell" class="m"></td>
            <th role="rowheader" scope="row">{line.what}</th>
            <td role="cell"><bdi>{line.who}</bdi>{line.own.then_some(" (you)")}</td>
            <td role="cell">
                <time datetime=line.at.to_rfc3339()>{line.at.format("%-d %b %Y %H:%M").to_string()}</time>
            </td>
            <td role="cell"><bdi>{line.school}</bdi></td>
            <td role="cell">{line.state.label()}{by}</td>
            <td role="cell">{actions}</td>
        </tr>
    }
    .into_any()
}
