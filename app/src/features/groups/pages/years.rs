//! Academic years.

use backend::groups::years::{AcademicYear, YearForm};
use domain::fields::FieldErrors;
use domain::ids::AcademicYearId;
use domain::when::long_day;
use leptos::prelude::*;

use super::GROUPS_PAGE;
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The years, with a form for another or for one of them, as HTML.
pub fn years_page(
    page: OfficePage,
    years: Vec<AcademicYear>,
    (id, typed): (Option<AcademicYearId>, YearForm),
    errors: FieldErrors,
) -> String {
    let title = if errors.is_empty() { "Academic years" } else { "Error: Academic years" };
    render(page, title, move || {
        let action = id.map_or_else(|| "/groups/years".to_owned(), |id| format!("/groups/years/{id}"));
        let (heading, button) =
            if id.is_some() { ("Change the year", "Save") } else { ("Add a year", "Add year") };
        view! {
            <PageHead title="Academic years" lead=|| "A group\u{2019}s name can be used again in another year." up=Some(GROUPS_PAGE)/>
            <Table rows=TableRows::new(LoadedRows::new(&YEARS, years)) label="Academic years" empty=|| view! {
                <p class="muted">"There are no academic years yet."</p>
            }/>
            <h2 class="gap-m">{heading}</h2>
            <ErrorSummary errors=errors.clone()/>
            <form method="post" action=action novalidate>
                <div class="filters">
                    <TextField id="name" label="Name" hint="Such as 2026/27" kind="text" longest=80 value=typed.name.clone() errors=errors.clone()/>
                    <TextField id="starts_on" label="First day" kind="date" value=typed.starts_on.clone() errors=errors.clone()/>
                    <TextField id="ends_on" label="Last day" kind="date" value=typed.ends_on.clone() errors/>
                    <button class="btn primary" type="submit">{button}</button>
                    {id.is_some().then(|| view! { <a class="btn" href="/groups/years">"Cancel"</a> })}
                </div>
            </form>
        }
    })
}

/// The years of a school.
static YEARS: Kind<AcademicYear> = Kind {
    about: About {
        slug: "academic-years",
        one: "year",
        many: "years",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |year| year.id.0,
    name: |year| year.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Year", ColumnWidth::Grows(160), |row| {
            row.drawn(|year: &AcademicYear| {
                let href = format!("/groups/years/{}", year.id);
                view! { <a href=href><bdi>{year.name.clone()}</bdi></a> }.into_any()
            })
        }),
        Column::tells("from", "First day", ColumnWidth::Grows(160), 0, |row| {
            row.text(|year: &AcademicYear| long_day(year.starts_on))
        }),
        Column::tells("until", "Last day", ColumnWidth::Grows(160), 0, |row| {
            row.text(|year: &AcademicYear| long_day(year.ends_on))
        }),
        Column::tells("groups", "Groups", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|year: &AcademicYear| year.groups.to_string())
        })
        .labelled(),
    ],
};
