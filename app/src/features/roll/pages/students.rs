//! The list of students.

use domain::authorization::policy::Permission;
use domain::roll::selection::Selection;
use leptos::prelude::*;

use crate::features::office::autocreate_link::autocreate_of;
use crate::features::office::layout::OfficeUser;
use crate::features::roll::components::list::columns::{ROLL, STUDENTS};
use crate::features::roll::components::list::{EVERYTHING, OF_THE_ROLL, RollStore, plain};
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::page::PageHead;
use crate::ui::table::{FilterForm, Table};

/// Students: search, filter, open a record.
#[component]
pub fn Students() -> impl IntoView {
    let user = OfficeUser::get();
    let accounts = user.may(Permission::ViewAccounts);
    let (kind, fields) = if accounts { (&STUDENTS, EVERYTHING) } else { (&ROLL, OF_THE_ROLL) };
    let store = RollStore::new(kind, fields, |_| ());
    let rows = store.rows();
    // Everyone who matches, when the form is sent.
    let shown =
        move || serde_json::to_string(&Selection::Matching { filter: store.filter() }).unwrap_or_default();
    let cap = accounts.then_some(" A green cap means the student has an account.");
    view! {
        <PageHead
            title="Students"
            lead=move || view! { "Choose a name to open the record."{cap} }
            actions=move || view! {
                {user.may(Permission::ManageGuardians).then(|| view! {
                    <a class="btn" href=move || autocreate_of(&Selection::Matching { filter: store.filter() }) rel="external">
                        <Icon name="users"/>"Create guardian accounts\u{2026}"
                    </a>
                })}
                {user.may(Permission::ManageGroups).then(|| view! {
                    <form method="post" action="/groups/pick">
                        <input type="hidden" name="school" value=user.school().to_string()/>
                        <input type="hidden" name="selection" value=untrack(shown) prop:value=shown/>
                        <button class="btn" type="submit"><Icon name="users"/>"Change teaching groups\u{2026}"</button>
                    </form>
                })}
                {user.may(Permission::ImportRoll).then(|| view! {
                    <a class="btn" href="/imports"><Icon name="table-2"/>"Import a spreadsheet"</a>
                })}
            }
        />
        <FilterForm filters=store.filters rows choices=Some(store.choices())/>
        <Table rows label="Students" filters=Some(store.filters) empty=move || view! { <Nobody store/> }/>
    }
}

/// Shown if no student matches, or the roll is empty.
#[component]
pub fn Nobody(
    /// The list.
    store: RollStore,
    /// Whether the page has its primary button elsewhere.
    #[prop(optional)]
    plain_button: bool,
) -> impl IntoView {
    let imports = OfficeUser::get().may(Permission::ImportRoll);
    let anybody =
        move || store.facets().rolls.iter().any(|(_, count)| *count > 0) || store.filter() != plain();
    view! {
        <div class="empty">
            <crate::ui::cap::CapDrawing has=false/>
            {live(move || if anybody() {
                view! {
                    <p><b>"No student matches these filters"</b></p>
                    <p><button class="btn" type="button" on:click=move |_| store.filters.clear()>"Clear filters"</button></p>
                }.into_any()
            } else {
                view! {
                    <p><b>"There are no students yet"</b></p>
                    {imports.then(|| view! {
                        <p>"Import the roll from your school\u{2019}s system as a spreadsheet or a OneRoster file."</p>
                        <p><a class="btn" class:primary=!plain_button href="/imports">"Import a spreadsheet"</a></p>
                    })}
                }.into_any()
            })}
        </div>
    }
}
