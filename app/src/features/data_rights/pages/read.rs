//! Everything that is held on a person, to read or print.

use backend::data_rights::export::{HeldRows, PersonExport};
use domain::data_rights::readable::readable;
use leptos::prelude::*;

use super::DATA_RIGHTS;
use crate::features::office::page::{OfficePage, render};
use crate::ui::page::PageHead;

/// The copy, as HTML.
pub fn read_page(page: OfficePage, export: PersonExport) -> String {
    let title = format!("Everything held on {}", export.subject.name);
    let words = page.me.words();
    render(page, title.clone(), move || {
        let lead = format!("As of {}.", words.at(export.at));
        let missing =
            PersonExport::not_included().iter().map(|line| view! { <li>{*line}</li> }).collect_view();
        let kinds = export.kinds.into_iter().map(|kind| view! { <Rows kind/> }).collect_view();
        view! {
            <PageHead title lead=move || lead.clone() up=Some(DATA_RIGHTS)/>
            {kinds}
            <h2 class="gap-m">"Not included"</h2>
            <ul>{missing}</ul>
        }
    })
}

/// The rows of a kind.
#[component]
fn Rows(kind: HeldRows) -> impl IntoView {
    let rows = kind
        .rows
        .iter()
        .map(|row| {
            let facts = readable(row)
                .into_iter()
                .map(|(name, value)| view! { <div><dt>{name}</dt><dd><bdi>{value}</bdi></dd></div> })
                .collect_view();
            view! { <dl class="facts">{facts}</dl> }
        })
        .collect_view();
    view! {
        <section>
            <h2 class="gap-m">{kind.count.heading}</h2>
            {kind.count.mentions_others.then(|| view! { <p class="muted">"Can mention other people."</p> })}
            {rows}
        </section>
    }
}
