//! The share of covered students over time: a line, and the same numbers as a table.

use backend::guardians::coverage::chart::CoverageDay;
use chrono::Datelike as _;
use domain::when::long_day;
use leptos::prelude::*;
use uuid::Uuid;

use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The size of the drawing's plane, in its own units.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 160.0;

/// The chart. The drawing is a picture with a name; people who cannot see it read the table.
#[component]
pub fn Chart(
    /// The days, oldest first; at least one.
    days: Vec<CoverageDay>,
) -> impl IntoView {
    let (first, last) = (days.first().copied(), days.last().copied());
    let label = match (first, last) {
        (Some(first), Some(last)) => format!(
            "Covered students: {} on {}, {} on {}",
            first.coverage.share(),
            long_day(first.day),
            last.coverage.share(),
            long_day(last.day)
        ),
        _ => String::new(),
    };
    let points = points(&days);
    let dot = points.last().map(|(x, y)| view! { <circle cx=format!("{x:.1}") cy=format!("{y:.1}") r="4"/> });
    let line = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
    let rows: Vec<_> = days.iter().rev().copied().collect();
    view! {
        <h2 class="gap-m">"Over time"</h2>
        <figure>
            <svg role="img" aria-label=label viewBox=format!("-8 -8 {} {}", WIDTH + 16.0, HEIGHT + 16.0) class="chart">
                <path class="axis" d=format!("M0 0H{WIDTH}M0 {HEIGHT}H{WIDTH}")/>
                <polyline points=line/>
                {dot}
            </svg>
            <figcaption class="muted">"The upper line is 100 %, the lower one 0 %. The whole school is counted once a day."</figcaption>
        </figure>
        <details class="gap-s">
            <summary>"The numbers"</summary>
            <Table rows=TableRows::new(LoadedRows::new(&DAYS, rows)) label="Covered students by day" empty=|| ()/>
        </details>
    }
    .into_any()
}

/// The days.
static DAYS: Kind<CoverageDay> = Kind {
    about: About {
        slug: "coverage-days",
        one: "day",
        many: "days",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |day| Uuid::from_u128(u128::from(day.day.num_days_from_ce().unsigned_abs())),
    name: |day| long_day(day.day),
    mark: None,
    flag: None,
    columns: &[
        Column::names("day", "Day", ColumnWidth::Grows(160), |row| row.text(|day| long_day(day.day))),
        Column::<CoverageDay>::tells("covered", "Covered", ColumnWidth::Fixed(96), 1, |row| {
            row.text(|day| day.coverage.covered.to_string())
        })
        .labelled(),
        Column::<CoverageDay>::tells("students", "Students", ColumnWidth::Fixed(96), 2, |row| {
            row.text(|day| day.coverage.students.to_string())
        })
        .labelled(),
        Column::<CoverageDay>::tells("share", "Share", ColumnWidth::Fixed(96), 0, |row| {
            row.text(|day| day.coverage.share())
        })
        .labelled(),
    ],
};

/// The days as points of the plane: the time from left to right, and nobody covered at the bottom.
fn points(days: &[CoverageDay]) -> Vec<(f64, f64)> {
    let Some(first) = days.first() else { return Vec::new() };
    let since = |day: &CoverageDay| (day.day - first.day).num_days();
    let span = days.last().map_or(0, since).max(1);
    days.iter()
        .map(|day| {
            // Days and per mille are far below the numbers that a float holds exactly.
            let (x, y) = (i32::try_from(since(day)), i32::try_from(day.coverage.per_mille()));
            let part = f64::from(x.unwrap_or_default()) / f64::from(i32::try_from(span).unwrap_or(1));
            (part * WIDTH, HEIGHT - f64::from(y.unwrap_or_default()) / 1000.0 * HEIGHT)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::guardians::coverage::Coverage;

    #[test]
    fn time_goes_to_the_right_and_more_is_higher() {
        let day = |day: &str, covered| CoverageDay {
            day: day.parse().unwrap(),
            coverage: Coverage { students: 10, covered },
        };
        let drawn = points(&[day("2026-11-01", 0), day("2026-11-11", 5), day("2026-11-21", 10)]);
        assert_eq!(drawn, [(0.0, HEIGHT), (WIDTH / 2.0, HEIGHT / 2.0), (WIDTH, 0.0)]);
        assert_eq!(points(&[day("2026-11-01", 10)]), [(0.0, 0.0)], "one day is one point");
    }
}
