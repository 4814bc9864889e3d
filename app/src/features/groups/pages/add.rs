//! Students to add to a group: by year, registration group or search.

use backend::groups::group::GroupPage;
use chrono::NaiveDate;
use domain::ids::PersonId;
use domain::roll::filter::RollFilter;
use domain::roll::page::RollPage;
use domain::roll::views::RollRow;
use leptos::prelude::*;

use super::students_in_words;
use crate::features::office::page::{OfficePage, render};
use crate::ui::field::{SelectField, TextField};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, RowTick, Table, TableRows};

/// The form that the ticks in the table belong to.
const FORM: &str = "add";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct AddPage {
    /// The group.
    pub group: GroupPage,
    /// The filter.
    pub filter: RollFilter,
    /// The students that match, as many as fit on the page.
    pub listed: RollPage,
    /// Today at the school.
    pub today: NaiveDate,
}

/// The page as HTML.
pub fn add_page(page: OfficePage, shown: AddPage) -> String {
    let title = format!("Add students to {}", shown.group.name);
    render(page, title.clone(), move || {
        let AddPage { group, filter, listed, today } = shown;
        let members: Vec<PersonId> = group.members.iter().map(|member| member.person).collect();
        let here = format!("/groups/{}/add", group.id);
        let choices = |all: &str, values: &[String]| -> Vec<(String, String)> {
            std::iter::once((String::new(), all.to_owned()))
                .chain(values.iter().map(|value| (value.clone(), value.clone())))
                .collect()
        };
        let years = choices("All years", &listed.facets.years);
        let groups = choices("All registration groups", &listed.facets.groups);
        let total = u64::from(listed.total);
        let lead = format!("{} match. Tick those to add, or add all of them.", students_in_words(total));
        let rows: Vec<_> = listed
            .rows
            .into_iter()
            .map(|row| {
                let member = members.contains(&row.person);
                (row, member)
            })
            .collect();
        let cut = (rows.len() as u64) < total;
        view! {
            <PageHead title=title.clone() lead=move || lead.clone() up=Some(("/groups", "Teaching groups"))/>
            <form class="filters" role="search" method="get" action=here>
                <TextField id="q" label="Name, admission number or username" kind="search" value=filter.q.clone() grow=true/>
                <SelectField id="year" label="Year" choices=years chosen=filter.year.clone()/>
                <SelectField id="group" label="Registration group" choices=groups chosen=filter.group.clone()/>
                <button class="btn" type="submit"><Icon name="search"/>"Search"</button>
            </form>
            {(total > 0).then(|| view! {
                <form class="filters no-print" id=FORM method="post" action=format!("/groups/{}/members", group.id) aria-label="Add students">
                    <input type="hidden" name="action" value="join"/>
                    <input type="hidden" name="q" value=filter.q.clone()/>
                    <input type="hidden" name="year" value=filter.year.clone()/>
                    <input type="hidden" name="group" value=filter.group.clone()/>
                    <TextField id="on" label="First day in the group" kind="date" value=today.to_string()/>
                    <button class="btn primary" type="submit">"Add ticked students"</button>
                    <button class="btn" type="submit" name="all" value="yes">{format!("Add all {total}")}</button>
                    <button class="btn quiet" type="button" data-tick="student" hidden>"Tick all on this page"</button>
                </form>
            })}
            <Table rows=TableRows::new(LoadedRows::new(&STUDENTS, rows)) label="Students" empty=|| view! {
                <p class="muted">"No student matches this search."</p>
            }/>
            {cut.then(|| view! { <p class="muted">"There are more. Narrow the search, or add all of them."</p> })}
            <p><a class="btn" href=format!("/groups/{}", group.id)>"Back to the group"</a></p>
        }
    })
}

/// Students, each with whether they are in the group already.
static STUDENTS: Kind<(RollRow, bool)> = Kind {
    about: About {
        slug: "students-to-add",
        one: "student",
        many: "students",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(row, _)| row.person.0,
    name: |(row, _)| row.name.clone(),
    mark: Some(|row| row.drawn(mark)),
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(192), |row| {
            row.text(|(row, _): &(RollRow, bool)| row.name.clone())
        }),
        Column::tells("year", "Year and group", ColumnWidth::Fixed(144), 0, |row| {
            row.text(|(row, _): &(RollRow, bool)| format!("{} {}", row.year, row.group).trim().to_owned())
        }),
        Column::tells("number", "Admission number", ColumnWidth::Fixed(144), 1, |row| {
            row.code(|(row, _): &(RollRow, bool)| row.admission_number.clone())
        })
        .labelled(),
        Column::tells("here", "In this group", ColumnWidth::Fixed(144), 0, |row| {
            row.text(|(_, member): &(RollRow, bool)| if *member { "Already" } else { "" }.to_owned())
        }),
    ],
};

/// The tick, for students who are not in the group.
fn mark((row, member): &(RollRow, bool)) -> AnyView {
    (!member)
        .then(|| view! { <RowTick form=FORM name="student" value=row.person.to_string() whose=row.name.clone()/> })
        .into_any()
}
