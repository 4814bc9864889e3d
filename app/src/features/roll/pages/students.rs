//! The list of students.

use domain::authorization::policy::Permission;
use leptos::prelude::*;

use crate::features::office::layout::Desk;
use crate::features::roll::components::register::address::plain;
use crate::features::roll::components::register::{Column, FilterChips, Filters, Register, RollStore};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;

const COLUMNS: &[Column] = &[
    Column::Group,
    Column::Year,
    Column::AdmissionNumber,
    Column::Status,
    Column::Username,
    Column::Email,
    Column::Roll,
];

/// The same for who may see students and not their accounts.
const ROLL_COLUMNS: &[Column] =
    &[Column::Group, Column::Year, Column::AdmissionNumber, Column::Email, Column::Roll];

/// Students: search, filter, open a record.
#[component]
pub fn Students() -> impl IntoView {
    let desk = Desk::get();
    let accounts = desk.may(Permission::ViewAccounts);
    let columns = if accounts { COLUMNS } else { ROLL_COLUMNS };
    // An address from someone else may ask for a status.
    let store = RollStore::new(if accounts { |_| () } else { |filter| filter.status.clear() });
    let cap = accounts.then_some(" A green cap means the student has an account.");
    view! {
        <PageHead
            title="Students"
            lead=move || view! { "Choose a name to open the record."{cap} }
            actions=move || desk.may(Permission::ImportRoll).then(|| view! {
                <a class="btn" href="/imports"><Icon name="table-2"/>"Import a spreadsheet"</a>
            })
        />
        <Filters store roll=true status=accounts/>
        <FilterChips store plain/>
        <Register store columns label="Students" empty=move || view! { <Nobody store/> }/>
    }
}

/// Nobody matches, or nobody is on the roll yet.
#[component]
pub fn Nobody(
    /// Whose list is empty.
    store: RollStore,
) -> impl IntoView {
    let imports = Desk::get().may(Permission::ImportRoll);
    let anybody = move || {
        store.facets().rolls.iter().any(|(_, count)| *count > 0)
            || store.filter.with(|filter| *filter != plain())
    };
    view! {
        <div class="empty">
            <crate::ui::cap::CapDrawing has=false/>
            {move || if anybody() {
                view! {
                    <p><b>"No student matches these filters"</b></p>
                    <p><button class="btn" type="button" on:click=move |_| store.filter.set(plain())>"Clear filters"</button></p>
                }.into_any()
            } else {
                view! {
                    <p><b>"There are no students yet"</b></p>
                    {imports.then(|| view! {
                        <p>"Import the roll from your school\u{2019}s system as a spreadsheet or a OneRoster file."</p>
                        <p><a class="btn primary" href="/imports">"Import a spreadsheet"</a></p>
                    })}
                }.into_any()
            }}
        </div>
    }
}
