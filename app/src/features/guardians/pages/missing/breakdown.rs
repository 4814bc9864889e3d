//! How many students are covered by year, registration group and language: a table each, which leads to the students.

use domain::guardians::coverage::Coverage;
use leptos::prelude::*;
use uuid::Uuid;

use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// One value in words, the page filtered by it, and its students.
type Part = (u128, String, String, Coverage);

/// A table of the parts, closed until somebody opens it. `href` leads to the page that is filtered by a value.
#[component]
pub fn Breakdown(
    /// What the parts are: "By year".
    title: &'static str,
    /// Each value with its students.
    parts: Vec<(String, Coverage)>,
    /// The address of the page for a value.
    href: impl Fn(&str) -> String,
    /// A value as it is shown.
    words: fn(&str) -> String,
) -> impl IntoView {
    let rows: Vec<Part> = (0..)
        .zip(parts)
        .map(|(place, (value, coverage))| (place, words(&value), href(&value), coverage))
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <details class="gap-s">
                <summary>{title}</summary>
                <Table rows=TableRows::new(LoadedRows::new(&PARTS, rows)) label=title empty=|| ()/>
            </details>
        }
    })
}

/// The parts.
static PARTS: Kind<Part> = Kind {
    about: About {
        slug: "coverage-parts",
        one: "part",
        many: "parts",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(place, ..)| Uuid::from_u128(*place),
    name: |(_, value, ..)| value.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("value", "Part", ColumnWidth::Grows(160), |row| {
            row.drawn(|(_, value, href, _)| {
                view! { <a href=href.clone()><bdi>{value.clone()}</bdi></a> }.into_any()
            })
        }),
        Column::<Part>::tells("missing", "Without an adult", ColumnWidth::Fixed(128), 1, |row| {
            row.text(|(.., coverage)| coverage.missing().to_string())
        })
        .labelled(),
        Column::<Part>::tells("students", "Students", ColumnWidth::Fixed(96), 2, |row| {
            row.text(|(.., coverage)| coverage.students.to_string())
        })
        .labelled(),
        Column::<Part>::tells("share", "Share", ColumnWidth::Fixed(96), 0, |row| {
            row.text(|(.., coverage)| coverage.share())
        })
        .labelled(),
    ],
};
