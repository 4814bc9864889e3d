//! The batches of a school: what was made together, and what can be taken back together.

use domain::accounts::batch::BatchSummary;
use domain::authorization::policy::Permission;
use leptos::prelude::*;

use crate::error::AppResult;
use crate::features::accounts::api::list_batches;
use crate::features::office::layout::Desk;
use crate::ui::icon::Icon;
use crate::ui::listing::Listing;
use crate::ui::load::Load;
use crate::ui::page::PageHead;

/// Every batch, the latest first.
#[component]
pub fn Batches() -> impl IntoView {
    let desk = Desk::get();
    let school = desk.school();
    let batches: Resource<AppResult<Vec<BatchSummary>>> =
        Resource::new(|| (), move |()| list_batches(school));
    view! {
        <PageHead
            title="Batches"
            up=Some(("/accounts", "User accounts"))
            lead=|| "Accounts created together. You can undo a batch until one of its accounts is active."
            actions=move || desk.may(Permission::ManageAccounts).then(|| view! {
                <a class="btn primary" href="/accounts/new"><Icon name="plus"/>"New"</a>
            })
        />
        <Load resource=batches view=table/>
    }
}

fn table(batches: Vec<BatchSummary>) -> impl IntoView {
    if batches.is_empty() {
        view! { <p class="muted">"No accounts have been created yet. Choose New to create them from the roll."</p> }.into_any()
    } else {
        view! {
                <Listing label="Batches" columns=&["Created", "By", "Accounts", "In use", "State"]>{batches.into_iter().map(|batch| view! { <Line batch/> }).collect_view()}</Listing>
            }
            .into_any()
    }
}

#[component]
fn Line(batch: BatchSummary) -> impl IntoView {
    let words = Desk::get().0.with_value(crate::features::office::me::Me::words);
    let state = match (batch.undone_at, batch.can_undo()) {
        (Some(at), _) => format!("Undone {}", words.short(at)),
        (None, true) => "Can be undone".to_owned(),
        (None, false) => "In use".to_owned(),
    };
    view! {
        <tr role="row">
            <td role="cell" class="m"></td>
            <th role="rowheader" scope="row"><a href=format!("/accounts/batches/{}", batch.id)>{words.short(batch.created_at)}</a></th>
            <td role="cell">{batch.created_by.unwrap_or_else(|| "Command line".to_owned())}</td>
            <td role="cell">{batch.size}</td>
            <td role="cell">{batch.activated}</td>
            <td role="cell">{state}</td>
        </tr>
    }
}
