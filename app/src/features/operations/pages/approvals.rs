//! The page of requests for approval. It needs no WebAssembly.

use backend::operations::approvals::ApprovalLine;
use domain::operations::state::OperationState;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The requests, as HTML.
pub fn approvals_page(page: OfficePage, lines: Vec<ApprovalLine>) -> String {
    render(page, "Approvals", move || {
        let lead = "Large exports, one-time codes, new accounts and closing accounts for many people need approval, and so does merging two records where an account then sees more of a child. Check with the person who sent a request before you approve it.";
        view! {
            <PageHead title="Approvals" lead=move || lead/>
            <Table rows=TableRows::new(LoadedRows::new(&APPROVALS, lines)) label="Approvals" empty=|| view! {
                <p>"No requests in the last 30 days."</p>
            }/>
        }
    })
}

/// The requests.
static APPROVALS: Kind<ApprovalLine> = Kind {
    about: About {
        slug: "approvals",
        one: "request",
        many: "requests",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| line.id.0,
    name: |line| line.what.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("what", "What", ColumnWidth::Grows(192), |row| {
            row.drawn(|line| {
                let review = line.review.clone().filter(|_| line.state == OperationState::Waiting);
                let review = review.map(|page| view! { <br/><a href=page.href>{page.label}</a> });
                view! { {line.what.clone()}{review} }.into_any()
            })
        }),
        Column::tells("who", "Requested by", ColumnWidth::Grows(160), 0, |row| {
            row.drawn(|line| view! { <bdi>{line.who.clone()}</bdi>{line.own.then_some(" (you)")} }.into_any())
        }),
        Column::tells("when", "When", ColumnWidth::Fixed(144), 2, |row| {
            row.drawn(|line| {
                let words = line.at.format("%-d %b %Y %H:%M").to_string();
                view! { <time datetime=line.at.to_rfc3339()>{words}</time> }.into_any()
            })
        }),
        Column::tells("school", "School", ColumnWidth::Grows(160), 3, |row| {
            row.drawn(|line| view! { <bdi>{line.school.clone()}</bdi> }.into_any())
        }),
        Column::tells("state", "State", ColumnWidth::Grows(160), 1, |row| {
            row.drawn(|line| {
                let by = line.decided_by.clone().map(|name| view! { ", by "<bdi>{name}</bdi> });
                view! { {line.state.label()}{by} }.into_any()
            })
        }),
        Column::acts(192, |row| row.drawn(actions)),
    ],
};

/// What the reader can do with a request.
fn actions(line: &ApprovalLine) -> AnyView {
    let (what, who, id, verb) = (line.what.clone(), line.who.clone(), line.id, line.verb);
    match (line.state, line.own) {
        (OperationState::Waiting, false) => view! {
            <form class="row" method="post" action=format!("/approvals/{id}/decide")>
                <button class="btn small" type="submit" name="decision" value="approve"
                    aria-label=format!("Approve {what} for {who}")>"Approve"</button>
                <button class="btn small" type="submit" name="decision" value="decline"
                    aria-label=format!("Decline {what} for {who}")>"Decline"</button>
            </form>
        }
        .into_any(),
        (OperationState::Approved, true) => view! {
            <form method="post" action=format!("/approvals/{id}/take")>
                <button class="btn small" type="submit" aria-label=format!("{verb} {what}")>
                    <Icon name="download" small=true/>{verb}
                </button>
            </form>
        }
        .into_any(),
        (OperationState::Running, _) => view! {
            <a class="btn small" href=format!("/operations/{id}") aria-label=format!("View progress of {what} for {who}")>
                "View progress"
            </a>
        }
        .into_any(),
        _ => ().into_any(),
    }
}
