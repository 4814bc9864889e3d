//! The log of what was erased.

use domain::data_rights::held::{ErasedPerson, ErasedWhat};
use domain::lists::page::{Cursor, Page};
use leptos::prelude::*;

use super::{DATA_RIGHTS, TABS};
use crate::features::office::page::{OfficePage, Tabs, in_query, render};
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};
use crate::ui::time::TimeWords;

/// The log, latest first, as HTML.
pub fn erased_page(page: OfficePage, found: Page<ErasedPerson>) -> String {
    const TITLE: &str = "Erased people";
    render(page, TITLE, move || {
        let Page { rows, next } = found;
        let older =
            next.map(|next: Cursor| format!("/data-rights/erased?after={}", in_query(&next.to_string())));
        view! {
            <PageHead title=TITLE up=Some(DATA_RIGHTS)
                lead=|| "They existed, and their username stays theirs: nobody else ever gets it. Of some, everything was deleted; of others, what their account held, some time after they left."/>
            <Tabs name="Data rights" tabs=TABS current="/data-rights/erased"/>
            <Table rows=TableRows::new(LoadedRows::new(&ERASED, rows)) label=TITLE empty=|| view! {
                <p class="muted">"Nobody has been erased."</p>
            }/>
            {older.map(|older| view! { <p><a class="btn" href=older>"Earlier erasures"</a></p> })}
        }
    })
}

static ERASED: Kind<ErasedPerson> = Kind {
    about: About {
        slug: "erased-people",
        one: "person",
        many: "people",
        margin: "",
        layout: RowLayout::Even,
        opens: false,
    },
    id: |erased| erased.id,
    name: who,
    mark: None,
    flag: None,
    columns: &[
        Column::names("username", "Username", ColumnWidth::Grows(192), |row| row.code(who)),
        Column::tells("what", "What", ColumnWidth::Fixed(192), 0, |row| {
            row.text(|erased| erased.what.label().to_owned())
        }),
        Column::tells("erased", "Erased", ColumnWidth::Fixed(160), 1, |row| {
            row.text(|erased| TimeWords::here().short(erased.at))
        }),
        Column::tells("by", "Asked for by", ColumnWidth::Grows(160), 2, |row| row.long(by)),
        Column::tells("rows", "Entries", ColumnWidth::Fixed(96), 3, |row| {
            row.text(|erased| erased.rows.to_string())
        }),
    ],
};

fn by(erased: &ErasedPerson) -> String {
    let nobody = match erased.what {
        ErasedWhat::Person => "Command line",
        ErasedWhat::Account => "Nightly changes",
    };
    erased.by.clone().unwrap_or_else(|| nobody.to_owned())
}

fn who(erased: &ErasedPerson) -> String {
    if erased.username.is_empty() { "No account".to_owned() } else { erased.username.clone() }
}
