//! The batches of a school: accounts that were created together and can be undone together.

use domain::authorization::policy::Permission;
use leptos::prelude::*;

use crate::features::accounts::api::list_batches;
use crate::features::accounts::components::columns::BATCHES;
use crate::features::office::layout::OfficeUser;
use crate::features::operations::components::RunningOperations;
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::table::{Paged, Table, TableRows};

/// All batches, latest first.
#[component]
pub fn Batches() -> impl IntoView {
    let user = OfficeUser::get();
    let school = user.school();
    let rows = TableRows::new(Paged::new(&BATCHES, || (), move |(), after| list_batches(school, after)));
    view! {
        <PageHead
            title="Batches"
            up=Some(("/accounts", "User accounts"))
            lead=|| "Accounts created together. You can undo a batch until one of its accounts is active."
            actions=move || view! {
                <a class="btn" href="/accounts/changes" rel="external">"Account changes"</a>
                <a class="btn" href="/accounts/renames" rel="external">"Username changes"</a>
                {user.may(Permission::ManageAccounts).then(|| view! {
                    <a class="btn" href="/cards" rel="external">"Printed passwords"</a>
                    <a class="btn primary" href="/accounts/new"><Icon name="plus"/>"New"</a>
                })}
            }
        />
        <RunningOperations/>
        <Table rows label="Batches" empty=|| view! {
            <p class="muted">"No accounts have been created yet. Choose New to create them from the roll."</p>
        }/>
    }
}
