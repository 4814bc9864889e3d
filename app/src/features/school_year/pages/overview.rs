//! The years of a school, and its rollovers.

use backend::school_year::rollover::{PastRollover, RolloverYear};
use domain::when::long_day;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, in_query, render};
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// What the page says of the form that led to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// What an undo did.
    pub undone: Option<String>,
    /// Why nothing was done.
    pub problem: Option<String>,
}

impl Told {
    /// Why nothing was done.
    pub fn problem(problem: String) -> Self {
        Self { problem: Some(problem), ..Self::default() }
    }
}

/// The overview as HTML.
pub fn overview_page(
    page: OfficePage,
    years: Vec<RolloverYear>,
    past: Vec<PastRollover>,
    told: Told,
) -> String {
    render(page, "School year", move || {
        let Told { undone, problem } = told;
        let lead = "When a year has ended, roll it over: students move up or leave, and teaching groups go on as new ones.";
        view! {
            <PageHead title="School year" lead=move || lead actions=move || view! {
                <a class="btn" href="/school-year/nightly">"Nightly changes"</a>
            }/>
            {undone.map(|sentence| view! { <p role="status">{sentence}</p> })}
            {problem.map(|sentence| view! { <p class="errors" role="alert">{sentence}</p> })}
            <Table rows=TableRows::new(LoadedRows::new(&YEARS, years)) label="School years" empty=|| ()/>
            <h2 class="gap-m">"Rollovers"</h2>
            <Table rows=TableRows::new(LoadedRows::new(&PAST, past)) label="Rollovers" empty=|| view! {
                <p class="muted">"No year was rolled over yet."</p>
            }/>
        }
    })
}

static YEARS: Kind<RolloverYear> = Kind {
    about: About {
        slug: "school-years",
        one: "year",
        many: "years",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |row| id_of(&row.name),
    name: |row| row.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("year", "Year", ColumnWidth::Grows(160), |row| row.text(|row| row.name.clone())),
        Column::tells("days", "Days", ColumnWidth::Grows(272), 0, |row| {
            row.text(|row| format!("{} to {}", long_day(row.starts_on), long_day(row.ends_on)))
        }),
        Column::acts(208, |row| row.drawn(act)),
    ],
};

/// A year has no id before it is recorded; its name tells it from the others of the page.
fn id_of(name: &str) -> uuid::Uuid {
    let mut bytes = [0; 16];
    for (byte, letter) in bytes.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    uuid::Uuid::from_bytes(bytes)
}

fn act(year: &RolloverYear) -> AnyView {
    if year.rolled_over {
        return view! { <span class="muted">"Rolled over"</span> }.into_any();
    }
    let href = format!("/school-year/rollover?year={}", in_query(&year.name));
    let words = if year.ended { "Roll over" } else { "See what a rollover does" };
    let label = format!("{words}: {}", year.name);
    view! { <a class="btn small" href=href aria-label=label>{words}</a> }.into_any()
}

static PAST: Kind<PastRollover> = Kind {
    about: About {
        slug: "rollovers",
        one: "rollover",
        many: "rollovers",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |row| row.operation.0,
    name: |row| row.year.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("year", "Year", ColumnWidth::Grows(160), |row| row.text(|row| row.year.clone())),
        Column::tells("when", "When", ColumnWidth::Grows(176), 0, |row| row.text(|row| long_day(row.ran_on))),
        Column::tells("rows", "Students and groups", ColumnWidth::Fixed(176), 1, |row| {
            row.text(|row: &PastRollover| row.rows.to_string())
        })
        .labelled(),
        Column::acts(208, |row| row.drawn(undo)),
    ],
};

fn undo(row: &PastRollover) -> AnyView {
    if row.undone_at.is_some() {
        return view! { <span class="muted">"Undone"</span> }.into_any();
    }
    let action = format!("/school-year/rollover/{}/undo", row.operation);
    let label = format!("Undo the rollover of {}", row.year);
    view! {
        <form method="post" action=action>
            <button class="btn small" type="submit" aria-label=label>"Undo"</button>
        </form>
    }
    .into_any()
}
