//! The list of staff.

use domain::authorization::policy::Permission;
use domain::roll::selection::Selection;
use domain::staff::views::StaffEntry;
use domain::when::long_day;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::features::office::layout::OfficeUser;
use crate::features::staff::api::list_staff;
use crate::ui::icon::Icon;
use crate::ui::memo::memo;
use crate::ui::page::PageHead;
use crate::ui::status::StatusBadge;
use crate::ui::table::{
    About, Column, ColumnWidth, Kind, Paged, Picks, PrintedFilters, RowLayout, Sort, Table, TableRows,
};

/// The list with a search. The search is a form, so it works without scripts.
#[component]
pub fn Staff() -> impl IntoView {
    let user = OfficeUser::get();
    let school = user.school();
    let imports = user.may(Permission::ImportRoll);
    let invites = user.may(Permission::ManageRoles);
    let picks = user.may(Permission::ManageAccounts).then(Picks::default);
    let query = use_query_map();
    let words = memo(move || query.with(|query| query.get("q").unwrap_or_default()));
    let searched = move || {
        let words = words.get();
        if words.is_empty() { Vec::new() } else { vec![("Search", format!("\u{201c}{words}\u{201d}"))] }
    };
    let sort = RwSignal::new(Sort::by("name"));
    let asked = move || (words.get(), sort.get());
    let fetch = move |(words, sort): (String, Sort), after| list_staff(school, words, sort.order(), after);
    let rows = TableRows::new(Paged::new(&STAFF, asked, fetch).sorted(sort));
    view! {
        <PageHead
            title="Staff"
            lead=|| "People who work at this school, and colleagues who have a role here."
            actions=move || view! {
                {imports.then(|| view! { <a class="btn" href="/imports?kind=staff"><Icon name="table-2"/>"Import staff"</a> })}
                {invites.then(|| view! { <a class="btn" href="/roles/invite" rel="external"><Icon name="plus"/>"Invite a colleague"</a> })}
            }
        />
        <PrintedFilters set=Signal::derive(searched)/>
        <form class="row search-row no-print" role="search" action="/staff" method="get">
            <div class="field grow">
                <label for="staff-words">"Name, staff code or username"</label>
                <input class="input" id="staff-words" name="q" type="search" autocomplete="off" value=move || words.get()/>
            </div>
            <button class="btn" type="submit"><Icon name="search"/>"Search"</button>
        </form>
        {picks.map(|picks| view! { <Bar picks/> })}
        <Table rows picks label="Staff" empty=move || nobody(!words.get().is_empty(), imports)/>
    }
}

/// The bar above the list while anyone is selected.
#[component]
fn Bar(picks: Picks) -> impl IntoView {
    let school = OfficeUser::get().school();
    let chosen = move || {
        // The ids alone do not follow the selection.
        let _ = picks.count();
        serde_json::to_string(&Selection::People { ids: picks.ids() }).unwrap_or_default()
    };
    view! {
        <div class="bulkbar" role="region" aria-label="Actions for the selected staff" hidden=move || picks.count() == 0>
            <span class="n"><span>{move || picks.count()}</span>" selected"</span>
            <form method="post" action="/accounts/bulk">
                <input type="hidden" name="school" value=school.to_string()/>
                <input type="hidden" name="among" value="staff"/>
                <input type="hidden" name="selection" prop:value=chosen value=untrack(chosen)/>
                <button class="btn primary" type="submit">"Change accounts"</button>
            </form>
            <button class="btn quiet push" type="button" on:click=move |_| picks.clear()>"Clear "<kbd>"Esc"</kbd></button>
        </div>
    }
}

fn nobody(searched: bool, imports: bool) -> AnyView {
    view! {
        <div class="empty">
            {if searched {
                view! {
                    <p><b>"No member of staff matches this search"</b></p>
                    <p><a class="btn" href="/staff">"Show all staff"</a></p>
                }.into_any()
            } else {
                view! {
                    <p><b>"There are no staff yet"</b></p>
                    {imports.then(|| view! { <p><a class="btn primary" href="/imports?kind=staff">"Import staff"</a></p> })}
                }.into_any()
            }}
        </div>
    }
    .into_any()
}

/// Stands where there is nothing to tell.
const NONE: &str = "\u{2013}";

/// The staff of a school.
static STAFF: Kind<StaffEntry> = Kind {
    about: About {
        slug: "staff",
        one: "member of staff",
        many: "members of staff",
        margin: "",
        layout: RowLayout::Even,
        opens: false,
    },
    id: |entry| entry.person.0,
    name: |entry| entry.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(224), |row| {
            row.drawn(|entry: &StaffEntry| {
                let href = format!("/staff/{}", entry.person);
                view! { <a href=href rel="external"><bdi>{entry.name.clone()}</bdi></a> }.into_any()
            })
        })
        .sorted(),
        Column::tells("code", "Staff code", ColumnWidth::Fixed(128), 1, |row| {
            row.text(
                |entry: &StaffEntry| {
                    if entry.staff_code.is_empty() { NONE.to_owned() } else { entry.staff_code.clone() }
                },
            )
        })
        .sorted()
        .labelled(),
        Column::tells("email", "Email", ColumnWidth::Grows(224), 3, |row| {
            row.long(|entry| entry.email.clone())
        }),
        Column::tells("username", "Username", ColumnWidth::Grows(144), 2, |row| {
            row.text(|entry: &StaffEntry| entry.username.clone().unwrap_or_else(|| NONE.to_owned()))
        })
        .sorted()
        .labelled(),
        Column::tells("status", "Account", ColumnWidth::Fixed(176), 0, |row| {
            row.drawn(|entry: &StaffEntry| match entry.status {
                Some(status) => view! { <StatusBadge status/> }.into_any(),
                None => NONE.into_any(),
            })
        }),
        Column::tells("until", "Last day", ColumnWidth::Fixed(144), 4, |row| {
            row.text(|entry: &StaffEntry| entry.ends_on.map_or_else(|| NONE.to_owned(), long_day))
        })
        .labelled(),
    ],
};
