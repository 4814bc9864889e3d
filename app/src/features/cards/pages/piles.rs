//! The piles that were printed at a school.

use domain::cards::views::PileSummary;
use domain::lists::page::{Cursor, Page};
use leptos::prelude::*;

use super::PILES;
use crate::features::office::page::{OfficePage, in_query, render};
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};
use crate::ui::time::TimeWords;

/// The piles, newest first, as HTML.
pub fn piles_page(page: OfficePage, found: Page<PileSummary>) -> String {
    render(page, PILES.1, move || {
        let Page { rows, next } = found;
        let older = next.map(|next: Cursor| format!("{}?after={}", PILES.0, in_query(&next.to_string())));
        view! {
            <PageHead title=PILES.1 up=Some(("/accounts", "User accounts"))
                lead=|| "Every pile of passwords that was made for people. Open a pile to see who used theirs, to make it void, or to renew what nobody used."/>
            <Table rows=TableRows::new(LoadedRows::new(&PRINTED, rows)) label=PILES.1 empty=|| view! {
                <p class="muted">"No passwords have been made yet. To make some, select people under User accounts and choose Print passwords."</p>
            }/>
            {older.map(|older| view! { <p><a class="btn" href=older>"Earlier piles"</a></p> })}
        }
    })
}

static PRINTED: Kind<PileSummary> = Kind {
    about: About {
        slug: "piles",
        one: "pile",
        many: "piles",
        margin: "",
        layout: RowLayout::Even,
        opens: true,
    },
    id: |pile| pile.pile.0,
    name: PileSummary::title,
    mark: None,
    flag: None,
    columns: &[
        Column::names("pile", "Pile", ColumnWidth::Fixed(96), |row| {
            row.drawn(|pile| {
                let href = format!("{}/{}", PILES.0, pile.pile);
                view! { <a href=href>{pile.title()}</a> }.into_any()
            })
        }),
        Column::tells("group", "Group", ColumnWidth::Grows(160), 1, |row| {
            row.long(|pile| pile.group.clone().unwrap_or_else(|| "Chosen in a list".to_owned()))
        }),
        Column::tells("printed", "Made", ColumnWidth::Fixed(128), 1, |row| {
            row.text(|pile| TimeWords::here().short(pile.at))
        }),
        Column::tells("by", "By", ColumnWidth::Grows(160), 2, |row| row.long(by)),
        Column::tells("cards", "Cards", ColumnWidth::Fixed(80), 1, |row| {
            row.text(|pile| pile.size.to_string())
        }),
        Column::tells("used", "Used", ColumnWidth::Fixed(80), 1, |row| {
            row.text(|pile| pile.used.to_string())
        }),
        Column::tells("state", "State", ColumnWidth::Grows(160), 0, |row| row.text(state)),
    ],
};

/// Who printed a pile.
pub(super) fn by(pile: &PileSummary) -> String {
    pile.by.clone().unwrap_or_else(|| "Command line".to_owned())
}

/// What a pile can still open.
fn state(pile: &PileSummary) -> String {
    match (pile.voided_at, pile.live) {
        (Some(_), _) => "Void".to_owned(),
        (None, 0) => "None works".to_owned(),
        (None, live) => format!("{live} not used"),
    }
}
