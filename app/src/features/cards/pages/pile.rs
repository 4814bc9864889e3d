//! One pile: whose cards it has, who used theirs, making it void, and renewing what nobody used.

use domain::cards::views::{CardState, PileCard, PileDetail};
use leptos::prelude::*;

use super::PILES;
use super::piles::by;
use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::{Hidden, Icon};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// A pile, as HTML. `done` says what just happened to it, `problem` why it did not.
pub fn pile_page(
    page: OfficePage,
    detail: PileDetail,
    done: Option<String>,
    problem: Option<String>,
) -> String {
    let words = page.me.words();
    let title = detail.summary.title();
    render(page, title.clone(), move || {
        let PileDetail { summary, cards, voidable } = detail;
        let whose = summary.group.as_ref().map_or_else(String::new, |group| format!(" for {group}"));
        let lead =
            format!("{} cards{whose}, made {} by {}.", summary.size, words.at(summary.at), by(&summary));
        let (used, live) = (summary.used, summary.live);
        let stand = match live {
            0 => format!("Used: {used}. None of the others works any more."),
            live => format!(
                "Used: {used}. Not used: {live}. They work until {}.",
                words.until(summary.expires_at)
            ),
        };
        let left = cards.iter().any(|card| card.state != CardState::Used);
        let address = format!("{}/{}", PILES.0, summary.pile);
        let renewed = format!("{}/new?pile={}", PILES.0, summary.pile);
        let rows: Vec<_> = cards.into_iter().map(|card| (card, address.clone())).collect();
        let void = format!("{address}/void");
        view! {
            <PageHead title lead=move || lead.clone() up=Some(PILES)/>
            {done.map(|done| view! {
                <div class="notice" data-tone="blue" role="status"><Icon name="circle-check"/><p>{done}</p></div>
            })}
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {summary.voided_at.map(|at| view! {
                <div class="notice"><Icon name="ban"/><p><b>{format!("This pile was made void {}.", words.at(at))}</b></p></div>
            })}
            <p>{stand}</p>
            <div class="row gap-m">
                {left.then(|| view! { <a class="btn primary" href=renewed.clone()><Icon name="key-round"/>"Renew unused passwords"</a> })}
                {voidable.then(|| view! {
                    <form method="post" action=void.clone()>
                        <button class="btn danger" type="submit"><Icon name="ban"/>"Void the pile"</button>
                    </form>
                })}
            </div>
            <Table rows=TableRows::new(LoadedRows::new(&CARDS, rows)) label="Cards of the pile" empty=|| view! {
                <p class="muted">"No card of this pile is for someone you see."</p>
            }/>
        }
    })
}

/// The cards, each with the address of the pile.
static CARDS: Kind<(PileCard, String)> = Kind {
    about: About {
        slug: "pile_cards",
        one: "card",
        many: "cards",
        margin: "",
        layout: RowLayout::Even,
        opens: false,
    },
    id: |(card, _)| card.person.0,
    name: |(card, _)| card.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(192), |row| row.text(|(card, _)| card.name.clone())),
        Column::tells("username", "Username", ColumnWidth::Grows(160), 1, |row| {
            row.code(|(card, _)| card.username.clone())
        }),
        Column::tells("state", "State", ColumnWidth::Fixed(128), 0, |row| {
            row.text(|(card, _)| card.state.label().to_owned())
        }),
        Column::acts(176, |row| row.drawn(|(card, pile)| acts(card, pile))),
    ],
};

/// What can be done about one card.
fn acts(card: &PileCard, pile: &str) -> AnyView {
    if card.state == CardState::Used {
        return ().into_any();
    }
    let whose = format!(" the card of {}", card.name);
    let of_whom = whose.clone();
    let void = (card.state == CardState::Unused).then(|| {
        view! {
            <form method="post" action=format!("{pile}/void")>
                <input type="hidden" name="person" value=card.person.to_string()/>
                <button class="btn small" type="submit">"Void"<Hidden>{of_whom}</Hidden></button>
            </form>
        }
    });
    let renew = format!("{}/new?person={}", PILES.0, card.person);
    view! {
        <div class="row">
            <a class="btn small" href=renew>"Renew"<Hidden>{whose}</Hidden></a>
            {void}
        </div>
    }
    .into_any()
}
