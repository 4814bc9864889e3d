//! People with roles.

use backend::authorization::roles::holders::Holder;
use backend::authorization::roles::people::AccountHolder;
use leptos::prelude::*;

use super::{FindPerson, RoleTabs, validity_period};
use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// Everyone with a role, and a search for the person to give one, as HTML.
pub fn holders_page(
    page: OfficePage,
    holders: Vec<Holder>,
    words: String,
    found: Vec<AccountHolder>,
) -> String {
    render(page, "Roles", move || {
        let lead =
            "Roles decide what someone can do in the office. Students and guardians don\u{2019}t need one.";
        view! {
            <PageHead title="Roles" lead=move || lead actions=|| view! {
                <a class="btn primary" href="/roles/invite"><Icon name="plus"/>"Invite a colleague"</a>
            }/>
            <RoleTabs current="/roles"/>
            <section class="gap-m" aria-labelledby="give-title">
                <h2 id="give-title">"Give a role"</h2>
                <FindPerson action="/roles" to="/roles/people/" words found/>
            </section>
            <h2 class="gap-m">"People with roles"</h2>
            <Table rows=TableRows::new(LoadedRows::new(&HOLDERS, holders)) label="People with roles" empty=|| view! {
                <p class="muted">"Nobody has a role yet."</p>
            }/>
        }
    })
}

/// People and their roles, with place and dates.
static HOLDERS: Kind<Holder> = Kind {
    about: About {
        slug: "role-holders",
        one: "role",
        many: "roles",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |holder| holder.id.0,
    name: |holder| holder.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(160), |row| {
            row.drawn(|holder| {
                let href = format!("/roles/people/{}", holder.person);
                view! { <a href=href><bdi>{holder.name.clone()}</bdi></a> }.into_any()
            })
        }),
        Column::tells("username", "Username", ColumnWidth::Grows(160), 2, |row| {
            row.code(|holder| holder.username.clone().unwrap_or_else(|| "No account".to_owned()))
        }),
        Column::tells("role", "Role", ColumnWidth::Grows(160), 0, |row| {
            row.text(|holder| holder.role.clone())
        }),
        Column::tells("where", "Where", ColumnWidth::Grows(160), 1, |row| row.text(place)),
        Column::tells("when", "When", ColumnWidth::Grows(160), 3, |row| {
            row.text(|holder| validity_period(holder.term, holder.holds))
        }),
    ],
};

/// Where a role applies.
pub fn place(holder: &Holder) -> String {
    holder.place.clone().unwrap_or_else(|| "All schools".to_owned())
}
