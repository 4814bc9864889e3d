//! The list of schools.

use backend::roll::schools::list::{ListedSchool, Schools};
use domain::roll::settings::SCHOOLS_PAGE;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::settings::SettingsFrame;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The list as HTML.
pub fn schools_page(page: OfficePage, shown: Schools) -> String {
    render(page, SCHOOLS_PAGE.name, move || {
        let may_add = shown.may_add;
        view! {
            <PageHead title=SCHOOLS_PAGE.name lead=move || SCHOOLS_PAGE.lead actions=move || view! {
                {may_add.then(|| view! { <a class="btn primary" href="/settings/schools/new"><Icon name="plus"/>"Add a school"</a> })}
            }/>
            <SettingsFrame current=&SCHOOLS_PAGE>
                <Table rows=TableRows::new(LoadedRows::new(&SCHOOLS, shown.schools)) label="Schools" empty=|| view! {
                    <p class="muted">"There are no schools yet."</p>
                }/>
            </SettingsFrame>
        }
    })
}

/// The columns of the list.
static SCHOOLS: Kind<ListedSchool> = Kind {
    about: About {
        slug: "schools",
        one: "school",
        many: "schools",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |listed| listed.school.id.0,
    name: |listed| listed.school.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(160), |row| {
            row.drawn(|listed| {
                let href = format!("/settings/schools/{}", listed.school.code);
                view! { <a href=href><bdi>{listed.school.name.clone()}</bdi></a> }.into_any()
            })
        }),
        Column::tells("code", "Code", ColumnWidth::Grows(96), 0, |row| {
            row.code(|listed| listed.school.code.clone())
        }),
        Column::tells("students", "Students", ColumnWidth::Grows(96), 1, |row| {
            row.text(|listed| listed.students.to_string())
        }),
        Column::tells("office", "Office", ColumnWidth::Grows(160), 2, |row| row.text(office)),
    ],
};

fn office(listed: &ListedSchool) -> String {
    let phone = listed.office.phone.as_ref().map(ToString::to_string);
    let email = listed.office.email.as_ref().map(ToString::to_string);
    let own: Vec<String> = phone.into_iter().chain(email).collect();
    if own.is_empty() { "The organisation\u{2019}s".to_owned() } else { own.join(", ") }
}
