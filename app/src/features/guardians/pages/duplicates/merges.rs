//! The merges and splits that were made.

use backend::guardians::duplicates::merge::list::MergeLine;
use domain::lists::page::Page;
use leptos::prelude::*;

use super::{BOARD, MERGES};
use crate::features::office::page::{OfficePage, render};
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The list as HTML.
pub fn merges_page(page: OfficePage, merges: Page<MergeLine>) -> String {
    render(page, MERGES.1, move || {
        let lead = "Records that were joined, and records that were split. Each can be undone, also after later changes.";
        let more = merges.next.map(|next| format!("{}?after={next}", MERGES.0));
        view! {
            <PageHead title=MERGES.1 lead=move || lead up=Some(BOARD)/>
            <Table rows=TableRows::new(LoadedRows::new(&LIST, merges.rows)) label="Merges" empty=|| view! {
                <p>"Nobody was merged or split yet."</p>
            }/>
            {more.map(|more| view! { <p class="no-print"><a class="btn" href=more>"Older ones"</a></p> })}
        }
    })
}

/// What was done, in words.
pub(super) fn words(line: &MergeLine) -> String {
    let ((_, stays), (_, other)) = (&line.survivor, &line.other);
    if line.is_split {
        format!("{other} was split off from {stays}")
    } else {
        format!("{other} was merged into {stays}")
    }
}

static LIST: Kind<MergeLine> = Kind {
    about: About {
        slug: "merges",
        one: "merge or split",
        many: "merges and splits",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| line.id.0,
    name: words,
    mark: None,
    flag: None,
    columns: &[
        Column::names("what", "What", ColumnWidth::Grows(192), |row| {
            row.drawn(|line| view! { <span class="any-length">{words(line)}</span> }.into_any())
        }),
        Column::tells("when", "When", ColumnWidth::Fixed(144), 1, |row| {
            row.drawn(|line| {
                let words = line.at.format("%-d %b %Y %H:%M").to_string();
                view! { <time datetime=line.at.to_rfc3339()>{words}</time> }.into_any()
            })
        }),
        Column::tells("access", "Access", ColumnWidth::Grows(160), 2, |row| {
            row.text(|line| String::from(if line.widened { "An account saw more" } else { "" }))
        }),
        Column::acts(112, |row| {
            row.drawn(|line| {
                if line.is_undone {
                    return view! { "Undone" }.into_any();
                }
                let label = format!("Undo: {}", words(line));
                view! { <a class="btn small" href=format!("/guardians/duplicates/merges/{}/undo", line.id) aria-label=label>"Undo\u{2026}"</a> }
                    .into_any()
            })
        }),
    ],
};
