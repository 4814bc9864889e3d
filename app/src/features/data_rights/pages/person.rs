//! How much is held on a person, what an erasure would do to it, and why it is not possible yet.

use backend::data_rights::export::DataSummary;
use domain::data_rights::held::{Fate, HeldCount};
use leptos::prelude::*;

use super::DATA_RIGHTS;
use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The page, as HTML.
pub fn person_page(page: OfficePage, summary: DataSummary, problem: Option<String>) -> String {
    let title = format!("Data held on {}", summary.subject.name);
    render(page, title.clone(), move || {
        let person = summary.subject.person;
        let lead = match &summary.subject.username {
            Some(username) => format!("Username {username}."),
            None => "They have no account.".to_owned(),
        };
        let erased = summary.erased_rows();
        let obstacles: Vec<&str> = summary.obstacles.iter().map(|obstacle| obstacle.sentence()).collect();
        let deleted = lines(&summary.counts, |fate| fate == Fate::Deleted);
        let rest = lines(&summary.counts, |fate| fate != Fate::Deleted);
        let button = match erased {
            1 => "Erase 1 entry".to_owned(),
            many => format!("Erase {many} entries"),
        };
        view! {
            <PageHead title lead=move || lead.clone() up=Some(DATA_RIGHTS)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was erased"><p>{problem}</p></Notice> })}
            <form class="stack" method="post" action=format!("/people/{person}/data/export")>
                <p>"A copy contains everything but passwords and other secrets. Some of it can tell something about other people: read it before you hand it over. It is written to the audit log."</p>
                <p class="row">
                    <button class="btn primary" type="submit" name="format" value="page"><Icon name="file-text"/>"Read or print it"</button>
                    <button class="btn" type="submit" name="format" value="json"><Icon name="download"/>"Download for a machine (JSON)"</button>
                </p>
            </form>
            <h2 class="gap-m">"Deleted by an erasure"</h2>
            <dl class="facts">{deleted}</dl>
            <h2 class="gap-m">"What stays"</h2>
            <dl class="facts">{rest}</dl>
            <h2 class="gap-m">"Erase"</h2>
            {if obstacles.is_empty() {
                view! {
                    <form class="stack" method="post" action=format!("/people/{person}/data/erase")>
                        <p>"This cannot be undone. A second person has to approve it. Their name and everything under \u{201c}Deleted by an erasure\u{201d} are gone then. Their username stays theirs, so that someone who comes back gets the old account."</p>
                        <p class="row"><button class="btn danger" type="submit">{button}</button></p>
                    </form>
                }
                .into_any()
            } else {
                let why = obstacles.into_iter().map(|why| view! { <li>{why}</li> }).collect_view();
                view! { <p>"They cannot be erased yet:"</p><ul>{why}</ul> }.into_any()
            }}
        }
    })
}

fn lines(counts: &[HeldCount], of: fn(Fate) -> bool) -> impl IntoView + use<> {
    let lines: Vec<(&str, String)> = counts
        .iter()
        .filter(|count| of(count.fate))
        .map(|count| {
            let rows =
                if count.rows == 1 { "1 entry.".to_owned() } else { format!("{} entries.", count.rows) };
            let fate = if count.fate == Fate::Deleted {
                String::new()
            } else {
                format!(" {}", count.fate.sentence())
            };
            let others = if count.mentions_others { " Can mention other people." } else { "" };
            (count.heading, format!("{rows}{fate}{others}"))
        })
        .collect();
    lines
        .into_iter()
        .map(|(heading, said)| view! { <div><dt>{heading}</dt><dd>{said}</dd></div> })
        .collect_view()
}
