//! The board of likely duplicates.

use backend::guardians::duplicates::board::{Board, Card, PairLine};
use domain::guardians::duplicates::pair::PairState;
use domain::lists::page::Page;
use leptos::prelude::*;

use super::{BOARD, MERGES};
use crate::features::office::page::{OfficePage, Tabs, render};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

const TABS: &[(&str, &str)] = &[
    (BOARD.0, "To answer"),
    ("/guardians/duplicates?show=later", "Ask later"),
    ("/guardians/duplicates?show=two_people", "Two people"),
    (MERGES.0, "Merges"),
];

/// The board as HTML.
pub fn board_page(page: OfficePage, board: Board, state: PairState) -> String {
    render(page, BOARD.1, move || {
        let lead = "Adults who may be recorded twice, most likely first. Nobody is merged until you say so, and a merge can be undone.";
        let Board { page: Page { rows, next }, last, searched_at } = board;
        let runs = last.is_some_and(|last| last.runs);
        let searched = last.zip(searched_at).map(|(last, at)| {
            format!("{} adults were compared on {}.", last.people, at.format("%-d %B %Y at %H:%M"))
        });
        let current = match state {
            PairState::Later => TABS[1].0,
            PairState::TwoPeople => TABS[2].0,
            PairState::Open | PairState::Merged => TABS[0].0,
        };
        let more = next.map(|next| {
            let show =
                if state == PairState::Open { String::new() } else { format!("show={}&", state.slug()) };
            format!("{}?{show}after={next}", BOARD.0)
        });
        view! {
            <PageHead title=BOARD.1 lead=move || lead actions=move || view! {
                <form method="post" action="/guardians/duplicates/search">
                    <button class="btn" type="submit" disabled=runs><Icon name="search"/>"Search again"</button>
                </form>
            }/>
            {runs.then(|| view! { <p role="status">"A search is running. Reload the page in a minute."</p> })}
            {searched.map(|searched| view! { <p class="muted">{searched}</p> })}
            <Tabs name="Likely duplicates" tabs=TABS current/>
            <Table rows=TableRows::new(LoadedRows::new(&PAIRS, rows)) label="Likely duplicates" empty=move || view! {
                <p>{match state {
                    PairState::Open | PairState::Merged => "Nothing to answer. Greencap searches every night, and when you press \u{201c}Search again\u{201d}.",
                    PairState::Later => "Nothing was put off.",
                    PairState::TwoPeople => "Nobody was said to be two people.",
                }}</p>
            }/>
            {more.map(|more| view! { <p class="no-print"><a class="btn" href=more>"Less likely ones"</a></p> })}
        }
    })
}

static PAIRS: Kind<PairLine> = Kind {
    about: About {
        slug: "duplicates",
        one: "likely duplicate",
        many: "likely duplicates",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| line.id.0,
    name: both_names,
    mark: None,
    flag: None,
    columns: &[
        Column::names("people", "People", ColumnWidth::Grows(320), |row| {
            row.drawn(|line| {
                let [a, b] = line.people.clone();
                view! { <div class="pair">{card(a)}{card(b)}</div> }.into_any()
            })
        }),
        Column::tells("why", "Why", ColumnWidth::Grows(192), 0, |row| {
            row.drawn(|line| {
                let reasons = line.evidence.iter().map(|evidence| evidence.label()).collect::<Vec<_>>().join(". ");
                view! { <b>{line.verdict.label()}</b><br/>{format!("{reasons}.")}" "<span class="muted">{format!("{} points", line.points)}</span> }
                    .into_any()
            })
        }),
        Column::acts(192, |row| row.drawn(answers)),
    ],
};

fn both_names(line: &PairLine) -> String {
    format!("{} and {}", line.people[0].name, line.people[1].name)
}

/// Who one of the two is.
pub(super) fn card(card: Card) -> AnyView {
    let mut facts = card.children;
    match card.other_children {
        0 => {}
        1 => facts.push("a child of another school".to_owned()),
        many => facts.push(format!("{many} children of other schools")),
    }
    let children = if facts.is_empty() { "No children".to_owned() } else { facts.join(", ") };
    let account = match card.account {
        Some(state) => format!("Account: {}", state.label().to_lowercase()),
        None => "No account".to_owned(),
    };
    let staff = if card.is_staff { " \u{b7} Works at a school" } else { "" };
    let student = if card.is_student { " \u{b7} Is or was a student" } else { "" };
    let email = card.email.unwrap_or_else(|| "No email address".to_owned());
    view! {
        <p><b><bdi>{card.name}</bdi></b><br/>{children}<br/><bdi>{email}</bdi><br/>
            <span class="muted">{format!("{account}{staff}{student}")}</span></p>
    }
    .into_any()
}

fn answers(line: &PairLine) -> AnyView {
    let (id, names, state) = (line.id, both_names(line), line.state);
    let action = format!("/guardians/duplicates/{id}/answer");
    let button = |answer: PairState, text: &'static str| {
        let label = format!("{text}: {names}");
        view! { <button class="btn small" type="submit" name="answer" value=answer.slug() aria-label=label>{text}</button> }
    };
    if state == PairState::TwoPeople {
        return view! { <form method="post" action=action>{button(PairState::Open, "Ask again")}</form> }
            .into_any();
    }
    let later = (state == PairState::Open).then(|| button(PairState::Later, "Ask later"));
    view! {
        <form class="row" method="post" action=action>
            <a class="btn small" href=format!("/guardians/duplicates/{id}/merge") aria-label=format!("Same person: {names}")>"Same person\u{2026}"</a>
            {button(PairState::TwoPeople, "Two people")}{later}
        </form>
    }
    .into_any()
}
